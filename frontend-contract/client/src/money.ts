/**
 * Money as the API writes it: decimal strings, added and compared exactly.
 *
 * A binary floating-point number cannot hold 0.10, so none is used, not even to show an amount.
 */

export interface Money {
  readonly amount: string;
  readonly currency: string;
}

interface Parsed {
  readonly units: bigint;
  readonly scale: number;
}

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?$/;

function parsed(amount: string): Parsed {
  const found = DECIMAL.exec(amount);
  if (!found) throw new TypeError(`"${amount}" is not a decimal amount`);
  const [, sign, whole, fraction = ""] = found;
  const units = BigInt(`${whole}${fraction}`);
  return { units: sign === "-" ? -units : units, scale: fraction.length };
}

function written({ units, scale }: Parsed): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = scale ? `.${digits.slice(digits.length - scale)}` : "";
  return `${units < 0n ? "-" : ""}${whole}${fraction}`;
}

/** Both with as many decimals as the one that has more. */
function aligned(a: string, b: string): [bigint, bigint, number] {
  const [left, right] = [parsed(a), parsed(b)];
  const scale = Math.max(left.scale, right.scale);
  return [left.units * 10n ** BigInt(scale - left.scale), right.units * 10n ** BigInt(scale - right.scale), scale];
}

export function add(a: string, b: string): string {
  const [left, right, scale] = aligned(a, b);
  return written({ units: left + right, scale });
}

export function subtract(a: string, b: string): string {
  const [left, right, scale] = aligned(a, b);
  return written({ units: left - right, scale });
}

export function negate(amount: string): string {
  const { units, scale } = parsed(amount);
  return written({ units: -units, scale });
}

/** Negative, zero or positive, as `sort` wants it. */
export function compare(a: string, b: string): -1 | 0 | 1 {
  const [left, right] = aligned(a, b);
  return left < right ? -1 : left > right ? 1 : 0;
}

export function isZero(amount: string): boolean {
  return parsed(amount).units === 0n;
}

export function sum(amounts: Iterable<string>): string {
  let total = "0";
  for (const amount of amounts) total = add(total, amount);
  return total;
}

/** For people, with as many decimals as the currency has, or more where the amount has more: `KES 1,250.50`. */
export function format(money: Money, locale = "en-KE"): string {
  const { units, scale } = parsed(money.amount);
  const style = { style: "currency", currency: money.currency, currencyDisplay: "code" } as const;
  const decimals = new Intl.NumberFormat(locale, style).resolvedOptions().maximumFractionDigits ?? 2;
  const significant = scale - trailingZeros(units, scale);
  const formatter = new Intl.NumberFormat(locale, {
    ...style,
    minimumFractionDigits: decimals,
    maximumFractionDigits: Math.max(decimals, significant),
  });
  // Formatters read a decimal string digit by digit; the type says so only for literals. The space is one that does not
  // break.
  return formatter.format(money.amount as `${number}`);
}

function trailingZeros(units: bigint, scale: number): number {
  let zeros = 0;
  for (let rest = units; zeros < scale && rest % 10n === 0n; rest /= 10n) zeros += 1;
  return zeros;
}
