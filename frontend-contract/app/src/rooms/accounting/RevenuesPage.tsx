/** Revenues that no other room books: what the house earned beside its businesses. */
import { liveFeed, useQuery } from "@daftari/client/react";
import type { ReactNode } from "react";

import { RevenuesDocument, type RevenuesQuery, VoucherUpdatedDocument } from "@/graphql/accounting";
import type { Column } from "@/kit";

import { MoneyVoucherForm } from "./vouchers/MoneyVoucherForm";
import { amountColumn, useAsked, VoucherList } from "./vouchers/VoucherList";

type Revenue = RevenuesQuery["revenues"]["nodes"][number];

const COLUMNS: readonly Column<Revenue>[] = [{ title: "Received from", cell: ({ payer }) => payer }, amountColumn()];

export function RevenuesPage(): ReactNode {
  const asked = useAsked();
  const query = useQuery(
    RevenuesDocument,
    { first: asked.pages.first, filter: asked.filter },
    { live: [liveFeed(VoucherUpdatedDocument, {})], keepPrevious: true },
  );
  return (
    <VoucherList
      kind="Revenue"
      note="What the house earns beside its businesses, which book their own."
      asked={asked}
      query={query}
      list={({ revenues }) => revenues}
      columns={COLUMNS}
      writing={(onClose) => <MoneyVoucherForm kind="Revenue" onClose={onClose} />}
    />
  );
}
