/** The figures of loans given: how much is out, how much of it is late, what was collected of what fell due. */
import { Banknote, CircleAlert, HandCoins, ShieldAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "wouter";

import { StackedBar } from "@/charts";
import type { BranchManagerDashboardQuery, LoanOfficerDashboardQuery } from "@/graphql/lending";
import {
  ButtonLink,
  Card,
  type Column,
  count,
  Empty,
  humanise,
  inPercent,
  LiveMoney,
  LiveNumber,
  Money,
  Progress,
  Stat,
  Stats,
  Time,
} from "@/kit";

import { inCurrency } from "../amounts";
import rooms from "../rooms.module.css";
import { Sums } from "../Sums";
import { AGE, LOAN_STATUS } from "./words";

type Board = LoanOfficerDashboardQuery["loanOfficerDashboard"];
type BranchBoard = BranchManagerDashboardQuery["branchManagerDashboard"];
export type Figures = Board["figures"];

export function PortfolioStats({ figures }: { readonly figures: Figures }): ReactNode {
  const { portfolio, collections, collectedToday } = figures;
  const atRisk = Number(portfolio.par30);
  return (
    <Stats label="The portfolio at a glance">
      <Stat label="Outstanding" icon={<Banknote aria-hidden />} note={count(portfolio.loans, "loan")}>
        <LiveMoney money={portfolio.outstanding} label="Outstanding" />
      </Stat>
      <Stat
        label="At risk beyond 30 days"
        icon={<ShieldAlert aria-hidden />}
        tone={atRisk > 10 ? "bad" : atRisk > 5 ? "warn" : undefined}
        note={`${inPercent(portfolio.par1)} is a day late or more`}
      >
        <LiveNumber value={inPercent(portfolio.par30)} label="At risk beyond 30 days" />
      </Stat>
      <Stat
        label="Overdue"
        icon={<CircleAlert aria-hidden />}
        tone={collections.overdue.count > 0 ? "bad" : undefined}
        note={count(collections.overdue.count, "instalment")}
      >
        <LiveMoney money={collections.overdue.amount} label="Overdue" />
      </Stat>
      <Stat label="Collected today" icon={<HandCoins aria-hidden />} note={count(collectedToday.count, "payment")}>
        <LiveMoney money={collectedToday.amount} label="Collected today" />
      </Stat>
    </Stats>
  );
}

export function PortfolioByAge({ figures }: { readonly figures: Figures }): ReactNode {
  return (
    <Card title="Portfolio by lateness">
      <StackedBar
        title="Portfolio by lateness"
        hideTitle
        format={inCurrency(figures.currency)}
        empty="No money is out."
        parts={figures.portfolio.byBucket.map(({ bucket, amount, count: loans }) => ({
          name: `${AGE[bucket].word} (${loans})`,
          value: amount.amount,
          note: amount.formatted,
          colour: AGE[bucket].colour,
        }))}
      />
    </Card>
  );
}

export function ThisMonth({ figures }: { readonly figures: Figures }): ReactNode {
  const { collectedThisMonth, dueThisMonth, collectionRate, disbursedThisMonth, completedOnTime, completedLate } =
    figures;
  return (
    <Card title="This month">
      <div className="stack">
        <Progress
          label="Collected of what fell due"
          value={collectionRate === null ? 0 : Number(collectionRate)}
          detail={`${collectedThisMonth.amount.formatted} of ${dueThisMonth.amount.formatted}`}
          tone={Number(collectionRate ?? 100) < 80 ? "warn" : "good"}
        />
        <Sums
          sums={[
            [
              `Paid out (${count(disbursedThisMonth.count, "loan")})`,
              <Money key="" money={disbursedThisMonth.amount} />,
            ],
            ["Instalments paid on time", <LiveNumber key="" value={completedOnTime.count} />],
            ["Instalments paid late", <LiveNumber key="" value={completedLate.count} />],
          ]}
        />
      </div>
    </Card>
  );
}

type PartFigures = Pick<Figures, "collectedThisMonth"> & {
  readonly portfolio: Pick<Figures["portfolio"], "loans" | "outstanding" | "par30">;
  readonly collections: Pick<Figures["collections"], "overdue">;
};

/** How a part of the portfolio does, be it a branch's or an officer's. */
export const PORTFOLIO_COLUMNS: readonly Column<{ readonly figures: PartFigures }>[] = [
  { title: "Loans", numeric: true, cell: ({ figures: { portfolio } }) => portfolio.loans },
  { title: "Outstanding", numeric: true, cell: ({ figures }) => <LiveMoney money={figures.portfolio.outstanding} /> },
  { title: "At risk, 30 days", numeric: true, cell: ({ figures: { portfolio } }) => inPercent(portfolio.par30) },
  { title: "Overdue", numeric: true, cell: ({ figures }) => <Money money={figures.collections.overdue.amount} /> },
  {
    title: "Collected this month",
    numeric: true,
    cell: ({ figures }) => <LiveMoney money={figures.collectedThisMonth.amount} />,
  },
];

/** How many applications wait at each step; each step leads to the list. */
export function Applications({ applications }: { readonly applications: Board["applications"] }): ReactNode {
  const waiting = applications.filter(({ count: loans }) => loans > 0);
  return (
    <Card title="Applications" flush>
      {waiting.length === 0 ? (
        <Empty>No application waits.</Empty>
      ) : (
        <ul className={rooms.list}>
          {waiting.map(({ status, count: loans, amount }) => (
            <li key={status}>
              <Link href="/lending/loans">
                {LOAN_STATUS[status].word}: {loans}
              </Link>
              <LiveMoney money={amount} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** What a second person has to decide on, by kind; it is decided in the approvals centre. */
export function WaitsForDecision({ approvals }: { readonly approvals: BranchBoard["approvals"] }): ReactNode {
  const waiting = approvals.filter(({ pending }) => pending > 0);
  return (
    <Card
      title="Waits for a decision"
      flush
      actions={
        <ButtonLink href="/approvals" size="small">
          Approvals
        </ButtonLink>
      }
    >
      {waiting.length === 0 ? (
        <Empty>Nothing waits.</Empty>
      ) : (
        <ul className={rooms.list}>
          {waiting.map(({ kind, pending, oldestAt }) => (
            <li key={kind}>
              <Link href="/approvals">
                {humanise(kind)}: {pending}
              </Link>
              {oldestAt && (
                <span className="muted small">
                  the oldest <Time at={oldestAt} ago />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
