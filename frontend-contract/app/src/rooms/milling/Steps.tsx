/** How far something is: its steps beside each other, each with a mark and a word. */
import { Check } from "lucide-react";
import type { ReactNode } from "react";

import styles from "./milling.module.css";

interface StepsProps {
  readonly label: string;
  readonly steps: readonly string[];
  /** The last one that is done, from 0; -1 for none. */
  readonly reached: number;
}

export function Steps({ label, steps, reached }: StepsProps): ReactNode {
  return (
    <ol className={styles.steps} aria-label={label}>
      {steps.map((word, index) => (
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
