/** The accounts at a glance: the result, the money at hand and where revenue comes from, as they move. */
import { type ReactNode, useState } from "react";

import { liveFeed, useQuery } from "@daftari/client/react";

import {
  AccountingDashboardDocument,
  type AccountingDashboardQuery,
  type AccountingDashboardQueryVariables,
  AccountingDashboardUpdatedDocument,
} from "@/graphql/accounting";
import type { DashboardPeriod } from "@/graphql/schema";
import { Card, Stat, Stats } from "@/kit/Card";
import { Loaded } from "@/kit/Empty";
import { LiveMoney } from "@/kit/LiveNumber";
import { Page, Segments } from "@/kit/Page";
import { shortDay } from "@/kit/words";
import { Ranking, StackedBar } from "@/charts";

import { inCurrency } from "../amounts";
import { changeInWords } from "./change";
import { CurrencySegments } from "./currencies";
import type { Dashboard } from "./dashboard";
import { RecentEntries, Waiting } from "./DashboardLists";
import { RevenueOverTime } from "./RevenueOverTime";

const PERIODS: readonly (readonly [DashboardPeriod, string])[] = [
  ["TODAY", "Today"],
  ["WEEK", "Week"],
  ["MONTH", "Month"],
  ["QUARTER", "Quarter"],
  ["YEAR", "Year"],
];

function useDashboard(variables: AccountingDashboardQueryVariables) {
  const moves = liveFeed(AccountingDashboardUpdatedDocument, variables, (data: AccountingDashboardQuery, item) => ({
    ...data,
    accountingDashboard: item.state,
  }));
  return useQuery(AccountingDashboardDocument, variables, { live: [moves], keepPrevious: true });
}

export function DashboardPage(): ReactNode {
  const [period, setPeriod] = useState<DashboardPeriod>("MONTH");
  const [currency, setCurrency] = useState<string | null>(null);
  const query = useDashboard({ period, currency });
  const shown = query.data?.accountingDashboard;
  return (
    <Page
      title="Accounting"
      note={
        shown && `${shortDay(shown.profitAndLoss.from)} to ${shortDay(shown.profitAndLoss.to)}, in ${shown.currency}`
      }
      actions={
        <>
          <CurrencySegments value={currency ?? shown?.currency ?? ""} onChange={setCurrency} />
          <Segments label="Period" value={period} onChange={setPeriod} options={PERIODS} />
        </>
      }
    >
      <Loaded query={query} lines={8}>
        {({ accountingDashboard }) => <Glance dashboard={accountingDashboard} />}
      </Loaded>
    </Page>
  );
}

function Glance({ dashboard }: { dashboard: Dashboard }): ReactNode {
  const { profitAndLoss, recentEntries, currency } = dashboard;
  return (
    <>
      <Figures dashboard={dashboard} />
      <Waiting dashboard={dashboard} />
      <div className="split">
        <RevenueOverTime from={profitAndLoss.from} to={profitAndLoss.to} currency={currency} />
        <RevenueByBusiness dashboard={dashboard} />
      </div>
      <div className="split split-even">
        <Costs dashboard={dashboard} />
        <Cash dashboard={dashboard} />
      </div>
      <RecentEntries entries={recentEntries} />
    </>
  );
}

function Figures({ dashboard: { profitAndLoss, cashPosition } }: { dashboard: Dashboard }): ReactNode {
  const { net, totalIncome, totalExpenses, before } = profitAndLoss;
  return (
    <Stats label="The result and the money at hand">
      <Stat
        label="Net result"
        note={changeInWords(net.amount, before?.net.amount)}
        tone={Number(net.amount) < 0 ? "bad" : undefined}
      >
        <LiveMoney money={net} label="Net result" />
      </Stat>
      <Stat label="Income" note={changeInWords(totalIncome.amount, before?.totalIncome.amount)}>
        <LiveMoney money={totalIncome} label="Income" />
      </Stat>
      <Stat label="Expenses" note={changeInWords(totalExpenses.amount, before?.totalExpenses.amount)}>
        <LiveMoney money={totalExpenses} label="Expenses" />
      </Stat>
      <Stat label="Cash of our own" note={`of ${cashPosition.total.formatted} at hand`}>
        <LiveMoney money={cashPosition.own} label="Cash of our own" />
      </Stat>
    </Stats>
  );
}

function RevenueByBusiness({ dashboard: { revenueBreakdown, currency } }: { dashboard: Dashboard }): ReactNode {
  const parts = revenueBreakdown.slices.map(({ label, amount }) => ({ name: label, value: amount.amount }));
  return (
    <Card title="Revenue by business">
      <StackedBar
        title="Revenue by business"
        hideTitle
        parts={parts}
        format={inCurrency(currency)}
        empty="Nothing was earned in this time."
      />
    </Card>
  );
}

function Costs({ dashboard: { profitAndLoss, currency } }: { dashboard: Dashboard }): ReactNode {
  const items = profitAndLoss.expenses
    .filter(({ amount }) => Number(amount.amount) > 0)
    .sort((one, other) => Number(other.amount.amount) - Number(one.amount.amount))
    .slice(0, 8)
    .map(({ code, name, amount, before }) => ({
      key: code,
      name,
      value: amount.amount,
      note: changeInWords(amount.amount, before?.amount),
    }));
  return (
    <Card title="What it cost" note="The largest expenses of this time">
      <Ranking
        title="The largest expenses"
        hideTitle
        items={items}
        format={inCurrency(currency)}
        colour={2}
        empty="Nothing was spent in this time."
      />
    </Card>
  );
}

function Cash({ dashboard: { cashPosition, currency } }: { dashboard: Dashboard }): ReactNode {
  const { own, owedToWallets, accounts } = cashPosition;
  return (
    <Card title="Cash" note="The money at hand, and whose it is">
      <div className="stack">
        <StackedBar
          title="Whose the money at hand is"
          hideTitle
          parts={[
            { name: "Our own", value: own.amount, colour: 1 },
            { name: "Of the owners of wallets", value: owedToWallets.amount, colour: 3 },
          ]}
          format={inCurrency(currency)}
          empty="There is no money at hand."
        />
        <Ranking
          title="Where it lies"
          items={accounts.map(({ code, name, amount }) => ({ key: code, name, value: amount.amount }))}
          format={inCurrency(currency)}
          colour={5}
        />
      </div>
    </Card>
  );
}
