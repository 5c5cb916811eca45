/** Lists of what was recorded, where a row that was a mistake can be taken back. */
import type { Document } from "@daftari/client";
import { useState, type ReactNode } from "react";

import {
  CancelPurchaseReturnDocument,
  CancelSaleReturnDocument,
  ReverseSalePaymentDocument,
  ReverseSupplierPaymentDocument,
} from "@/graphql/milling";
import type { Permission } from "@/graphql/schema";
import { Button, Card, type Column, Table, toast } from "@/kit";
import { usePerson } from "@/session/person";

import { type Keyed, useKeyedAct } from "../forms";
import { SayDialog } from "../SayDialog";

interface Recorded {
  readonly id: string;
  readonly number: string;
}

/** A dialog about one row. */
export type RowDialog<Row> = (props: { readonly row: Row; readonly onClose: () => void }) => ReactNode;

interface UndoableListProps<Row> {
  readonly title: string;
  readonly caption: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly undo: {
    readonly words: string;
    readonly permissions: readonly Permission[];
    readonly when: (row: Row) => boolean;
    readonly Dialog: RowDialog<Row>;
  };
}

/** The rows in a card of their own; nothing while there are none. */
export function UndoableList<Row extends Recorded>(props: UndoableListProps<Row>): ReactNode {
  const { title, caption, rows, columns, undo } = props;
  const [ending, setEnding] = useState<Row | null>(null);
  const { permissions } = usePerson();
  if (rows.length === 0) return null;
  const mayEnd = undo.permissions.every((each) => permissions.includes(each));
  const ends: Column<Row> = {
    title: "Act",
    quiet: true,
    cell: (row) =>
      undo.when(row) && (
        <Button size="small" onClick={() => setEnding(row)}>
          {undo.words}
          <span className="unseen"> {row.number}</span>
        </Button>
      ),
  };
  return (
    <Card title={title} flush>
      <Table
        caption={caption}
        rows={rows}
        rowKey={({ id }) => id}
        columns={mayEnd && rows.some(undo.when) ? [...columns, ends] : columns}
      />
      {ending && <undo.Dialog row={ending} onClose={() => setEnding(null)} />}
    </Card>
  );
}

interface Moved extends Recorded {
  readonly amount: { readonly formatted: string };
}

/** The dialog that takes a record back by a mutation: it says what did not happen after all, and asks for the reason. */
function takingBack<T, V extends Keyed>(
  document: Document<T, V>,
  variables: (id: string, reason: string) => V,
  mistake: (amount: string) => string,
): RowDialog<Moved> {
  return function TakeBack({ row: { id, number, amount }, onClose }) {
    const act = useKeyedAct(document, () => {
      toast({ title: `${number} is taken back` });
      onClose();
    });
    return (
      <SayDialog
        title={`Take ${number} back?`}
        submit="Take it back"
        danger
        act={act}
        field="reason"
        label="Why"
        onClose={onClose}
        onSubmit={(reason) => act.run(variables(id, reason))}
      >
        <p>{mistake(amount.formatted)} The record stays, and says that it was a mistake.</p>
      </SayDialog>
    );
  };
}

export const UndoSalePayment = takingBack(
  ReverseSalePaymentDocument,
  (paymentId, reason) => ({ input: { paymentId, reason } }),
  (amount) => `${amount} did not change hands.`,
);

export const UndoSupplierPayment = takingBack(
  ReverseSupplierPaymentDocument,
  (paymentId, reason) => ({ input: { paymentId, reason } }),
  (amount) => `${amount} did not change hands.`,
);

export const UndoSaleReturn = takingBack(
  CancelSaleReturnDocument,
  (saleReturnId, reason) => ({ input: { saleReturnId, reason } }),
  (amount) => `Goods for ${amount} did not come back.`,
);

export const UndoPurchaseReturn = takingBack(
  CancelPurchaseReturnDocument,
  (purchaseReturnId, reason) => ({ input: { purchaseReturnId, reason } }),
  (amount) => `Goods for ${amount} did not go back.`,
);
