import { Bell } from "lucide-react";

import type { Room } from "@/shell/room";

/** What one was told, and by which ways one wants to be told. */
export const room: Room = {
  title: "Yours",
  pages: [
    {
      path: "/notifications",
      title: "Notifications",
      icon: Bell,
      may: () => true,
      load: () => import("./NotificationsPage").then(({ NotificationsPage }) => ({ Screen: NotificationsPage })),
    },
    {
      path: "/notifications/preferences",
      title: "Notification preferences",
      may: () => true,
      load: () => import("./PreferencesPage").then(({ PreferencesPage }) => ({ Screen: PreferencesPage })),
    },
  ],
};
