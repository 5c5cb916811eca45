/** How reconciliations ended day by day over the last weeks. */
import { type ReactNode, useState } from "react";

import { liveFeed, useQuery } from "@daftari/client/react";

import {
  ReconciliationResultDocument,
  ReconciliationTrendsDocument,
  type ReconciliationTrendsQuery,
} from "@/graphql/payments";
import { Card } from "@/kit/Card";
import { Loaded } from "@/kit/Empty";
import { Segments } from "@/kit/Page";
import { count, daysAfter, number, shortDay, today } from "@/kit/words";
import { BarChart, type Series } from "@/charts";

type Weeks = "2" | "6";
const WEEKS: readonly (readonly [Weeks, string])[] = [
  ["2", "2 weeks"],
  ["6", "6 weeks"],
];

type Day = ReconciliationTrendsQuery["reconciliationTrends"][number];

/** The ways of ending that are rare are shown when there were any. */
function seriesOf(days: readonly Day[]): Series[] {
  const usual = [
    { name: "Agree", values: days.map((day) => day.successfulReconciliations), colour: 1 },
    { name: "With discrepancies", values: days.map((day) => day.discrepanciesDetected), colour: 2 },
  ];
  const rare = [
    { name: "Not confirmed yet", values: days.map((day) => day.unverified), colour: 3 },
    { name: "Failed", values: days.map((day) => day.failedReconciliations), colour: 4 },
  ];
  return [...usual, ...rare.filter(({ values }) => values.some((value) => value > 0))];
}

export function Trend(): ReactNode {
  const [weeks, setWeeks] = useState<Weeks>("6");
  const to = daysAfter(today(), 1);
  const variables = {
    from: `${daysAfter(to, -7 * Number(weeks))}T00:00:00Z`,
    to: `${to}T00:00:00Z`,
    bucket: "DAY",
  } as const;
  const query = useQuery(ReconciliationTrendsDocument, variables, {
    live: [liveFeed(ReconciliationResultDocument, {})],
    keepPrevious: true,
  });
  return (
    <Card
      title="Day by day"
      actions={<Segments label="How far back" value={weeks} onChange={setWeeks} options={WEEKS} />}
    >
      <Loaded query={query} lines={5}>
        {({ reconciliationTrends: days }) => {
          const total = days.reduce((sum, { totalProcessed }) => sum + totalProcessed, 0);
          const differing = days.reduce((sum, { discrepanciesDetected }) => sum + discrepanciesDetected, 0);
          return (
            <BarChart
              stacked
              title="Reconciliations by day"
              hideTitle
              description={`${count(total, "payment")} in ${weeks} weeks, ${number(differing)} with discrepancies.`}
              labelHeading="Day"
              labels={days.map(({ startsAt }) => shortDay(startsAt.slice(0, 10)))}
              series={seriesOf(days)}
              format={number}
              height={240}
            />
          );
        }}
      </Loaded>
    </Card>
  );
}
