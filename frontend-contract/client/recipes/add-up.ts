import { money, type Money } from "@daftari/client";

/** The total as people read it; the largest first. Amounts are decimal strings and stay exact. */
export function statement(entries: readonly Money[], currency: string): { lines: string[]; total: string } {
  const sorted = [...entries].sort((a, b) => money.compare(b.amount, a.amount));
  const total = money.sum(entries.map(({ amount }) => amount));
  return { lines: sorted.map((entry) => money.format(entry)), total: money.format({ amount: total, currency }) };
}
