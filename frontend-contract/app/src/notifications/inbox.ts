/** One's notifications as they come: the list that follows them, and a toast for each. */
import { useFeed, useMutation, useQuery } from "@daftari/client/react";

import {
  MarkAllNotificationsReadDocument,
  MarkNotificationReadDocument,
  NotificationReceivedDocument,
  NotificationsDocument,
  type NotificationsQuery,
} from "@/graphql/notifications";
import { toast } from "@/kit/toasts";
import { attempt } from "@/session/attempt";

import { useLinkTo } from "./links";

export type Notification = NotificationsQuery["notifications"]["nodes"][number];

export function isUrgent(priority: string): boolean {
  return priority === "HIGH" || priority === "CRITICAL";
}

const live = [{ document: NotificationReceivedDocument, variables: {} }];

/** The newest notifications and how many are unread; it follows what comes and what is read elsewhere. */
export function useInbox(first: number, unreadOnly = false) {
  return useQuery(NotificationsDocument, { first, unreadOnly }, { live });
}

/** Says what comes while the page is open. What came before is in the inbox. */
export function useNotificationToasts(): void {
  const linkTo = useLinkTo();
  useFeed(NotificationReceivedDocument, {}, (item) => {
    if (item.__typename !== "NotificationReceived") return;
    const { title, body, priority, subjectKind, subjectId } = item;
    toast({ title, body, tone: isUrgent(priority) ? "warn" : "info", href: linkTo(subjectKind, subjectId) });
  });
}

export function useReading(): { read: (id: string) => void; readAll: () => void; busy: boolean } {
  const [readOne, one] = useMutation(MarkNotificationReadDocument);
  const [readAll, all] = useMutation(MarkAllNotificationsReadDocument);
  return {
    read: (notificationId) => void attempt(() => readOne({ input: { notificationId } })),
    readAll: () => void attempt(() => readAll({})),
    busy: one.loading || all.loading,
  };
}
