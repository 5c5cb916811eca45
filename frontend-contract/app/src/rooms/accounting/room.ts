import {
  ArrowLeftRight,
  BookOpenText,
  CalendarCheck,
  ChartColumn,
  HandCoins,
  Landmark,
  ReceiptText,
  Scale,
} from "lucide-react";

import { type Room, type RoomPage, whoMay } from "@/shell/room";

import { PATHS, voucherPath } from "./paths";

/** One voucher, under the list of its kind. */
function voucherPage(kind: keyof typeof PATHS): RoomPage {
  return {
    path: `${PATHS[kind]}/:id`,
    title: "Voucher",
    may: whoMay("ACCOUNTING_READ"),
    load: () => import("./vouchers/VoucherPage").then(({ VoucherPage }) => ({ Screen: VoucherPage })),
  };
}

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
      path: "/accounting/balance-sheet",
      title: "Balance sheet",
      icon: Landmark,
      // It is of the whole house, whatever branch somebody works for.
      may: (person) => ["ACCOUNTING_READ", "ALL_BRANCHES"].every((needed) => person.permissions.includes(needed)),
      load: () => import("./BalanceSheetPage").then(({ BalanceSheetPage }) => ({ Screen: BalanceSheetPage })),
    },
    {
      path: "/accounting/entries",
      title: "Entries",
      icon: BookOpenText,
      may: whoMay("LEDGER_READ"),
      load: () => import("./EntriesPage").then(({ EntriesPage }) => ({ Screen: EntriesPage })),
    },
    {
      path: PATHS.JournalDraft,
      title: "Entries by hand",
      may: whoMay("LEDGER_READ"),
      load: () => import("./ByHandPage").then(({ ByHandPage }) => ({ Screen: ByHandPage })),
    },
    {
      path: PATHS.Expense,
      title: "Expenses",
      icon: ReceiptText,
      may: whoMay("ACCOUNTING_READ"),
      load: () => import("./ExpensesPage").then(({ ExpensesPage }) => ({ Screen: ExpensesPage })),
    },
    {
      path: PATHS.Revenue,
      title: "Revenues",
      icon: HandCoins,
      may: whoMay("ACCOUNTING_READ"),
      load: () => import("./RevenuesPage").then(({ RevenuesPage }) => ({ Screen: RevenuesPage })),
    },
    {
      path: PATHS.Transfer,
      title: "Transfers",
      icon: ArrowLeftRight,
      may: whoMay("ACCOUNTING_READ"),
      load: () => import("./TransfersPage").then(({ TransfersPage }) => ({ Screen: TransfersPage })),
    },
    {
      path: "/accounting/periods",
      title: "Fiscal periods",
      icon: CalendarCheck,
      may: whoMay("ACCOUNTING_READ"),
      load: () => import("./PeriodsPage").then(({ PeriodsPage }) => ({ Screen: PeriodsPage })),
    },
    voucherPage("Expense"),
    voucherPage("Revenue"),
    voucherPage("Transfer"),
    voucherPage("JournalDraft"),
  ],
  subjects: {
    expense: (id) => voucherPath("Expense", id),
    revenue: (id) => voucherPath("Revenue", id),
    transfer: (id) => voucherPath("Transfer", id),
    journal_draft: (id) => voucherPath("JournalDraft", id),
  },
};
