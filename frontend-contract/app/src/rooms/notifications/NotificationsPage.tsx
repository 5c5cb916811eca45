/** All that one was told, the newest first. */
import { CheckCheck } from "lucide-react";
import { type ReactNode, useState } from "react";

import { Button } from "@/kit/Button";
import { Card } from "@/kit/Card";
import { Empty, Loaded } from "@/kit/Empty";
import { LiveNumber } from "@/kit/LiveNumber";
import { Page, Segments } from "@/kit/Page";
import { type Notification, useInbox, useReading } from "@/notifications/inbox";
import { NotificationItem } from "@/notifications/NotificationItem";

import styles from "./notifications.module.css";
import { TABS } from "./tabs";

const PAGE = 20;
/** As many as the API gives at once. */
const MOST = 100;

export function NotificationsPage(): ReactNode {
  const [which, setWhich] = useState<"all" | "unread">("all");
  const [first, setFirst] = useState(PAGE);
  const inbox = useInbox(first, which === "unread");
  const { readAll, busy } = useReading();
  const unread = inbox.data?.unreadNotificationCount;
  return (
    <Page
      title="Notifications"
      note={
        <>
          <LiveNumber value={unread} /> unread
        </>
      }
      tabs={TABS}
      actions={
        <Button icon={<CheckCheck aria-hidden />} busy={busy} disabled={!unread} onClick={readAll}>
          Mark all as read
        </Button>
      }
    >
      <Segments
        label="Which notifications"
        value={which}
        onChange={setWhich}
        options={[
          ["all", "All"],
          ["unread", "Unread"],
        ]}
      />
      <Card flush>
        <Loaded query={inbox}>
          {({ notifications: { nodes, pageInfo } }) => (
            <>
              <Items nodes={nodes} unreadOnly={which === "unread"} />
              {pageInfo.hasNextPage && first < MOST && (
                <div className={styles.more}>
                  <Button
                    look="quiet"
                    busy={inbox.loading}
                    onClick={() => setFirst((shown) => Math.min(MOST, shown + PAGE))}
                  >
                    Show more
                  </Button>
                </div>
              )}
            </>
          )}
        </Loaded>
      </Card>
    </Page>
  );
}

function Items({ nodes, unreadOnly }: { nodes: readonly Notification[]; unreadOnly: boolean }): ReactNode {
  if (nodes.length === 0) return <Empty>{unreadOnly ? "Everything is read." : "Nothing has come yet."}</Empty>;
  return (
    <ul className={styles.list}>
      {nodes.map((notification) => (
        <li key={notification.id}>
          <NotificationItem notification={notification} />
        </li>
      ))}
    </ul>
  );
}
