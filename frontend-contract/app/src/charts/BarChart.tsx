/** Values side by side as bars: one group for each label, one bar in it for each series. */
import type { ReactNode } from "react";

import { Axes, MARGIN } from "./Axes";
import styles from "./charts.module.css";
import { colourOf, Frame, type ChartProps } from "./Frame";
import { Readout, usePointed } from "./Readout";
import { drawn, linear, ticks as ticksOf } from "./scale";
import { useWidth } from "./useWidth";

const WIDEST_BAR = 28;

export function BarChart({ height = 200, ...chart }: ChartProps): ReactNode {
  const [box, width] = useWidth<HTMLDivElement>();
  const { labels, series } = chart;
  const values = series.flatMap((each) => each.values.map(drawn)).filter((value) => value !== null);
  const ticks = ticksOf(values);
  const y = linear([ticks[0] ?? 0, ticks.at(-1) ?? 1], [height - MARGIN.bottom, MARGIN.top]);
  const group = (width - MARGIN.left - MARGIN.right) / Math.max(1, labels.length);
  const x = (index: number): number => MARGIN.left + group * (index + 0.5);
  const bar = Math.min(WIDEST_BAR, (group * 0.72) / Math.max(1, series.length));
  const { at, handlers } = usePointed((pixel) => clamp(Math.floor((pixel - MARGIN.left) / group), labels.length));
  return (
    <Frame {...chart}>
      {(labelledBy) => (
        <div className={styles.canvas} ref={box}>
          <svg role="img" aria-labelledby={labelledBy} width={width} height={height} {...handlers}>
            {at !== null && (
              <rect className={styles.band} x={x(at) - group / 2} y={MARGIN.top} width={group} height={height - MARGIN.top - MARGIN.bottom} />
            )}
            <Axes {...{ width, height, ticks, y, labels, x }} />
            {series.map((each, index) => (
              <g key={each.name} style={colourOf(each, index)}>
                {each.values.map((value, place) => {
                  const number = drawn(value);
                  if (number === null || number === 0) return null;
                  const left = x(place) + bar * (index - series.length / 2);
                  return <path className={styles.bar} key={place} d={barPath(left + 0.5, bar - 1, y(0), y(number))} />;
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

/** A bar from its foot to its head, which alone is rounded. */
function barPath(left: number, width: number, foot: number, head: number): string {
  const radius = Math.min(3, width / 2, Math.abs(foot - head));
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
