/** Stock: what runs low, what there is and where, how full the warehouses are, and what went in and out. */
import { useQuery } from "@daftari/client/react";
import { CircleSlash, Gauge, PackageSearch, TriangleAlert } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Link } from "wouter";

import { BarChart, StackedBar } from "@/charts";
import { StockLevelsDocument, StockUpdatedDocument } from "@/graphql/milling";
import type { StockStatus } from "@/graphql/schema";
import {
  Badge,
  Card,
  count,
  LiveMoney,
  LiveNumber,
  Loaded,
  Money,
  Page,
  Progress,
  SelectField,
  shortDay,
  Stat,
  Stats,
  Time,
} from "@/kit";

import { inCurrency } from "../amounts";
import { Filters } from "../Filters";
import { LongTable } from "../LongTable";
import { useGrowing } from "../useGrowing";
import { useSettled } from "../useSettled";
import { Alerts } from "./Alerts";
import { itemPath } from "./rows";
import { useMill, type Mill } from "./useMill";
import { CATEGORY, quantity, STOCK_STATUS } from "./words";

export function Screen(): ReactNode {
  const mill = useMill();
  return (
    <Page title="Stock" note="Every movement is here as soon as it is booked.">
      <Loaded query={mill}>
        {({ millDashboard }) => (
          <>
            <StockFigures mill={millDashboard} />
            <div className="split">
              <div className="stack">
                <Alerts />
                <Moved mill={millDashboard} />
              </div>
              <div className="stack">
                <Fullness mill={millDashboard} />
                <ByCategory mill={millDashboard} />
              </div>
            </div>
          </>
        )}
      </Loaded>
      <Levels warehouses={mill.data?.millDashboard.warehouses.byWarehouse ?? []} />
    </Page>
  );
}

function StockFigures({ mill: { inventory, warehouses } }: { readonly mill: Mill }): ReactNode {
  const used = Number(warehouses.capacity) === 0 ? null : (Number(warehouses.used) / Number(warehouses.capacity)) * 100;
  return (
    <Stats label="Stock at a glance">
      <Stat label="Worth" icon={<PackageSearch aria-hidden />} note={count(inventory.items, "item")}>
        <LiveMoney money={inventory.stockValue} label="Stock is worth" />
      </Stat>
      <Stat label="Running low" icon={<TriangleAlert aria-hidden />} tone={inventory.low > 0 ? "warn" : undefined}>
        <LiveNumber value={inventory.low} label="Running low" />
      </Stat>
      <Stat label="Out of stock" icon={<CircleSlash aria-hidden />} tone={inventory.out > 0 ? "bad" : undefined}>
        <LiveNumber value={inventory.out} label="Out of stock" />
      </Stat>
      <Stat label="Room used" icon={<Gauge aria-hidden />} note={count(warehouses.warehouses, "warehouse")}>
        <LiveNumber value={used === null ? null : `${Math.round(used)} %`} label="Room used" />
      </Stat>
    </Stats>
  );
}

function Fullness({ mill: { warehouses } }: { readonly mill: Mill }): ReactNode {
  return (
    <Card title="Warehouses">
      <div className="stack">
        {warehouses.byWarehouse.map(({ warehouse, used, usedPercent }) => (
          <Progress
            key={warehouse.id}
            label={warehouse.name}
            value={usedPercent === null ? 0 : Number(usedPercent)}
            detail={`${quantity(used, "kg")}${warehouse.capacity ? ` of ${quantity(warehouse.capacity, "kg")}` : ""}`}
            tone={Number(usedPercent ?? 0) >= (warehouse.alertPercent ?? 100) ? "bad" : "accent"}
          />
        ))}
      </div>
    </Card>
  );
}

function ByCategory({ mill: { inventory, currency } }: { readonly mill: Mill }): ReactNode {
  return (
    <Card title="What it is">
      <StackedBar
        title="Stock by what it is"
        hideTitle
        format={inCurrency(currency)}
        empty="The stores are empty."
        parts={inventory.byCategory.map(({ category, value }) => ({
          name: CATEGORY[category],
          value: value.amount,
          note: value.formatted,
        }))}
      />
    </Card>
  );
}

