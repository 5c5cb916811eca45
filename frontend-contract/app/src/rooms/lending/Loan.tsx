/** One loan: where it stands, what can be done with it by whom, its plan, what moved on it, its papers and what was asked for. */
import { useQuery } from "@daftari/client/react";
import type { ReactNode } from "react";

import { ApprovalQueueUpdatedDocument } from "@/graphql/approvals";
import { LoanDocument, LoanUpdatedDocument } from "@/graphql/lending";
import { count, Day, LiveMoney, Money, Notice, Stat, Stats } from "@/kit";
import { usePerson } from "@/session/person";

import { PaidStat } from "../PaidStat";
import { ThingPage, useIdInPath } from "../ThingPage";
import type { LoanFull } from "./oneLoan";
import { LoanActs } from "./LoanActs";
import { LoanCasework } from "./LoanCasework";
import { LoanCharges } from "./LoanCharges";
import { LoanChanges } from "./LoanChanges";
import { LoanCost } from "./LoanCost";
import { LoanFacts } from "./LoanFacts";
import { Movements } from "./LoanMovements";
import { LoanPapers } from "./LoanPapers";
import { Plan } from "./LoanPlan";

export function Screen(): ReactNode {
  const id = useIdInPath();
  const { permissions, roles } = usePerson();
  // What somebody asks for changes nothing of the loan before it is decided: the approvals tell of it.
  const requests = permissions.includes("APPROVALS_READ") ? [{ document: ApprovalQueueUpdatedDocument }] : [];
  const query = useQuery(
    LoanDocument,
    { id },
    { live: [{ document: LoanUpdatedDocument, variables: { loanId: id } }, ...requests] },
  );
  const mine = roles.includes("BORROWER");
  return (
    <ThingPage
      what="loan"
      back={mine ? { href: "/lending", title: "My loans" } : { href: "/lending/loans", title: "Loans" }}
      query={query}
      thing={({ loan }) => loan}
      title={({ number }) => number}
      note={({ borrowerName, productName, branch }) =>
        [borrowerName, productName, ...(branch ? [branch.name] : [])].join(" · ")
      }
      actions={(loan) => <LoanActs loan={loan} />}
    >
      {(loan) => <LoanBody loan={loan} />}
    </ThingPage>
  );
}

function LoanBody({ loan }: { readonly loan: LoanFull }): ReactNode {
  const paidOut = loan.disbursedOn !== null;
  return (
    <>
      {loan.overdue && (
        <Notice tone="bad">
          {loan.pastDueAmount.formatted} is {count(loan.pastDueDays, "day")} late.
        </Notice>
      )}
      {loan.overpaidAmount.amount !== "0.00" && (
        <Notice tone="warn">{loan.overpaidAmount.formatted} was paid too much and belongs to the borrower.</Notice>
      )}
      {paidOut && <LoanStats loan={loan} />}
      <div className="split">
        <div className="stack">
          {loan.schedule.length > 0 && <Plan loan={loan} />}
          {!paidOut && loan.product && <LoanCost loan={loan} productId={loan.product.id} />}
          {paidOut && <LoanCharges loan={loan} />}
          {paidOut && <Movements loan={loan} />}
          <LoanCasework loan={loan} />
        </div>
        <div className="stack">
          <LoanPapers loan={loan} />
          <LoanChanges loan={loan} />
          <LoanFacts loan={loan} />
        </div>
      </div>
    </>
  );
}

function LoanStats({ loan }: { readonly loan: LoanFull }): ReactNode {
  return (
    <Stats label="Where the loan stands">
      <Stat
        label="Outstanding"
        note={
          <>
            principal <Money money={loan.principalOutstanding} />
          </>
        }
      >
        <LiveMoney money={loan.outstandingAmount} label="Outstanding" />
      </Stat>
      <Stat label="Next instalment" tone={loan.overdue ? "bad" : undefined} note={<Day on={loan.nextDueOn} />}>
        <LiveMoney money={loan.nextDueAmount} label="Next instalment" />
      </Stat>
      <PaidStat label="Paid so far" paid={loan.paidAmount} left={loan.outstandingAmount} />
    </Stats>
  );
}
