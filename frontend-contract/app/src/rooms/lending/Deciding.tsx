/** The way of an application: handed in, reviewed, its borrower verified, agreed to or turned down, paid out, or taken back. */
import { type ReactNode, useState } from "react";

import {
  ApproveLoanDocument,
  DisburseLoanDocument,
  RejectLoanDocument,
  ReviewLoanDocument,
  SubmitLoanApplicationDocument,
  VerifyKycDocument,
  WithdrawLoanDocument,
} from "@/graphql/lending";
import type { Recommendation } from "@/graphql/schema";
import { inPercent, MoneyField, Notice, SelectField, toast } from "@/kit";

import { ActDialog, fieldError, useAct, useKeyedAct } from "../forms";
import { SayDialog } from "../SayDialog";
import type { LoanActProps } from "./oneLoan";
import { PaperList } from "./LoanPapers";

const RECOMMENDATIONS: readonly (readonly [Recommendation, string])[] = [
  ["APPROVE", "It should be agreed to"],
  ["MORE_INFORMATION", "Something is still to be found out"],
  ["REJECT", "It should be turned down"],
];

/** A draft becomes an application. */
export function Submit({ loan, onClose }: LoanActProps): ReactNode {
  const act = useKeyedAct(SubmitLoanApplicationDocument, () => {
    toast({ tone: "good", title: "Your application is handed in", body: "You hear of every step." });
    onClose();
  });
  return (
    <ActDialog
      title={`Hand ${loan.number} in`}
      submit="Hand it in"
      act={act}
      onClose={onClose}
      onSubmit={() => act.run({ input: { loanId: loan.id } })}
    >
      <Notice>
        You ask for {loan.requestedPrincipal.formatted}, in {loan.instalmentCount} instalments at{" "}
        {inPercent(loan.annualRate)} a year.
      </Notice>
    </ActDialog>
  );
}

export function Review({ loan, onClose }: LoanActProps): ReactNode {
  const [recommendation, setRecommendation] = useState<Recommendation>("APPROVE");
  const act = useAct(ReviewLoanDocument, () => {
    toast({ tone: "good", title: `${loan.number} is reviewed` });
    onClose();
  });
  return (
    <SayDialog
      title={`Review ${loan.number}`}
      submit="Recommend"
      act={act}
      field="comment"
      label="Why"
      required={recommendation !== "APPROVE"}
      onClose={onClose}
      onSubmit={(comment) => act.run({ input: { loanId: loan.id, recommendation, comment } })}
    >
      <SelectField
        label="Recommendation"
        options={RECOMMENDATIONS}
        value={recommendation}
        onChange={(value) => setRecommendation(value as Recommendation)}
      />
    </SayDialog>
  );
}

/** The papers are beside the decision, so that nobody verifies somebody without having looked. */
export function VerifyIdentity({ loan, onClose }: LoanActProps): ReactNode {
  const act = useAct(VerifyKycDocument, () => {
    toast({ tone: "good", title: `${loan.borrowerName} is who the application says` });
    onClose();
  });
  return (
    <SayDialog
      title={`Verify ${loan.borrowerName}`}
      submit="Verified"
      act={act}
      field="note"
      label="What was seen"
      required={false}
      onClose={onClose}
      onSubmit={(note) => act.run({ input: { loanId: loan.id, note } })}
    >
      {loan.documents.length === 0 ? (
        <Notice tone="warn">No paper was handed in. Say what was shown instead.</Notice>
      ) : (
        <PaperList papers={loan.documents} />
      )}
    </SayDialog>
  );
}

export function Approve({ loan, onClose }: LoanActProps): ReactNode {
  const [amount, setAmount] = useState(loan.requestedPrincipal.amount);
  const act = useAct(ApproveLoanDocument, ({ approveLoan }) => {
    toast({
      tone: "good",
      title: `${loan.number} is approved`,
      body: approveLoan.loan?.approvedPrincipal?.formatted,
    });
    onClose();
  });
  return (
    <SayDialog
      title={`Approve ${loan.number}`}
      submit="Approve"
      act={act}
      field="comment"
      fields={["principal"]}
      label="What is said with it"
      required={false}
      onClose={onClose}
      onSubmit={(comment) =>
        act.run({ input: { loanId: loan.id, principal: { amount, currency: loan.currency }, comment } })
      }
    >
      <Notice>
        {loan.borrowerName} asked for {loan.requestedPrincipal.formatted}, in {loan.instalmentCount} instalments at{" "}
        {inPercent(loan.annualRate)} a year.
      </Notice>
      <MoneyField
        label="Agreed to"
        currency={loan.currency}
        required
        value={amount}
        onChange={setAmount}
        error={fieldError(act.error, "principal")}
      />
    </SayDialog>
  );
}

export function Reject({ loan, onClose }: LoanActProps): ReactNode {
  const act = useAct(RejectLoanDocument, () => {
    toast({ title: `${loan.number} is turned down` });
    onClose();
  });
  return (
    <SayDialog
      title={`Reject ${loan.number}`}
      submit="Reject"
      danger
      act={act}
      field="reason"
      label="Why"
      onClose={onClose}
      onSubmit={(reason) => act.run({ input: { loanId: loan.id, reason } })}
    />
  );
}

export function Withdraw({ loan, onClose }: LoanActProps): ReactNode {
  const act = useAct(WithdrawLoanDocument, () => {
    toast({ title: `${loan.number} is taken back` });
    onClose();
  });
  return (
    <SayDialog
      title={`Take ${loan.number} back?`}
      submit="Take it back"
      danger
      act={act}
      field="reason"
      label="Why"
      required={false}
      onClose={onClose}
      onSubmit={(reason) => act.run({ input: { loanId: loan.id, reason } })}
    />
  );
}

export function Disburse({ loan, onClose }: LoanActProps): ReactNode {
  const act = useKeyedAct(DisburseLoanDocument, ({ disburseLoan }) => {
    toast({
      tone: "good",
      title: `${disburseLoan.transaction?.amount.formatted ?? ""} is paid out`,
      body: loan.borrowerName,
    });
    onClose();
  });
  return (
    <ActDialog
      title={`Pay ${loan.number} out`}
      submit="Pay out"
      act={act}
      onClose={onClose}
      onSubmit={() => act.run({ input: { loanId: loan.id, channel: "WALLET" } })}
    >
      <Notice>
        {(loan.approvedPrincipal ?? loan.requestedPrincipal).formatted} goes{" "}
        {loan.paysTitle ? `straight to ${loan.paysTitle}` : `into the wallet of ${loan.borrowerName}`}.
      </Notice>
    </ActDialog>
  );
}
