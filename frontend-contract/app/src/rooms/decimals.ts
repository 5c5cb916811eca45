/** Exact arithmetic with decimal strings that forms need while people type: a portion of an amount, quantity times price. */

/** A decimal as a whole number of its smallest digits. */
interface Scaled {
  readonly units: bigint;
  readonly digits: number;
}

function scaled(value: string): Scaled {
  const [whole = "0", fraction = ""] = value.split(".");
  return { units: BigInt(whole + fraction), digits: fraction.length };
}

function written(units: bigint, digits: number): string {
  const sign = units < 0n ? "-" : "";
  const text = (units < 0n ? -units : units).toString().padStart(digits + 1, "0");
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** What people type has spaces and thousands separators in it; a decimal has none. */
export function plainAmount(text: string): string {
  return text.replace(/[\s,']/g, "");
}

const DECIMAL = /^\d{1,15}(\.\d{1,3})?$/;

/** Whether a text is a decimal above zero with at most so many decimals. */
export function isPositive(text: string, decimals = 2): boolean {
  return DECIMAL.test(text) && (text.split(".")[1] ?? "").length <= decimals && scaled(text).units > 0n;
}

/** So many parts of an amount, rounded down to whole units where it is larger than one. */
export function portion(amount: string, parts: number, of: number): string {
  if (parts === of) return amount;
  const { units, digits } = scaled(amount);
  const share = (units * BigInt(parts)) / BigInt(of);
  const unit = 10n ** BigInt(digits);
  return written(share >= unit ? (share / unit) * unit : share, digits);
}

/** Quantity times price, rounded half up to two decimals. */
export function times(quantity: string, price: string): string {
  const left = scaled(quantity);
  const right = scaled(price);
  const surplus = left.digits + right.digits - 2;
  const product = left.units * right.units;
  if (surplus <= 0) return written(product * 10n ** BigInt(-surplus), 2);
  const unit = 10n ** BigInt(surplus);
  return written((product + unit / 2n) / unit, 2);
}

/** -1, 0 or 1 as the first is less than, equal to or more than the second. */
export function compare(first: string, second: string): -1 | 0 | 1 {
  const left = scaled(first);
  const right = scaled(second);
  const difference = left.units * 10n ** BigInt(right.digits) - right.units * 10n ** BigInt(left.digits);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The smaller of two decimals. */
export function least(first: string, second: string): string {
  return compare(first, second) <= 0 ? first : second;
}

/** A percentage as a factor, exactly. */
export function hundredth(percent: string): string {
  const [whole = "0", fraction = ""] = percent.split(".");
  const digits = whole.padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}${fraction}`;
}
