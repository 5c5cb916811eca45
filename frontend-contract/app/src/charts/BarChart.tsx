/** Values as bars: one group for each label, in which the series stand side by side or, where they are parts of a whole, on top of each other. */
import type { ReactNode } from "react";

import { Axes, MARGIN } from "./Axes";
import styles from "./charts.module.css";
import { colourOf, Frame, type ChartProps, type Series } from "./Frame";
import { Readout, usePointed } from "./Readout";
import { drawn, linear, ticks as ticksOf } from "./scale";
import { useWidth } from "./useWidth";

const WIDEST_BAR = 28;

export interface BarChartProps extends ChartProps {
  /** The series are parts of a whole, none of them below zero. */
  readonly stacked?: boolean;
}

export function BarChart({ height = 200, stacked = false, ...chart }: BarChartProps): ReactNode {
  const [box, width] = useWidth<HTMLDivElement>();
  const { labels, series } = chart;
  const spans = stacked
    ? stackedSpans(series)
    : series.map((each) => each.values.map((value) => [0, drawn(value) ?? 0] as const));
  const ticks = ticksOf(spans.flatMap((each) => each.map(([, end]) => end)));
  const y = linear([ticks[0] ?? 0, ticks.at(-1) ?? 1], [height - MARGIN.bottom, MARGIN.top]);
  const group = (width - MARGIN.left - MARGIN.right) / Math.max(1, labels.length);
  const x = (index: number): number => MARGIN.left + group * (index + 0.5);
  const beside = stacked ? 1 : Math.max(1, series.length);
  const bar = Math.min(WIDEST_BAR, (group * 0.72) / beside);
  const { at, handlers } = usePointed((pixel) => clamp(Math.floor((pixel - MARGIN.left) / group), labels.length));
  return (
    <Frame {...chart}>
      {(labelledBy) => (
        <div className={styles.canvas} ref={box}>
          <svg role="img" aria-labelledby={labelledBy} width={width} height={height} {...handlers}>
            {at !== null && (
              <rect
                className={styles.band}
                x={x(at) - group / 2}
                y={MARGIN.top}
                width={group}
                height={height - MARGIN.top - MARGIN.bottom}
              />
            )}
            <Axes {...{ width, height, ticks, y, labels, x }} />
            {series.map((each, index) => (
              <g key={each.name} style={colourOf(each, index)}>
                {spans[index]?.map(([start, end], place) => {
                  if (start === end) return null;
                  const left = x(place) + (stacked ? -bar / 2 : bar * (index - series.length / 2));
                  const topmost =
                    !stacked || spans.slice(index + 1).every((above) => above[place]?.[0] === above[place]?.[1]);
                  return (
                    <path
                      className={styles.bar}
                      key={place}
                      d={barPath(left + 0.5, Math.max(1, bar - 1), y(start), y(end), topmost)}
                    />
                  );
                })}
              </g>
            ))}
          </svg>
          {at !== null && <Readout at={at} x={x(at)} width={width} {...chart} />}
        </div>
      )}
    </Frame>
  );
}

/** From where to where each bar goes when those of one label stand on top of each other. */
function stackedSpans(series: readonly Series[]): (readonly [number, number])[][] {
  const heights: number[] = [];
  return series.map((each) =>
    each.values.map((value, place) => {
      const start = heights[place] ?? 0;
      const end = start + (drawn(value) ?? 0);
      heights[place] = end;
      return [start, end] as const;
    }),
  );
}

/** A bar from its foot to its head, which alone is rounded, and only where nothing stands on it. */
function barPath(left: number, width: number, foot: number, head: number, rounded: boolean): string {
  const radius = rounded ? Math.min(3, width / 2, Math.abs(foot - head)) : 0;
  const inward = head < foot ? radius : -radius;
  const right = left + width;
  return (
    `M${left} ${foot}V${head + inward}Q${left} ${head} ${left + radius} ${head}` +
    `H${right - radius}Q${right} ${head} ${right} ${head + inward}V${foot}Z`
  );
}

function clamp(index: number, count: number): number {
  return Math.min(count - 1, Math.max(0, index));
}
