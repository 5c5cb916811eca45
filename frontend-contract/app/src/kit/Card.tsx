/** A piece of a page with a heading of its own, and the figure cards at the head of dashboards. */
import { type ReactNode, useId } from "react";

import styles from "./Card.module.css";

export interface CardProps {
  title?: ReactNode;
  /** One line under the title, such as the stretch of days that it is about. */
  note?: ReactNode;
  actions?: ReactNode;
  /** No room inside, for tables and lists that reach the edges. */
  flush?: boolean;
  className?: string;
  children: ReactNode;
}

export function Card({ title, note, actions, flush = false, className, children }: CardProps): ReactNode {
  const heading = useId();
  return (
    <section
      className={[styles.card, flush && styles.flush, className].filter(Boolean).join(" ")}
      aria-labelledby={title ? heading : undefined}
    >
      {(title || actions) && (
        <header className={styles.header}>
          <div className={styles.headings}>
            {title && <h2 id={heading}>{title}</h2>}
            {note && <p className={styles.note}>{note}</p>}
          </div>
          {actions && <div className={styles.actions}>{actions}</div>}
        </header>
      )}
      <div className={styles.body}>{children}</div>
    </section>
  );
}

export interface StatProps {
  label: string;
  /** The figure: usually a LiveNumber or LiveMoney. */
  children: ReactNode;
  note?: ReactNode;
  tone?: "good" | "warn" | "bad";
  icon?: ReactNode;
}

/** A figure with its name, as a term and its description: put several into `<Stats>`. */
export function Stat({ label, children, note, tone, icon }: StatProps): ReactNode {
  return (
    <div className={[styles.stat, tone && styles[tone]].filter(Boolean).join(" ")}>
      <dt className={styles.label}>
        {icon}
        {label}
      </dt>
      <dd className={styles.figure}>{children}</dd>
      {note && <dd className={styles.note}>{note}</dd>}
    </div>
  );
}

export function Stats({ children, label }: { children: ReactNode; label: string }): ReactNode {
  return (
    <dl className={styles.stats} aria-label={label}>
      {children}
    </dl>
  );
}

/** Names and values under each other: what is known of one thing. */
export function Facts({ facts }: { facts: readonly (readonly [label: string, value: ReactNode])[] }): ReactNode {
  return (
    <dl className={styles.facts}>
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value ?? "–"}</dd>
        </div>
      ))}
    </dl>
  );
}
