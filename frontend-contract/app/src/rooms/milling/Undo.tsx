/** Lists of what was recorded, where a row that was a mistake can be taken back. */
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

import { type Act, useKeyedAct } from "../forms";
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

interface MistakeProps {
  readonly row: Recorded;
  readonly act: Pick<Act<never>, "busy" | "error">;
  readonly children: ReactNode;
  readonly onClose: () => void;
  readonly onSubmit: (reason: string) => void;
}

function Mistake({ row, children, ...dialog }: MistakeProps): ReactNode {
  return (
    <SayDialog title={`Take ${row.number} back?`} submit="Take it back" danger field="reason" label="Why" {...dialog}>
      <p>{children}</p>
    </SayDialog>
  );
}

interface Moved extends Recorded {
  readonly amount: { readonly formatted: string };
}

const SAID = "The record stays, and says that it was a mistake.";

/** Says that it is done, and closes. */
function done({ number }: Recorded, onClose: () => void): () => void {
  return () => {
    toast({ title: `${number} is taken back` });
    onClose();
  };
}

export function UndoSalePayment({ row, onClose }: { readonly row: Moved; readonly onClose: () => void }): ReactNode {
  const act = useKeyedAct(ReverseSalePaymentDocument, done(row, onClose));
  const onSubmit = (reason: string): void => act.run({ input: { paymentId: row.id, reason } });
  return (
    <Mistake row={row} act={act} onClose={onClose} onSubmit={onSubmit}>
      {row.amount.formatted} did not change hands. {SAID}
    </Mistake>
  );
}

export function UndoSupplierPayment({ row, onClose }: { readonly row: Moved; readonly onClose: () => void }): ReactNode {
  const act = useKeyedAct(ReverseSupplierPaymentDocument, done(row, onClose));
  const onSubmit = (reason: string): void => act.run({ input: { paymentId: row.id, reason } });
  return (
    <Mistake row={row} act={act} onClose={onClose} onSubmit={onSubmit}>
      {row.amount.formatted} did not change hands. {SAID}
    </Mistake>
  );
}

export function UndoSaleReturn({ row, onClose }: { readonly row: Moved; readonly onClose: () => void }): ReactNode {
  const act = useKeyedAct(CancelSaleReturnDocument, done(row, onClose));
  const onSubmit = (reason: string): void => act.run({ input: { saleReturnId: row.id, reason } });
  return (
    <Mistake row={row} act={act} onClose={onClose} onSubmit={onSubmit}>
      Goods for {row.amount.formatted} did not come back. {SAID}
    </Mistake>
  );
}

export function UndoPurchaseReturn({ row, onClose }: { readonly row: Moved; readonly onClose: () => void }): ReactNode {
  const act = useKeyedAct(CancelPurchaseReturnDocument, done(row, onClose));
  const onSubmit = (reason: string): void => act.run({ input: { purchaseReturnId: row.id, reason } });
  return (
    <Mistake row={row} act={act} onClose={onClose} onSubmit={onSubmit}>
      Goods for {row.amount.formatted} did not go back. {SAID}
    </Mistake>
  );
}
