/** Paying a loan: a borrower from the own wallet, staff by writing down what they received. */
import type { DaftariError } from "@daftari/client";
import { useQuery } from "@daftari/client/react";
import { useState, type ReactNode } from "react";

import {
  LoanPayoffDocument,
  LoanUpdatedDocument,
  PayLoanDocument,
  PrecloseLoanDocument,
  RecordLoanRepaymentDocument,
} from "@/graphql/lending";
import type { PaymentChannel } from "@/graphql/schema";
import { Day, Loaded, Money, MoneyField, Notice, SelectField, sentence, TextField, toast } from "@/kit";

import { ActDialog, fieldError, useKeyedAct } from "../forms";
import { FromWallet, WALLET_FIELDS } from "../FromWallet";
import { Sums } from "../Sums";
import type { LoanActProps } from "./oneLoan";

export interface Payable {
  readonly id: string;
  readonly number: string;
  /** What is asked for next; it stands in the field to begin with. */
  readonly due: { readonly amount: string; readonly currency: string; readonly formatted: string };
}

interface PayLoanProps {
  readonly loan: Payable;
  readonly onClose: () => void;
}

export function PayFromWallet({ loan, onClose }: PayLoanProps): ReactNode {
  const [amount, setAmount] = useState(loan.due.amount);
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
      fields={WALLET_FIELDS}
      onClose={onClose}
      onSubmit={() => pay.run({ input: { loanId: loan.id, amount: { amount, currency: loan.due.currency } } })}
    >
      <FromWallet
        owed={loan.due}
        words={{ owed: "Due next", all: "What is due next" }}
        amount={amount}
        error={pay.error}
        onChange={setAmount}
      />
      <p className="muted small">Penalties and fees are paid first, then interest, then principal.</p>
    </ActDialog>
  );
}

const CHANNELS: readonly (readonly [PaymentChannel, string])[] = [
  ["CASH", "Cash"],
  ["MPESA", "M-Pesa"],
  ["BANK", "Bank"],
];

interface Came {
  readonly channel: PaymentChannel;
  readonly reference: string;
}

const IN_CASH: Came = { channel: "CASH", reference: "" };

/** How money came to the branch, and the receipt that says so. */
function CameFields({
  came,
  error,
  onChange,
}: {
  readonly came: Came;
  readonly error: DaftariError | undefined;
  readonly onChange: (came: Came) => void;
}): ReactNode {
  const { channel, reference } = came;
  return (
    <>
      <SelectField
        label="How it came"
        options={CHANNELS}
        value={channel}
        onChange={(value) => onChange({ ...came, channel: value as PaymentChannel })}
      />
      <TextField
        label="Receipt number"
        required={channel === "MPESA"}
        hint={channel === "MPESA" ? "The code of the M-Pesa message" : undefined}
        value={reference}
        onChange={(value) => onChange({ ...came, reference: value.trim() })}
        error={fieldError(error, "reference")}
      />
    </>
  );
}

export function RecordRepayment({ loan, onClose }: PayLoanProps): ReactNode {
  const [amount, setAmount] = useState(loan.due.amount);
  const [came, setCame] = useState(IN_CASH);
  const record = useKeyedAct(RecordLoanRepaymentDocument, ({ recordLoanRepayment: { transaction, loan: after } }) => {
    toast({
      tone: "good",
      title: `${transaction?.amount.formatted ?? ""} received`,
      body: sentence(`${loan.number}: ${after?.outstandingAmount.formatted ?? ""} is left`),
    });
    onClose();
  });
  const { currency } = loan.due;
  return (
    <ActDialog
      title={`Payment for ${loan.number}`}
      submit="Record payment"
      act={record}
      fields={["amount", "reference"]}
      onClose={onClose}
      onSubmit={() => record.run({ input: { loanId: loan.id, amount: { amount, currency }, ...came } })}
    >
      <MoneyField
        label="Amount received"
        currency={currency}
        required
        value={amount}
        onChange={setAmount}
        error={fieldError(record.error, "amount")}
      />
      <CameFields came={came} error={record.error} onChange={setCame} />
    </ActDialog>
  );
}

/** The borrower pays today all that closes the loan. */
export function PayOff({ loan, onClose }: LoanActProps): ReactNode {
  const [came, setCame] = useState(IN_CASH);
  const payoff = useQuery(
    LoanPayoffDocument,
    { loanId: loan.id },
    { live: [{ document: LoanUpdatedDocument, variables: { loanId: loan.id } }] },
  );
  const close = useKeyedAct(PrecloseLoanDocument, ({ precloseLoan: { transaction } }) => {
    toast({
      tone: "good",
      title: `${loan.number} is paid off`,
      body: sentence(`${transaction?.amount.formatted ?? ""} was received`),
    });
    onClose();
  });
  return (
    <ActDialog
      title={`Pay ${loan.number} off`}
      submit="Record payment"
      act={close}
      fields={["reference"]}
      disabled={payoff.data === undefined}
      onClose={onClose}
      onSubmit={() => close.run({ input: { loanId: loan.id, ...came } })}
    >
      <Loaded query={payoff}>
        {({ loanPayoff }) =>
          loanPayoff === null ? (
            <Notice tone="warn">This loan cannot be paid off today.</Notice>
          ) : (
            <Sums
              sums={[
                ["Principal", <Money key="" money={loanPayoff.principal} />],
                [
                  <>
                    Interest until <Day on={loanPayoff.interestUntil} />
                  </>,
                  <Money key="" money={loanPayoff.interest} />,
                ],
                ["Fees", <Money key="" money={loanPayoff.fees} />],
                ["Penalties", <Money key="" money={loanPayoff.penalties} />],
                [
                  "To be paid today",
                  <strong key="">
                    <Money money={loanPayoff.total} />
                  </strong>,
                ],
                ["Interest saved", <Money key="" money={loanPayoff.savedInterest} />],
              ]}
            />
          )
        }
      </Loaded>
      <CameFields came={came} error={close.error} onChange={setCame} />
    </ActDialog>
  );
}
