/** What is done with a sale after it is made: it becomes an order, is delivered, is paid. */
import { useState, type ReactNode } from "react";

import { ConfirmSaleDocument, DeliverSaleDocument, RecordSalePaymentDocument } from "@/graphql/milling";
import type { Permission } from "@/graphql/schema";
import { Button, toast } from "@/kit";
import { usePerson } from "@/session/person";

import { ActDialog, useKeyedAct } from "../forms";
import rooms from "../rooms.module.css";
import { PAYMENT_FIELDS, type Payment, PaymentFields } from "./PaymentFields";
import type { SaleRow } from "./rows";

interface ActProps {
  readonly sale: SaleRow;
  readonly currency: string;
  readonly onClose: () => void;
}

interface SaleAct {
  readonly words: string;
  readonly look?: "primary";
  readonly permission: Permission;
  readonly when: (sale: SaleRow) => boolean;
  readonly Form: (props: ActProps) => ReactNode;
}

const ACTS: readonly SaleAct[] = [
  { words: "Order", permission: "MILL_SELL", when: ({ status }) => status === "DRAFT", Form: Confirm },
  {
    words: "Deliver",
    permission: "MILL_SELL",
    when: ({ status }) => status === "DRAFT" || status === "CONFIRMED",
    Form: Deliver,
  },
  {
    words: "Payment",
    look: "primary",
    permission: "MILL_BILL",
    when: ({ status, dueAmount }) =>
      Number(dueAmount.amount) > 0 && (status === "DELIVERED" || status === "PART_RETURNED"),
    Form: TakePayment,
  },
];

/** A button for each act that the reader may do now, and its dialog. */
export function SaleActs({ sale, currency }: Omit<ActProps, "onClose">): ReactNode {
  const [open, setOpen] = useState<SaleAct | null>(null);
  const { permissions } = usePerson();
  const acts = ACTS.filter(({ permission, when }) => permissions.includes(permission) && when(sale));
  if (acts.length === 0 && !open) return null;
  return (
    <span className={rooms.acts}>
      {acts.map((act) => (
        <Button key={act.words} size="small" look={act.look} onClick={() => setOpen(act)}>
          {act.words}
          <span className="unseen"> {sale.number}</span>
        </Button>
      ))}
      {open && <open.Form sale={sale} currency={currency} onClose={() => setOpen(null)} />}
    </span>
  );
}

function Confirm({ sale, onClose }: ActProps): ReactNode {
  const act = useKeyedAct(ConfirmSaleDocument, () => {
    toast({ tone: "good", title: `${sale.number} is ordered`, body: "Its goods are held back." });
    onClose();
  });
  return (
    <ActDialog
      title={`Order ${sale.number}`}
      submit="Make it an order"
      act={act}
      onClose={onClose}
      onSubmit={() => act.run({ input: { saleId: sale.id } })}
    >
      <p>
        The goods of {sale.customerName} for {sale.amount.formatted} are held back from now on.
      </p>
    </ActDialog>
  );
}

function Deliver({ sale, onClose }: ActProps): ReactNode {
  const act = useKeyedAct(DeliverSaleDocument, ({ deliverSale }) => {
    toast({
      tone: "good",
      title: `${sale.number} is delivered`,
      body: `${deliverSale.sale?.dueAmount.formatted ?? ""} is to be paid.`,
    });
    onClose();
  });
  return (
    <ActDialog
      title={`Deliver ${sale.number}`}
      submit="Hand the goods over"
      act={act}
      onClose={onClose}
      onSubmit={() => act.run({ input: { saleId: sale.id } })}
    >
      <p>
        The goods leave the warehouse, and {sale.customerName} owes {sale.amount.formatted}.
      </p>
    </ActDialog>
  );
}

function TakePayment({ sale, currency, onClose }: ActProps): ReactNode {
  const [{ amount, ...how }, setPayment] = useState<Payment>({
    amount: sale.dueAmount.amount,
    method: "CASH",
    reference: "",
  });
  const act = useKeyedAct(RecordSalePaymentDocument, ({ recordSalePayment }) => {
    toast({
      tone: "good",
      title: `${recordSalePayment.payment?.amount.formatted ?? ""} received`,
      body: `${sale.number}: ${recordSalePayment.sale?.dueAmount.formatted ?? ""} is left.`,
    });
    onClose();
  });
  const payment = { amount: { amount, currency }, ...how, note: "" };
  return (
    <ActDialog
      title={`Payment for ${sale.number}`}
      submit="Record payment"
      act={act}
      fields={PAYMENT_FIELDS}
      onClose={onClose}
      onSubmit={() => act.run({ input: { saleId: sale.id, payment } })}
    >
      <PaymentFields
        label="Amount received"
        currency={currency}
        payment={{ amount, ...how }}
        error={act.error}
        onChange={setPayment}
      />
    </ActDialog>
  );
}