function Moved({ mill: { stockMovements } }: { readonly mill: Mill }): ReactNode {
  const days = stockMovements.byDay;
  return (
    <Card title="In and out" note="Kilograms a day, the last 30 days">
      <BarChart
        title="Kilograms in and out by day"
        hideTitle
        description={`In 30 days ${quantity(stockMovements.last30Days.receivedKg, "kg")} came in and ${quantity(stockMovements.last30Days.issuedKg, "kg")} went out.`}
        labels={days.map(({ day }) => shortDay(day))}
        labelHeading="Day"
        series={[
          { name: "In", values: days.map(({ receivedKg }) => receivedKg) },
          { name: "Out", values: days.map(({ issuedKg }) => issuedKg) },
        ]}
        format={(value) => quantity(value, "kg")}
      />
    </Card>
  );
}

type Which = StockStatus | "ALL";

function Levels({ warehouses }: { readonly warehouses: Mill["warehouses"]["byWarehouse"] }): ReactNode {
  const [which, setWhich] = useState<Which>("ALL");
  const [warehouseId, setWarehouseId] = useState("");
  const [search, setSearch] = useState("");
  return (
    <>
      <Filters
        which={{
          label: "How much there is",
          value: which,
          onChange: setWhich,
          options: [
            ["ALL", "All"],
            ["LOW", "Low"],
            ["OUT", "Out"],
          ],
        }}
        find={{ by: "Item", value: search, onChange: setSearch }}
      >
        <SelectField
          label="Warehouse"
          value={warehouseId}
          onChange={setWarehouseId}
          options={[
            ["", "All warehouses"],
            ...warehouses.map(({ warehouse }) => [warehouse.id, warehouse.name] as const),
          ]}
        />
      </Filters>
      <LevelTable which={which} warehouseId={warehouseId} search={search} />
    </>
  );
}

function LevelTable({
  which,
  warehouseId,
  search,
}: {
  readonly which: Which;
  readonly warehouseId: string;
  readonly search: string;
}): ReactNode {
  const pages = useGrowing();
  const settled = useSettled(search.trim());
  const filter = {
    ...(which !== "ALL" && { statuses: [which] }),
    ...(warehouseId !== "" && { warehouseId }),
    ...(settled !== "" && { search: settled }),
  };
  const levels = useQuery(
    StockLevelsDocument,
    { filter, first: pages.first },
    { live: [{ document: StockUpdatedDocument }], keepPrevious: true },
  );
  return (
    <Card title="What there is" flush>
      <LongTable
        query={levels}
        list={(data) => data.stockLevels}
        pages={pages}
        what="items"
        caption="What there is, and where"
        rowKey={({ id }) => id}
        empty="Nothing is found."
        columns={[
          { title: "Item", heading: true, cell: ({ item }) => <Link href={itemPath(item.id)}>{item.name}</Link> },
          { title: "Where", cell: ({ warehouse }) => warehouse.name },
          {
            title: "State",
            cell: ({ status }) => <Badge tone={STOCK_STATUS[status].tone}>{STOCK_STATUS[status].word}</Badge>,
          },
          {
            title: "There",
            numeric: true,
            cell: ({ onHand, item }) => <LiveNumber value={quantity(onHand, item.baseUnit)} />,
          },
          {
            title: "Held back",
            numeric: true,
            cell: ({ reserved }) => (Number(reserved) === 0 ? "–" : <LiveNumber value={Number(reserved)} />),
          },
          {
            title: "Warns at",
            numeric: true,
            cell: ({ reorderLevel }) =>
              Number(reorderLevel) === 0 ? "–" : <LiveNumber value={Number(reorderLevel)} />,
          },
          { title: "Worth", numeric: true, cell: ({ value }) => <Money money={value} /> },
          { title: "Last moved", cell: ({ lastMovedAt }) => <Time at={lastMovedAt} ago /> },
        ]}
      />
    </Card>
  );
}
