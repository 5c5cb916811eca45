/** What is done with a sale after it is made: it becomes an order, is delivered, is paid. */
import { useState, type ReactNode } from "react";

import { ConfirmSaleDocument, DeliverSaleDocument, RecordSalePaymentDocument } from "@/graphql/milling";
import { toast } from "@/kit";

import { ActDialog, useKeyedAct } from "../forms";
import { PAYMENT_FIELDS, type Payment, PaymentFields } from "./PaymentFields";
import type { SaleRow } from "./rows";

interface ActProps {
  readonly sale: SaleRow;
  readonly onClose: () => void;
}

export function Confirm({ sale, onClose }: ActProps): ReactNode {
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

export function Deliver({ sale, onClose }: ActProps): ReactNode {
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

export function TakePayment({ sale, currency, onClose }: ActProps & { readonly currency: string }): ReactNode {
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
