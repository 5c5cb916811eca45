/** Production: what is planned and being milled, how far each is, what came out, and planning another one. */
import { useQuery } from "@daftari/client/react";
import { CalendarClock, Factory, Percent, Scale } from "lucide-react";
import { useState, type ReactNode } from "react";

import { ProductionsDocument, ProductionUpdatedDocument } from "@/graphql/milling";
import {
  Badge,
  Button,
  Card,
  count,
  Day,
  Empty,
  inPercent,
  LiveNumber,
  Loaded,
  Money,
  Page,
  Stat,
  Stats,
  Time,
} from "@/kit";
import { usePerson } from "@/session/person";

import { LongTable } from "../LongTable";
import rooms from "../rooms.module.css";
import { useGrowing } from "../useGrowing";
import { Made } from "./Made";
import { Complete, Start } from "./ProductionActs";
import { PlanProduction } from "./PlanProduction";
import type { Order } from "./rows";
import { Steps } from "./Steps";
import { useMill, type Mill } from "./useMill";
import { PRODUCTION_STEPS, productionStep } from "./way";
import { PRODUCTION_STATUS, quantity } from "./words";

const LIVE = [{ document: ProductionUpdatedDocument }];

export function Screen(): ReactNode {
  const [planning, setPlanning] = useState(false);
  const mill = useMill();
  const mayProduce = usePerson().permissions.includes("MILL_PRODUCE");
  return (
    <Page
      title="Production"
      actions={
        mayProduce && (
          <Button look="primary" icon={<Factory aria-hidden />} onClick={() => setPlanning(true)}>
            Plan a production
          </Button>
        )
      }
    >
      <Loaded query={mill}>{({ millDashboard: { production } }) => <ProductionFigures board={production} />}</Loaded>
      <Orders mayProduce={mayProduce} />
      <Loaded query={mill}>{({ millDashboard }) => <Made mill={millDashboard} />}</Loaded>
      <Done />
      {planning && <PlanProduction onClose={() => setPlanning(false)} />}
    </Page>
  );
}

function ProductionFigures({ board }: { readonly board: Mill["production"] }): ReactNode {
  const { last30Days } = board;
  return (
    <Stats label="Production at a glance">
      <Stat label="Milling now" icon={<Factory aria-hidden />}>
        <LiveNumber value={board.inProgress} label="Milling now" />
      </Stat>
      <Stat label="Planned" icon={<CalendarClock aria-hidden />}>
        <LiveNumber value={board.planned} label="Planned" />
      </Stat>
      <Stat label="Made in 30 days" icon={<Scale aria-hidden />} note={count(last30Days.completed, "production")}>
        <LiveNumber value={quantity(last30Days.outputKg, "kg")} label="Made in 30 days" />
      </Stat>
      <Stat label="Yield in 30 days" icon={<Percent aria-hidden />} note={`${quantity(last30Days.lossKg, "kg")} lost`}>
        <LiveNumber
          value={last30Days.yieldPercent === null ? null : inPercent(last30Days.yieldPercent)}
          label="Yield"
        />
      </Stat>
    </Stats>
  );
}

/** What is under way, each with how far it is and what can be done next. */
function Orders({ mayProduce }: { readonly mayProduce: boolean }): ReactNode {
  const [starting, setStarting] = useState<Order | null>(null);
  const [completing, setCompleting] = useState<Order | null>(null);
  const orders = useQuery(
    ProductionsDocument,
    { filter: { statuses: ["PLANNED", "IN_PROGRESS"] }, first: 50 },
    { live: LIVE },
  );
  return (
    <>
      <Loaded query={orders}>
        {({ productions: { nodes } }) =>
          nodes.length === 0 ? (
            <Card title="Under way">
              <Empty>Nothing is planned and nothing is being milled.</Empty>
            </Card>
          ) : (
            <div className={rooms.cards}>
              {nodes.map((order) => (
                <OrderCard
                  key={order.id}
                  order={order}
                  mayProduce={mayProduce}
                  onStart={() => setStarting(order)}
                  onComplete={() => setCompleting(order)}
                />
              ))}
            </div>
          )
        }
      </Loaded>
      {starting && <Start order={starting} onClose={() => setStarting(null)} />}
      {completing && <Complete order={completing} onClose={() => setCompleting(null)} />}
    </>
  );
}

interface OrderCardProps {
  readonly order: Order;
  readonly mayProduce: boolean;
  readonly onStart: () => void;
  readonly onComplete: () => void;
}

function OrderCard({ order, mayProduce, onStart, onComplete }: OrderCardProps): ReactNode {
  const planned = order.status === "PLANNED";
  const { word, tone } = PRODUCTION_STATUS[order.status];
  return (
    <Card title={order.itemName} note={order.number} actions={<Badge tone={tone}>{word}</Badge>}>
      <div className="stack">
        <p>
          {quantity(order.plannedQuantity, order.item?.baseUnit ?? "kg")} are wanted
          {planned && order.plannedOn && (
            <>
              {" "}
              on <Day on={order.plannedOn} />
            </>
          )}
          {!planned && (
            <>
              , {quantity(order.inputKg, "kg")} went in <Time at={order.startedAt} ago />
            </>
          )}
          .
        </p>
        <Steps label={`How far ${order.number} is`} steps={PRODUCTION_STEPS} reached={productionStep(order.status)} />
        {mayProduce && (
          <div>
            {planned ? (
              <Button look="primary" onClick={onStart}>
                Start<span className="unseen"> {order.number}</span>
              </Button>
            ) : (
              <Button look="primary" onClick={onComplete}>
                Finish<span className="unseen"> {order.number}</span>
              </Button>
            )}
          </div>
        )}
      </div>
    </Card>
  );
}

function Done(): ReactNode {
  const pages = useGrowing(10);
  const done = useQuery(
    ProductionsDocument,
    { filter: { statuses: ["COMPLETED", "CANCELLED"] }, first: pages.first },
    { live: LIVE, keepPrevious: true },
  );
  return (
    <Card title="Done" flush>
      <LongTable
        query={done}
        list={(data) => data.productions}
        pages={pages}
        what="productions"
        caption="Productions that are done"
        rowKey={({ id }) => id}
        columns={[
          { title: "Production", heading: true, cell: ({ number }) => <span className="number">{number}</span> },
          { title: "Of", cell: ({ itemName }) => itemName },
          { title: "When", cell: ({ completedAt, cancelledAt }) => <Time at={completedAt ?? cancelledAt} /> },
          {
            title: "State",
            cell: ({ status }) => <Badge tone={PRODUCTION_STATUS[status].tone}>{PRODUCTION_STATUS[status].word}</Badge>,
          },
          { title: "In", numeric: true, cell: ({ inputKg }) => quantity(inputKg, "kg") },
          { title: "Out", numeric: true, cell: ({ outputKg }) => quantity(outputKg, "kg") },
          {
            title: "Yield",
            numeric: true,
            cell: ({ yieldPercent }) => (yieldPercent === null ? "–" : inPercent(yieldPercent)),
          },
          { title: "Cost", numeric: true, cell: ({ outputCost }) => <Money money={outputCost} /> },
        ]}
      />
    </Card>
  );
}
