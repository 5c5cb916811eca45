import { BookOpenText, ChartColumn, ReceiptText, Scale } from "lucide-react";

import { type Room, whoMay } from "@/shell/room";

/** The books of the house: what was earned and spent, the money at hand, and the entries behind them. */
export const room: Room = {
  title: "Accounting",
  pages: [
    {
      path: "/accounting",
      title: "Dashboard",
      icon: ChartColumn,
      may: whoMay("ACCOUNTING_READ"),
      load: () => import("./DashboardPage").then(({ DashboardPage }) => ({ Screen: DashboardPage })),
    },
    {
      path: "/accounting/profit-and-loss",
      title: "Profit and loss",
      icon: Scale,
      may: whoMay("ACCOUNTING_READ"),
      load: () => import("./StatementPage").then(({ StatementPage }) => ({ Screen: StatementPage })),
    },
    {
      path: "/accounting/entries",
      title: "Entries",
      icon: BookOpenText,
      may: whoMay("LEDGER_READ"),
      load: () => import("./EntriesPage").then(({ EntriesPage }) => ({ Screen: EntriesPage })),
    },
    {
      path: "/accounting/expenses",
      title: "Expenses",
      icon: ReceiptText,
      may: whoMay("ACCOUNTING_READ"),
      load: () => import("./ExpensesPage").then(({ ExpensesPage }) => ({ Screen: ExpensesPage })),
    },
  ],
  subjects: { expense: () => "/accounting/expenses" },
};
