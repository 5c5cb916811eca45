/** How far a production is: its three steps, each with a mark and a word. */
import { Check } from "lucide-react";
import type { ReactNode } from "react";

import type { ProductionStatus } from "@/graphql/schema";

import styles from "./milling.module.css";
import { STEPS, stepOf } from "./way";

export function Steps({ status, label }: { readonly status: ProductionStatus; readonly label: string }): ReactNode {
  const reached = stepOf(status);
  return (
    <ol className={styles.steps} aria-label={label}>
      {STEPS.map((word, index) => (
        <li
          key={word}
          className={index <= reached ? styles.reached : undefined}
          aria-current={index === reached ? "step" : undefined}
        >
          <span className={styles.mark} aria-hidden="true">
            {index <= reached && <Check />}
          </span>
          {word}
          {index <= reached && <span className="unseen">, done</span>}
        </li>
      ))}
    </ol>
  );
}
