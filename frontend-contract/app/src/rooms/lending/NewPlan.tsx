/** Asking for a new plan: its terms, and at once what they would make of the loan. */
import { useQuery } from "@daftari/client/react";
import { type ReactNode, useState } from "react";

import { BarChart } from "@/charts";
import {
  PreviewLoanRescheduleDocument,
  type PreviewLoanRescheduleQuery,
  RequestLoanRescheduleDocument,
} from "@/graphql/lending";
import type { NewPlanInput, PeriodUnit, RescheduleKind } from "@/graphql/schema";
import { Day, Failed, Money, Notice, SelectField, shortDay, Skeleton, TextField, toast, today } from "@/kit";

import { inCurrency } from "../amounts";
import { fieldError, useAct } from "../forms";
import rooms from "../rooms.module.css";
import { SayDialog } from "../SayDialog";
import { Sums } from "../Sums";
import { useSettled } from "../useSettled";
import type { LoanActProps, LoanFull } from "./oneLoan";
import { PLAN_KINDS, planInput, type PlanDraft, usualPlan } from "./planDraft";

const FIELDS = ["fromOn", "newDueOn", "extraInstalments", "annualRate", "firstDueOn", "instalments"] as const;

export function AskForNewPlan({ loan, onClose }: LoanActProps): ReactNode {
  const [draft, setDraft] = useState(() => usualPlan(today()));
  const plan = planInput(draft);
  const ask = useAct(RequestLoanRescheduleDocument, () => {
    toast({ tone: "good", title: "Asked for", body: `Somebody else decides on the new plan for ${loan.number}.` });
    onClose();
  });
  return (
    <SayDialog
      title={`A new plan for ${loan.number}`}
      submit="Ask for it"
      wide
      act={ask}
      field="reason"
      fields={FIELDS}
      label="Why"
      disabled={plan === null}
      onClose={onClose}
      onSubmit={(reason) => plan && ask.run({ input: { loanId: loan.id, plan, reason } })}
    >
      <SelectField
        label="What it does"
        options={PLAN_KINDS}
        value={draft.kind}
        onChange={(kind) => setDraft({ ...draft, kind: kind as RescheduleKind })}
      />
      <PlanFields draft={draft} onChange={setDraft} errorOf={(field) => fieldError(ask.error, field)} />
      <Preview loan={loan} plan={plan} />
    </SayDialog>
  );
}

interface PlanFieldsProps {
  readonly draft: PlanDraft;
  readonly onChange: (draft: PlanDraft) => void;
  readonly errorOf: (field: (typeof FIELDS)[number]) => string | undefined;
}

function PlanFields({ draft, onChange, errorOf }: PlanFieldsProps): ReactNode {
  if (draft.kind === "REAMORTISE") return null;
  const field = (name: (typeof FIELDS)[number]) => ({
    value: draft[name],
    onChange: (value: string) => onChange({ ...draft, [name]: value }),
    error: errorOf(name),
  });
  return (
    <div className={rooms.pair}>
      {draft.kind === "NEW_TERMS" ? (
        <>
          <TextField label="For instalments from" type="date" min={today()} required {...field("fromOn")} />
          <TextField label="The first falls due on" type="date" min={today()} required={false} {...field("newDueOn")} />
          <TextField label="More instalments" inputMode="numeric" required={false} {...field("extraInstalments")} />
          <TextField label="Rate, % a year" inputMode="decimal" required={false} {...field("annualRate")} />
        </>
      ) : (
        <>
          <TextField label="The first falls due on" type="date" min={today()} required {...field("firstDueOn")} />
          <TextField label="Instalments" inputMode="numeric" required {...field("instalments")} />
          <SelectField
            label="One every"
            options={UNITS}
            value={draft.unit}
            onChange={(unit) => onChange({ ...draft, unit: unit as PeriodUnit })}
          />
        </>
      )}
    </div>
  );
}

const UNITS: readonly (readonly [PeriodUnit, string])[] = [
  ["MONTHS", "Month"],
  ["WEEKS", "Week"],
  ["DAYS", "Day"],
];

/** The loan as the plan would make it today. While newer figures are on their way the last ones stay. */
function Preview({ loan, plan }: { readonly loan: LoanFull; readonly plan: NewPlanInput | null }): ReactNode {
  const settled = useSettled(plan);
  const preview = useQuery(
    PreviewLoanRescheduleDocument,
    { loanId: loan.id, plan: settled! },
    { skip: settled === null, keepPrevious: true },
  );
  if (settled === null) return <Notice>Say what the new plan changes, and see here what it makes of the loan.</Notice>;
  if (preview.error) return <Failed error={preview.error} />;
  const found = preview.data?.previewLoanReschedule;
  if (!found) return <Skeleton lines={4} />;
  return <PlanPicture loan={loan} found={found} behind={preview.loading || preview.refreshing} />;
}

interface PlanPictureProps {
  readonly loan: LoanFull;
  readonly found: NonNullable<PreviewLoanRescheduleQuery["previewLoanReschedule"]>;
  readonly behind: boolean;
}

function PlanPicture({ loan, found, behind }: PlanPictureProps): ReactNode {
  const rows = found.schedule.filter(({ kind }) => kind !== "DISBURSEMENT");
  return (
    <div className="stack" aria-busy={behind}>
      <BarChart
        title="The loan with the new plan"
        description={`${rows.length} instalments, the last of them on ${found.maturityOn}.`}
        labels={rows.map(({ dueOn }) => shortDay(dueOn))}
        labelHeading="Due"
        series={[
          { name: "Principal", values: rows.map(({ principal }) => principal.amount) },
          { name: "Interest", values: rows.map(({ interest }) => interest.amount) },
        ]}
        stacked
        height={150}
        format={inCurrency(loan.currency)}
      />
      <Sums
        sums={[
          ["Outstanding now", <Money key="" money={loan.outstandingAmount} />],
          ["Outstanding with the new plan", <Money key="" money={found.outstanding} />],
          ["Ends now", <Day key="" on={loan.maturityOn} />],
          ["Would end", <Day key="" on={found.maturityOn} />],
        ]}
      />
    </div>
  );
}
