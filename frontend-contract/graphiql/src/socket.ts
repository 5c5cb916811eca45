/**
 * The one WebSocket of the page, and the subscriptions on it.
 *
 * It is opened on sign-in and kept, so that the badge in the bar tells the truth before anything is subscribed; without a user it opens for a
 * subscription and closes after it. It retries for as long as it takes, with the token of that moment, and a feed goes on after the
 * last cursor it showed.
 */
import { parse } from "graphql";
import { createClient, type Client, type SubscribePayload } from "graphql-ws";
import { cursorOf, startingAfter } from "./resume";
import { createStore, type Store } from "./store";
import { ENDPOINT, type GraphQLRequest, type Result } from "./http";
import type { Session } from "./session";

type Errors = NonNullable<Result["errors"]>;

export type SocketState = "online" | "connecting" | "offline";

export interface FeedObserver {
  next(result: Result): void;
  error(reason: Error): void;
  complete(): void;
  interrupted(): void;
  /** `cursor` is null when the feed could not say where to go on. */
  resumed(cursor: string | null): void;
}

export interface Socket {
  state: Store<SocketState>;
  subscribe(request: GraphQLRequest, authorization: string | null, observer: FeedObserver): () => void;
}

const HEARTBEAT_MS = 25_000;
const HEARTBEAT_ANSWER_MS = 8_000;
const LONGEST_WAIT_MS = 10_000;
/** After so many failed attempts the badge no longer says "connecting". */
const ATTEMPTS_UNTIL_OFFLINE = 3;
const FORBIDDEN = 4403;

export function createSocket(session: Session, url = socketUrl()): Socket {
  const state = createStore<SocketState>("offline");
  let owner: string | null = null;
  let kept: Connection | null = null;

  /** A socket belongs to one user: signing in, out or as somebody else starts a new one. */
  function follow(): void {
    const user = session.state.get().tokens?.user.id ?? null;
    if (user === owner) return;
    owner = user;
    kept?.discard();
    state.set("offline");
    kept = user ? open({ session, url, keep: true, report: state.set }) : null;
  }

  session.state.subscribe(follow);
  follow();

  return {
    state,
    subscribe(request, authorization, observer) {
      if (kept && !authorization) return runFeed(kept.client, request, observer);
      const report = kept ? () => undefined : state.set;
      const passing = open({ session, url, keep: false, authorization, report });
      return runFeed(passing.client, request, observer);
    },
  };
}

interface Connection {
  client: Client;
  discard(): void;
}

interface OpenOptions {
  session: Session;
  url: string;
  /** Stay connected without a subscription. */
  keep: boolean;
  /** A header typed by the user, used in place of the session's token. */
  authorization?: string | null;
  report(state: SocketState): void;
}

function open({ session, url, keep, authorization, report }: OpenOptions): Connection {
  let discarded = false;
  let sent: string | null = null;
  let refused: string | null = null;
  let heartbeat: ReturnType<typeof setTimeout> | undefined;
  const tell = (state: SocketState): void => (discarded ? undefined : report(state));

  async function token(): Promise<string | null> {
    if (refused) await session.renew(refused);
    refused = null;
    sent = await session.accessToken();
    return sent;
  }

  const client: Client = createClient({
    url,
    lazy: !keep,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    keepAlive: HEARTBEAT_MS,
    onNonLazyError: () => tell("offline"),
    async connectionParams() {
      if (discarded) throw new Error("The user of this socket is gone.");
      if (authorization) return { authorization };
      const bearer = await token();
      return bearer ? { authorization: `Bearer ${bearer}` } : {};
    },
    async retryWait(retries) {
      tell(retries >= ATTEMPTS_UNTIL_OFFLINE || !navigator.onLine ? "offline" : "connecting");
      await backOff(retries);
    },
    on: {
      connecting(again) {
        if (!again) tell("connecting");
      },
      connected: () => tell("online"),
      closed(event) {
        clearTimeout(heartbeat);
        if ((event as CloseEvent).code === FORBIDDEN) refused = sent;
        if (!keep) tell("offline");
      },
      ping(received) {
        // A dead network closes nothing by itself: silence after our ping does.
        if (!received) heartbeat = setTimeout(() => client.terminate(), HEARTBEAT_ANSWER_MS);
      },
      pong(received) {
        if (received) clearTimeout(heartbeat);
      },
    },
  });
  return {
    client,
    discard() {
      discarded = true;
      // Dispose first, so that the closing that follows is not taken for a cut.
      void Promise.resolve(client.dispose()).catch(() => undefined);
      client.terminate();
    },
  };
}

/** Wait longer after each failure, never in step with other clients, and not at all once the network is back. */
async function backOff(retries: number): Promise<void> {
  const wait = Math.min(1000 * 2 ** retries, LONGEST_WAIT_MS) * (0.5 + Math.random() / 2);
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, wait);
    function done(): void {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    }
    addEventListener("online", done);
  });
}

function runFeed(client: Client, request: GraphQLRequest, observer: FeedObserver): () => void {
  const document = parse(request.query);
  let cursor: string | null = null;
  let started = false;
  let over = false;
  // The client serialises this object anew on every connection; changing it is how the feed resumes.
  const payload: SubscribePayload = { ...request };
  let cut = false;
  const listeners = [
    client.on("closed", () => {
      if (started && !cut) observer.interrupted();
      cut = started;
    }),
    client.on("connected", () => {
      if (cut) observer.resumed(cursor);
      cut = false;
    }),
  ];
  /** True the first time: a feed ends once, however it ends, and what the client still says afterwards is not passed on. */
  function end(): boolean {
    if (over) return false;
    over = true;
    listeners.forEach((stop) => stop());
    return true;
  }
  const unsubscribe = client.subscribe<Record<string, unknown>, Record<string, unknown>>(payload, {
    next(result) {
      if (over) return;
      started = true;
      cursor = cursorOf(result) ?? cursor;
      if (cursor) Object.assign(payload, startingAfter(document, request, cursor));
      observer.next(result);
    },
    error(reason) {
      if (end()) observer.error(asError(reason));
    },
    complete() {
      if (end()) observer.complete();
    },
  });
  return () => {
    if (end()) unsubscribe();
  };
}

function asError(reason: unknown): Error {
  if (reason instanceof Error) return reason;
  if (Array.isArray(reason)) return new FeedRefused(reason as Errors);
  if (typeof reason === "object" && reason !== null && "code" in reason) {
    const { code, reason: words } = reason as CloseEvent;
    return new Error(`The socket was closed with ${code}${words ? `: ${words}` : ""}.`);
  }
  return new Error("The socket could not be opened.");
}

/** The server did not accept the subscription; its errors are shown as they came. */
export class FeedRefused extends Error {
  override name = "FeedRefused";
  readonly errors: Errors;

  constructor(errors: Errors) {
    super(errors[0]?.message ?? "The subscription was refused.");
    this.errors = errors;
  }
}

function socketUrl(): string {
  const { protocol, host } = location;
  return `${protocol === "https:" ? "wss" : "ws"}://${host}${ENDPOINT}`;
}
