/** Values over time as lines, the space below the first one shaded where that helps the eye. */
import type { ReactNode } from "react";

import { Axes, MARGIN } from "./Axes";
import styles from "./charts.module.css";
import { colourOf, Frame, type ChartProps, type Series } from "./Frame";
import { Readout, usePointed } from "./Readout";
import { drawn, linear, linePath, ticks as ticksOf, type Scale } from "./scale";
import { useWidth } from "./useWidth";

export interface LineChartProps extends ChartProps {
  readonly area?: boolean;
}

export function LineChart({ area = false, height = 200, ...chart }: LineChartProps): ReactNode {
  const [box, width] = useWidth<HTMLDivElement>();
  const { labels, series } = chart;
  const values = series.flatMap((each) => each.values.map(drawn)).filter((value) => value !== null);
  const ticks = ticksOf(values);
  const y = linear([ticks[0] ?? 0, ticks.at(-1) ?? 1], [height - MARGIN.bottom, MARGIN.top]);
  const x = linear([0, Math.max(1, labels.length - 1)], [MARGIN.left, width - MARGIN.right]);
  const { at, handlers } = usePointed((pixel) => nearest(pixel, width, labels.length));
  return (
    <Frame {...chart}>
      {(labelledBy) => (
        <div className={styles.canvas} ref={box}>
          <svg role="img" aria-labelledby={labelledBy} width={width} height={height} {...handlers}>
            <Axes {...{ width, height, ticks, y, labels, x }} />
            {series.map((each, index) => (
              <Line key={each.name} series={each} index={index} x={x} y={y} shaded={area && index === 0} />
            ))}
            {at !== null && (
              <line className={styles.pointer} x1={x(at)} x2={x(at)} y1={MARGIN.top} y2={height - MARGIN.bottom} />
            )}
          </svg>
          {at !== null && <Readout at={at} x={x(at)} width={width} {...chart} />}
        </div>
      )}
    </Frame>
  );
}

interface LineProps {
  readonly series: Series;
  readonly index: number;
  readonly x: Scale;
  readonly y: Scale;
  readonly shaded: boolean;
}

function Line({ series, index, x, y, shaded }: LineProps): ReactNode {
  const points = series.values.map((value, place) => {
    const number = drawn(value);
    return number === null ? null : ([x(place), y(number)] as const);
  });
  const known = points.filter((point) => point !== null);
  const last = known.at(-1);
  const first = known[0];
  if (first === undefined || last === undefined) return null;
  return (
    <g style={colourOf(series, index)}>
      {shaded && <path className={styles.area} d={`${linePath(known)}L${last[0]} ${y(0)}L${first[0]} ${y(0)}Z`} />}
      <path className={styles.line} d={linePath(points)} />
      <circle className={styles.end} cx={last[0]} cy={last[1]} r={3.5} />
    </g>
  );
}

/** The label whose place is nearest to a pixel. */
function nearest(pixel: number, width: number, count: number): number {
  const share = (pixel - MARGIN.left) / Math.max(1, width - MARGIN.left - MARGIN.right);
  return Math.min(count - 1, Math.max(0, Math.round(share * (count - 1))));
}
