/** A figure beside that of the time before: by how much it moved, in words. */
import { percent } from "@/kit/words";

/** Such as "12.5 % more than before"; nothing where there is nothing to compare with. */
export function changeInWords(now: string, before: string | null | undefined): string {
  const [to, from] = [Number(now), Number(before ?? 0)];
  if (from === 0) return to === 0 ? "as before" : "nothing before";
  const share = (to - from) / Math.abs(from);
  if (Math.abs(share) < 0.0005) return "as before";
  // Beyond that a percentage says less than the figure itself.
  if (Math.abs(share) > 10 || from < 0) return share > 0 ? "more than before" : "less than before";
  return `${percent(Math.abs(share))} ${share > 0 ? "more" : "less"} than before`;
}

/** The days from `from` to `to`, both among them, as the API writes days. */
export function daysBetween(from: string, to: string): string[] {
  const days: string[] = [];
  const last = Date.parse(`${to}T00:00:00Z`);
  for (let at = Date.parse(`${from}T00:00:00Z`); at <= last; at += 86_400_000)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}

/** The months of those days, such as "2026-11". */
export function monthsBetween(from: string, to: string): string[] {
  return [...new Set(daysBetween(from, to).map((day) => day.slice(0, 7)))];
}
