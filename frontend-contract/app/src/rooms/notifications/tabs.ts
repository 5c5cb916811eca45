/** The pages of one's notifications. */
import type { TabLink } from "@/kit/Page";

export const TABS: readonly TabLink[] = [
  { href: "/notifications", title: "Inbox" },
  { href: "/notifications/preferences", title: "Preferences" },
];
