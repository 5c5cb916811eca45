/** Money of the house on its way from one of its accounts to another. */
import { liveFeed, useQuery } from "@daftari/client/react";
import type { ReactNode } from "react";

import { TransfersDocument, type TransfersQuery, VoucherUpdatedDocument } from "@/graphql/accounting";
import type { Column } from "@/kit";

import { MoneyVoucherForm } from "./vouchers/MoneyVoucherForm";
import { amountColumn, useAsked, VoucherList } from "./vouchers/VoucherList";

type Transfer = TransfersQuery["transfers"]["nodes"][number];

const COLUMNS: readonly Column<Transfer>[] = [
  { title: "From", cell: ({ fromAccount }) => fromAccount?.name ?? "–" },
  { title: "To", cell: ({ toAccount }) => toAccount?.name ?? "–" },
  amountColumn(),
];

export function TransfersPage(): ReactNode {
  const asked = useAsked();
  const query = useQuery(
    TransfersDocument,
    { first: asked.pages.first, filter: asked.filter },
    { live: [liveFeed(VoucherUpdatedDocument, {})], keepPrevious: true },
  );
  return (
    <VoucherList
      kind="Transfer"
      note="Between the house's own accounts of cash and bank, never more than there is."
      asked={asked}
      query={query}
      list={({ transfers }) => transfers}
      columns={COLUMNS}
      writing={(onClose) => <MoneyVoucherForm kind="Transfer" onClose={onClose} />}
    />
  );
}
