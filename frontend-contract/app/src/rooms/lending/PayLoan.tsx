/** Paying a loan: a borrower from the own wallet, staff by writing down what they received. */
import { useState, type ReactNode } from "react";

import { PayLoanDocument, RecordLoanRepaymentDocument } from "@/graphql/lending";
import type { PaymentChannel } from "@/graphql/schema";
import { MoneyField, SelectField, TextField, toast } from "@/kit";

import { ActDialog, fieldError, sentence, useKeyedAct } from "../forms";

export interface Payable {
  readonly id: string;
  readonly number: string;
  readonly currency: string;
  /** What is asked for next; it stands in the field to begin with. */
  readonly due: string;
}

interface PayLoanProps {
  readonly loan: Payable;
  readonly onClose: () => void;
}

export function PayFromWallet({ loan, onClose }: PayLoanProps): ReactNode {
  const [amount, setAmount] = useState(loan.due);
  const pay = useKeyedAct(PayLoanDocument, ({ payLoan }) => {
    toast({
      tone: "good",
      title: `Paid ${payLoan.transaction?.amount.formatted ?? ""}`,
      body: `${loan.number}: ${payLoan.loan?.outstandingAmount.formatted ?? ""} is left.`,
    });
    onClose();
  });
  return (
    <ActDialog
      title={`Pay ${loan.number}`}
      submit="Pay from my wallet"
      act={pay}
      fields={["amount"]}
      onClose={onClose}
      onSubmit={() => pay.run({ input: { loanId: loan.id, amount: { amount, currency: loan.currency } } })}
    >
      <MoneyField
        label="Amount"
        currency={loan.currency}
        required
        value={amount}
        onChange={setAmount}
        hint="Penalties and fees are paid first, then interest, then principal."
        error={fieldError(pay.error, "amount")}
      />
    </ActDialog>
  );
}

const CHANNELS: readonly (readonly [PaymentChannel, string])[] = [
  ["CASH", "Cash"],
  ["MPESA", "M-Pesa"],
  ["BANK", "Bank"],
];

export function RecordRepayment({ loan, onClose }: PayLoanProps): ReactNode {
  const [amount, setAmount] = useState(loan.due);
  const [channel, setChannel] = useState<PaymentChannel>("CASH");
  const [reference, setReference] = useState("");
  const record = useKeyedAct(RecordLoanRepaymentDocument, ({ recordLoanRepayment: { transaction, loan: after } }) => {
    toast({
      tone: "good",
      title: `${transaction?.amount.formatted ?? ""} received`,
      body: sentence(`${loan.number}: ${after?.outstandingAmount.formatted ?? ""} is left`),
    });
    onClose();
  });
  const money = { amount, currency: loan.currency };
  return (
    <ActDialog
      title={`Payment for ${loan.number}`}
      submit="Record payment"
      act={record}
      fields={["amount", "reference"]}
      onClose={onClose}
      onSubmit={() => record.run({ input: { loanId: loan.id, amount: money, channel, reference: reference.trim() } })}
    >
      <MoneyField
        label="Amount received"
        currency={loan.currency}
        required
        value={amount}
        onChange={setAmount}
        error={fieldError(record.error, "amount")}
      />
      <SelectField
        label="How it came"
        options={CHANNELS}
        value={channel}
        onChange={(value) => setChannel(value as PaymentChannel)}
      />
      <TextField
        label="Receipt number"
        required={channel === "MPESA"}
        hint={channel === "MPESA" ? "The code of the M-Pesa message" : undefined}
        value={reference}
        onChange={setReference}
        error={fieldError(record.error, "reference")}
      />
    </ActDialog>
  );
}
