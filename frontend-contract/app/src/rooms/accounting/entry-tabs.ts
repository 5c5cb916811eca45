/** The journal, and what is written into it by hand, beside each other. */
import type { TabLink } from "@/kit";

export const ENTRY_TABS: readonly TabLink[] = [
  { href: "/accounting/entries", title: "Journal" },
  { href: "/accounting/entries/by-hand", title: "By hand" },
];
