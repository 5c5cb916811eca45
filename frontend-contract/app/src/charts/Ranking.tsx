/** The largest first, each with a bar behind its value: a list that reads as a list. */
import type { CSSProperties, ReactNode } from "react";

import styles from "./charts.module.css";
import { drawn } from "./scale";

export interface RankingItem {
  readonly key: string;
  readonly name: ReactNode;
  readonly value: string | number;
  readonly note?: string;
}

export interface RankingProps {
  readonly title: string;
  readonly items: readonly RankingItem[];
  readonly format: (value: string | number) => string;
  readonly hideTitle?: boolean;
  readonly colour?: number;
  readonly empty?: string;
}

export function Ranking({
  title,
  items,
  format,
  hideTitle = false,
  colour = 1,
  empty = "Nothing yet",
}: RankingProps): ReactNode {
  const most = Math.max(0, ...items.map((item) => drawn(item.value) ?? 0));
  const style = { "--series": `var(--series-${colour})` } as CSSProperties;
  return (
    <figure className={styles.frame} style={style}>
      <figcaption className={hideTitle ? styles.unseen : styles.title}>{title}</figcaption>
      {items.length === 0 ? (
        <p className={styles.empty}>{empty}</p>
      ) : (
        <ol className={styles.ranking}>
          {items.map((item) => (
            <li key={item.key}>
              <span className={styles.rankName}>{item.name}</span>
              <span className={styles.value}>{format(item.value)}</span>
              <span className={styles.rankBar} aria-hidden="true">
                <span
                  style={{ inlineSize: most === 0 ? 0 : `${(Math.max(0, drawn(item.value) ?? 0) / most) * 100}%` }}
                />
              </span>
              {item.note !== undefined && <span className={styles.rankNote}>{item.note}</span>}
            </li>
          ))}
        </ol>
      )}
    </figure>
  );
}
