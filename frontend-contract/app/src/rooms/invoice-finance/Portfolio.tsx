/** An investor's portfolio: what is at work, what came back, month by month, and every position. */
import { useQuery } from "@daftari/client/react";
import { Briefcase, Coins, HandCoins, TrendingUp } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "wouter";

import { BarChart, Ranking } from "@/charts";
import {
  InvestorAnalyticsDocument,
  type InvestorAnalyticsQuery,
  PortfolioDocument,
  type PortfolioQuery,
  PortfolioUpdatedDocument,
} from "@/graphql/invoice_finance";
import {
  Badge,
  ButtonLink,
  Card,
  count,
  Day,
  Empty,
  humanise,
  inPercent,
  LiveMoney,
  Loaded,
  Money,
  month,
  Page,
  Stat,
  Stats,
  Table,
} from "@/kit";

import { inCurrency } from "../amounts";
import { invoicePath } from "./invoices";
import { INVOICE_STATUS } from "./words";

const LIVE = [{ document: PortfolioUpdatedDocument }];

export function Screen(): ReactNode {
  const portfolio = useQuery(PortfolioDocument, {}, { live: LIVE });
  const analytics = useQuery(InvestorAnalyticsDocument, {}, { live: LIVE });
  return (
    <Page
      title="Portfolio"
      actions={
        <ButtonLink href="/marketplace" look="primary">
          To the marketplace
        </ButtonLink>
      }
    >
      <Loaded query={portfolio}>
        {(data) => (
          <>
            <PortfolioFigures portfolio={data.portfolio} />
            {analytics.data && <Analytics analytics={analytics.data.investorAnalytics} />}
            <Positions positions={data.portfolio.positions} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function PortfolioFigures({ portfolio }: { readonly portfolio: PortfolioQuery["portfolio"] }): ReactNode {
  return (
    <Stats label="The portfolio at a glance">
      <Stat
        label="Invested"
        icon={<Briefcase aria-hidden />}
        note={
          <>
            {count(portfolio.openPositions, "open position")}, held <Money money={portfolio.held} />
          </>
        }
      >
        <LiveMoney money={portfolio.invested} label="Invested" />
      </Stat>
      <Stat label="Expected back" icon={<TrendingUp aria-hidden />}>
        <LiveMoney money={portfolio.expectedReturn} label="Expected back" />
      </Stat>
      <Stat label="Came back" icon={<HandCoins aria-hidden />} note={count(portfolio.endedPositions, "ended position")}>
        <LiveMoney money={portfolio.received} label="Came back" />
      </Stat>
      <Stat
        label="Profit so far"
        icon={<Coins aria-hidden />}
        tone={toneOfProfit(Number(portfolio.realisedProfit.amount))}
      >
        <LiveMoney money={portfolio.realisedProfit} label="Profit so far" />
      </Stat>
    </Stats>
  );
}

/** Nothing gained and nothing lost is neither good nor bad. */
function toneOfProfit(profit: number): "good" | "bad" | undefined {
  if (profit === 0) return undefined;
  return profit > 0 ? "good" : "bad";
}

function Analytics({ analytics }: { readonly analytics: InvestorAnalyticsQuery["investorAnalytics"] }): ReactNode {
  const write = inCurrency(analytics.currency);
  if (analytics.byMonth.length === 0) return null;
  return (
    <div className="split">
      <Card title="Month by month">
        <BarChart
          title="Invested and received by month"
          hideTitle
          description={`What was invested and what came back in each of ${analytics.byMonth.length} months.`}
          labels={analytics.byMonth.map((each) => month(each.month))}
          labelHeading="Month"
          series={[
            { name: "Invested", values: analytics.byMonth.map(({ invested }) => invested.amount) },
            { name: "Received", values: analytics.byMonth.map(({ received }) => received.amount) },
          ]}
          format={write}
        />
      </Card>
      <Card title="By line of business">
        <Ranking
          title="Invested by line of business"
          hideTitle
          colour={3}
          format={write}
          items={analytics.byIndustry.map(({ industry, invested, share, investments }) => ({
            key: industry ?? "",
            name: industry ? humanise(industry) : "–",
            value: invested.amount,
            note: `${inPercent(share)}, ${count(investments, "investment")}`,
          }))}
        />
      </Card>
    </div>
  );
}

function Positions({ positions }: { readonly positions: PortfolioQuery["portfolio"]["positions"] }): ReactNode {
  return (
    <Card title="Positions" flush>
      {positions.length === 0 ? (
        <Empty action={<ButtonLink href="/marketplace">To the marketplace</ButtonLink>}>
          You have not invested yet.
        </Empty>
      ) : (
        <Table
          caption="Positions"
          rows={positions}
          rowKey={({ invoice }) => invoice.id}
          columns={[
            {
              title: "Invoice",
              heading: true,
              cell: ({ invoice }) => <Link href={invoicePath(invoice.id)}>{invoice.number}</Link>,
            },
            { title: "Debtor", cell: ({ invoice }) => invoice.debtorName },
            {
              title: "State",
              cell: ({ invoice }) => (
                <Badge tone={INVOICE_STATUS[invoice.status].tone}>{INVOICE_STATUS[invoice.status].word}</Badge>
              ),
            },
            { title: "Due", cell: ({ invoice }) => <Day on={invoice.dueOn} /> },
            { title: "Invested", numeric: true, cell: ({ invested }) => <LiveMoney money={invested} /> },
            { title: "Came back", numeric: true, cell: ({ paid }) => <LiveMoney money={paid} /> },
            { title: "Expected", numeric: true, cell: ({ expectedReturn }) => <Money money={expectedReturn} /> },
          ]}
        />
      )}
    </Card>
  );
}
