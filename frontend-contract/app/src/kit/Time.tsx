/** Instants and days as people read them; the exact one is there on hovering. */
import { type ReactNode, useEffect, useState } from "react";

import { day, instant, relative } from "./words";

/** An instant, as the clock says or as its distance ("3 min ago"), which goes on by itself. */
export function Time({ at, ago = false }: { at: string | null | undefined; ago?: boolean }): ReactNode {
  const now = useNow(ago);
  if (!at) return "–";
  return (
    <time dateTime={at} title={instant(at)} className="number">
      {ago ? relative(at, now) : instant(at)}
    </time>
  );
}

export function Day({ on }: { on: string | null | undefined }): ReactNode {
  if (!on) return "–";
  return (
    <time dateTime={on} className="number">
      {day(on)}
    </time>
  );
}

/** The present, half a minute fine. */
function useNow(moving: boolean): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    if (!moving) return;
    const timer = setInterval(() => setNow(new Date()), 30_000);
    return () => clearInterval(timer);
  }, [moving]);
  return now;
}
