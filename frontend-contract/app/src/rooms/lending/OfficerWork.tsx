/** A loan officer's day: the portfolio, applications that wait, whom to call and what was promised. */
import { useQuery } from "@daftari/client/react";
import type { ReactNode } from "react";
import { Link } from "wouter";

import {
  LoanOfficerDashboardDocument,
  LoanOfficerDashboardUpdatedDocument,
  type LoanOfficerDashboardQuery,
} from "@/graphql/lending";
import { ButtonLink, Card, count, Day, Empty, humanise, Loaded, Money, Notice, Page, Status } from "@/kit";

import rooms from "../rooms.module.css";
import { Applications, PortfolioByAge, PortfolioStats, ThisMonth } from "./PortfolioCards";

type Board = LoanOfficerDashboardQuery["loanOfficerDashboard"];

export function Screen(): ReactNode {
  const board = useQuery(
    LoanOfficerDashboardDocument,
    {},
    { live: [{ document: LoanOfficerDashboardUpdatedDocument }] },
  );
  return (
    <Page
      title="My work"
      note="Your borrowers, as they pay and as they apply."
      actions={
        <ButtonLink href="/lending/collections" look="primary">
          Collections
        </ButtonLink>
      }
    >
      <Loaded query={board}>
        {({ loanOfficerDashboard: mine }) => (
          <>
            {mine.unassigned > 0 && (
              <Notice tone="warn">
                The branch has {count(mine.unassigned, "application")} that no officer looks after.{" "}
                <Link href="/lending/loans">Look at the applications</Link>
              </Notice>
            )}
            <PortfolioStats figures={mine.figures} />
            <div className="split">
              <div className="stack">
                <PortfolioByAge figures={mine.figures} />
                <ThisMonth figures={mine.figures} />
              </div>
              <div className="stack">
                <Applications applications={mine.applications} />
                <Tasks tasks={mine.tasks} />
                <FollowUps followUps={mine.followUps} />
              </div>
            </div>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Tasks({ tasks }: { readonly tasks: Board["tasks"] }): ReactNode {
  return (
    <Card
      title="Recovery"
      flush
      actions={
        <ButtonLink href="/lending/recovery" size="small">
          All steps
        </ButtonLink>
      }
    >
      {tasks.length === 0 ? (
        <Empty>No recovery action is yours.</Empty>
      ) : (
        <ul className={rooms.list}>
          {tasks.map(({ id, kind, status, subjectNumber, debtorName, dueOn, overdueAmount }) => (
            <li key={id}>
              <div className={rooms.what}>
                <span>
                  {humanise(kind)}: {debtorName}
                </span>
                <span className="muted small">
                  {subjectNumber} · <Money money={overdueAmount} /> late · by <Day on={dueOn} />
                </span>
              </div>
              <Status status={status} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function FollowUps({ followUps }: { readonly followUps: Board["followUps"] }): ReactNode {
  return (
    <Card title="To follow up" flush>
      {followUps.length === 0 ? (
        <Empty>Nobody is to be called back.</Empty>
      ) : (
        <ul className={rooms.list}>
          {followUps.map(({ id, borrowerName, subject, followUpOn, promisedOn, promisedAmount }) => (
            <li key={id}>
              <div className={rooms.what}>
                <span>
                  {borrowerName}: {subject}
                </span>
                {promisedAmount && (
                  <span className="muted small">
                    Promised <Money money={promisedAmount} /> by <Day on={promisedOn} />
                  </span>
                )}
              </div>
              <Day on={followUpOn} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
