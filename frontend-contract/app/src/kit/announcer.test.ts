/** Who listens hears each figure as it is last, and is left in peace in between. */
import { describe, expect, it } from "vitest";

import { createAnnouncer, QUIET_MS } from "./announcer";

function clocked() {
  let now = 1_000_000;
  let waiting: [act: () => void, at: number][] = [];
  const heard: [text: string, at: number][] = [];
  const announcer = createAnnouncer({
    now: () => now,
    later: (act, delayMs) => void waiting.push([act, now + delayMs]),
  });
  announcer.subscribe(() => heard.push([announcer.get(), now]));
  const pass = (ms: number): void => {
    const until = now + ms;
    for (const [act, at] of waiting.filter(([, at]) => at <= until)) {
      now = at;
      waiting = waiting.filter(([other]) => other !== act);
      act();
    }
    now = until;
  };
  return { announcer, heard, pass };
}

describe("announcements", () => {
  it("are made soon when it was quiet before", () => {
    const { announcer, heard, pass } = clocked();
    announcer.announce("balance", "Balance KES 10");
    pass(200);
    expect(heard.map(([text]) => text)).toEqual(["Balance KES 10"]);
  });

  it("say several figures of one moment together, each as it is last", () => {
    const { announcer, heard, pass } = clocked();
    announcer.announce("balance", "Balance KES 10");
    announcer.announce("held", "Held KES 1");
    announcer.announce("balance", "Balance KES 12");
    pass(200);
    expect(heard.map(([text]) => text)).toEqual(["Balance KES 12. Held KES 1"]);
  });

  it("are five seconds apart however often something moves", () => {
    const { announcer, heard, pass } = clocked();
    for (let tick = 0; tick < 200; tick += 1) {
      announcer.announce("count", `${tick} sold`);
      pass(100);
    }
    const gaps = heard.slice(1).map(([, at], index) => at - heard[index]![1]);
    expect(gaps.length).toBeGreaterThan(2);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(QUIET_MS);
  });
});
