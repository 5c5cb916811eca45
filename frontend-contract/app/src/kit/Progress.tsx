/** How far long work is: a bar with its name and the figures behind it. */
import { type ReactNode, useId } from "react";

import styles from "./Progress.module.css";

export interface ProgressProps {
  label: string;
  /** From 0 to `most`; nothing while it is not known how much there is. */
  value: number | null | undefined;
  most?: number;
  /** The figures in words, such as "340 of 1,200 rows"; the percentage without them. */
  detail?: string;
  tone?: "accent" | "good" | "warn" | "bad";
  /** The label is said, not shown: where the row around the bar names it. */
  hideLabel?: boolean;
}

export function Progress({
  label,
  value,
  most = 100,
  detail,
  tone = "accent",
  hideLabel = false,
}: ProgressProps): ReactNode {
  const id = useId();
  const known = value !== null && value !== undefined && most > 0;
  const share = known ? Math.min(100, Math.max(0, (value / most) * 100)) : undefined;
  const words = detail ?? (share === undefined ? "" : `${Math.floor(share)} %`);
  return (
    <div className={styles.progress}>
      <div className={styles.words}>
        <span id={id} className={hideLabel ? "unseen" : undefined}>
          {label}
        </span>
        <span className={hideLabel ? `${styles.detail} number` : styles.detail}>{words}</span>
      </div>
      <div
        role="progressbar"
        aria-labelledby={id}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === undefined ? undefined : Math.round(share)}
        aria-valuetext={words || undefined}
        className={styles.track}
      >
        <div
          className={[styles.bar, styles[tone], !known && styles.unknown].filter(Boolean).join(" ")}
          style={{ inlineSize: known ? `${share}%` : undefined }}
        />
      </div>
    </div>
  );
}
