/** Paying an invoice: its debtor from the own wallet, staff by writing down what came to the bank. */
import { useState, type ReactNode } from "react";

import { RecordInvoicePaymentDocument, SettleInvoiceDocument } from "@/graphql/invoice_finance";
import { MoneyField, TextField, toast, today } from "@/kit";

import { ActDialog, fieldError, useKeyedAct } from "../forms";
import { FromWallet, WALLET_FIELDS } from "../FromWallet";
import type { InvoiceRow } from "./invoices";

interface RepayProps {
  readonly invoice: Pick<InvoiceRow, "id" | "number" | "outstandingAmount">;
  readonly onClose: () => void;
}

export function PayInvoice({ invoice, onClose }: RepayProps): ReactNode {
  const owed = invoice.outstandingAmount;
  const [amount, setAmount] = useState(owed.amount);
  const pay = useKeyedAct(SettleInvoiceDocument, ({ settleInvoice: { invoices, payments } }) => {
    toast({
      tone: "good",
      title: `${payments?.[0]?.amount.formatted ?? ""} paid for ${invoice.number}`,
      body: `${invoices?.[0]?.outstandingAmount.formatted ?? ""} is left.`,
    });
    onClose();
  });
  return (
    <ActDialog
      title={`Pay ${invoice.number}`}
      submit="Pay from my wallet"
      act={pay}
      fields={WALLET_FIELDS}
      onClose={onClose}
      onSubmit={() => pay.run({ input: { invoiceId: invoice.id, amount: { amount, currency: owed.currency } } })}
    >
      <FromWallet owed={owed} amount={amount} error={pay.error} onChange={setAmount} />
    </ActDialog>
  );
}

export function RecordPayment({ invoice, onClose }: RepayProps): ReactNode {
  const { currency, formatted } = invoice.outstandingAmount;
  const [form, setForm] = useState({
    amount: invoice.outstandingAmount.amount,
    receivedOn: today(),
    reference: "",
  });
  const record = useKeyedAct(RecordInvoicePaymentDocument, ({ recordInvoicePayment: { payments } }) => {
    toast({
      tone: "good",
      title: `${payments?.[0]?.amount.formatted ?? ""} received for ${invoice.number}`,
      body: `${payments?.[0]?.toInvestors.formatted ?? ""} of it went to investors.`,
    });
    onClose();
  });
  const { amount, ...said } = form;
  return (
    <ActDialog
      title={`Payment for ${invoice.number}`}
      submit="Record payment"
      act={record}
      fields={["amount", "receivedOn", "reference"]}
      onClose={onClose}
      onSubmit={() => record.run({ input: { invoiceId: invoice.id, amount: { amount, currency }, ...said } })}
    >
      <MoneyField
        label="Amount received"
        currency={currency}
        required
        hint={`${formatted} is owed`}
        value={amount}
        onChange={(changed) => setForm({ ...form, amount: changed })}
        error={fieldError(record.error, "amount")}
      />
      <TextField
        label="Received on"
        type="date"
        required
        max={today()}
        value={form.receivedOn}
        onChange={(receivedOn) => setForm({ ...form, receivedOn })}
        error={fieldError(record.error, "receivedOn")}
      />
      <TextField
        label="What the bank's statement says"
        required={false}
        maxLength={120}
        value={form.reference}
        onChange={(reference) => setForm({ ...form, reference })}
        error={fieldError(record.error, "reference")}
      />
    </ActDialog>
  );
}
