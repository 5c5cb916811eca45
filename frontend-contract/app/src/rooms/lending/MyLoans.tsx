/** A borrower's own loans: what is owed, what falls due next, how far each is paid, and paying it. */
import { useQuery } from "@daftari/client/react";
import { Banknote, CalendarClock, FilePlus, Landmark } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Link } from "wouter";

import {
  BorrowerDashboardDocument,
  BorrowerDashboardUpdatedDocument,
  type BorrowerDashboardQuery,
} from "@/graphql/lending";
import {
  Badge,
  Button,
  ButtonLink,
  Card,
  count,
  Day,
  Empty,
  humanise,
  LiveMoney,
  Loaded,
  Money,
  Page,
  Progress,
  Stat,
  Stats,
  Table,
  Time,
} from "@/kit";

import { sharePaid } from "../amounts";
import rooms from "../rooms.module.css";
import { loanPath } from "./oneLoan";
import styles from "./lending.module.css";
import { PayFromWallet, type Payable } from "./PayLoan";
import { LOAN_STATUS } from "./words";

type Board = BorrowerDashboardQuery["borrowerDashboard"];
type OwnLoan = Board["loans"][number];

export function Screen(): ReactNode {
  const board = useQuery(BorrowerDashboardDocument, {}, { live: [{ document: BorrowerDashboardUpdatedDocument }] });
  return (
    <Page
      title="My loans"
      actions={
        <ButtonLink href="/lending/apply" look="primary" icon={<FilePlus aria-hidden />}>
          Apply for a loan
        </ButtonLink>
      }
    >
      <Loaded query={board}>{(data) => <Loans board={data.borrowerDashboard} />}</Loaded>
    </Page>
  );
}

function Loans({ board }: { readonly board: Board }): ReactNode {
  const [paying, setPaying] = useState<Payable | null>(null);
  const running = board.loans.filter(({ status }) => status === "ACTIVE" || status === "OVERPAID");
  const numberOf = (loanId: string): string => board.loans.find(({ id }) => id === loanId)?.number ?? "–";
  return (
    <>
      <LoanStats board={board} running={running.length} />
      {running.length === 0 && board.applications.length === 0 && (
        <Empty>You have no loan. Apply for one, and see at once what it would cost.</Empty>
      )}
      <div className="split">
        <div className="stack">
          <div className={rooms.cards}>
            {running.map((loan) => (
              <LoanCard
                key={loan.id}
                loan={loan}
                onPay={() => setPaying({ ...loan, due: { ...loan.nextDueAmount, currency: board.currency } })}
              />
            ))}
          </div>
          <Applications applications={board.applications} />
          <Card title="What I paid lately" flush>
            <Table
              caption="What I paid lately"
              rows={board.recentPayments}
              rowKey={({ id }) => id}
              empty="Nothing is paid yet."
              columns={[
                { title: "Day", heading: true, cell: ({ happenedOn }) => <Day on={happenedOn} /> },
                { title: "Loan", cell: ({ loanId }) => numberOf(loanId) },
                { title: "By", cell: ({ channel }) => humanise(channel ?? "") },
                { title: "Amount", numeric: true, cell: ({ amount }) => <Money money={amount} /> },
              ]}
            />
          </Card>
        </div>
        <NextInstalments board={board} numberOf={numberOf} />
      </div>
      {paying && <PayFromWallet loan={paying} onClose={() => setPaying(null)} />}
    </>
  );
}

function LoanStats({ board, running }: { readonly board: Board; readonly running: number }): ReactNode {
  const next = board.nextInstalments[0];
  return (
    <Stats label="My loans at a glance">
      <Stat label="I owe in all" icon={<Landmark aria-hidden />} note={`${count(running, "loan")} running`}>
        <LiveMoney money={board.outstanding} label="I owe in all" />
      </Stat>
      <Stat
        label="To be paid now"
        icon={<Banknote aria-hidden />}
        tone={board.collections.overdue.count > 0 ? "bad" : undefined}
        note={dueNote(board)}
      >
        <LiveMoney money={board.dueNow} label="To be paid now" />
      </Stat>
      <Stat
        label="Next instalment"
        icon={<CalendarClock aria-hidden />}
        note={next ? <Day on={next.dueOn} /> : "Nothing to come"}
      >
        <LiveMoney money={next?.unpaid} label="Next instalment" />
      </Stat>
    </Stats>
  );
}

interface NextInstalmentsProps {
  readonly board: Board;
  readonly numberOf: (loanId: string) => string;
}

function NextInstalments({ board, numberOf }: NextInstalmentsProps): ReactNode {
  return (
    <Card title="Next instalments" flush>
      {board.nextInstalments.length === 0 ? (
        <Empty>No instalment is to come.</Empty>
      ) : (
        <ul className={rooms.list}>
          {board.nextInstalments.map(({ id, loanId, dueOn, unpaid }) => (
            <li key={id}>
              <div className={rooms.what}>
                <Day on={dueOn} />
                <span className="muted small">{numberOf(loanId)}</span>
              </div>
              <Money money={unpaid} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function dueNote({ collections: { overdue, dueToday } }: Board): string {
  if (overdue.count > 0) return `${overdue.amount.formatted} of it is late`;
  return dueToday.count > 0 ? "Today" : "Nothing is late";
}

function LoanCard({ loan, onPay }: { readonly loan: OwnLoan; readonly onPay: () => void }): ReactNode {
  return (
    <Card
      title={<Link href={loanPath(loan.id)}>{loan.productName}</Link>}
      note={loan.number}
      actions={
        <Button size="small" look="primary" onClick={onPay}>
          Pay<span className="unseen"> {loan.number}</span>
        </Button>
      }
    >
      <div className="stack">
        <div className={styles.figures}>
          <div>
            <span className="muted small">Left to pay</span>
            <strong>
              <LiveMoney money={loan.outstandingAmount} label={`${loan.number}, left to pay`} />
            </strong>
          </div>
          <div>
            <span className="muted small">{loan.overdue ? `${loan.pastDueDays} days late` : "Next"}</span>
            <strong>
              <LiveMoney money={loan.nextDueAmount} />
            </strong>
            {loan.overdue ? (
              <Badge tone="bad">Overdue</Badge>
            ) : (
              <span className="small">
                <Day on={loan.nextDueOn} />
              </span>
            )}
          </div>
        </div>
        <Progress
          label="Paid"
          value={sharePaid(loan.paidAmount.amount, loan.outstandingAmount.amount)}
          detail={loan.paidAmount.formatted}
          tone={loan.overdue ? "warn" : "good"}
        />
      </div>
    </Card>
  );
}

function Applications({ applications }: { readonly applications: Board["applications"] }): ReactNode {
  return (
    <Card title="My applications" flush>
      {applications.length === 0 ? (
        <Empty>No application is under way.</Empty>
      ) : (
        <ul className={rooms.list}>
          {applications.map(({ id, number, status, productName, requestedPrincipal, submittedAt }) => (
            <li key={id}>
              <div className={rooms.what}>
                <Link href={loanPath(id)}>
                  {productName}, <Money money={requestedPrincipal} />
                </Link>
                <span className="muted small">
                  {number}
                  {submittedAt && (
                    <>
                      {" "}
                      · handed in <Time at={submittedAt} ago />
                    </>
                  )}
                </span>
              </div>
              <Badge tone={LOAN_STATUS[status].tone}>{LOAN_STATUS[status].word}</Badge>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
