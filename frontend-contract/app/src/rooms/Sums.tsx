/** Names at the start and figures at the end of a line, so that the figures stand under each other. */
import type { ReactNode } from "react";

import styles from "./rooms.module.css";

export function Sums({ sums }: { readonly sums: readonly (readonly [name: ReactNode, figure: ReactNode])[] }): ReactNode {
  return (
    <dl className={styles.sums}>
      {sums.map(([name, figure], index) => (
        <div key={index}>
          <dt>{name}</dt>
          <dd>{figure}</dd>
        </div>
      ))}
    </dl>
  );
}
