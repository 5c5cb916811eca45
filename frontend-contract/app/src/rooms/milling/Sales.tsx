/** Sales: what was sold and earned, what is owed, every sale on its way, and selling. */
import { useQuery } from "@daftari/client/react";
import { Coins, Receipt, ShoppingCart, TrendingUp } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Link } from "wouter";

import { BarChart, Ranking } from "@/charts";
import { SalesDocument, SalesUpdatedDocument } from "@/graphql/milling";
import type { SaleFilter } from "@/graphql/schema";
import { Button, Card, count, inPercent, LiveMoney, Loaded, Money, Page, shortDay, Stat, Stats, Time } from "@/kit";
import { usePerson } from "@/session/person";

import { inCurrency } from "../amounts";
import { Filters } from "../Filters";
import { LongTable } from "../LongTable";
import { useGrowing } from "../useGrowing";
import { useSettled } from "../useSettled";
import { FromInvestors } from "./FromInvestors";
import { NewSale } from "./NewSale";
import { OwedStat } from "./OwedStat";
import { salePath, type SaleRow } from "./rows";
import { SaleActs } from "./SaleActs";
import { SaleState } from "./SaleState";
import { useMill, type Mill } from "./useMill";
import { quantity } from "./words";

type Which = "ALL" | "OPEN" | "OWED";

export function Screen(): ReactNode {
  const [selling, setSelling] = useState(false);
  const [which, setWhich] = useState<Which>("ALL");
  const [search, setSearch] = useState("");
  const mill = useMill();
  const { permissions } = usePerson();
  const maySell = permissions.includes("MILL_SELL");
  const currency = mill.data?.millDashboard.currency ?? "KES";
  return (
    <Page
      title="Sales"
      actions={
        maySell && (
          <Button look="primary" icon={<ShoppingCart aria-hidden />} onClick={() => setSelling(true)}>
            Sell
          </Button>
        )
      }
    >
      <Loaded query={mill}>{({ millDashboard }) => <SalesBoard mill={millDashboard} />}</Loaded>
      {maySell && permissions.includes("INVOICE_SELL") && <FromInvestors />}
      <Filters
        which={{
          label: "Which sales",
          value: which,
          onChange: setWhich,
          options: [
            ["ALL", "All"],
            ["OPEN", "To deliver"],
            ["OWED", "To be paid"],
          ],
        }}
        find={{ by: "Number or customer", value: search, onChange: setSearch }}
      />
      <SaleList key={which} which={which} search={search} currency={currency} />
      {selling && <NewSale currency={currency} onClose={() => setSelling(false)} />}
    </Page>
  );
}

function SalesBoard({ mill: { salesRevenue, currency } }: { readonly mill: Mill }): ReactNode {
  const { today, last7Days, last30Days, receivables, overdue, byDay, topItems } = salesRevenue;
  const write = inCurrency(currency);
  return (
    <>
      <Stats label="Sales at a glance">
        <Stat label="Sold today" icon={<ShoppingCart aria-hidden />} note={count(today.sales, "sale")}>
          <LiveMoney money={today.revenue} label="Sold today" />
        </Stat>
        <Stat label="Sold in 7 days" icon={<Receipt aria-hidden />} note={count(last7Days.sales, "sale")}>
          <LiveMoney money={last7Days.revenue} label="Sold in 7 days" />
        </Stat>
        <Stat
          label="Margin in 30 days"
          icon={<TrendingUp aria-hidden />}
          note={last30Days.grossMarginPercent && `${inPercent(last30Days.grossMarginPercent)} of what was sold`}
        >
          <LiveMoney money={last30Days.grossMargin} label="Margin in 30 days" />
        </Stat>
        <OwedStat label="Customers owe" icon={<Coins aria-hidden />} owed={receivables} overdue={overdue} />
      </Stats>
      <div className="split">
        <Card title="Sold by day" note="The last 30 days">
          <BarChart
            title="Sold by day, and what of it was cost"
            hideTitle
            description={`In 30 days ${last30Days.revenue.formatted} was sold, of which ${last30Days.grossMargin.formatted} is margin.`}
            labels={byDay.map(({ from }) => shortDay(from))}
            labelHeading="Day"
            series={[
              { name: "Cost", values: byDay.map(({ cost }) => cost.amount), colour: 5 },
              { name: "Margin", values: byDay.map(({ grossMargin }) => grossMargin.amount), colour: 1 },
            ]}
            stacked
            format={write}
          />
        </Card>
        <Card title="Sold most" note="The last 30 days">
          <Ranking
            title="Sold most in 30 days"
            hideTitle
            format={write}
            items={topItems.map(({ item, quantity: sold, revenue }) => ({
              key: item.id,
              name: item.name,
              value: revenue.amount,
              note: quantity(sold, item.baseUnit),
            }))}
          />
        </Card>
      </div>
    </>
  );
}

const FILTERS: Record<Which, SaleFilter> = {
  ALL: { unpaid: false, overdue: false },
  OPEN: { unpaid: false, overdue: false, statuses: ["DRAFT", "CONFIRMED"] },
  OWED: { unpaid: true, overdue: false },
};

interface SaleListProps {
  readonly which: Which;
  readonly search: string;
  readonly currency: string;
}

function SaleList({ which, search, currency }: SaleListProps): ReactNode {
  const pages = useGrowing();
  const settled = useSettled(search.trim());
  const filter = { ...FILTERS[which], ...(settled !== "" && { search: settled }) };
  const sales = useQuery(
    SalesDocument,
    { filter, first: pages.first },
    { live: [{ document: SalesUpdatedDocument }], keepPrevious: true },
  );
  return (
    <Card title="Every sale" flush>
      <LongTable
        query={sales}
        list={(data) => data.sales}
        pages={pages}
        what="sales"
        caption="Sales"
        rowKey={({ id }) => id}
        empty="There are none."
        columns={[
          { title: "Sale", heading: true, cell: (sale) => <SaleLink sale={sale} /> },
          { title: "Customer", cell: ({ customerName }) => customerName },
          { title: "When", cell: ({ createdAt }) => <Time at={createdAt} /> },
          { title: "State", cell: (sale) => <SaleState sale={sale} /> },
          { title: "Amount", numeric: true, cell: ({ amount }) => <Money money={amount} /> },
          {
            title: "Owed",
            numeric: true,
            cell: ({ dueAmount }) => (dueAmount.amount === "0.00" ? "–" : <LiveMoney money={dueAmount} />),
          },
          { title: "Acts", quiet: true, cell: (sale) => <SaleActs sale={sale} currency={currency} /> },
        ]}
      />
    </Card>
  );
}

function SaleLink({ sale: { id, number } }: { readonly sale: SaleRow }): ReactNode {
  return (
    <Link href={salePath(id)} className="number">
      {number}
    </Link>
  );
}
