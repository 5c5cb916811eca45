/** A list of invoices that is right while one looks, and the columns that such lists are made of. */
import { useQuery } from "@daftari/client/react";
import type { ReactNode } from "react";
import { Link } from "wouter";

import { InvoicesDocument, InvoiceUpdatedDocument } from "@/graphql/invoice_finance";
import type { InvoiceStatus, Party } from "@/graphql/schema";
import { Badge, Card, type Column, Day, LiveMoney, Money, Progress } from "@/kit";

import { LongTable } from "../LongTable";
import { useGrowing } from "../useGrowing";
import { invoicePath, type InvoiceRow } from "./invoices";
import { INVOICE_STATUS } from "./words";

interface InvoiceListProps {
  readonly caption: string;
  /** What the viewer is to the invoices. */
  readonly party?: Party;
  readonly statuses?: readonly InvoiceStatus[];
  readonly columns: readonly Column<InvoiceRow>[];
  readonly empty: string;
}

export function InvoiceList({ caption, party, statuses, columns, empty }: InvoiceListProps): ReactNode {
  const pages = useGrowing();
  const query = useQuery(
    InvoicesDocument,
    { party, statuses: statuses && [...statuses], first: pages.first },
    { live: [{ document: InvoiceUpdatedDocument }], keepPrevious: true },
  );
  return (
    <Card flush>
      <LongTable
        query={query}
        list={(data) => data.invoices}
        pages={pages}
        what="invoices"
        caption={caption}
        rowKey={({ id }) => id}
        empty={empty}
        columns={columns}
      />
    </Card>
  );
}

export const NUMBER: Column<InvoiceRow> = {
  title: "Invoice",
  heading: true,
  cell: ({ id, number }) => (
    <Link href={invoicePath(id)} className="number">
      {number}
    </Link>
  ),
};
export const SELLER: Column<InvoiceRow> = { title: "Seller", cell: ({ sellerName }) => sellerName };
export const DEBTOR: Column<InvoiceRow> = { title: "Debtor", cell: ({ debtorName }) => debtorName };
export const STATE: Column<InvoiceRow> = {
  title: "State",
  cell: ({ status }) => <Badge tone={INVOICE_STATUS[status].tone}>{INVOICE_STATUS[status].word}</Badge>,
};
export const DUE: Column<InvoiceRow> = { title: "Due", cell: ({ dueOn }) => <Day on={dueOn} /> };
export const FACE_VALUE: Column<InvoiceRow> = {
  title: "Face value",
  numeric: true,
  cell: ({ faceValue }) => <Money money={faceValue} />,
};
export const OWED: Column<InvoiceRow> = {
  title: "Still owed",
  numeric: true,
  cell: ({ outstandingAmount }) =>
    Number(outstandingAmount.amount) === 0 ? "–" : <LiveMoney money={outstandingAmount} />,
};
export const FUNDED: Column<InvoiceRow> = {
  title: "Funded",
  cell: ({ number, fundedPercent, fundedAmount }) => (
    <Progress
      label={`${number} funded`}
      hideLabel
      value={Number(fundedPercent)}
      detail={fundedAmount.formatted}
      tone={Number(fundedPercent) >= 100 ? "good" : "accent"}
    />
  ),
};
