/** The bell: how many notifications are unread, and the newest of them. */
import { Bell as BellIcon } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { Link } from "wouter";

import { Button } from "@/kit/Button";
import { Loaded } from "@/kit/Empty";
import { announcer } from "@/kit/announcer";
import { count } from "@/kit/words";
import popover from "@/shell/Popover.module.css";

import styles from "./Bell.module.css";
import { useInbox, useNotificationToasts, useReading } from "./inbox";
import { NotificationItem } from "./NotificationItem";

const SHOWN = 6;

export function Bell(): ReactNode {
  const id = useId();
  const panel = useRef<HTMLDivElement>(null);
  const inbox = useInbox(SHOWN);
  const { readAll, busy } = useReading();
  const unread = inbox.data?.unreadNotificationCount ?? 0;
  const shown = unread > 99 ? "99+" : String(unread);
  useNotificationToasts();
  useSaidUnread(inbox.data?.unreadNotificationCount);
  const close = (): void => panel.current?.hidePopover();
  return (
    <>
      <button
        type="button"
        className={styles.bell}
        popoverTarget={id}
        aria-label={`Notifications, ${shown} unread`}
      >
        <BellIcon aria-hidden />
        {unread > 0 && (
          <span className={styles.unread} aria-hidden data-unread={unread}>
            {shown}
          </span>
        )}
      </button>
      <div
        id={id}
        ref={panel}
        popover="auto"
        tabIndex={-1}
        className={popover.popover}
        role="group"
        aria-label="Newest notifications"
      >
        <div className={styles.head}>
          <p className={popover.strong}>Notifications</p>
          {unread > 0 && (
            <Button
              size="small"
              look="quiet"
              busy={busy}
              onClick={() => {
                readAll();
                // The button goes when all are read; who pressed it goes on from here.
                panel.current?.focus();
              }}
            >
              Mark all as read
            </Button>
          )}
        </div>
        <Loaded query={inbox}>
          {({ notifications }) => (
            <ul className={styles.list}>
              {notifications.nodes.length === 0 && <li className={styles.none}>Nothing has come yet.</li>}
              {notifications.nodes.map((notification) => (
                <li key={notification.id}>
                  <NotificationItem notification={notification} brief onOpen={close} />
                </li>
              ))}
            </ul>
          )}
        </Loaded>
        <Link href="/notifications" className={styles.all} onClick={close}>
          See all
        </Link>
      </div>
    </>
  );
}

/** Tells who cannot see the count that it grew. */
function useSaidUnread(unread: number | undefined): void {
  const before = useRef(unread);
  useEffect(() => {
    if (before.current !== undefined && unread !== undefined && unread > before.current) {
      announcer.announce("unread notifications", count(unread, "unread notification"));
    }
    before.current = unread;
  }, [unread]);
}
