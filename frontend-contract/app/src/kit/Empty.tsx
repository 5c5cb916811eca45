/** What stands where nothing is: nothing yet, still loading, or not to be had. */
import { CircleAlert, Inbox } from "lucide-react";
import type { ReactNode } from "react";

import { Button } from "./Button";
import styles from "./Empty.module.css";
import { sentence } from "./words";

export function Empty({
  icon,
  children,
  action,
}: {
  icon?: ReactNode;
  children: ReactNode;
  action?: ReactNode;
}): ReactNode {
  return (
    <div className={styles.empty}>
      {icon ?? <Inbox aria-hidden />}
      <p>{children}</p>
      {action}
    </div>
  );
}

/** Grey bars in the shape of what comes; said as one word to who cannot see them. */
export function Skeleton({ lines = 3, height }: { lines?: number; height?: string }): ReactNode {
  return (
    <div className={styles.skeleton} role="status">
      <span className="unseen">Loading</span>
      {Array.from({ length: lines }, (_, index) => (
        <span
          key={index}
          aria-hidden
          style={{ blockSize: height, inlineSize: index === lines - 1 && lines > 1 ? "60%" : "100%" }}
        />
      ))}
    </div>
  );
}

/** What went wrong, and the way to try again. */
export function Failed({ error, retry }: { error: Error; retry?: () => void }): ReactNode {
  return (
    <div className={styles.failed} role="alert">
      <CircleAlert aria-hidden />
      <p>{sentence(error.message)}</p>
      {retry && (
        <Button size="small" onClick={retry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** A sentence that stands out: what to know before acting, or why an act was refused. */
export function Notice({
  tone = "info",
  children,
}: {
  tone?: "info" | "good" | "warn" | "bad";
  children: ReactNode;
}): ReactNode {
  return (
    <div className={`${styles.notice} ${styles[tone]}`} role={tone === "bad" ? "alert" : undefined}>
      {children}
    </div>
  );
}

interface Asked<T> {
  data: T | undefined;
  error?: Error | undefined;
  refetch?: () => void;
}

/** Shows what a query has: its data as soon as there are any, else that it loads or failed. */
export function Loaded<T>({
  query,
  lines,
  children,
}: {
  query: Asked<T>;
  lines?: number;
  children: (data: T) => ReactNode;
}): ReactNode {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <Failed error={query.error} retry={query.refetch} />;
  return <Skeleton lines={lines} />;
}
