/**
 * A feed that loses nothing: it keeps the cursor of the last item it gave away, and after every cut it is opened anew
 * from there.
 */
import { backoffMs } from "./backoff.ts";
import { isResumable, partOf, type Document, type DocumentPart } from "./documents.ts";
import { DaftariError, errorOf, type GraphQLErrorLike } from "./errors.ts";
import { host, later, rethrowApart, type Timer } from "./host.ts";
import type { Link, Member } from "./link.ts";
import { Repeats } from "./repeats.ts";
import type { Session } from "./session.ts";
import type { Socket } from "./socket.ts";
import { createStore, type Store } from "./store.ts";

interface Notice {
  readonly __typename?: "Ready" | "CaughtUp" | "ResyncRequired";
}

type FieldOf<T> = T[keyof T & Exclude<keyof T, "__typename">];

/** What `onItem` gets: the items of the document's feed, without the notices that the client takes care of itself. */
export type FeedItemOf<T> = unknown extends T ? unknown : Exclude<FieldOf<T>, Notice>;

/**
 * - `EPOCH_CHANGED`: the server's history was restored or truncated
 * - `TOO_OLD`: the cursor is older than what the server keeps at hand
 * - `INVALID_CURSOR`: the cursor is not of this server
 */
export type ResyncReason = "EPOCH_CHANGED" | "TOO_OLD" | "INVALID_CURSOR";

export interface FeedHandlers<Item> {
  onItem(item: Item, about: { readonly cursor: string }): void;
  /** Open, for the first time or again. `recovered`: all that happened since the last cursor follows. */
  onReady?(about: { readonly recovered: boolean }): void;
  /** What was missed has been told; what follows happens now. Feeds of a state miss nothing, so they do not say it. */
  onCaughtUp?(): void;
  /**
   * What happened since the last cursor cannot be told any more: read the data anew. What happens after `cursor`
   * follows.
   */
  onResync?(about: { readonly reason: ResyncReason; readonly cursor: string | undefined }): void;
  /** The feed has ended for good. */
  onError?(error: DaftariError): void;
  /** The server ended it, or somebody else signed in. Not called after `close()` or `onError`. */
  onEnd?(): void;
}

export interface FeedOptions {
  /** Where to begin: the cursor of an earlier feed, or a query's `asOf`. Without it the feed begins now. */
  readonly after?: string;
}

/**
 * - `opening`: not open yet
 * - `replaying`: open, and what was missed is being told
 * - `live`: what happens is told as it happens
 * - `waiting`: cut off; it goes on from the last cursor
 * - `ended`: over for good
 */
export type FeedStatus = "opening" | "replaying" | "live" | "waiting" | "ended";

export interface Feed {
  readonly cursor: Store<string | undefined>;
  readonly status: Store<FeedStatus>;
  close(): void;
}

interface FeedParts {
  readonly link: Link;
  readonly session: Session;
}

interface WireItem {
  readonly __typename?: string;
  readonly cursor?: string;
  readonly recovered?: boolean;
  readonly reason?: string;
}

/** So often a feed that the server ends with a passing failure is opened again without having been open in between. */
const MOST_FAILURES = 8;

export function openFeed<T, V>(
  parts: FeedParts,
  document: Document<T, V>,
  variables: V,
  handlers: FeedHandlers<FeedItemOf<T>>,
  options: FeedOptions = {},
): Feed {
  const part = partOf(document);
  if (!isResumable(part)) {
    throw new TypeError("a feed's document takes $after: Cursor and passes it on, or nothing could be resumed");
  }
  const feed = new OpenFeed(
    parts,
    part,
    variables as object | undefined,
    handlers as FeedHandlers<unknown>,
    options.after,
  );
  parts.link.join(feed);
  return feed;
}

class OpenFeed implements Feed, Member {
  readonly cursor: ReturnType<typeof createStore<string | undefined>>;
  readonly status = createStore<FeedStatus>("opening");
  private readonly parts: FeedParts;
  private readonly part: DocumentPart;
  private readonly variables: object | undefined;
  private readonly handlers: FeedHandlers<unknown>;
  private readonly repeats = new Repeats();
  private socket: Socket | undefined;
  private stop: (() => void) | undefined;
  /** Counts openings, so that nothing said to an earlier one is taken for this one. */
  private opening = 0;
  private isReady = false;
  /** The server cannot tell what happened since our cursor, and is about to say so. */
  private hasHole = false;
  private replayedFrom: string | undefined;
  private failures = 0;
  private retry: Timer;

  constructor(
    parts: FeedParts,
    part: DocumentPart,
    variables: object | undefined,
    handlers: FeedHandlers<unknown>,
    after: string | undefined,
  ) {
    this.parts = parts;
    this.part = part;
    this.variables = variables;
    this.handlers = handlers;
    const given = (variables as { after?: unknown } | undefined)?.after;
    this.cursor = createStore(after ?? (typeof given === "string" ? given : undefined));
  }

  close(): void {
    this.finish(() => undefined);
  }

  connected(socket: Socket): void {
    this.socket = socket;
    this.open();
  }

  disconnected(): void {
    this.forget();
    this.socket = undefined;
    this.status.set("waiting");
  }

  told(cursor: string): void {
    // Before it is ready, the server knows nothing of this feed, and may have told it nothing.
    if (!this.isReady) return;
    this.advance(cursor);
    this.status.set("live");
  }

  dismissed(error?: DaftariError): void {
    this.finish(() => (error ? this.handlers.onError?.(error) : this.handlers.onEnd?.()));
  }

