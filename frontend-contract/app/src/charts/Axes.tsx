/** The quiet lines of a chart: round numbers on the left with a line each, labels along the bottom. */
import type { ReactNode } from "react";

import styles from "./charts.module.css";
import { compact, shownLabels, type Scale } from "./scale";

/** The room around what is drawn, in pixels. */
export const MARGIN = { top: 8, right: 8, bottom: 24, left: 44 } as const;

const LABEL_ROOM = 58;

interface AxesProps {
  readonly width: number;
  readonly height: number;
  readonly ticks: readonly number[];
  readonly y: Scale;
  readonly labels: readonly string[];
  /** The middle of the label's place. */
  readonly x: (index: number) => number;
}

export function Axes({ width, height, ticks, y, labels, x }: AxesProps): ReactNode {
  const shown = shownLabels(labels.length, width - MARGIN.left - MARGIN.right, LABEL_ROOM);
  return (
    <g className={styles.axes} aria-hidden="true">
      {ticks.map((tick) => (
        <g key={tick}>
          <line
            className={tick === 0 ? styles.zero : styles.grid}
            x1={MARGIN.left}
            x2={width - MARGIN.right}
            y1={y(tick)}
            y2={y(tick)}
          />
          <text x={MARGIN.left - 8} y={y(tick)} dy="0.32em" textAnchor="end">
            {compact(tick)}
          </text>
        </g>
      ))}
      {labels.map(
        (label, index) =>
          shown.has(index) && (
            <text key={`${index}${label}`} x={kept(x(index), width)} y={height - 6} textAnchor="middle">
              {label}
            </text>
          ),
      )}
    </g>
  );
}

/** A label at the edge is moved in, so that none of it is cut off. */
function kept(place: number, width: number): number {
  return Math.min(place, width - LABEL_ROOM / 2 + 6);
}
