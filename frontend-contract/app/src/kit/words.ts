/** How the house says things: names of values as words, instants and days as people in Kenya write them. */

const LOCALE = "en-KE";

/** Short forms that stay as they are when a name becomes words. */
const KEPT = new Set(["KYC", "FX", "SMS", "ID", "EMI", "P&L", "CSV", "XLSX", "PDF", "DTI", "NPL", "PAR", "FSN", "ABC"]);

/** Names that are written in a way of their own. */
const NAMES: Readonly<Record<string, string>> = { mpesa: "M-Pesa" };

/** PENDING_APPROVAL becomes "Pending approval", and lowStock "Low stock". */
export function humanise(name: string): string {
  const spaced = name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replaceAll(/[_.]+/g, " ")
    .trim();
  const words = spaced
    .split(/\s+/)
    .map((word) => (KEPT.has(word.toUpperCase()) ? word.toUpperCase() : word.toLowerCase()))
    .map((word) => NAMES[word] ?? word);
  const sentence = words.join(" ");
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

const dayFormat = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const shortDayFormat = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short", timeZone: "UTC" });
const monthFormat = new Intl.DateTimeFormat(LOCALE, { month: "short", year: "numeric", timeZone: "UTC" });
const instantFormat = new Intl.DateTimeFormat(LOCALE, {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  hour12: false,
});
const clockFormat = new Intl.DateTimeFormat(LOCALE, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hour12: false,
});
const numberFormat = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 2 });

/** A calendar day such as "2026-11-21", without any time zone. */
export function day(on: string): string {
  return dayFormat.format(new Date(`${on}T00:00:00Z`));
}

export function shortDay(on: string): string {
  return shortDayFormat.format(new Date(`${on}T00:00:00Z`));
}

export function month(on: string): string {
  return monthFormat.format(new Date(`${on}T00:00:00Z`));
}

/** An instant on the reader's clock: "21 Nov, 14:02". */
export function instant(at: string | Date): string {
  return instantFormat.format(new Date(at));
}

/** "14:02:09" on the reader's clock. */
export function clock(at: string | Date): string {
  return clockFormat.format(new Date(at));
}

export function number(value: number | string): string {
  return numberFormat.format(Number(value));
}

/** A share of one, such as 0.2345 or "0.2345", in percent. */
export function percent(share: number | string | null | undefined, digits = 1): string {
  if (share === null || share === undefined) return "–";
  return `${(Number(share) * 100).toLocaleString(LOCALE, { maximumFractionDigits: digits })} %`;
}

/** What is in percent already, such as "80.00", without the zeros that say nothing. */
export function inPercent(value: number | string): string {
  return `${number(value)} %`;
}

/** "1 loan", "3 loans"; plurals that are not made by an s are given. */
export function count(amount: number, one: string, many = `${one}s`): string {
  return `${number(amount)} ${amount === 1 ? one : many}`;
}

const RELATIVE: readonly [limitS: number, unit: Intl.RelativeTimeFormatUnit, perUnitS: number][] = [
  [45, "second", 1],
  [45 * 60, "minute", 60],
  [22 * 3600, "hour", 3600],
  [45 * 86_400, "day", 86_400],
];
const relativeFormat = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto", style: "short" });

/** "3 min ago", "in 2 days", seen from `now`; what is far away is the day itself. */
export function relative(at: string | Date, now: Date = new Date()): string {
  const distanceS = (new Date(at).getTime() - now.getTime()) / 1000;
  if (Math.abs(distanceS) < 10) return "just now";
  const step = RELATIVE.find(([limit]) => Math.abs(distanceS) < limit);
  if (!step) return dayFormat.format(new Date(at));
  return relativeFormat.format(Math.round(distanceS / step[2]), step[1]);
}

/** Today as the books count days, which is by UTC wherever somebody looks at them. */
export function today(now: Date = new Date()): string {
  return now.toISOString().slice(0, 10);
}

/** A day so many days later (or earlier). */
export function daysAfter(on: string, days: number): string {
  const at = new Date(`${on}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** The API's messages begin small, as they may stand inside others. */
export function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
