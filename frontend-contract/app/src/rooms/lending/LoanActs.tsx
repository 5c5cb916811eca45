/** What the reader may do with a loan as it stands now: one button for each act, and the dialog that asks what it needs. */
import { useState, type ReactNode } from "react";

import {
  ApproveLoanDocument,
  DisburseLoanDocument,
  RejectLoanDocument,
  ReviewLoanDocument,
  VerifyKycDocument,
} from "@/graphql/lending";
import type { Permission, Recommendation } from "@/graphql/schema";
import { Button, Notice, SelectField, TextAreaField, toast } from "@/kit";
import { usePerson } from "@/session/person";

import { ActDialog, fieldError, useAct, useKeyedAct } from "../forms";
import type { LoanFull } from "./Loan";
import { LogCall } from "./LogCall";
import { PayFromWallet, RecordRepayment } from "./PayLoan";

type ActName = "review" | "verify" | "approve" | "reject" | "disburse" | "pay" | "record" | "call";

interface Possible {
  readonly name: ActName;
  readonly words: string;
  readonly when: boolean;
  readonly look?: "primary" | "danger";
}

/** Which acts a loan in this state has for somebody with these permissions; the server decides in the end. */
function possibleActs(loan: LoanFull, may: (permission: Permission) => boolean, own: boolean): readonly Possible[] {
  const { status } = loan;
  const owes = (status === "ACTIVE" || status === "OVERPAID") && loan.disbursedOn !== null;
  const open = status === "SUBMITTED" || status === "UNDER_REVIEW";
  const acts: Possible[] = [
    { name: "review", words: "Review", when: open && !own && may("LOAN_REVIEW"), look: "primary" },
    {
      name: "verify",
      words: "Verify identity",
      when: status === "KYC_PENDING" && !own && may("LOAN_REVIEW"),
      look: "primary",
    },
    {
      name: "approve",
      words: "Approve",
      when: status === "KYC_VERIFIED" && !own && may("LOAN_APPROVE"),
      look: "primary",
    },
    {
      name: "reject",
      words: "Reject",
      when: (open || status.startsWith("KYC")) && !own && may("LOAN_APPROVE"),
      look: "danger",
    },
    { name: "disburse", words: "Pay out", when: status === "APPROVED" && may("LOAN_DISBURSE"), look: "primary" },
    { name: "pay", words: "Pay", when: owes && own, look: "primary" },
    { name: "record", words: "Record payment", when: owes && may("LOAN_COLLECT"), look: "primary" },
    { name: "call", words: "Note a call", when: owes && may("COLLECTIONS_WORK") },
  ];
  return acts.filter(({ when }) => when);
}

export function LoanActs({ loan }: { readonly loan: LoanFull }): ReactNode {
  const person = usePerson();
  const [open, setOpen] = useState<ActName | null>(null);
  const close = (): void => setOpen(null);
  const acts = possibleActs(
    loan,
    (permission) => person.permissions.includes(permission),
    loan.borrower?.id === person.id,
  );
  const payable = { id: loan.id, number: loan.number, currency: loan.currency, due: loan.nextDueAmount.amount };
  return (
    <>
      {acts.map(({ name, words, look }) => (
        <Button key={name} look={look} onClick={() => setOpen(name)}>
          {words}
        </Button>
      ))}
      {open === "review" && <Review loan={loan} onClose={close} />}
      {open === "verify" && <VerifyIdentity loan={loan} onClose={close} />}
      {open === "approve" && <Approve loan={loan} onClose={close} />}
      {open === "reject" && <Reject loan={loan} onClose={close} />}
      {open === "disburse" && <Disburse loan={loan} onClose={close} />}
      {open === "pay" && <PayFromWallet loan={payable} onClose={close} />}
      {open === "record" && <RecordRepayment loan={payable} onClose={close} />}
      {open === "call" && <LogCall loan={loan} currency={loan.currency} onClose={close} />}
    </>
  );
}

