/** Payments for loans as they come in: how much by day, week and month, by which way, and every one of them. */
import { useQuery } from "@daftari/client/react";
import { CalendarDays, CalendarRange, CircleCheck, HandCoins } from "lucide-react";
import { type ReactNode, useState } from "react";

import { StackedBar } from "@/charts";
import {
  LoanRepaymentsDocument,
  LoanRepaymentStatsDocument,
  type LoanRepaymentStatsQuery,
  LoanRepaymentStatsUpdatedDocument,
  LoanUpdatedDocument,
} from "@/graphql/lending";
import type { PaymentChannel } from "@/graphql/schema";
import {
  Badge,
  Card,
  count,
  Day,
  humanise,
  inPercent,
  LiveMoney,
  LiveNumber,
  Loaded,
  Money,
  Page,
  Stat,
  Stats,
} from "@/kit";

import { inCurrency } from "../amounts";
import { Filters } from "../Filters";
import { LongTable } from "../LongTable";
import { useGrowing } from "../useGrowing";
import { LoanLink } from "./LoanLink";
import { CHANNEL, CHANNEL_COLOUR } from "./words";

type Figures = LoanRepaymentStatsQuery["loanRepaymentStats"];
type Which = PaymentChannel | "ALL";

const WHICH: readonly (readonly [Which, string])[] = [
  ["ALL", "All"],
  ["CASH", "Cash"],
  ["MPESA", "M-Pesa"],
  ["BANK", "Bank"],
  ["WALLET", "Wallet"],
];

export function Screen(): ReactNode {
  const [which, setWhich] = useState<Which>("ALL");
  const stats = useQuery(LoanRepaymentStatsDocument, {}, { live: [{ document: LoanRepaymentStatsUpdatedDocument }] });
  return (
    <Page title="Repayments" note="What borrowers pay, as it comes in.">
      <Loaded query={stats}>{(data) => <RepaymentFigures figures={data.loanRepaymentStats} />}</Loaded>
      <Filters which={{ label: "How it came", value: which, onChange: setWhich, options: WHICH }} />
      <Card title="Every payment" flush>
        <RepaymentList key={which} which={which} />
      </Card>
    </Page>
  );
}

function RepaymentFigures({ figures }: { readonly figures: Figures }): ReactNode {
  const { today, thisWeek, thisMonth, average, onTime, late, onTimeRate } = figures;
  return (
    <>
      <Stats label="What came in">
        <Stat label="Today" icon={<HandCoins aria-hidden />} note={count(today.count, "payment")}>
          <LiveMoney money={today.amount} label="Came in today" />
        </Stat>
        <Stat label="This week" icon={<CalendarDays aria-hidden />} note={count(thisWeek.count, "payment")}>
          <LiveMoney money={thisWeek.amount} label="Came in this week" />
        </Stat>
        <Stat
          label="This month"
          icon={<CalendarRange aria-hidden />}
          note={
            <>
              {count(thisMonth.count, "payment")} of <Money money={average} /> on average
            </>
          }
        >
          <LiveMoney money={thisMonth.amount} label="Came in this month" />
        </Stat>
        <Stat
          label="Instalments paid in time"
          icon={<CircleCheck aria-hidden />}
          tone={onTimeRate === null ? undefined : Number(onTimeRate) < 80 ? "warn" : "good"}
          note={`${onTime.count} in time, ${late.count} late`}
        >
          <LiveNumber value={onTimeRate === null ? "–" : inPercent(onTimeRate)} label="Instalments paid in time" />
        </Stat>
      </Stats>
      <Card title="This month by how it came">
        <StackedBar
          title="This month by how it came"
          hideTitle
          empty="Nothing came in yet this month."
          format={inCurrency(figures.currency)}
          parts={figures.byChannel.map(({ channel, amount, count: payments }) => ({
            name: `${CHANNEL[channel]} (${payments})`,
            value: amount.amount,
            note: amount.formatted,
            colour: CHANNEL_COLOUR[channel],
          }))}
        />
      </Card>
    </>
  );
}

function RepaymentList({ which }: { readonly which: Which }): ReactNode {
  const pages = useGrowing();
  const payments = useQuery(
    LoanRepaymentsDocument,
    { filter: which === "ALL" ? null : { channel: which }, first: pages.first },
    { live: [{ document: LoanUpdatedDocument }], keepPrevious: true },
  );
  return (
    <LongTable
      query={payments}
      list={({ loanRepayments }) => loanRepayments}
      pages={pages}
      what="payments"
      caption="Payments for loans"
      rowKey={({ transaction }) => transaction.id}
      empty="No payment came this way."
      columns={[
        { title: "Borrower", heading: true, cell: ({ loan }) => loan?.borrowerName ?? "–" },
        { title: "Loan", cell: ({ loan }) => loan && <LoanLink loan={loan} /> },
        { title: "Day", cell: ({ transaction }) => <Day on={transaction.happenedOn} /> },
        {
          title: "By",
          cell: ({ transaction: { channel, kind } }) => (
            <span>
              {channel ? CHANNEL[channel] : "–"} {kind !== "REPAYMENT" && <Badge>{humanise(kind)}</Badge>}
            </span>
          ),
        },
        { title: "Receipt", cell: ({ transaction: { reference } }) => reference || "–" },
        { title: "Principal", numeric: true, cell: ({ transaction }) => <Money money={transaction.principal} /> },
        { title: "Interest", numeric: true, cell: ({ transaction }) => <Money money={transaction.interest} /> },
        { title: "Amount", numeric: true, cell: ({ transaction }) => <Money money={transaction.amount} /> },
      ]}
    />
  );
}
