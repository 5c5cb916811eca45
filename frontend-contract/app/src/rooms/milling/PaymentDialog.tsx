/** The dialog in which money comes from a customer or goes to a supplier: how much, by what, and how it is known. */
import type { DaftariError } from "@daftari/client";
import { type ReactNode, useState } from "react";

import type { MillPaymentMethod, MoneyInput } from "@/graphql/schema";
import { MoneyField, SelectField, TextField } from "@/kit";

import { ActDialog, type ActDialogProps, fieldError } from "../forms";

interface Payment {
  readonly amount: string;
  readonly method: MillPaymentMethod;
  readonly reference: string;
}

export const METHODS: readonly (readonly [MillPaymentMethod, string])[] = [
  ["CASH", "Cash"],
  ["MPESA", "M-Pesa"],
  ["BANK", "Bank"],
];

/** What is sent of it. */
interface Paid extends Omit<Payment, "amount"> {
  readonly amount: MoneyInput;
  readonly note: string;
}

interface PaymentDialogProps extends Omit<ActDialogProps, "fields" | "onSubmit" | "children"> {
  /** What the amount is called. */
  readonly label: string;
  /** What the form begins with. */
  readonly amount: string;
  readonly method: MillPaymentMethod;
  readonly currency: string;
  /** What stands above the fields. */
  readonly children?: ReactNode;
  readonly onSubmit: (paid: Paid) => void;
}

export function PaymentDialog(props: PaymentDialogProps): ReactNode {
  const { label, amount, method, currency, children, onSubmit, ...dialog } = props;
  const [payment, setPayment] = useState<Payment>({ amount, method, reference: "" });
  const paid = { ...payment, amount: { amount: payment.amount, currency }, note: "" };
  return (
    <ActDialog {...dialog} fields={["amount", "reference"]} onSubmit={() => onSubmit(paid)}>
      {children}
      <PaymentFields
        label={label}
        currency={currency}
        payment={payment}
        error={dialog.act.error}
        onChange={setPayment}
      />
    </ActDialog>
  );
}

interface PaymentFieldsProps {
  readonly label: string;
  readonly currency: string;
  readonly payment: Payment;
  readonly error: DaftariError | undefined;
  readonly onChange: (payment: Payment) => void;
}

function PaymentFields({ label, currency, payment, error, onChange }: PaymentFieldsProps): ReactNode {
  const byPhone = payment.method === "MPESA";
  return (
    <>
      <MoneyField
        label={label}
        currency={currency}
        required
        value={payment.amount}
        onChange={(amount) => onChange({ ...payment, amount })}
        error={fieldError(error, "amount")}
      />
      <SelectField
        label="By"
        options={METHODS}
        value={payment.method}
        onChange={(method) => onChange({ ...payment, method: method as MillPaymentMethod })}
      />
      <TextField
        label={byPhone ? "M-Pesa code" : "Reference"}
        required={byPhone}
        value={payment.reference}
        onChange={(reference) => onChange({ ...payment, reference })}
        error={fieldError(error, "reference")}
      />
    </>
  );
}
