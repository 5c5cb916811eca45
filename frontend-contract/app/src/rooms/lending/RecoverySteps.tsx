/** Steps to get back what is late: as a list, each begun, done or given up from its row. */
import { useQuery } from "@daftari/client/react";
import { type ComponentType, type ReactNode, useState } from "react";

import {
  CancelRecoveryActionDocument,
  CompleteRecoveryActionDocument,
  RecoveryActionsDocument,
  type RecoveryActionsQuery,
  RecoveryActionUpdatedDocument,
  StartRecoveryActionDocument,
} from "@/graphql/lending";
import type { RecoveryActionFilter } from "@/graphql/schema";
import { Badge, Button, Day, humanise, Money, MoneyField, Status, toast, today } from "@/kit";
import { usePerson } from "@/session/person";

import { keepFocusNear } from "../focus";
import { fieldError, useAct } from "../forms";
import { LongList } from "../LongTable";
import rooms from "../rooms.module.css";
import { SayDialog } from "../SayDialog";
import { useGrowing } from "../useGrowing";
import { LoanLink } from "./LoanLink";

type Step = RecoveryActionsQuery["recoveryActions"]["nodes"][number];

interface StepActProps {
  readonly step: Step;
  readonly onClose: () => void;
}

interface RecoveryStepsProps {
  readonly filter: RecoveryActionFilter;
  /** What stands where there are none. */
  readonly empty: string;
  /** On the page of a loan nobody needs a way to it. */
  readonly ofOneLoan?: boolean;
}

export function RecoverySteps({ filter, empty, ofOneLoan = false }: RecoveryStepsProps): ReactNode {
  const pages = useGrowing();
  const query = useQuery(
    RecoveryActionsDocument,
    { filter, first: pages.first },
    { live: [{ document: RecoveryActionUpdatedDocument }], keepPrevious: true },
  );
  return (
    <LongList
      query={query}
      list={({ recoveryActions }) => recoveryActions}
      pages={pages}
      what="steps"
      empty={empty}
      item={(step) => <StepRow key={step.id} step={step} ofOneLoan={ofOneLoan} />}
    />
  );
}

function StepRow({ step, ofOneLoan }: { readonly step: Step; readonly ofOneLoan: boolean }): ReactNode {
  const { id: me } = usePerson();
  const late = step.endedAt === null && step.dueOn < today();
  return (
    <li>
      <div className={rooms.what}>
        <span>
          {humanise(step.kind)} <Status status={step.status} /> {late && <Badge tone="high">Behind</Badge>}
        </span>
        {!ofOneLoan && (
          <span>
            {step.debtorName}
            {", "}
            {step.subjectKind === "LOAN" && step.subjectId ? (
              <LoanLink loan={{ id: step.subjectId, number: step.subjectNumber }} />
            ) : (
              step.subjectNumber
            )}
            , <Money money={step.overdueAmount} /> late
          </span>
        )}
        {step.note && <span className="small">{step.note}</span>}
        {step.outcome && <span className="small">Came to: {step.outcome}</span>}
        <span className="muted small">
          {step.assignedTo?.id === me ? "You" : (step.assignedTo?.name ?? "Nobody")}, by <Day on={step.dueOn} />
          {step.promisedAmount && (
            <>
              {" "}
              · promised <Money money={step.promisedAmount} />
            </>
          )}
          {step.status === "COMPLETED" && (
            <>
              {" "}
              · brought in <Money money={step.recoveredAmount} />
            </>
          )}
        </span>
      </div>
      {step.endedAt === null && <StepActs step={step} />}
    </li>
  );
}

function StepActs({ step }: { readonly step: Step }): ReactNode {
  const [Open, setOpen] = useState<ComponentType<StepActProps> | null>(null);
  const begin = useAct(StartRecoveryActionDocument, () => toast({ title: `${humanise(step.kind)}: begun` }));
  const about = <span className="unseen">: {`${humanise(step.kind)}, ${step.debtorName}`}</span>;
  return (
    <div className={rooms.buttons}>
      {step.status === "OPEN" && (
        <Button
          size="small"
          busy={begin.busy}
          onClick={({ currentTarget }) => {
            keepFocusNear(currentTarget);
            begin.run({ input: { actionId: step.id } });
          }}
        >
          Begin{about}
        </Button>
      )}
      <Button size="small" look="primary" onClick={() => setOpen(() => Complete)}>
        Done{about}
      </Button>
      <Button size="small" onClick={() => setOpen(() => GiveUp)}>
        Give up{about}
      </Button>
      {Open && <Open step={step} onClose={() => setOpen(null)} />}
    </div>
  );
}

function Complete({ step, onClose }: StepActProps): ReactNode {
  const [amount, setAmount] = useState("");
  const { currency } = step.overdueAmount;
  const act = useAct(CompleteRecoveryActionDocument, () => {
    toast({ tone: "good", title: `${humanise(step.kind)}: done`, body: step.debtorName });
    onClose();
  });
  return (
    <SayDialog
      title={`${humanise(step.kind)}: ${step.debtorName}`}
      submit="Done"
      act={act}
      field="outcome"
      fields={["recoveredAmount"]}
      label="What came of it"
      onClose={onClose}
      onSubmit={(outcome) =>
        act.run({
          input: { actionId: step.id, outcome, ...(amount !== "" && { recoveredAmount: { amount, currency } }) },
        })
      }
    >
      <MoneyField
        label="Brought in by it"
        hint="The payment itself is recorded with the loan."
        required={false}
        currency={currency}
        value={amount}
        onChange={setAmount}
        error={fieldError(act.error, "recoveredAmount")}
      />
    </SayDialog>
  );
}

function GiveUp({ step, onClose }: StepActProps): ReactNode {
  const act = useAct(CancelRecoveryActionDocument, () => {
    toast({ title: `${humanise(step.kind)}: given up`, body: step.debtorName });
    onClose();
  });
  return (
    <SayDialog
      title="Give this step up?"
      submit="Give it up"
      danger
      act={act}
      field="reason"
      label="Why"
      onClose={onClose}
      onSubmit={(reason) => act.run({ input: { actionId: step.id, reason } })}
    />
  );
}
