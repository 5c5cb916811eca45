/** One loan: where it stands, what can be done with it by whom, its plan as a picture and row by row, and what moved. */
import { useQuery } from "@daftari/client/react";
import type { ReactNode } from "react";
import { useParams } from "wouter";

import { BarChart } from "@/charts";
import { LoanDocument, type LoanQuery, LoanTransactionsDocument, LoanUpdatedDocument } from "@/graphql/lending";
import {
  Badge,
  Card,
  count,
  Day,
  Facts,
  humanise,
  LiveMoney,
  Loaded,
  Money,
  Notice,
  Page,
  Progress,
  shortDay,
  Stat,
  Stats,
  Table,
  Time,
} from "@/kit";

import { usePerson } from "@/session/person";

import { inCurrency, sharePaid } from "../amounts";
import { More } from "../More";
import rooms from "../rooms.module.css";
import { useGrowing } from "../useGrowing";
import { LoanActs } from "./LoanActs";
import { CHANNEL, LOAN_STATUS } from "./words";

export type LoanFull = NonNullable<LoanQuery["loan"]>;

export function Screen(): ReactNode {
  const id = decodeURIComponent(useParams<{ id: string }>().id);
  const query = useQuery(
    LoanDocument,
    { id },
    { live: [{ document: LoanUpdatedDocument, variables: { loanId: id } }] },
  );
  const loan = query.data?.loan;
  const borrows = usePerson().roles.includes("BORROWER");
  return (
    <Page
      title={loan?.number ?? "Loan"}
      back={borrows ? { href: "/lending", title: "My loans" } : { href: "/lending/loans", title: "Loans" }}
      note={loan && `${loan.borrowerName} · ${loan.productName}${loan.branch ? ` · ${loan.branch.name}` : ""}`}
      actions={loan && <LoanActs loan={loan} />}
    >
      <Loaded query={query}>
        {(data) =>
          data.loan ? (
            <LoanBody loan={data.loan} />
          ) : (
            <Notice tone="warn">There is no such loan, or it is not yours to see.</Notice>
          )
        }
      </Loaded>
    </Page>
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
          {paidOut && <Movements loanId={loan.id} />}
        </div>
        <LoanFacts loan={loan} />
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
      <Stat
        label="Paid so far"
        note={
          <Progress
            label="Paid"
            hideLabel
            value={sharePaid(loan.paidAmount.amount, loan.outstandingAmount.amount)}
            tone="good"
          />
        }
      >
        <LiveMoney money={loan.paidAmount} label="Paid so far" />
      </Stat>
    </Stats>
  );
}

function LoanFacts({ loan }: { readonly loan: LoanFull }): ReactNode {
  const status = LOAN_STATUS[loan.status];
  return (
    <div className="stack">
      <Card title="The loan">
        <Facts
          facts={[
            [
              "State",
              <Badge key="" tone={status.tone}>
                {status.word}
              </Badge>,
            ],
            ["Asked for", <Money key="" money={loan.requestedPrincipal} />],
            ...(loan.approvedPrincipal
              ? [["Agreed to", <Money key="" money={loan.approvedPrincipal} />] as const]
              : []),
            ["Instalments", loan.instalmentCount],
            ["Rate", `${loan.annualRate} % a year`],
            ["For", loan.purpose === "" ? "–" : loan.purpose],
            ["Officer", loan.officer?.name ?? "Nobody yet"],
            ["Paid out", <Day key="" on={loan.disbursedOn} />],
            ["Ends", <Day key="" on={loan.maturityOn} />],
          ]}
        />
      </Card>
      <Card title="Its way">
        <Facts
          facts={[
            ["Handed in", <Time key="" at={loan.submittedAt} />],
            [
              "Reviewed",
              <>
                {loan.recommendation && `${humanise(loan.recommendation)}, `}
                <Time at={loan.reviewedAt} />
              </>,
            ],
            ...(loan.kycRequired ? [["Identity verified", <Time key="" at={loan.kycVerifiedAt} />] as const] : []),
            ["Decided", <Time key="" at={loan.approvedAt} />],
            ...(loan.reviewComment ? [["The review said", loan.reviewComment] as const] : []),
            ...(loan.decisionComment ? [["The decision said", loan.decisionComment] as const] : []),
          ]}
        />
      </Card>
    </div>
  );
}

function Plan({ loan }: { readonly loan: LoanFull }): ReactNode {
  const rows = loan.schedule.filter(({ kind }) => kind !== "DISBURSEMENT");
  const paid = rows.filter(({ completedOn }) => completedOn !== null).length;
  return (
    <Card title="Plan" note={`${paid} of ${count(rows.length, "instalment")} paid`} flush>
      <div className={rooms.inset}>
        <BarChart
          title="What is paid and what is left of each instalment"
          hideTitle
          description={`${paid} of ${rows.length} instalments are paid.`}
          labels={rows.map(({ dueOn }) => shortDay(dueOn))}
          labelHeading="Due"
          series={[
            { name: "Paid", values: rows.map((row) => row.paid.amount) },
            { name: "Unpaid", values: rows.map((row) => row.unpaid.amount), colour: 2 },
          ]}
          stacked
          height={160}
          format={inCurrency(loan.currency)}
        />
      </div>
      <Table
        caption="Plan of the loan"
        rows={loan.schedule}
        rowKey={({ id }) => id}
        columns={[
          { title: "Due", heading: true, cell: ({ dueOn }) => <Day on={dueOn} /> },
          { title: "Principal", numeric: true, cell: (row) => <Money money={row.principal} /> },
          { title: "Interest", numeric: true, cell: (row) => <Money money={row.interest} /> },
          { title: "In all", numeric: true, cell: (row) => <Money money={row.due} /> },
          { title: "State", cell: (row) => <InstalmentState row={row} /> },
        ]}
      />
    </Card>
  );
}

function InstalmentState({ row }: { readonly row: LoanFull["schedule"][number] }): ReactNode {
  if (row.completedOn) return <Badge tone="good">Paid</Badge>;
  if (row.pastDueDays > 0) return <Badge tone="bad">{count(row.pastDueDays, "day")} late</Badge>;
  return row.paid.amount === "0.00" ? <Badge>To come</Badge> : <Badge tone="info">In part</Badge>;
}

function Movements({ loanId }: { readonly loanId: string }): ReactNode {
  const pages = useGrowing(10);
  const query = useQuery(
    LoanTransactionsDocument,
    { loanId, first: pages.first },
    { live: [{ document: LoanUpdatedDocument, variables: { loanId } }], keepPrevious: true },
  );
  return (
    <Card title="What moved" flush>
      <Loaded query={query}>
        {({ loanTransactions: { nodes, pageInfo } }) => (
          <>
            <Table
              caption="What moved on the loan"
              rows={nodes}
              rowKey={({ id }) => id}
              columns={[
                { title: "Day", heading: true, cell: ({ happenedOn }) => <Day on={happenedOn} /> },
                {
                  title: "What",
                  cell: ({ kind, reversed }) => (
                    <span>
                      {humanise(kind)} {reversed && <Badge>undone</Badge>}
                    </span>
                  ),
                },
                {
                  title: "By",
                  cell: ({ channel, reference }) =>
                    channel ? `${CHANNEL[channel]}${reference ? ` · ${reference}` : ""}` : "–",
                },
                { title: "Amount", numeric: true, cell: ({ amount }) => <Money money={amount} /> },
              ]}
            />
            <More pages={pages} hasMore={pageInfo.hasNextPage} loading={query.loading} what="movements" />
          </>
        )}
      </Loaded>
    </Card>
  );
}
