/**
 * One whole and its parts as a single bar, with a list of the parts below it. The list says everything that the bar shows,
 * so the bar itself is left out for screen readers.
 */
import type { CSSProperties, ReactNode } from "react";

import styles from "./charts.module.css";
import { drawn, percents } from "./scale";

export interface Part {
  readonly name: string;
  readonly value: string | number;
  /** What stands beside the name instead of the formatted value. */
  readonly note?: string;
  /** Which of the theme's colours, from 1, or a custom property such as `--danger`; its place when left out. */
  readonly colour?: number | `--${string}`;
}

export interface StackedBarProps {
  readonly title: string;
  readonly parts: readonly Part[];
  readonly format: (value: string | number) => string;
  readonly hideTitle?: boolean;
  /** What is said where all parts are zero. */
  readonly empty?: string;
}

export function StackedBar({
  title,
  parts,
  format,
  hideTitle = false,
  empty = "Nothing yet",
}: StackedBarProps): ReactNode {
  const values = parts.map((part) => Math.max(0, drawn(part.value) ?? 0));
  const shares = percents(values);
  const total = values.reduce((sum, value) => sum + value, 0);
  return (
    <figure className={styles.frame}>
      <figcaption className={hideTitle ? styles.unseen : styles.title}>{title}</figcaption>
      <div className={styles.stack} aria-hidden="true">
        {total > 0 &&
          parts.map((part, index) => (
            <span
              key={part.name}
              style={{ ...partColour(part, index), flexGrow: values[index] }}
              hidden={values[index] === 0}
            />
          ))}
      </div>
      {total === 0 ? (
        <p className={styles.empty}>{empty}</p>
      ) : (
        <ul className={styles.parts}>
          {parts.map((part, index) => (
            <li key={part.name} style={partColour(part, index)}>
              <span className={styles.swatch} aria-hidden="true" />
              <span>{part.name}</span>
              <span className={styles.value}>{part.note ?? format(part.value)}</span>
              <span className={styles.share}>{shares[index]} %</span>
            </li>
          ))}
        </ul>
      )}
    </figure>
  );
}

function partColour(part: Part, index: number): CSSProperties {
  const colour = typeof part.colour === "string" ? part.colour : `--series-${part.colour ?? index + 1}`;
  return { "--series": `var(${colour})` } as CSSProperties;
}
