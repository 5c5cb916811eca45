/** What staff do to have a loan paid: the steps to get back what is late, and what was said with the borrower. */
import { type ReactNode, useState } from "react";

import { Button, Card } from "@/kit";
import { usePerson } from "@/session/person";

import { actsOn } from "./acts";
import type { LoanFull } from "./oneLoan";
import { LogCall } from "./LogCall";
import { PlanStep } from "./PlanStep";
import { RecoverySteps } from "./RecoverySteps";
import { Talks } from "./Talks";

export function LoanCasework({ loan }: { readonly loan: LoanFull }): ReactNode {
  const acts = actsOn(loan, usePerson());
  const [open, setOpen] = useState<"STEP" | "CALL" | null>(null);
  const close = (): void => setOpen(null);
  if (!acts.has("LOG_CALL")) return null;
  return (
    <>
      {loan.disbursedOn && (
        <Card
          title="Recovery"
          flush
          actions={
            acts.has("PLAN_STEP") && (
              <Button size="small" onClick={() => setOpen("STEP")}>
                Plan a step
              </Button>
            )
          }
        >
          <RecoverySteps filter={{ loanId: loan.id }} empty="No step was needed yet." ofOneLoan />
        </Card>
      )}
      <Card
        title="What was said"
        flush
        actions={
          <Button size="small" onClick={() => setOpen("CALL")}>
            Note a call
          </Button>
        }
      >
        <Talks loanId={loan.id} empty="Nothing was noted yet." />
      </Card>
      {open === "STEP" && <PlanStep loan={loan} onClose={close} />}
      {open === "CALL" && <LogCall loan={loan} currency={loan.currency} onClose={close} />}
    </>
  );
}
