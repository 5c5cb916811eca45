import { Bell, Wallet } from "lucide-react";

import { type Room, whoMay } from "@/shell/room";

/** What everybody has: a wallet, what one was told, and by which ways one wants to be told. */
export const room: Room = {
  title: "Yours",
  pages: [
    {
      path: "/wallet",
      title: "Wallet",
      icon: Wallet,
      may: whoMay("WALLET_USE"),
      beside: true,
      load: async () => import("../invoice-finance/Wallet"),
    },
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
  subjects: { wallet: () => "/wallet" },
};
