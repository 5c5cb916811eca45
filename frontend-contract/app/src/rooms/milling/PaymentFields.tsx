/** How money comes from a customer or goes to a supplier: how much, by what, and the number that it is known by. */
import type { DaftariError } from "@daftari/client";
import type { ReactNode } from "react";

import type { MillPaymentMethod } from "@/graphql/schema";
import { MoneyField, SelectField, TextField } from "@/kit";

import { fieldError } from "../forms";

export interface Payment {
  readonly amount: string;
  readonly method: MillPaymentMethod;
  readonly reference: string;
}

/** The fields that show their refusals themselves. */
export const PAYMENT_FIELDS = ["amount", "reference"];

export const METHODS: readonly (readonly [MillPaymentMethod, string])[] = [
  ["CASH", "Cash"],
  ["MPESA", "M-Pesa"],
  ["BANK", "Bank"],
];

interface PaymentFieldsProps {
  readonly label: string;
  readonly currency: string;
  readonly payment: Payment;
  readonly error: DaftariError | undefined;
  readonly onChange: (payment: Payment) => void;
}

export function PaymentFields({ label, currency, payment, error, onChange }: PaymentFieldsProps): ReactNode {
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