  private open(): void {
    const socket = this.socket;
    if (!socket) return;
    const opening = ++this.opening;
    const isCurrent = (): boolean => opening === this.opening;
    const after = this.cursor.get() ?? null;
    this.stop = socket.client.subscribe<Record<string, WireItem>>(
      // The types know documents as text only; the protocol lets the id of one stand in its place.
      { ...this.part, variables: { ...this.variables, after } } as {
        query: string;
        variables: Record<string, unknown>;
      },
      {
        next: ({ data, errors }) => {
          if (isCurrent()) this.take(data ? Object.values(data)[0] : undefined, errors);
        },
        error: (problem) => {
          // Anything but a list of errors is about the socket, of which the link tells.
          if (isCurrent() && Array.isArray(problem)) this.failed(errorOf(problem as GraphQLErrorLike[]));
        },
        complete: () => {
          if (isCurrent()) this.finish(() => this.handlers.onEnd?.());
        },
      },
    );
  }

  private take(item: WireItem | undefined, errors: readonly GraphQLErrorLike[] | undefined): void {
    if (!item || errors?.length) return this.failed(errorOf(errors ?? []));
    if (typeof item.cursor !== "string") {
      const words = "every item of a feed needs its cursor: select ... on FeedItem { cursor }";
      return this.failed(new DaftariError(words, { kind: "invalid", code: "NO_CURSOR" }));
    }
    switch (item.__typename) {
      case "Ready":
        return this.ready(item.cursor, item.recovered === true);
      case "CaughtUp":
        this.advance(item.cursor);
        this.status.set("live");
        return this.call(() => this.handlers.onCaughtUp?.());
      case "ResyncRequired":
        return this.resync(item.reason as ResyncReason, item.cursor);
      default:
        return this.give(item, item.cursor);
    }
  }

  private ready(cursor: string, recovered: boolean): void {
    this.isReady = true;
    this.failures = 0;
    // A feed of a state is ready at the present, and has nothing to replay.
    const replays = recovered && cursor === this.cursor.get();
    this.hasHole = !recovered && this.cursor.get() !== undefined;
    this.advance(cursor);
    this.replayedFrom = replays ? cursor : undefined;
    this.status.set(replays ? "replaying" : "live");
    this.call(() => this.handlers.onReady?.({ recovered }));
  }

  private resync(reason: ResyncReason, cursor: string | undefined): void {
    this.repeats.clear();
    this.hasHole = false;
    this.cursor.set(cursor);
    this.call(() => this.handlers.onResync?.({ reason, cursor }));
  }

  private give(item: WireItem, cursor: string): void {
    if (this.repeats.isRepeat(this.opening, cursor, item)) return;
    this.call(() => this.handlers.onItem(item, { cursor }));
    if (this.status.get() === "ended") return;
    // Events that are replayed are later than where the replay began; a state may be of that very place.
    if (cursor === this.replayedFrom) this.status.set("live");
    // What a feed says of its own comes before it is ready, and tells nothing of what happened.
    if (this.isReady) this.advance(cursor);
  }

  /** Until a hole is told, the cursor stays before it, so that the next attempt finds it again. */
  private advance(cursor: string): void {
    if (!this.hasHole) this.cursor.set(cursor);
  }

  private failed(error: DaftariError): void {
    this.forget();
    if (this.status.get() === "ended") return;
    if (error.code === "INVALID_CURSOR" && this.cursor.get() !== undefined) {
      this.resync("INVALID_CURSOR", undefined);
      return this.open();
    }
    this.failures += 1;
    const mayPass = error.isRetryable || error.kind === "session";
    if (!mayPass || this.failures > MOST_FAILURES) return this.dismissedFor(error);
    this.status.set("waiting");
    if (error.kind === "session") void this.openWithFreshToken(error);
    else this.openLater((error.retryAfterSeconds ?? 0) * 1000);
  }

  /** The token ended while the feed was being opened. */
  private async openWithFreshToken(error: DaftariError): Promise<void> {
    const { session } = this.parts;
    const used = this.socket?.bearer;
    try {
      if (used === undefined) return this.dismissedFor(error);
      if (!(await session.renew(used))) {
        // Who was signed out by the server may come back; a key of a program does not.
        if (session.state.get().status !== "expired") this.dismissedFor(error);
        return;
      }
      const fresh = await session.bearer();
      if (fresh !== undefined && this.socket) this.socket.renew(fresh);
    } catch {
      // Not renewed: tried again below, and told as an error when it never succeeds.
    }
    this.openLater(0);
  }

  private openLater(atLeastMs: number): void {
    host.clearTimeout(this.retry);
    const wait = this.failures === 1 ? Math.max(atLeastMs, 50) : backoffMs(this.failures, atLeastMs);
    this.retry = later(() => this.status.get() === "waiting" && this.open(), wait);
  }

  private dismissedFor(error: DaftariError): void {
    this.parts.link.leave(this);
    this.dismissed(error);
  }

  private forget(): void {
    this.opening += 1;
    this.isReady = false;
    host.clearTimeout(this.retry);
    this.stop?.();
    this.stop = undefined;
  }

  private finish(tell: () => void): void {
    if (this.status.get() === "ended") return;
    this.forget();
    this.parts.link.leave(this);
    this.status.set("ended");
    this.call(tell);
  }

  /** A handler that fails must not stop the feed, which others may need to stay right. */
  private call(handler: () => void): void {
    try {
      handler();
    } catch (problem) {
      rethrowApart(problem);
    }
  }
}
