/** What the pointer is on: a line through the drawing and the values of that place beside it. */
import { useState, type PointerEvent, type ReactNode } from "react";

import styles from "./charts.module.css";
import { colourOf, type ChartProps } from "./Frame";

interface Pointed {
  readonly at: number | null;
  readonly handlers: {
    onPointerMove(event: PointerEvent<SVGSVGElement>): void;
    onPointerLeave(): void;
  };
}

/** Follows the pointer to the nearest of the places; null while it is elsewhere. */
export function usePointed(place: (x: number) => number): Pointed {
  const [at, setAt] = useState<number | null>(null);
  return {
    at,
    handlers: {
      onPointerMove: (event) => setAt(place(event.clientX - event.currentTarget.getBoundingClientRect().left)),
      onPointerLeave: () => setAt(null),
    },
  };
}

interface ReadoutProps extends Pick<ChartProps, "labels" | "series" | "format"> {
  readonly at: number;
  readonly x: number;
  readonly width: number;
}

export function Readout({ at, x, width, labels, series, format }: ReadoutProps): ReactNode {
  const side = x > width / 2 ? { right: width - x + 12 } : { left: x + 12 };
  return (
    <div className={styles.readout} style={side} aria-hidden="true">
      <strong>{labels[at]}</strong>
      {series.map((each, index) => {
        const value = each.values[at];
        return value === null || value === undefined ? null : (
          <span key={each.name} style={colourOf(each, index)}>
            <span className={styles.swatch} /> {series.length > 1 && `${each.name} `}
            {format(value)}
          </span>
        );
      })}
    </div>
  );
}
