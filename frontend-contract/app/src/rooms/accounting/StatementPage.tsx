/** Profit and loss over a stretch of days, account by account, beside the stretch before. */
import { type ReactNode, useState } from "react";

import { useQuery } from "@daftari/client/react";

import { ProfitAndLossDocument, type ProfitAndLossQuery } from "@/graphql/accounting";
import { Card, Stat, Stats } from "@/kit/Card";
import { Loaded } from "@/kit/Empty";
import { TextField } from "@/kit/Field";
import { LiveMoney } from "@/kit/LiveNumber";
import { Page } from "@/kit/Page";
import { type Column, Table } from "@/kit/Table";
import { day, today } from "@/kit/words";
import { BarChart } from "@/charts";

import { inCurrency } from "../amounts";
import { changeInWords } from "./change";
import { useBooks } from "./useBooks";

type Statement = ProfitAndLossQuery["profitAndLoss"];
type Row = Statement["income"][number];

export function StatementPage(): ReactNode {
  const [from, setFrom] = useState(() => `${today().slice(0, 7)}-01`);
  const [to, setTo] = useState(today);
  const query = useQuery(
    ProfitAndLossDocument,
    { from, to },
    { live: [useBooks()], keepPrevious: true, skip: !from || !to },
  );
  return (
    <Page
      title="Profit and loss"
      actions={
        <>
          <TextField label="From" type="date" required max={to} value={from} onChange={setFrom} />
          <TextField label="To" type="date" required min={from} value={to} onChange={setTo} />
        </>
      }
    >
      <Loaded query={query} lines={8}>
        {({ profitAndLoss }) => <Shown statement={profitAndLoss} />}
      </Loaded>
    </Page>
  );
}

function Shown({ statement }: { statement: Statement }): ReactNode {
  const { income, expenses, totalIncome, totalExpenses, net, before } = statement;
  const earlier = before && `${day(before.from)} to ${day(before.to)}`;
  return (
    <>
      <Stats label="The result">
        <Stat label="Income" note={changeInWords(totalIncome.amount, before?.totalIncome.amount)}>
          <LiveMoney money={totalIncome} label="Income" />
        </Stat>
        <Stat label="Expenses" note={changeInWords(totalExpenses.amount, before?.totalExpenses.amount)}>
          <LiveMoney money={totalExpenses} label="Expenses" />
        </Stat>
        <Stat
          label="Net result"
          note={changeInWords(net.amount, before?.net.amount)}
          tone={Number(net.amount) < 0 ? "bad" : "good"}
        >
          <LiveMoney money={net} label="Net result" />
        </Stat>
      </Stats>
      <Card title="Beside the time before" note={earlier}>
        <Comparison statement={statement} />
      </Card>
      <div className="split split-even">
        <Card title="Income" flush>
          <Table
            caption="Income by account"
            rows={moved(income)}
            rowKey={({ code }) => code}
            columns={COLUMNS}
            empty="Nothing was earned."
          />
        </Card>
        <Card title="Expenses" flush>
          <Table
            caption="Expenses by account"
            rows={moved(expenses)}
            rowKey={({ code }) => code}
            columns={COLUMNS}
            empty="Nothing was spent."
          />
        </Card>
      </div>
    </>
  );
}

const COLUMNS: readonly Column<Row>[] = [
  { title: "Account", heading: true, cell: ({ code, name }) => `${code} ${name}` },
  { title: "Now", numeric: true, cell: ({ amount }) => <LiveMoney money={amount} /> },
  { title: "Before", numeric: true, cell: ({ before }) => <LiveMoney money={before} /> },
];

function moved(rows: readonly Row[]): Row[] {
  return rows.filter(({ amount, before }) => Number(amount.amount) !== 0 || Number(before?.amount ?? 0) !== 0);
}

function Comparison({ statement }: { statement: Statement }): ReactNode {
  const { totalIncome, totalExpenses, net, before, currency } = statement;
  const now = { name: "Now", values: [totalIncome.amount, totalExpenses.amount, net.amount], colour: 1 };
  const then = before && {
    name: "Before",
    values: [before.totalIncome.amount, before.totalExpenses.amount, before.net.amount],
    colour: 5,
  };
  return (
    <BarChart
      title="Income, expenses and result beside the time before"
      hideTitle
      description={`The result is ${net.formatted}${before ? ` after ${before.net.formatted} before` : ""}.`}
      labelHeading="What"
      labels={["Income", "Expenses", "Net result"]}
      series={then ? [then, now] : [now]}
      format={inCurrency(currency)}
      height={220}
    />
  );
}