interface DialogProps {
  readonly loan: LoanFull;
  readonly onClose: () => void;
}

const RECOMMENDATIONS: readonly (readonly [Recommendation, string])[] = [
  ["APPROVE", "It should be agreed to"],
  ["MORE_INFORMATION", "Something is still to be found out"],
  ["REJECT", "It should be turned down"],
];

function Review({ loan, onClose }: DialogProps): ReactNode {
  const [recommendation, setRecommendation] = useState<Recommendation>("APPROVE");
  const [comment, setComment] = useState("");
  const act = useAct(ReviewLoanDocument, () => {
    toast({ tone: "good", title: `${loan.number} is reviewed` });
    onClose();
  });
  return (
    <ActDialog
      title={`Review ${loan.number}`}
      submit="Recommend"
      act={act}
      fields={["comment"]}
      onClose={onClose}
      onSubmit={() => act.run({ input: { loanId: loan.id, recommendation, comment } })}
    >
      <SelectField
        label="Recommendation"
        options={RECOMMENDATIONS}
        value={recommendation}
        onChange={(value) => setRecommendation(value as Recommendation)}
      />
      <TextAreaField
        label="Why"
        required={recommendation !== "APPROVE"}
        value={comment}
        onChange={setComment}
        error={fieldError(act.error, "comment")}
      />
    </ActDialog>
  );
}

function VerifyIdentity({ loan, onClose }: DialogProps): ReactNode {
  const [note, setNote] = useState("");
  const act = useAct(VerifyKycDocument, () => {
    toast({ tone: "good", title: `${loan.borrowerName} is who the application says` });
    onClose();
  });
  return (
    <ActDialog
      title={`Verify ${loan.borrowerName}`}
      submit="Verified"
      act={act}
      fields={["note"]}
      onClose={onClose}
      onSubmit={() => act.run({ input: { loanId: loan.id, note } })}
    >
      <TextAreaField
        label="What was seen"
        required={false}
        value={note}
        onChange={setNote}
        error={fieldError(act.error, "note")}
      />
    </ActDialog>
  );
}

function Approve({ loan, onClose }: DialogProps): ReactNode {
  const [comment, setComment] = useState("");
  const act = useAct(ApproveLoanDocument, () => {
    toast({ tone: "good", title: `${loan.number} is approved` });
    onClose();
  });
  return (
    <ActDialog
      title={`Approve ${loan.number}`}
      submit="Approve"
      act={act}
      fields={["comment"]}
      onClose={onClose}
      onSubmit={() => act.run({ input: { loanId: loan.id, comment } })}
    >
      <Notice>
        {loan.requestedPrincipal.formatted} to {loan.borrowerName}, in {loan.instalmentCount} instalments at{" "}
        {loan.annualRate} % a year.
      </Notice>
      <TextAreaField
        label="What is said with it"
        required={false}
        value={comment}
        onChange={setComment}
        error={fieldError(act.error, "comment")}
      />
    </ActDialog>
  );
}

function Reject({ loan, onClose }: DialogProps): ReactNode {
  const [reason, setReason] = useState("");
  const act = useAct(RejectLoanDocument, () => {
    toast({ title: `${loan.number} is turned down` });
    onClose();
  });
  return (
    <ActDialog
      title={`Reject ${loan.number}`}
      submit="Reject"
      danger
      act={act}
      fields={["reason"]}
      onClose={onClose}
      onSubmit={() => act.run({ input: { loanId: loan.id, reason } })}
    >
      <TextAreaField label="Why" required value={reason} onChange={setReason} error={fieldError(act.error, "reason")} />
    </ActDialog>
  );
}

function Disburse({ loan, onClose }: DialogProps): ReactNode {
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
        {(loan.approvedPrincipal ?? loan.requestedPrincipal).formatted} goes into the wallet of {loan.borrowerName}.
      </Notice>
    </ActDialog>
  );
}
