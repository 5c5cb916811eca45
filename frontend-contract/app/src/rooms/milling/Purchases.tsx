/** Purchases: what is ordered, what came, what suppliers are owed, every purchase on its way, and ordering. */
import { useQuery } from "@daftari/client/react";
import { FileQuestion, HandCoins, PackagePlus, Truck } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Link } from "wouter";

import { BarChart, Ranking } from "@/charts";
import { PayablesDocument, PurchasesDocument, PurchaseUpdatedDocument } from "@/graphql/milling";
import type { PurchaseFilter } from "@/graphql/schema";
import { Button, Card, count, Day, day, LiveMoney, Loaded, Money, Page, shortDay, Stat, Stats } from "@/kit";
import { usePerson } from "@/session/person";

import { inCurrency } from "../amounts";
import { Filters } from "../Filters";
import { LongTable } from "../LongTable";
import { useGrowing } from "../useGrowing";
import { useSettled } from "../useSettled";
import { NewPurchase } from "./NewPurchase";
import { OwedStat } from "./OwedStat";
import { PurchaseActs } from "./PurchaseActs";
import { PurchaseState } from "./PurchaseState";
import { purchasePath } from "./rows";
import { useMill, type Mill } from "./useMill";

const LIVE = [{ document: PurchaseUpdatedDocument }];

type Which = "ALL" | "COMING" | "UNBILLED" | "LATE";

export function Screen(): ReactNode {
  const [ordering, setOrdering] = useState(false);
  const [which, setWhich] = useState<Which>("ALL");
  const [search, setSearch] = useState("");
  const mill = useMill();
  const mayBuy = usePerson().permissions.includes("MILL_PURCHASE");
  const currency = mill.data?.millDashboard.currency ?? "KES";
  return (
    <Page
      title="Purchases"
      actions={
        mayBuy && (
          <Button look="primary" icon={<PackagePlus aria-hidden />} onClick={() => setOrdering(true)}>
            Order goods
          </Button>
        )
      }
    >
      <Loaded query={mill}>{({ millDashboard }) => <PurchaseBoard mill={millDashboard} />}</Loaded>
      <Filters
        which={{
          label: "Which purchases",
          value: which,
          onChange: setWhich,
          options: [
            ["ALL", "All"],
            ["COMING", "To come"],
            ["UNBILLED", "To bill"],
            ["LATE", "Late"],
          ],
        }}
        find={{ by: "Number, bill or supplier", value: search, onChange: setSearch }}
      />
      <PurchaseList key={which} which={which} search={search} currency={currency} />
      {ordering && <NewPurchase currency={currency} onClose={() => setOrdering(false)} />}
    </Page>
  );
}

function PurchaseBoard({ mill: { purchases, currency } }: { readonly mill: Mill }): ReactNode {
  const { orders, unbilled, payables, overdue, last30Days, byDay } = purchases;
  const write = inCurrency(currency);
  return (
    <>
      <Stats label="Purchases at a glance">
        <Stat label="To come" icon={<Truck aria-hidden />} note={count(orders.count, "order")}>
          <LiveMoney money={orders.amount} label="To come" />
        </Stat>
        <Stat
          label="Came in 30 days"
          icon={<PackagePlus aria-hidden />}
          note={count(last30Days.received.count, "purchase")}
        >
          <LiveMoney money={last30Days.received.amount} label="Came in 30 days" />
        </Stat>
        <Stat label="Without a bill" icon={<FileQuestion aria-hidden />} note={count(unbilled.count, "purchase")}>
          <LiveMoney money={unbilled.amount} label="Without a bill" />
        </Stat>
        <OwedStat label="Suppliers are owed" icon={<HandCoins aria-hidden />} owed={payables} overdue={overdue} />
      </Stats>
      <div className="split">
        <Card title="Came by day" note="The last 30 days">
          <BarChart
            title="Goods that came by day"
            hideTitle
            description={`In 30 days goods for ${last30Days.received.amount.formatted} came.`}
            labels={byDay.map(({ from }) => shortDay(from))}
            labelHeading="Day"
            series={[{ name: "Came", values: byDay.map(({ received }) => received.amount.amount) }]}
            format={write}
          />
        </Card>
        <Owed write={write} />
      </div>
    </>
  );
}

function Owed({ write }: { readonly write: (value: string | number) => string }): ReactNode {
  const payables = useQuery(PayablesDocument, { first: 5 }, { live: LIVE });
  return (
    <Card title="Who is owed">
      <Loaded query={payables}>
        {(data) => (
          <Ranking
            title="Suppliers who are owed"
            hideTitle
            colour={2}
            format={write}
            empty="No supplier is owed anything."
            items={data.payables.map(({ supplier, due, bills, nextDueOn }) => ({
              key: supplier.id,
              name: supplier.name,
              value: due.amount,
              note: `${count(bills, "bill")}${nextDueOn ? `, the first due ${day(nextDueOn)}` : ""}`,
            }))}
          />
        )}
      </Loaded>
    </Card>
  );
}

const FILTERS: Record<Which, PurchaseFilter> = {
  ALL: { overdue: false },
  COMING: { overdue: false, statuses: ["DRAFT"] },
  UNBILLED: { overdue: false, statuses: ["RECEIVED"] },
  LATE: { overdue: true },
};

interface PurchaseListProps {
  readonly which: Which;
  readonly search: string;
  readonly currency: string;
}

function PurchaseList({ which, search, currency }: PurchaseListProps): ReactNode {
  const pages = useGrowing();
  const settled = useSettled(search.trim());
  const filter = { ...FILTERS[which], ...(settled !== "" && { search: settled }) };
  const purchases = useQuery(PurchasesDocument, { filter, first: pages.first }, { live: LIVE, keepPrevious: true });
  return (
    <Card title="Every purchase" flush>
      <LongTable
        query={purchases}
        list={(data) => data.purchases}
        pages={pages}
        what="purchases"
        caption="Purchases"
        rowKey={({ id }) => id}
        empty="There are none."
        columns={[
          {
            title: "Purchase",
            heading: true,
            cell: ({ id, number }) => (
              <Link href={purchasePath(id)} className="number">
                {number}
              </Link>
            ),
          },
          { title: "Supplier", cell: ({ supplierName }) => supplierName },
          { title: "Bill", cell: ({ billNumber }) => <span className="number">{billNumber ?? "–"}</span> },
          { title: "State", cell: (purchase) => <PurchaseState purchase={purchase} /> },
          { title: "Due", cell: ({ dueOn }) => <Day on={dueOn} /> },
          { title: "Amount", numeric: true, cell: ({ amount }) => <Money money={amount} /> },
          {
            title: "Owed",
            numeric: true,
            cell: ({ dueAmount }) => (dueAmount.amount === "0.00" ? "–" : <LiveMoney money={dueAmount} />),
          },
          {
            title: "Acts",
            quiet: true,
            cell: (purchase) => <PurchaseActs purchase={purchase} currency={currency} />,
          },
        ]}
      />
    </Card>
  );
}
