/** Expenses: written down as drafts, brought into the books, waiting for approval above the threshold. */
import { liveFeed, useQuery } from "@daftari/client/react";
import type { ReactNode } from "react";

import { ExpensesDocument, type ExpensesQuery, VoucherUpdatedDocument } from "@/graphql/accounting";
import type { Column } from "@/kit";

import { MoneyVoucherForm } from "./vouchers/MoneyVoucherForm";
import { amountColumn, useAsked, VoucherList } from "./vouchers/VoucherList";

type Expense = ExpensesQuery["expenses"]["nodes"][number];

const COLUMNS: readonly Column<Expense>[] = [{ title: "Paid to", cell: ({ payee }) => payee }, amountColumn()];

export function ExpensesPage(): ReactNode {
  const asked = useAsked();
  const query = useQuery(
    ExpensesDocument,
    { first: asked.pages.first, filter: asked.filter },
    { live: [liveFeed(VoucherUpdatedDocument, {})], keepPrevious: true },
  );
  return (
    <VoucherList
      kind="Expense"
      note="Above the house's threshold a second person approves before the books are touched."
      asked={asked}
      query={query}
      list={({ expenses }) => expenses}
      columns={COLUMNS}
      writing={(onClose) => <MoneyVoucherForm kind="Expense" onClose={onClose} />}
    />
  );
}
