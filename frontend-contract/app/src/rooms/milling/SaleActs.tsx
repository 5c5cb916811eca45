/** What is done with a sale after it is made: it becomes an order, is delivered, is paid. */
import { useState, type ReactNode } from "react";

import { ConfirmSaleDocument, DeliverSaleDocument, RecordSalePaymentDocument } from "@/graphql/milling";
import type { MillPaymentMethod } from "@/graphql/schema";
import { MoneyField, SelectField, TextField, toast } from "@/kit";

import { ActDialog, fieldError, useKeyedAct } from "../forms";
import type { SaleRow } from "./Sales";

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

export const METHODS: readonly (readonly [MillPaymentMethod, string])[] = [
  ["CASH", "Cash"],
  ["MPESA", "M-Pesa"],
  ["BANK", "Bank"],
];

export function TakePayment({ sale, currency, onClose }: ActProps & { readonly currency: string }): ReactNode {
  const [amount, setAmount] = useState(sale.dueAmount.amount);
  const [method, setMethod] = useState<MillPaymentMethod>("CASH");
  const [reference, setReference] = useState("");
  const act = useKeyedAct(RecordSalePaymentDocument, ({ recordSalePayment }) => {
    toast({
      tone: "good",
      title: `${recordSalePayment.payment?.amount.formatted ?? ""} received`,
      body: `${sale.number}: ${recordSalePayment.sale?.dueAmount.formatted ?? ""} is left.`,
    });
    onClose();
  });
  const payment = { amount: { amount, currency }, method, reference, note: "" };
  return (
    <ActDialog
      title={`Payment for ${sale.number}`}
      submit="Record payment"
      act={act}
      fields={["amount", "reference"]}
      onClose={onClose}
      onSubmit={() => act.run({ input: { saleId: sale.id, payment } })}
    >
      <MoneyField
        label="Amount received"
        currency={currency}
        required
        value={amount}
        onChange={setAmount}
        error={fieldError(act.error, "amount")}
      />
      <SelectField
        label="How it came"
        options={METHODS}
        value={method}
        onChange={(value) => setMethod(value as MillPaymentMethod)}
      />
      <TextField
        label={method === "MPESA" ? "M-Pesa code" : "Reference"}
        required={method === "MPESA"}
        value={reference}
        onChange={setReference}
        error={fieldError(act.error, "reference")}
      />
    </ActDialog>
  );
}
