/** What has happened since the page was opened: payments compared, discrepancies found, alarms. */
import { Radio } from "lucide-react";
import { type ReactNode, useState } from "react";

import type { FeedItemOf } from "@daftari/client";
import { useFeed } from "@daftari/client/react";

import { ReconciliationFeedDocument, type ReconciliationFeedSubscription } from "@/graphql/payments";
import { Badge, Severity, Status } from "@/kit/Badge";
import { Card } from "@/kit/Card";
import { Empty } from "@/kit/Empty";
import { Time } from "@/kit/Time";
import { announcer } from "@/kit/announcer";
import { humanise } from "@/kit/words";

import styles from "./payments.module.css";

type Item = FeedItemOf<ReconciliationFeedSubscription>;

interface Happening {
  key: string;
  at: string;
  mark: ReactNode;
  words: string;
}

/** Older ones are in the lists. */
const KEPT = 12;

export function Happenings(): ReactNode {
  const [happenings, setHappenings] = useState<readonly Happening[]>([]);
  useFeed(ReconciliationFeedDocument, {}, (item, { cursor }) => {
    const happening = happeningOf(item, cursor);
    if (!happening) return;
    announcer.announce("reconciliation", happening.words);
    setHappenings((before) => [happening, ...before].slice(0, KEPT));
  });
  return (
    <Card title="As it happens">
      {happenings.length === 0 ? (
        <Empty icon={<Radio aria-hidden />}>Whatever is compared from now on stands here at once.</Empty>
      ) : (
        <ol className={styles.log}>
          {happenings.map(({ key, at, mark, words }) => (
            <li key={key}>
              <div className="row row-between">
                {mark}
                <span className="muted small">
                  <Time at={at} ago />
                </span>
              </div>
              <p>{words}</p>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}

function happeningOf(item: Item, key: string): Happening | null {
  switch (item.__typename) {
    case "ReconciliationFinished": {
      const { client, amount } = item.sessionDetails;
      const words = [item.sessionNumber, client, amount?.formatted].filter(Boolean).join(", ");
      return { key, at: item.occurredAt, mark: <Status status={item.status} />, words };
    }
    case "DiscrepancyAlert":
      return {
        key,
        at: item.occurredAt,
        mark: item.severity && <Severity level={item.severity} />,
        words: `${item.sessionNumber ?? "Money nobody knows"}: ${item.issues.map(({ message }) => message).join("; ")}`,
      };
    case "DiscrepancyRateAlert": {
      const words = `${humanise(item.alarm)}: ${item.figure}, the threshold is ${item.threshold}`;
      return {
        key,
        at: item.occurredAt,
        mark: <Badge tone={item.raised ? "high" : "good"}>{item.raised ? "Alarm" : "Over"}</Badge>,
        words,
      };
    }
    case "MpesaMessageRejected":
      return {
        key,
        at: item.occurredAt,
        mark: <Badge tone="bad">Rejected</Badge>,
        words: `A message of M-Pesa: ${item.problem}`,
      };
    default:
      return null;
  }
}
