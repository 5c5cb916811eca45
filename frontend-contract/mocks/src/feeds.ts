/**
 * Feeds that follow a script: what a test says happens is told to everybody who follows the feed, in order, with cursors that a client
 * can resume from, as the server's own are.
 */

/** An item of a feed, as its event type says it; what is left out is made up. */
export type Said = Record<string, unknown>;

interface Told {
  readonly position: number;
  readonly item: Said;
}

type Listener = (told: Told) => void;

export class Feeds {
  private readonly logs = new Map<string, Told[]>();
  private readonly listeners = new Map<string, Set<Listener>>();
  private position = 0;
  /** What lies before this was forgotten, as by a server that keeps thirty days. */
  private forgottenUpTo = 0;

  /** Something happens. `type` is the item's type in the schema, such as `WalletBalanceChanged`. */
  tell(feed: string, type: string, said: Said = {}): string {
    this.position += 1;
    const told = { position: this.position, item: { occurredAt: new Date().toISOString(), ...said, __typename: type, cursor: this.cursor() } };
    this.logs.set(feed, [...(this.logs.get(feed) ?? []), told]);
    this.listeners.get(feed)?.forEach((listener) => listener(told));
    return told.item.cursor;
  }

  /** From here on nobody can resume from an earlier cursor. */
  forget(): void {
    this.forgottenUpTo = this.position;
  }

  /** The present, as `asOf` says it. */
  cursor(): string {
    return `cursor-${this.position}`;
  }

  /** One follower's stream: where it begins, what it has missed, and then whatever happens. */
  async *follow(feed: string, after: string | null | undefined): AsyncGenerator<Said> {
    const waiting: Told[] = [];
    let wake = (): void => undefined;
    const listener: Listener = (told) => {
      waiting.push(told);
      wake();
    };
    const listeners = this.listeners.get(feed) ?? new Set();
    this.listeners.set(feed, listeners.add(listener));
    try {
      // All of it is decided now: what happens while it is being told waits its turn.
      yield* [...this.greeting(feed, after)];
      for (;;) {
        for (const told of waiting.splice(0)) yield told.item;
        if (waiting.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      listeners.delete(listener);
    }
  }

  private *greeting(feed: string, after: string | null | undefined): Generator<Said> {
    const present = this.cursor();
    const from = after == null ? undefined : Number(after.replace("cursor-", ""));
    if (from === undefined) {
      yield { __typename: "Ready", cursor: present, recovered: false };
    } else if (!Number.isInteger(from) || from < this.forgottenUpTo) {
      yield { __typename: "Ready", cursor: present, recovered: false };
      yield { __typename: "ResyncRequired", cursor: present, reason: "TOO_OLD" };
    } else {
      const missed = (this.logs.get(feed) ?? []).filter(({ position }) => position > from);
      yield { __typename: "Ready", cursor: after, recovered: true };
      for (const { item } of missed) yield item;
      yield { __typename: "CaughtUp", cursor: present };
    }
  }
}
