/** The arithmetic of a chart: where a value lies, which round numbers stand beside it, and how long text is cut short. */

/** Maps a span of values onto a span of pixels. A span of no length maps onto the middle. */
export interface Scale {
  (value: number): number;
  readonly domain: readonly [number, number];
}

export function linear(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [low, high] = domain;
  const [start, end] = range;
  const place = (value: number): number =>
    high === low ? (start + end) / 2 : start + ((value - low) / (high - low)) * (end - start);
  return Object.assign(place, { domain });
}

/** The step of 1, 2 or 5 times a power of ten that cuts `span` into about `wanted` parts. */
export function roundStep(span: number, wanted: number): number {
  const rough = span / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const fraction = rough / power;
  const factor = [1, 2, 5, 10].find((each) => fraction <= each * 1.0001) ?? 10;
  return factor * power;
}

/** Round numbers that take in all values and zero, for an axis that does not lie about sizes. */
export function ticks(values: readonly number[], wanted = 4): number[] {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  if (low === high) return [0, 1];
  const step = roundStep(high - low, wanted);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** Which of `count` labels are shown so that each has `room` pixels; the last is always among them, being the newest. */
export function shownLabels(count: number, width: number, room: number): Set<number> {
  const every = Math.max(1, Math.ceil((count * room) / Math.max(1, width)));
  const shown = new Set<number>();
  for (let index = count - 1; index >= 0; index -= every) shown.add(index);
  return shown;
}

/** What a value is for drawing. Amounts stay decimal strings everywhere else; a pixel needs no more than a float. */
export function drawn(value: string | number | null | undefined): number | null {
  if (value === null || value === undefined) return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** The SVG path through the points; a gap where there is none. */
export function linePath(points: readonly (readonly [number, number] | null)[]): string {
  let drawing = false;
  return points
    .map((point) => {
      if (point === null) {
        drawing = false;
        return "";
      }
      const command = drawing ? "L" : "M";
      drawing = true;
      return `${command}${point[0].toFixed(1)} ${point[1].toFixed(1)}`;
    })
    .join("");
}

/** Shares of a whole in whole percents that add up to 100, by largest remainder. */
export function percents(values: readonly number[]): number[] {
  const total = values.reduce((sum, value) => sum + value, 0);
  if (total <= 0) return values.map(() => 0);
  const exact = values.map((value) => (value / total) * 100);
  const whole = exact.map(Math.floor);
  const missing = 100 - whole.reduce((sum, value) => sum + value, 0);
  const byRemainder = exact
    .map((value, index) => [value - (whole[index] ?? 0), index] as const)
    .sort((a, b) => b[0] - a[0]);
  for (const [, index] of byRemainder.slice(0, missing)) whole[index] = (whole[index] ?? 0) + 1;
  return whole;
}

const COMPACT = new Intl.NumberFormat("en-KE", { notation: "compact", maximumFractionDigits: 1 });

/** 1,250,000 as 1.3M: what stands beside an axis. */
export function compact(value: number): string {
  return COMPACT.format(value);
}
