/** One query's answer: asked, kept, and kept right by feeds. */
import { DaftariError, createStore, type Store } from "../index.ts";
import { keyOfLive, type LiveFeed } from "./live.ts";
import type { Followed, SharedFeeds } from "./shared-feeds.ts";

export interface AnswerState<T> {
  readonly data: T | undefined;
  readonly error: DaftariError | undefined;
  /** Being asked, for the first time or again. */
  readonly loading: boolean;
  readonly updatedAt: Date | undefined;
}

/** Components that come within this time share what the first one asked. */
const FRESH_MS = 1_000;
/** Items that come close together have the query asked once. */
const REFETCH_AFTER_MS = 150;
const ASK_AGAIN_AFTER_MS = 5_000;

interface Live {
  readonly feed: LiveFeed<unknown>;
  /** How many components want it. */
  wanted: number;
  followed?: Followed | undefined;
}

export class Answer<T> {
  readonly state: Store<AnswerState<T>>;
  private readonly store = createStore<AnswerState<T>>({
    data: undefined,
    error: undefined,
    loading: false,
    updatedAt: undefined,
  });
  private readonly ask: () => Promise<T>;
  private readonly feeds: SharedFeeds;
  private readonly watched: (wanted: boolean) => void;
  private readonly live = new Map<string, Live>();
  private asking: Promise<void> | undefined;
  private askedAt = 0;
  private wantedAgain = false;
  private listeners = 0;
  private due: ReturnType<typeof setTimeout> | undefined;
  private trouble: ReturnType<typeof setTimeout> | undefined;
  /** What feeds have told since the question was sent: the answer may not know it yet. */
  private meanwhile: { readonly live: Live; readonly item: unknown }[] = [];

  constructor(ask: () => Promise<T>, feeds: SharedFeeds, watched: (wanted: boolean) => void) {
    this.ask = ask;
    this.feeds = feeds;
    this.watched = watched;
    this.state = { get: this.store.get, subscribe: (listener) => this.listen(listener) };
  }

  /** Asks, unless it was asked a moment ago. */
  revalidate(): void {
    if (this.asking || (this.store.get().updatedAt && Date.now() - this.askedAt < FRESH_MS)) return;
    void this.refetch();
  }

  /** Asks anew: what is on its way was asked too early. Resolves when that is answered, well or not. */
  refetch(): Promise<void> {
    clearTimeout(this.trouble);
    clearTimeout(this.due);
    this.due = undefined;
    if (this.asking) {
      this.wantedAgain = true;
      return this.asking;
    }
    this.asking = this.askUntilRight().finally(() => (this.asking = undefined));
    return this.asking;
  }

  connectionReturned(): void {
    if (this.listeners && this.store.get().error?.kind === "network") this.refetchSoon();
  }

  /** These feeds keep the answer right until the returned function is called. */
  follow(feeds: readonly LiveFeed<T>[]): () => void {
    const keys = feeds.map((feed) => this.want(feed as LiveFeed<unknown>));
    return () => keys.forEach((key) => this.release(key));
  }

  private listen(listener: () => void): () => void {
    const stop = this.store.subscribe(listener);
    this.listeners += 1;
    this.watched(true);
    return () => {
      stop();
      this.listeners -= 1;
      if (!this.listeners) this.watched(false);
    };
  }

  private async askUntilRight(): Promise<void> {
    do {
      this.wantedAgain = false;
      this.meanwhile = [];
      this.askedAt = Date.now();
      this.store.set({ ...this.store.get(), loading: true });
      try {
        this.answered(await this.ask());
      } catch (problem) {
        this.failed(asDaftariError(problem));
      }
    } while (this.wantedAgain);
  }

  private answered(answer: T): void {
    let data = answer;
    for (const { live, item } of this.meanwhile) data = (live.feed.update?.(data, item) as T | undefined) ?? data;
    this.store.set({ data, error: undefined, loading: false, updatedAt: new Date() });
    for (const live of this.live.values()) if (!live.followed) this.open(live, afterOf(answer));
  }

  /**
   * Somebody looks at it, so what failed for want of a connection is asked again, unless the connection says first that
   * it is back.
   */
  private failed(error: DaftariError): void {
    this.store.set({ ...this.store.get(), error, loading: false });
    if (error.kind !== "network") return;
    this.trouble = setTimeout(() => {
      if (this.listeners) void this.refetch();
    }, ASK_AGAIN_AFTER_MS);
  }

  /** Not put off by what comes meanwhile: a feed that never rests would have it never asked. */
  private refetchSoon(): void {
    this.due ??= setTimeout(() => void this.refetch(), REFETCH_AFTER_MS);
  }

  private want(feed: LiveFeed<unknown>): string {
    const key = keyOfLive(feed as LiveFeed<never>);
    const known = this.live.get(key);
    if (known) {
      known.wanted += 1;
      return key;
    }
    const live: Live = { feed, wanted: 1 };
    this.live.set(key, live);
    // One that is open is joined before the question is sent. Else the answer says where the feed is to begin.
    const { data } = this.store.get();
    if (this.feeds.isOpen(feed.document, (feed.variables ?? {}) as never) || data !== undefined)
      this.open(live, afterOf(data));
    return key;
  }

  private release(key: string): void {
    const live = this.live.get(key);
    if (!live || --live.wanted) return;
    this.live.delete(key);
    live.followed?.leave();
  }

  /**
   * `after` is the place in the log that the answer holds; without it the query is asked again once the feed is open.
   */
  private open(live: Live, after: string | undefined): void {
    const openedAt = Date.now();
    const { document, variables = {} } = live.feed;
    live.followed = this.feeds.follow(
      document,
      variables as never,
      {
        onItem: (item) => this.heard(live, item),
        onReady: ({ recovered }) => {
          if (!recovered) this.refetchSoon();
        },
        onResync: () => this.refetchSoon(),
        onError: () => undefined,
        onEnd: () => (live.followed = undefined),
      },
      after,
    );
    // Nobody knows since when an open feed has been told to others; what was asked before is asked again.
    if (live.followed.joined && this.store.get().data !== undefined && this.askedAt < openedAt) this.refetchSoon();
  }

  private heard(live: Live, item: unknown): void {
    const state = this.store.get();
    if (!live.feed.update) return this.refetchSoon();
    if (this.asking) this.meanwhile.push({ live, item });
    if (state.data === undefined) return;
    const data = live.feed.update(state.data, item) as T | undefined;
    if (data === undefined) this.refetchSoon();
    else this.store.set({ ...state, data, updatedAt: new Date() });
  }
}

/** Queries that are joined with feeds ask for `asOf`, read before the data. */
function afterOf(data: unknown): string | undefined {
  const asOf = (data as { asOf?: unknown } | null | undefined)?.asOf;
  return typeof asOf === "string" ? asOf : undefined;
}

function asDaftariError(problem: unknown): DaftariError {
  if (problem instanceof DaftariError) return problem;
  return new DaftariError(String(problem), { kind: "invalid", code: "PROGRAM_ERROR", cause: problem });
}
