/** What happens while the page is open, after what was compared last: comparisons, discrepancies found, alarms. */
import { Radio } from "lucide-react";
import { type ReactNode, useState } from "react";

import type { FeedItemOf } from "@daftari/client";
import { useFeed, useQuery } from "@daftari/client/react";

import {
  ReconciliationFeedDocument,
  type ReconciliationFeedSubscription,
  ReconciliationResultsDocument,
  type ReconciliationResultsQuery,
} from "@/graphql/payments";
import { Badge, Severity, Status } from "@/kit/Badge";
import { Card } from "@/kit/Card";
import { Empty, Loaded } from "@/kit/Empty";
import { Time } from "@/kit/Time";
import { announcer } from "@/kit/announcer";
import { humanise } from "@/kit/words";

import styles from "./payments.module.css";
import { why } from "./words";

type Item = FeedItemOf<ReconciliationFeedSubscription>;

interface Happening {
  key: string;
  at: string;
  mark: ReactNode;
  words: string;
}

type Result = ReconciliationResultsQuery["reconciliationResults"]["nodes"][number];

interface Compared {
  sessionNumber: string | null;
  sessionDetails: { client: string | null; amount: { formatted: string } | null };
}

/** Older ones are in the lists. */
const KEPT = 12;
const SHOWN_BEFORE = 5;

export function Happenings(): ReactNode {
  const [happenings, setHappenings] = useState<readonly Happening[]>([]);
  const before = useQuery(ReconciliationResultsDocument, { first: SHOWN_BEFORE });
  useFeed(ReconciliationFeedDocument, {}, (item, { cursor }) => {
    const happening = happeningOf(item, cursor);
    if (!happening) return;
    announcer.announce("reconciliation", happening.words);
    setHappenings((known) => [happening, ...known].slice(0, KEPT));
  });
  return (
    <Card title="As it happens" note="What was compared last; whatever comes stands here at once">
      <Loaded query={before} lines={6}>
        {({ reconciliationResults: { nodes } }) => (
          <Log happenings={[...happenings, ...earlier(nodes, happenings)].slice(0, KEPT)} />
        )}
      </Loaded>
    </Card>
  );
}

function Log({ happenings }: { happenings: readonly Happening[] }): ReactNode {
  if (happenings.length === 0) return <Empty icon={<Radio aria-hidden />}>No payment was compared yet.</Empty>;
  return (
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
  );
}

/** What had ended when the page was opened, less what was heard of since. */
function earlier(results: readonly Result[], heard: readonly Happening[]): Happening[] {
  return results
    .filter(({ id, finishedAt }) => finishedAt && !heard.some(({ key }) => key === id))
    .map(({ id, finishedAt, status, ...about }) => ({
      key: id,
      at: finishedAt ?? "",
      mark: <Status status={status} />,
      words: comparison(about),
    }));
}

function comparison({ sessionNumber, sessionDetails: { client, amount } }: Compared): string {
  return [sessionNumber, client, amount?.formatted].filter(Boolean).join(", ");
}

function happeningOf(item: Item, key: string): Happening | null {
  switch (item.__typename) {
    case "ReconciliationFinished": {
      const { resultId, occurredAt, status } = item;
      return { key: resultId, at: occurredAt, mark: <Status status={status} />, words: comparison(item) };
    }
    case "DiscrepancyAlert":
      return {
        key,
        at: item.occurredAt,
        mark: item.severity && <Severity level={item.severity} />,
        words: `${item.sessionNumber ?? "Money nobody knows"}: ${item.issues.map(({ message }) => why(message)).join(" ")}`,
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
