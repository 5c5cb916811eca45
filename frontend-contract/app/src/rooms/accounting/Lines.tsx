/** Lines of an entry: which accounts it touches, on which side, with how much. */
import type { ReactNode } from "react";

import { type Column, Money, type MoneyShape, Table } from "@/kit";

interface Line {
  readonly lineNo: number;
  readonly account: { readonly code: string; readonly name: string } | null;
  readonly debit: MoneyShape | null;
  readonly credit: MoneyShape | null;
}

const COLUMNS: readonly Column<Line>[] = [
  {
    title: "Account",
    heading: true,
    cell: ({ account }) => (account ? `${account.code} ${account.name}` : "A wallet"),
  },
  { title: "Debit", numeric: true, cell: ({ debit }) => debit && <Money money={debit} /> },
  { title: "Credit", numeric: true, cell: ({ credit }) => credit && <Money money={credit} /> },
];

export function Lines({ lines }: { readonly lines: readonly Line[] }): ReactNode {
  return <Table caption="Lines" rows={lines} rowKey={({ lineNo }) => String(lineNo)} columns={COLUMNS} />;
}

/** What stands for an entry in a list: debits and credits are equal, so the largest debit is the most of it. */
export function largestDebit<M extends { readonly amount: string }>(
  lines: readonly { readonly debit: M | null }[],
): M | null {
  const debits = lines.flatMap(({ debit }) => (debit ? [debit] : []));
  return debits.sort((one, other) => Number(other.amount) - Number(one.amount))[0] ?? null;
}
