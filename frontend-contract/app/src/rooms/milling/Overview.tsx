/** The mill at a glance: what is sold, made, held and owed, what runs low, and what happened last. */
import { Coins, Factory, HandCoins, PackageSearch, ShoppingCart, Truck } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "wouter";

import { BarChart } from "@/charts";
import {
  Badge,
  Card,
  count,
  Empty,
  humanise,
  LiveMoney,
  LiveNumber,
  Loaded,
  Money,
  number,
  Page,
  Progress,
  shortDay,
  Stat,
  Stats,
  Time,
} from "@/kit";

import { inCurrency } from "../amounts";
import rooms from "../rooms.module.css";
import { Made } from "./Made";
import { OwedStat } from "./OwedStat";
import { itemPath, purchasePath } from "./rows";
import { useMill, type Mill } from "./useMill";
import { ACTIVITY, quantity, STOCK_STATUS } from "./words";

export function Screen(): ReactNode {
  const mill = useMill();
  return (
    <Page title="The mill" note="Today, and the last 30 days.">
      <Loaded query={mill} lines={6}>
        {({ millDashboard }) => (
          <>
            <Figures mill={millDashboard} />
            <div className="split">
              <div className="stack">
                <Traded mill={millDashboard} />
                <Made mill={millDashboard} />
              </div>
              <div className="stack">
                <RunningLow mill={millDashboard} />
                <Lately mill={millDashboard} />
              </div>
            </div>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Figures({ mill: { salesRevenue, production, inventory, purchases } }: { readonly mill: Mill }): ReactNode {
  const short = inventory.low + inventory.out;
  return (
    <Stats label="The mill at a glance">
      <Stat
        label="Sold today"
        icon={<ShoppingCart aria-hidden />}
        note={`${salesRevenue.last7Days.revenue.formatted} in 7 days`}
      >
        <LiveMoney money={salesRevenue.today.revenue} label="Sold today" />
      </Stat>
      <Stat
        label="Made today"
        icon={<Factory aria-hidden />}
        note={`${production.inProgress} being milled, ${production.planned} planned`}
      >
        <LiveNumber value={quantity(production.today.outputKg, "kg")} label="Made today" />
      </Stat>
      <Stat
        label="Stock is worth"
        icon={<PackageSearch aria-hidden />}
        note={short > 0 ? `${inventory.low} low, ${inventory.out} out` : "Nothing runs low"}
      >
        <LiveMoney money={inventory.stockValue} label="Stock is worth" />
      </Stat>
      <OwedStat
        label="Customers owe"
        icon={<Coins aria-hidden />}
        owed={salesRevenue.receivables}
        overdue={salesRevenue.overdue}
      />
      <OwedStat
        label="Suppliers are owed"
        icon={<HandCoins aria-hidden />}
        owed={purchases.payables}
        overdue={purchases.overdue}
      />
      <Stat label="Ordered and to come" icon={<Truck aria-hidden />} note={count(purchases.orders.count, "order")}>
        <LiveMoney money={purchases.orders.amount} label="Ordered and to come" />
      </Stat>
    </Stats>
  );
}

function Traded({ mill: { salesRevenue, purchases, currency } }: { readonly mill: Mill }): ReactNode {
  const { last30Days, byDay } = salesRevenue;
  return (
    <Card title="Sold and bought" note="By day, the last 30 days">
      <BarChart
        title="Sold and bought by day"
        hideTitle
        description={`In 30 days ${last30Days.revenue.formatted} was sold, and goods for ${purchases.last30Days.received.amount.formatted} came.`}
        labels={byDay.map(({ from }) => shortDay(from))}
        labelHeading="Day"
        series={[
          { name: "Sold", values: byDay.map(({ revenue }) => revenue.amount) },
          { name: "Bought", values: purchases.byDay.map(({ received }) => received.amount.amount) },
        ]}
        format={inCurrency(currency)}
      />
    </Card>
  );
}

/** What is nearest to its level or under it, each as a part of that level. */
function RunningLow({ mill: { inventory } }: { readonly mill: Mill }): ReactNode {
  return (
    <Card title="Nearest to running out" note="How much there is of what it warns at">
      {inventory.lowest.length === 0 ? (
        <Empty>Nothing runs low.</Empty>
      ) : (
        <ul className="stack">
          {inventory.lowest.map(({ id, item, warehouse, onHand, reorderLevel, status }) => (
            <li key={id} className={rooms.what}>
              <span className="row row-between">
                <Link href={itemPath(item.id)}>{item.name}</Link>
                <Badge tone={STOCK_STATUS[status].tone}>{STOCK_STATUS[status].word}</Badge>
              </span>
              <Progress
                label={warehouse.name}
                value={Number(onHand)}
                most={Number(reorderLevel)}
                detail={`${number(onHand)} of ${quantity(reorderLevel, item.baseUnit)}`}
                tone={status === "OK" ? "accent" : status === "LOW" ? "warn" : "bad"}
              />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

const SHOWN = 5;

/** Alerts are on their own card; here is what people did. */
function Lately({ mill: { recentActivities } }: { readonly mill: Mill }): ReactNode {
  const done = recentActivities.filter(({ kind }) => kind !== "ALERT").slice(0, SHOWN);
  return (
    <Card title="Lately" flush>
      {done.length === 0 ? (
        <Empty>Nothing has happened yet.</Empty>
      ) : (
        <ul className={rooms.list}>
          {done.map(({ kind, subjectId, number: numbered, status, what, amount, at }) => (
            <li key={`${kind}${subjectId}`}>
              <div className={rooms.what}>
                <span>
                  {kind === "PURCHASE" ? <Link href={purchasePath(subjectId)}>{numbered}</Link> : numbered}{" "}
                  <span className="muted">{what}</span>
                </span>
                <span className="muted small">
                  {kind === "PAYMENT" ? humanise(status) : `${ACTIVITY[kind]}, ${humanise(status).toLowerCase()}`} ·{" "}
                  <Time at={at} ago />
                </span>
              </div>
              <Money money={amount} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
