/** What stock warns of: low, out, or a warehouse nearly full; each can be taken note of. */
import { useQuery } from "@daftari/client/react";
import { useState, type ReactNode } from "react";

import {
  AcknowledgeAlertDocument,
  StockAlertDocument,
  StockAlertsDocument,
  type StockAlertsQuery,
} from "@/graphql/milling";
import { Badge, Button, Card, Empty, Loaded, Severity, Time, toast } from "@/kit";
import { usePerson } from "@/session/person";

import { useAct } from "../forms";
import rooms from "../rooms.module.css";
import { SayDialog } from "../SayDialog";
import { quantity } from "./words";

type Alert = StockAlertsQuery["stockAlerts"]["nodes"][number];

export function Alerts(): ReactNode {
  const [noting, setNoting] = useState<Alert | null>(null);
  const mayNote = usePerson().permissions.includes("STOCK_KEEP");
  const alerts = useQuery(
    StockAlertsDocument,
    { filter: { states: ["OPEN", "ACKNOWLEDGED"] } },
    { live: [{ document: StockAlertDocument }] },
  );
  return (
    <Card title="Alerts" flush>
      <Loaded query={alerts}>
        {({ stockAlerts: { nodes } }) =>
          nodes.length === 0 ? (
            <Empty>Nothing runs low.</Empty>
          ) : (
            <ul className={rooms.list}>
              {nodes.map((alert) => (
                <li key={alert.id}>
                  <div className={rooms.what}>
                    <span className="row">
                      <Severity level={alert.priority} /> {sentenceOf(alert)}
                    </span>
                    <span className="muted small">
                      {alert.warehouse.name} · <Time at={alert.raisedAt} ago />
                      {alert.acknowledgedBy && ` · ${alert.acknowledgedBy.name}: ${alert.comment || "noted"}`}
                    </span>
                  </div>
                  {alert.state === "ACKNOWLEDGED" ? (
                    <Badge tone="info">Noted</Badge>
                  ) : (
                    mayNote && (
                      <Button size="small" onClick={() => setNoting(alert)}>
                        Take note<span className="unseen"> of {alert.item?.name ?? alert.warehouse.name}</span>
                      </Button>
                    )
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {noting && <TakeNote alert={noting} onClose={() => setNoting(null)} />}
    </Card>
  );
}

function sentenceOf({ kind, item, onHand, threshold, usedPercent }: Alert): string {
  if (kind === "WAREHOUSE_CAPACITY" || item === null) return `The warehouse is ${usedPercent ?? "nearly 100"} % full.`;
  if (kind === "OUT_OF_STOCK") return `${item.name} is out.`;
  return `${item.name}: ${quantity(onHand, item.baseUnit)} left, warned at ${quantity(threshold, item.baseUnit)}.`;
}

function TakeNote({ alert, onClose }: { readonly alert: Alert; readonly onClose: () => void }): ReactNode {
  const act = useAct(AcknowledgeAlertDocument, () => {
    toast({ tone: "good", title: "Noted", body: sentenceOf(alert) });
    onClose();
  });
  return (
    <SayDialog
      title="Take note"
      submit="Take note"
      act={act}
      field="comment"
      label="What will be done about it"
      required={false}
      onClose={onClose}
      onSubmit={(comment) => act.run({ input: { alertIds: [alert.id], comment } })}
    >
      <p>{sentenceOf(alert)}</p>
    </SayDialog>
  );
}
