/** The reconciliation monitor: how payments agree with what the provider says of them, as it happens. */
import type { ReactNode } from "react";

import { liveFeed, useQuery } from "@daftari/client/react";

import {
  ReconciliationStatsDocument,
  type ReconciliationStatsQuery,
  ReconciliationStatsUpdatedDocument,
} from "@/graphql/payments";
import { Badge } from "@/kit/Badge";
import { ButtonLink } from "@/kit/Button";
import { Stat, Stats } from "@/kit/Card";
import { Loaded } from "@/kit/Empty";
import { LiveNumber } from "@/kit/LiveNumber";
import { Page } from "@/kit/Page";
import { Time } from "@/kit/Time";
import { number } from "@/kit/words";

import { Happenings } from "./Happenings";
import { Trend } from "./Trend";
import { UrgentDiscrepancies } from "./UrgentDiscrepancies";

type Counts = ReconciliationStatsQuery["reconciliationStats"];

function useStats() {
  const moves = liveFeed(ReconciliationStatsUpdatedDocument, {}, (data: ReconciliationStatsQuery, item) => ({
    ...data,
    reconciliationStats: { ...data.reconciliationStats, ...item.state },
  }));
  return useQuery(ReconciliationStatsDocument, {}, { live: [moves] });
}

export function MonitorPage(): ReactNode {
  const query = useStats();
  const stats = query.data?.reconciliationStats;
  return (
    <Page
      title="Reconciliation"
      note={
        stats?.lastProcessedAt ? (
          <>
            The last payment was compared <Time at={stats.lastProcessedAt} ago />.
          </>
        ) : (
          "No payment was compared yet."
        )
      }
      actions={<ButtonLink href="/payments/statements">Statements</ButtonLink>}
    >
      <Loaded query={query} lines={3}>
        {({ reconciliationStats }) => <Figures stats={reconciliationStats} />}
      </Loaded>
      <div className="split">
        <Trend />
        <Happenings />
      </div>
      <UrgentDiscrepancies />
    </Page>
  );
}

function Figures({ stats }: { stats: Counts }): ReactNode {
  const { totalProcessed, successRate, successfulReconciliations, discrepanciesDetected, failedReconciliations } =
    stats;
  const { activeReconciliations, queueLength, averageProcessingTime } = stats;
  const agree = successRate === null ? null : `${number(successRate)} %`;
  return (
    <Stats label="Reconciliations so far">
      <Stat
        label="Payments compared"
        note={averageProcessingTime === null ? undefined : `in ${number(averageProcessingTime)} ms on average`}
      >
        <LiveNumber value={totalProcessed} label="Payments compared" />
      </Stat>
      <Stat label="Agree" note={`${number(successfulReconciliations)} payments`}>
        <LiveNumber value={agree} label="Agree" />
      </Stat>
      <Stat
        label="With discrepancies"
        tone={discrepanciesDetected > 0 ? "warn" : undefined}
        note={`${number(failedReconciliations)} could not be compared`}
      >
        <LiveNumber value={discrepanciesDetected} label="With discrepancies" />
      </Stat>
      <Stat label="At work" note={<Badge>{number(queueLength)} in the queue</Badge>}>
        <LiveNumber value={activeReconciliations} label="Reconciliations at work" />
      </Stat>
    </Stats>
  );
}
