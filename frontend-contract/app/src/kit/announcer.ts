/**
 * Says to screen readers what moved, politely and at most every five seconds: what moves more often is said once, as it
 * is by then. One region of the page (see LiveRegion) speaks for all.
 */

/** How long somebody who listens is left in peace between two announcements. */
export const QUIET_MS = 5_000;

export interface Announcer {
  /** Says `text` in place of whatever is still to be said of `subject`. */
  announce(subject: string, text: string): void;
  subscribe(listener: () => void): () => void;
  /** What is being said. */
  get(): string;
}

interface Timing {
  now(): number;
  later(act: () => void, delayMs: number): void;
}

const realTiming: Timing = { now: () => Date.now(), later: (act, delayMs) => void setTimeout(act, delayMs) };

export function createAnnouncer(timing: Timing = realTiming): Announcer {
  const waiting = new Map<string, string>();
  const listeners = new Set<() => void>();
  let said = "";
  let quietUntil = 0;
  let scheduled = false;

  function speak(): void {
    scheduled = false;
    said = [...waiting.values()].join(". ");
    waiting.clear();
    quietUntil = timing.now() + QUIET_MS;
    listeners.forEach((listener) => listener());
  }

  return {
    announce(subject, text) {
      waiting.set(subject, text);
      if (scheduled) return;
      scheduled = true;
      // Even the first waits a moment, so that figures of one event are said together.
      timing.later(speak, Math.max(100, quietUntil - timing.now()));
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get: () => said,
  };
}

export const announcer: Announcer = createAnnouncer();
