/** One item: where it lies, how it went up and down, what will be wanted of it, and every movement with what there was after it. */
import { useQuery } from "@daftari/client/react";
import { CalendarClock, ClipboardPen, Hourglass, PackageSearch, Scale } from "lucide-react";
import { useState, type ReactNode } from "react";

import { BarChart } from "@/charts";
import {
  DemandForecastDocument,
  type DemandForecastQuery,
  ItemDocument,
  type ItemQuery,
  StockUpdatedDocument,
} from "@/graphql/milling";
import {
  Badge,
  Button,
  Card,
  count,
  Day,
  Empty,
  LiveMoney,
  LiveNumber,
  Loaded,
  shortDay,
  Stat,
  Stats,
  Time,
} from "@/kit";
import { usePerson } from "@/session/person";

import rooms from "../rooms.module.css";
import { ThingPage, useIdInPath } from "../ThingPage";
import { Statement } from "./Statement";
import { StockAct } from "./StockAct";
import { CATEGORY, quantity, STOCK_STATUS } from "./words";

type ItemFull = NonNullable<ItemQuery["item"]>;
type Demand = DemandForecastQuery["demandForecast"];

export function Screen(): ReactNode {
  const id = useIdInPath();
  const [booking, setBooking] = useState(false);
  const live = [{ document: StockUpdatedDocument, variables: { itemId: id } }];
  const query = useQuery(ItemDocument, { id }, { live });
  const demand = useQuery(DemandForecastDocument, { itemId: id, horizonDays: 30 }, { live });
  const mayBook = usePerson().permissions.includes("STOCK_KEEP");
  return (
    <ThingPage
      what="item"
      back={{ href: "/mill/stock", title: "Stock" }}
      query={query}
      thing={({ item }) => item}
      title={({ name }) => name}
      note={({ code, category }) => `${code} · ${CATEGORY[category]}`}
      actions={() =>
        mayBook && (
          <Button look="primary" icon={<ClipboardPen aria-hidden />} onClick={() => setBooking(true)}>
            Book stock
          </Button>
        )
      }
    >
      {(item) => (
        <>
          <Figures item={item} demand={demand.data?.demandForecast} />
          <div className="split">
            <Loaded query={demand}>{({ demandForecast }) => <Wanted demand={demandForecast} />}</Loaded>
            <Places item={item} />
          </div>
          <Statement itemId={id} />
          {booking && item && <StockAct item={item} onClose={() => setBooking(false)} />}
        </>
      )}
    </ThingPage>
  );
}

function Figures({ item, demand }: { readonly item: ItemFull; readonly demand: Demand | undefined }): ReactNode {
  const available = demand && quantity(demand.available, item.baseUnit);
  return (
    <Stats label="The item at a glance">
      <Stat
        label="Can go out"
        icon={<PackageSearch aria-hidden />}
        note={demand && Number(demand.onOrder) > 0 && `${quantity(demand.onOrder, item.baseUnit)} are ordered`}
      >
        <LiveNumber value={available} label="Can go out" />
      </Stat>
      <Stat label="Wanted a day" icon={<Scale aria-hidden />} note="As it was sold and milled in 90 days">
        <LiveNumber value={demand && quantity(demand.dailyDemand, item.baseUnit)} label="Wanted a day" />
      </Stat>
      <Stat label="Lasts for" icon={<Hourglass aria-hidden />}>
        <LiveNumber
          value={demand && (demand.daysOfCover === null ? "–" : count(demand.daysOfCover, "day"))}
          label="Lasts for"
        />
      </Stat>
      <Stat
        label="To be ordered"
        icon={<CalendarClock aria-hidden />}
        note={
          demand &&
          Number(demand.reorderQuantity) > 0 &&
          `${quantity(demand.reorderQuantity, item.baseUnit)} for 30 days`
        }
      >
        {demand ? <Day on={demand.reorderOn} /> : <LiveNumber value={undefined} />}
      </Stat>
    </Stats>
  );
}

function Wanted({ demand }: { readonly demand: Demand }): ReactNode {
  const { unit, history } = { unit: demand.item.baseUnit, history: demand.history.slice(-60) };
  return (
    <Card title="What was wanted of it" note={`By day, the last ${count(history.length, "day")}`}>
      <BarChart
        title="What was wanted of it by day"
        hideTitle
        description={`It is expected that ${quantity(demand.dailyDemand, unit)} a day are wanted from now on.`}
        labels={history.map(({ day }) => shortDay(day))}
        labelHeading="Day"
        series={[
          { name: "Sold", values: history.map(({ sold }) => sold) },
          { name: "Milled", values: history.map(({ consumed }) => consumed) },
        ]}
        stacked
        format={(value) => quantity(value, unit)}
      />
    </Card>
  );
}

function Places({ item }: { readonly item: ItemFull }): ReactNode {
  return (
    <Card title="Where it lies" flush>
      {item.stock.length === 0 ? (
        <Empty>It lies nowhere yet.</Empty>
      ) : (
        <ul className={rooms.list}>
          {item.stock.map(({ id, warehouse, status, onHand, value, lastMovedAt }) => (
            <li key={id}>
              <div className={rooms.what}>
                <span>
                  {warehouse.name} <Badge tone={STOCK_STATUS[status].tone}>{STOCK_STATUS[status].word}</Badge>
                </span>
                <span className="muted small">
                  moved <Time at={lastMovedAt} ago />
                </span>
              </div>
              <div className={rooms.end}>
                <LiveNumber value={quantity(onHand, item.baseUnit)} label={`${warehouse.name}, there`} />
                <span className="muted small">
                  <LiveMoney money={value} />
                </span>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
