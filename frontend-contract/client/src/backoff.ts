/** How long to wait before trying again: longer after each failure, and never in step with other clients. */

const FIRST_MS = 500;
const LONGEST_MS = 20_000;

/** `failures` counts from 1. */
export function backoffMs(failures: number, atLeastMs = 0): number {
  const wait = Math.min(FIRST_MS * 2 ** Math.min(failures - 1, 10), LONGEST_MS);
  return Math.max(atLeastMs, wait) * (0.5 + Math.random() / 2);
}
