/** Shows toasts, politely: they are said, never steal the focus, and stay while the pointer or the focus is on them. */
import { Bell, CircleAlert, CircleCheck, TriangleAlert, X } from "lucide-react";
import { type ReactNode, useEffect, useState, useSyncExternalStore } from "react";
import { Link } from "wouter";

import { IconButton } from "./Button";
import { focusTitle } from "./Page";
import { dismissToast, type Toast, toastStore } from "./toasts";
import styles from "./Toasts.module.css";

const STAYS_MS = 7_000;
const ICONS = { good: CircleCheck, info: Bell, warn: TriangleAlert, bad: CircleAlert } as const;

export function Toasts(): ReactNode {
  const toasts = useSyncExternalStore(toastStore.subscribe, toastStore.get);
  return (
    <section className={styles.toasts} aria-label="Messages" aria-live="polite" aria-relevant="additions">
      {toasts.map((message) => (
        <ToastCard key={message.id} message={message} />
      ))}
    </section>
  );
}

function ToastCard({ message }: { message: Toast }): ReactNode {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismissToast(message.id), STAYS_MS);
    return () => clearTimeout(timer);
  }, [held, message.id]);
  const Icon = ICONS[message.tone];
  return (
    <div
      className={`${styles.toast} ${styles[message.tone]}`}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon aria-hidden className={styles.mark} />
      <div className={styles.words}>
        <p className={styles.title}>{message.title}</p>
        {message.body && <p className={styles.body}>{message.body}</p>}
        {message.href && (
          <Link href={message.href} onClick={() => dismissToast(message.id)}>
            Look at it
          </Link>
        )}
      </div>
      <IconButton
        label="Dismiss"
        size="small"
        icon={<X aria-hidden />}
        onClick={() => {
          dismissToast(message.id);
          focusTitle();
        }}
      />
    </div>
  );
}
