/** Figures that move: they glow for a moment when they change, and are said at most every five seconds. */
import { type ReactNode, useEffect, useRef, useState, useSyncExternalStore } from "react";

import { announcer } from "./announcer";
import styles from "./LiveNumber.module.css";
import { number } from "./words";

export interface LiveNumberProps {
  /** A count, or a figure that is already in words, such as "23.4 %". */
  value: number | string | null | undefined;
  /** What it is, said with it when it moves; without one it moves in silence. */
  label?: string;
}

/** Counts how often a figure changed since it came into sight. */
function useChanges(shown: string, label: string | undefined): number {
  const before = useRef(shown);
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    if (before.current === shown) return;
    const wasThere = before.current !== "–";
    before.current = shown;
    if (!wasThere) return;
    setChanges((times) => times + 1);
    if (label) announcer.announce(label, `${label}: ${shown}`);
  }, [shown, label]);
  return changes;
}

export function LiveNumber({ value, label }: LiveNumberProps): ReactNode {
  const shown = value === null || value === undefined ? "–" : typeof value === "number" ? number(value) : value;
  const changes = useChanges(shown, label);
  return (
    // A new key starts the glow anew each time.
    <span key={changes} className={changes > 0 ? `${styles.figure} ${styles.moved}` : styles.figure}>
      {shown}
    </span>
  );
}

export interface MoneyShape {
  amount?: string;
  formatted: string;
}

/** "KES 18,336.00" with the currency stepping back behind the figure. */
export function Money({ money }: { money: MoneyShape | null | undefined }): ReactNode {
  if (!money) return "–";
  const [sign, currency, figure] = parts(money.formatted);
  return (
    <span className={styles.figure}>
      {sign}
      <span className={styles.currency}>{currency}</span>
      {figure}
    </span>
  );
}

function parts(formatted: string): [sign: string, currency: string, figure: string] {
  const found = /^([-−]?)([A-Z]{3})\s+(.*)$/.exec(formatted);
  if (!found) return ["", "", formatted];
  return [found[1]!, `${found[2]!} `, found[3]!];
}

/** An amount that moves. */
export function LiveMoney({ money, label }: { money: MoneyShape | null | undefined; label?: string }): ReactNode {
  const changes = useChanges(money?.formatted ?? "–", label);
  return (
    <span key={changes} className={changes > 0 ? styles.moved : undefined}>
      <Money money={money} />
    </span>
  );
}

/** The one place of the page that says what moved; the shell has it. */
export function LiveRegion(): ReactNode {
  const said = useSyncExternalStore(announcer.subscribe, announcer.get);
  return (
    <div className="unseen" aria-live="polite" aria-atomic="true" data-live-region="">
      {said}
    </div>
  );
}
