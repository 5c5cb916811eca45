/** Amounts of one currency as charts and forms write them. */
import { money } from "@daftari/client";

/** Writes decimal amounts of a currency: "KES 1,250.00". */
export function inCurrency(currency: string): (value: string | number) => string {
  return (value) => money.format({ amount: String(value), currency });
}

/** How far something is paid, in percent, from the amounts themselves; zero of nothing is all of it. */
export function sharePaid(paid: string, left: string): number {
  const total = Number(paid) + Number(left);
  return total === 0 ? 100 : (Number(paid) / total) * 100;
}
