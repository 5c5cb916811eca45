/** What one person asks for and another decides: a new plan for a loan, or giving it up. */
import { type ComponentType, type ReactNode, useState } from "react";

import {
  RejectLoanRequestDocument,
  RequestLoanWriteOffDocument,
  RescheduleLoanDocument,
  WithdrawLoanRequestDocument,
  WriteOffLoanDocument,
} from "@/graphql/lending";
import type { LoanRequestKind } from "@/graphql/schema";
import { Button, Card, Empty, Notice, Status, Time, toast } from "@/kit";
import { usePerson } from "@/session/person";

import { useAct, useKeyedAct } from "../forms";
import rooms from "../rooms.module.css";
import { SayDialog } from "../SayDialog";
import { actsOn } from "./acts";
import { AskForNewPlan } from "./NewPlan";
import type { LoanActProps, LoanFull } from "./oneLoan";

type Request = LoanFull["requests"][number];

const WANTED: Record<LoanRequestKind, string> = { RESCHEDULE: "A new plan", WRITE_OFF: "To give the loan up" };

interface AnswerProps extends LoanActProps {
  readonly request: Request;
}

export function LoanChanges({ loan }: { readonly loan: LoanFull }): ReactNode {
  const acts = actsOn(loan, usePerson());
  const [Open, setOpen] = useState<ComponentType<LoanActProps> | null>(null);
  const waits = (kind: LoanRequestKind): boolean =>
    loan.requests.some((request) => request.kind === kind && request.status === "PENDING");
  const mayAsk = acts.has("ASK_FOR_CHANGE");
  if (!mayAsk && loan.requests.length === 0) return null;
  return (
    <Card
      title="Changes asked for"
      flush
      actions={
        mayAsk && (
          <span className={rooms.buttons}>
            {!waits("RESCHEDULE") && (
              <Button size="small" onClick={() => setOpen(() => AskForNewPlan)}>
                New plan
              </Button>
            )}
            {!waits("WRITE_OFF") && (
              <Button size="small" onClick={() => setOpen(() => AskToGiveUp)}>
                Give it up
              </Button>
            )}
          </span>
        )
      }
    >
      {loan.requests.length === 0 ? (
        <Empty>Nothing was asked for.</Empty>
      ) : (
        <ul className={rooms.list}>
          {loan.requests.map((request) => (
            <RequestRow key={`${request.kind} ${request.requestedAt}`} loan={loan} request={request} />
          ))}
        </ul>
      )}
      {Open && <Open loan={loan} onClose={() => setOpen(null)} />}
    </Card>
  );
}

function RequestRow({ loan, request }: Omit<AnswerProps, "onClose">): ReactNode {
  const person = usePerson();
  const acts = actsOn(loan, person);
  const [Open, setOpen] = useState<ComponentType<AnswerProps> | null>(null);
  const pending = request.status === "PENDING";
  const asker = request.requestedBy?.id === person.id;
  const decides = pending && !asker && acts.has("DECIDE_REQUEST");
  return (
    <li>
      <div className={rooms.what}>
        <span>
          {WANTED[request.kind]} <Status status={request.status} />
        </span>
        <span className="muted small">
          “{request.reason}” · {request.requestedBy?.name ?? "Somebody"}, <Time at={request.requestedAt} ago />
        </span>
        {request.decidedAt && (
          <span className="muted small">
            {request.comment && `“${request.comment}” · `}
            {request.decidedBy?.name ?? "Somebody"}, <Time at={request.decidedAt} ago />
          </span>
        )}
      </div>
      <div className={rooms.buttons}>
        {decides && (
          <>
            <Button size="small" look="primary" onClick={() => setOpen(() => Agree)}>
              Agree<span className="unseen"> to: {WANTED[request.kind]}</span>
            </Button>
            <Button size="small" onClick={() => setOpen(() => Refuse)}>
              Refuse<span className="unseen">: {WANTED[request.kind]}</span>
            </Button>
          </>
        )}
        {pending && asker && acts.has("ASK_FOR_CHANGE") && (
          <Button size="small" onClick={() => setOpen(() => TakeBack)}>
            Take back<span className="unseen">: {WANTED[request.kind]}</span>
          </Button>
        )}
      </div>
      {Open && <Open loan={loan} request={request} onClose={() => setOpen(null)} />}
    </li>
  );
}

function AskToGiveUp({ loan, onClose }: LoanActProps): ReactNode {
  const ask = useAct(RequestLoanWriteOffDocument, () => {
    toast({ tone: "good", title: "Asked for", body: `Somebody else decides whether ${loan.number} is given up.` });
    onClose();
  });
  return (
    <SayDialog
      title={`Give ${loan.number} up?`}
      submit="Ask for it"
      danger
      act={ask}
      field="reason"
      label="Why"
      onClose={onClose}
      onSubmit={(reason) => ask.run({ input: { loanId: loan.id, reason } })}
    >
      <Notice tone="warn">
        {loan.outstandingAmount.formatted} would be a loss. What comes in later is booked as recovered.
      </Notice>
    </SayDialog>
  );
}

function Agree({ loan, request, onClose }: AnswerProps): ReactNode {
  const done = (): void => {
    toast({ tone: "good", title: "Agreed, and done", body: `${loan.number}: ${WANTED[request.kind]}` });
    onClose();
  };
  const replan = useKeyedAct(RescheduleLoanDocument, done);
  const giveUp = useKeyedAct(WriteOffLoanDocument, done);
  const act = request.kind === "RESCHEDULE" ? replan : giveUp;
  return (
    <SayDialog
      title={`${WANTED[request.kind]}: ${loan.number}`}
      submit="Agree"
      danger={request.kind === "WRITE_OFF"}
      act={act}
      field="comment"
      label="What is said with it"
      required={false}
      onClose={onClose}
      onSubmit={(comment) => act.run({ input: { loanId: loan.id, comment } })}
    >
      <Notice>“{request.reason}”</Notice>
    </SayDialog>
  );
}

function Refuse({ loan, request: { kind }, onClose }: AnswerProps): ReactNode {
  const refuse = useAct(RejectLoanRequestDocument, () => {
    toast({ title: "Refused", body: `${loan.number}: ${WANTED[kind]}` });
    onClose();
  });
  return (
    <SayDialog
      title="Refuse what is asked for?"
      submit="Refuse"
      danger
      act={refuse}
      field="comment"
      label="Why"
      onClose={onClose}
      onSubmit={(comment) => refuse.run({ input: { loanId: loan.id, kind, comment } })}
    />
  );
}

function TakeBack({ loan, request: { kind }, onClose }: AnswerProps): ReactNode {
  const takeBack = useAct(WithdrawLoanRequestDocument, () => {
    toast({ title: "Taken back", body: `${loan.number}: ${WANTED[kind]}` });
    onClose();
  });
  return (
    <SayDialog
      title="Take the request back?"
      submit="Take it back"
      act={takeBack}
      field="reason"
      label="Why"
      onClose={onClose}
      onSubmit={(reason) => takeBack.run({ input: { loanId: loan.id, kind, reason } })}
    />
  );
}
