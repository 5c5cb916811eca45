/** Small charts of our own: each has a title, says in a sentence what it shows, and carries its numbers as text. */
export { BarChart, type BarChartProps } from "./BarChart";
export type { ChartProps, Series } from "./Frame";
export { LineChart, type LineChartProps } from "./LineChart";
export { Ranking, type RankingItem, type RankingProps } from "./Ranking";
export { compact } from "./scale";
export { StackedBar, type Part, type StackedBarProps } from "./StackedBar";
