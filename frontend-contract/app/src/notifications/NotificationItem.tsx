/** One notification: what happened, when, and the way to what it is about. */
import { Circle, TriangleAlert } from "lucide-react";
import { type FocusEvent, type ReactNode, useEffect, useRef } from "react";
import { Link } from "wouter";

import { Button } from "@/kit/Button";
import { Time } from "@/kit/Time";

import { isUrgent, type Notification, useReading } from "./inbox";
import { useLinkTo } from "./links";
import styles from "./NotificationItem.module.css";

export interface NotificationItemProps {
  notification: Notification;
  /** Without its own buttons, as under the bell. */
  brief?: boolean;
  onOpen?: () => void;
}

export function NotificationItem({ notification, brief = false, onOpen }: NotificationItemProps): ReactNode {
  const { id, title, body, createdAt, readAt, priority, subjectKind, subjectId } = notification;
  const linkTo = useLinkTo();
  const { read, busy } = useReading();
  const href = linkTo(subjectKind, subjectId);
  const urgent = isUrgent(priority);
  const focus = useFocusOfRead(readAt !== null);
  const open = (): void => {
    if (!readAt) read(id);
    onOpen?.();
  };
  return (
    <article
      {...focus}
      tabIndex={-1}
      className={readAt ? styles.item : `${styles.item} ${styles.new}`}
      aria-label={title}
    >
      <span className={styles.mark}>
        {!readAt && (urgent ? <TriangleAlert aria-hidden className={styles.urgent} /> : <Circle aria-hidden />)}
        {!readAt && <span className="unseen">{urgent ? "Unread, urgent" : "Unread"}</span>}
      </span>
      <div className={styles.words}>
        <p className={styles.title}>
          {href ? (
            <Link href={href} onClick={open}>
              {title}
            </Link>
          ) : (
            title
          )}
        </p>
        <p className={styles.body}>{body}</p>
        <p className={styles.when}>
          <Time at={createdAt} ago />
        </p>
      </div>
      {!brief && !readAt && (
        <Button size="small" look="quiet" busy={busy} onClick={() => read(id)}>
          Mark as read
        </Button>
      )}
    </article>
  );
}

/** Its button goes when it is read; who pressed it with the keyboard goes on from here. */
function useFocusOfRead(read: boolean) {
  const ref = useRef<HTMLElement>(null);
  const within = useRef(false);
  useEffect(() => {
    if (read && within.current && document.activeElement === document.body) ref.current?.focus();
  }, [read]);
  return {
    ref,
    onFocus: () => {
      within.current = true;
    },
    onBlur: ({ relatedTarget }: FocusEvent) => {
      if (relatedTarget !== null) within.current = false;
    },
  };
}
