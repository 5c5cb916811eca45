/** What the pages of a sale and of a purchase have in common: how far it is, and what was paid for it. */
import type { ReactNode } from "react";

import type { SaleQuery } from "@/graphql/milling";
import { Badge, Card, type Column, humanise, Money, Notice, Time } from "@/kit";

import { Steps } from "./Steps";
import { type RowDialog, UndoableList } from "./Undo";

type Payment = NonNullable<SaleQuery["sale"]>["payments"][number];

interface WayProps {
  readonly of: { readonly number: string; readonly cancelReason: string };
  readonly state: ReactNode;
  readonly steps: readonly string[];
  readonly reached: number;
}

export function Way({ of, state, steps, reached }: WayProps): ReactNode {
  return (
    <Card title="Its way" actions={state}>
      <div className="stack">
        <Steps label={`How far ${of.number} is`} steps={steps} reached={reached} />
        {of.cancelReason !== "" && <Notice tone="warn">{of.cancelReason}</Notice>}
      </div>
    </Card>
  );
}

interface PaymentsProps {
  readonly caption: string;
  readonly payments: readonly Payment[];
  /** The dialog that takes one back. */
  readonly Undo: RowDialog<Payment>;
}

export function Payments({ caption, payments, Undo }: PaymentsProps): ReactNode {
  return (
    <UndoableList
      title="Payments"
      caption={caption}
      rows={payments}
      columns={PAYMENT_COLUMNS}
      undo={{
        words: "Take back",
        permissions: ["MILL_BILL", "MILL_BACKDATE"],
        // What investors paid is their affair.
        when: ({ reversed, kind }) => !reversed && kind !== "SALE_FINANCED",
        Dialog: Undo,
      }}
    />
  );
}

const PAYMENT_COLUMNS: readonly Column<Payment>[] = [
  { title: "Payment", heading: true, cell: ({ number }) => <span className="number">{number}</span> },
  { title: "When", cell: ({ paidAt }) => <Time at={paidAt} /> },
  { title: "By", cell: ({ method }) => (method ? humanise(method) : "–") },
  { title: "Reference", cell: ({ reference }) => reference || "–" },
  {
    title: "State",
    cell: ({ reversed, kind }) =>
      reversed ? <Badge tone="bad">Reversed</Badge> : <Badge tone="good">{KIND[kind]}</Badge>,
  },
  { title: "Amount", numeric: true, cell: ({ amount }) => <Money money={amount} /> },
];

const KIND: Record<Payment["kind"], string> = {
  SALE_RECEIPT: "Received",
  SALE_REFUND: "Given back",
  SALE_FINANCED: "To investors",
  SUPPLIER_PAYMENT: "Paid",
  SUPPLIER_REFUND: "Came back",
};
