/** What was earned day by day, or month by month where the days would be too many. */
import type { ReactNode } from "react";

import { useQuery } from "@daftari/client/react";

import { RevenueBreakdownDocument } from "@/graphql/accounting";
import { Card } from "@/kit/Card";
import { Loaded } from "@/kit/Empty";
import { month, shortDay } from "@/kit/words";
import { BarChart } from "@/charts";

import { inCurrency } from "../amounts";
import { daysBetween, monthsBetween } from "./change";
import { useBooks } from "./useBooks";

const MOST_DAYS = 45;

interface RevenueOverTimeProps {
  from: string;
  to: string;
  currency: string;
}

export function RevenueOverTime({ from, to, currency }: RevenueOverTimeProps): ReactNode {
  const days = daysBetween(from, to);
  const by = days.length > MOST_DAYS ? "MONTH" : "DAY";
  const variables = { from, to, currency, by } as const;
  const query = useQuery(RevenueBreakdownDocument, variables, {
    live: [useBooks()],
    keepPrevious: true,
  });
  const keys = by === "DAY" ? days : monthsBetween(from, to);
  const labels = keys.map((key) => (by === "DAY" ? shortDay(key) : month(`${key}-01`)));
  const title = by === "DAY" ? "Revenue by day" : "Revenue by month";
  return (
    <Card title={title}>
      <Loaded query={query} lines={5}>
        {({ revenueBreakdown: { slices, total } }) => {
          const earned = new Map(slices.map(({ key, amount }) => [key, amount.amount]));
          return (
            <BarChart
              title={title}
              hideTitle
              description={`${total.formatted} from ${shortDay(from)} to ${shortDay(to)}.`}
              labelHeading={by === "DAY" ? "Day" : "Month"}
              labels={labels}
              series={[{ name: "Revenue", values: keys.map((key) => earned.get(key) ?? 0) }]}
              format={inCurrency(currency)}
              height={230}
            />
          );
        }}
      </Loaded>
    </Card>
  );
}
