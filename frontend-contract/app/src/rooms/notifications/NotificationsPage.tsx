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

import { useFocusWhenRowsLeave } from "../focus";
import { More } from "../More";
import { useGrowing } from "../useGrowing";
import styles from "./notifications.module.css";
import { TABS } from "./tabs";

export function NotificationsPage(): ReactNode {
  const [which, setWhich] = useState<"all" | "unread">("all");
  const pages = useGrowing();
  const inbox = useInbox(pages.first, which === "unread");
  const { readAll, busy } = useReading();
  const focus = useFocusWhenRowsLeave(inbox.data);
  const unread = inbox.data?.unreadNotificationCount;
  return (
    <div {...focus}>
      <Page
        title="Notifications"
        note={
          <>
            <LiveNumber value={unread} /> unread
          </>
        }
        tabs={TABS}
        actions={
          Boolean(unread) && (
            <Button icon={<CheckCheck aria-hidden />} busy={busy} onClick={readAll}>
              Mark all as read
            </Button>
          )
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
                <More pages={pages} hasMore={pageInfo.hasNextPage} loading={inbox.refreshing} what="notifications" />
              </>
            )}
          </Loaded>
        </Card>
      </Page>
    </div>
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
