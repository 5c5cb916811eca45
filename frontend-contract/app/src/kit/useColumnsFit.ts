/** Whether a table has room for its columns. What stands in them decides it, so it is measured instead of guessed from the window. */
import { type RefObject, useLayoutEffect, useRef, useState } from "react";

/** Narrower than this, rows are lists whatever stands in them; and so they are where columns would be this narrow on average. */
const LEAST_REM = 22;
const COLUMN_REM = 6;

interface Fit {
  /** Of the element around the table, which is as wide as there is room. */
  readonly room: RefObject<HTMLDivElement | null>;
  readonly fits: boolean;
}

export function useColumnsFit(columns: number): Fit {
  const room = useRef<HTMLDivElement>(null);
  const [fits, setFits] = useState(true);
  /** How many pixels the columns needed when they were last seen. */
  const needed = useRef(0);
  const measure = useRef<(around: HTMLDivElement) => void>(() => undefined);
  // Before the eye sees them: what has come into the rows may need more than what was there.
  useLayoutEffect(() => {
    measure.current = (around) => {
      const { clientWidth: there, scrollWidth: taken } = around;
      if (fits) needed.current = Math.max(rem() * Math.max(LEAST_REM, columns * COLUMN_REM), taken > there ? taken : 0);
      setFits(there >= needed.current);
    };
    measure.current(room.current!);
  });
  useLayoutEffect(() => {
    const around = room.current!;
    const widths = (): string => `${around.clientWidth} ${around.scrollWidth}`;
    let before = widths();
    const observer = new ResizeObserver(() => {
      if (widths() === before) return;
      before = widths();
      measure.current(around);
    });
    observer.observe(around);
    observer.observe(around.firstElementChild!);
    return () => observer.disconnect();
  }, []);
  return { room, fits };
}

function rem(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}
