/** Planning a step to get back what is late: what, by when, and what was promised. */
import { type ReactNode, useState } from "react";

import { CreateRecoveryActionDocument } from "@/graphql/lending";
import type { RecoveryActionKind } from "@/graphql/schema";
import { daysAfter, humanise, MoneyField, SelectField, TextField, toast, today } from "@/kit";

import { fieldError, useAct } from "../forms";
import rooms from "../rooms.module.css";
import { SayDialog } from "../SayDialog";

const KINDS: readonly RecoveryActionKind[] = [
  "REMINDER",
  "PHONE_CALL",
  "FIELD_VISIT",
  "PROMISE_TO_PAY",
  "DEMAND_LETTER",
  "GUARANTOR_CONTACT",
  "RESTRUCTURING",
  "COLLATERAL",
  "LEGAL_ACTION",
  "EXTERNAL_AGENCY",
  "OTHER",
];

interface PlanStepProps {
  readonly loan: { readonly id: string; readonly number: string; readonly currency: string };
  readonly onClose: () => void;
}

export function PlanStep({ loan, onClose }: PlanStepProps): ReactNode {
  const [kind, setKind] = useState<RecoveryActionKind>("PHONE_CALL");
  const [dueOn, setDueOn] = useState(() => daysAfter(today(), 3));
  const [promised, setPromised] = useState("");
  const plan = useAct(CreateRecoveryActionDocument, () => {
    toast({ tone: "good", title: `${humanise(kind)}: planned`, body: loan.number });
    onClose();
  });
  const promisedAmount = promised === "" ? null : { amount: promised, currency: loan.currency };
  return (
    <SayDialog
      title={`Get back what ${loan.number} owes`}
      submit="Plan it"
      act={plan}
      field="note"
      fields={["dueOn", "promisedAmount"]}
      label="What there is to say to it"
      required={false}
      onClose={onClose}
      onSubmit={(note) => plan.run({ input: { loanId: loan.id, kind, dueOn, note, promisedAmount } })}
    >
      <div className={rooms.pair}>
        <SelectField
          label="What is to be done"
          options={KINDS.map((each) => [each, humanise(each)] as const)}
          value={kind}
          onChange={(value) => setKind(value as RecoveryActionKind)}
        />
        <TextField
          label="By"
          type="date"
          min={today()}
          required
          value={dueOn}
          onChange={setDueOn}
          error={fieldError(plan.error, "dueOn")}
        />
      </div>
      <MoneyField
        label="Promised"
        required={false}
        currency={loan.currency}
        value={promised}
        onChange={setPromised}
        error={fieldError(plan.error, "promisedAmount")}
      />
    </SayDialog>
  );
}
