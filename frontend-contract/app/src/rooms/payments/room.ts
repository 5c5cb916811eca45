import { FileSpreadsheet, Radar, SearchX } from "lucide-react";

import { type Room, whoMay } from "@/shell/room";

/** What is paid by M-Pesa, compared with all that was said of it. */
export const room: Room = {
  title: "Payments",
  pages: [
    {
      path: "/payments",
      title: "Reconciliation",
      icon: Radar,
      may: whoMay("PAYMENTS_RECONCILE"),
      load: () => import("./MonitorPage").then(({ MonitorPage }) => ({ Screen: MonitorPage })),
    },
    {
      path: "/payments/discrepancies",
      title: "Discrepancies",
      icon: SearchX,
      may: whoMay("PAYMENTS_RECONCILE"),
      load: () => import("./DiscrepanciesPage").then(({ DiscrepanciesPage }) => ({ Screen: DiscrepanciesPage })),
    },
    {
      path: "/payments/discrepancies/:id",
      title: "Discrepancy",
      may: whoMay("PAYMENTS_RECONCILE"),
      load: () => import("./DiscrepancyPage").then(({ DiscrepancyPage }) => ({ Screen: DiscrepancyPage })),
    },
    {
      path: "/payments/statements",
      title: "Statements",
      icon: FileSpreadsheet,
      may: whoMay("PAYMENTS_RECONCILE"),
      load: () => import("./StatementsPage").then(({ StatementsPage }) => ({ Screen: StatementsPage })),
    },
  ],
  subjects: {
    discrepancy: (id) => `/payments/discrepancies/${encodeURIComponent(id)}`,
    payment: () => "/payments/discrepancies",
  },
};
