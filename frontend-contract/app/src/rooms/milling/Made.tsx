/** What the mill made in the last 30 days, day by day. */
import type { ReactNode } from "react";

import { BarChart } from "@/charts";
import { Card, count, shortDay } from "@/kit";

import type { Mill } from "./useMill";
import { quantity } from "./words";

export function Made({ mill: { production } }: { readonly mill: Mill }): ReactNode {
  const { last30Days, byDay } = production;
  return (
    <Card title="Made" note="Kilograms a day, the last 30 days">
      <BarChart
        title="Kilograms made by day"
        hideTitle
        description={`In 30 days ${count(last30Days.completed, "production")} made ${quantity(last30Days.outputKg, "kg")} of ${quantity(last30Days.inputKg, "kg")}.`}
        labels={byDay.map(({ from }) => shortDay(from))}
        labelHeading="Day"
        series={[{ name: "Made", values: byDay.map(({ outputKg }) => outputKg) }]}
        format={(value) => quantity(value, "kg")}
        height={180}
      />
    </Card>
  );
}
