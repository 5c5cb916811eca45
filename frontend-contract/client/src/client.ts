/** The client: one for each server and person, made once and shared by everything on the page. */
import { partOf, type Document, type Variables } from "./documents.ts";
import { DaftariError, refusalOf, type GraphQLErrorLike, type UserErrorLike } from "./errors.ts";
import { openFeed, type Feed, type FeedHandlers, type FeedItemOf, type FeedOptions } from "./feed.ts";
import { host, later, type AbortSignalLike, type FetchLike } from "./host.ts";
import { createExchange, dataOf, isUnauthenticated, type Answer, type Exchange, type WireRequest } from "./http.ts";
import { createLink, type ConnectionState, type Link } from "./link.ts";
import { hostNetwork, type NetworkWatch } from "./network.ts";
import {
  createSession,
  type Credentials,
  type Session,
  type SessionState,
  type SignedOutReason,
  type User,
} from "./session.ts";
import type { Store } from "./store.ts";
import { memoryStorage, type TokenStorage } from "./storage.ts";

export interface ClientOptions {
  /** `/graphql` on a page of the same origin, else the whole address. */
  readonly url: string;
  /** Where sockets are opened; made of `url` when left out. */
  readonly wsUrl?: string;
  readonly fetch?: FetchLike;
  readonly webSocketImpl?: unknown;
  /** Where the session is kept between visits; in memory when left out. */
  readonly storage?: TokenStorage;
  /** A key of a program, in place of a person who signs in. */
  readonly apiKey?: string;
  /** Whether the device has a network; the browser is asked when left out. */
  readonly network?: NetworkWatch;
  /** How long to wait for an answer, in milliseconds; 30 s when left out. */
  readonly timeoutMs?: number;
  /** False opens the socket as soon as somebody is signed in. True, the default, with the first feed. */
  readonly lazy?: boolean;
  onSignedOut?(reason: SignedOutReason): void;
}

export interface QueryOptions {
  readonly signal?: AbortSignalLike;
}

export interface MutationOptions extends QueryOptions {
  /** Goes into the input. With it a mutation whose answer was lost is sent again, and takes effect once. */
  readonly idempotencyKey?: string;
}

export interface ExecutionResult<T> {
  readonly data: T | null | undefined;
  readonly errors: readonly GraphQLErrorLike[];
}

export interface DaftariClient {
  readonly session: Store<SessionState>;
  readonly connection: Store<ConnectionState>;
  signIn(credentials: Credentials): Promise<User>;
  signOut(): Promise<void>;
  query<T = unknown, V = Variables>(document: Document<T, V>, variables?: V, options?: QueryOptions): Promise<T>;
  /** Rejects with the refusals that the mutation returns in `errors`, too. */
  mutate<T = unknown, V = Variables>(document: Document<T, V>, variables?: V, options?: MutationOptions): Promise<T>;
  /**
   * A query or mutation answered as it came, errors and all: what other libraries build on. Rejects when there is no
   * answer.
   */
  execute<T = unknown, V = Variables>(
    document: Document<T, V>,
    variables?: V,
    options?: QueryOptions,
  ): Promise<ExecutionResult<T>>;
  feed<T = unknown, V = Variables>(
    document: Document<T, V>,
    variables: V,
    handlers: FeedHandlers<FeedItemOf<T>>,
    options?: FeedOptions,
  ): Feed;
  /**
   * For what goes beside GraphQL on the same server, such as files: a token that is not about to end; undefined for
   * strangers.
   */
  accessToken(): Promise<string | undefined>;
  /** Tries at once to connect again, where the next attempt would come later. */
  retryNow(): void;
  close(): Promise<void>;
}

export function createClient(options: ClientOptions): DaftariClient {
  return new Daftari(options);
}

/** A key for a mutation that moves money or stock: one for each wish of a person, however often it is sent. */
export function newIdempotencyKey(): string {
  const made = host.crypto?.randomUUID?.();
  if (made !== undefined) return made;
  const part = (): string => Math.random().toString(36).slice(2);
  return `${Date.now().toString(36)}-${part()}${part()}`;
}

const ATTEMPTS_WITH_KEY = 3;
const BETWEEN_ATTEMPTS_MS = 400;

class Daftari implements DaftariClient {
  readonly session: Store<SessionState>;
  readonly connection: Store<ConnectionState>;
  private readonly keeper: Session;
  private readonly link: Link;
  private readonly exchange: Exchange;

  constructor(options: ClientOptions) {
    this.exchange = createExchange(options.url, options.fetch ?? hostFetch(), options.timeoutMs ?? 30_000);
    this.keeper = createSession({
      exchange: this.exchange,
      storage: options.storage ?? memoryStorage(),
      lockName: `daftari:${options.url}`,
      ...(options.apiKey === undefined ? {} : { apiKey: options.apiKey }),
      ...(options.onSignedOut ? { onSignedOut: options.onSignedOut } : {}),
    });
    this.link = createLink({
      url: options.wsUrl ?? socketUrlOf(options.url),
      session: this.keeper,
      network: options.network ?? hostNetwork,
      webSocketImpl: options.webSocketImpl,
      lazy: options.lazy ?? true,
    });
    this.session = this.keeper.state;
    this.connection = this.link.connection;
  }

  signIn(credentials: Credentials): Promise<User> {
    return this.keeper.signIn(credentials);
  }

  signOut(): Promise<void> {
    return this.keeper.signOut();
  }

  async query<T = unknown, V = Variables>(
    document: Document<T, V>,
    variables?: V,
    options: QueryOptions = {},
  ): Promise<T> {
    return dataOf(await this.run(requestOf(document, variables), options.signal)) as T;
  }

  async mutate<T = unknown, V = Variables>(
    document: Document<T, V>,
    variables?: V,
    options: MutationOptions = {},
  ): Promise<T> {
    const { idempotencyKey, signal } = options;
    if (idempotencyKey === undefined) return (await this.mutateOnce(requestOf(document, variables), signal)) as T;
    const request = { ...partOf(document), variables: withKey(variables, idempotencyKey) };
    for (let attempt = 1; ; attempt += 1) {
      try {
        return (await this.mutateOnce(request, signal)) as T;
      } catch (problem) {
        if (attempt >= ATTEMPTS_WITH_KEY || !isWorthRepeating(problem)) throw problem;
        await new Promise<void>((resolve) => later(resolve, BETWEEN_ATTEMPTS_MS * attempt));
      }
    }
  }

  async execute<T = unknown, V = Variables>(
    document: Document<T, V>,
    variables?: V,
    options: QueryOptions = {},
  ): Promise<ExecutionResult<T>> {
    const { data, errors } = await this.run(requestOf(document, variables), options.signal);
    return { data: data as T | null | undefined, errors };
  }

  feed<T = unknown, V = Variables>(
    document: Document<T, V>,
    variables: V,
    handlers: FeedHandlers<FeedItemOf<T>>,
    options?: FeedOptions,
  ): Feed {
    return openFeed({ link: this.link, session: this.keeper }, document, variables, handlers, options);
  }

  accessToken(): Promise<string | undefined> {
    return this.keeper.bearer();
  }

  retryNow(): void {
    this.link.retryNow();
  }

  async close(): Promise<void> {
    this.link.close();
    this.keeper.close();
  }

  private async mutateOnce(request: WireRequest, signal: AbortSignalLike | undefined): Promise<unknown> {
    const answer = await this.run(request, signal);
    const data = dataOf(answer);
    const refusals = Object.values(data).flatMap((payload) => refusalsOf(payload));
    if (refusals.length) throw refusalOf(refusals, answer.requestId);
    return data;
  }

  /** As whoever is signed in. A token that the server refuses is renewed once. */
  private async run(request: WireRequest, signal: AbortSignalLike | undefined): Promise<Answer> {
    const bearer = await this.keeper.bearer();
    const answer = await this.exchange(request, { bearer, signal });
    if (bearer === undefined || !isUnauthenticated(answer) || !(await this.keeper.renew(bearer))) return answer;
    return this.exchange(request, { bearer: await this.keeper.bearer(), signal });
  }
}

function requestOf<T, V>(document: Document<T, V>, variables: V | undefined): WireRequest {
  return { ...partOf(document), ...(variables === undefined ? {} : { variables }) };
}

function withKey<V>(variables: V | undefined, idempotencyKey: string): object {
  const { input, ...others } = (variables ?? {}) as { input?: object };
  return { ...others, input: { ...input, idempotencyKey } };
}

function refusalsOf(payload: unknown): readonly UserErrorLike[] {
  const errors = (payload as { errors?: unknown } | null)?.errors;
  return Array.isArray(errors) ? (errors as UserErrorLike[]) : [];
}

const UNDECIDED: ReadonlySet<string> = new Set(["BAD_RESPONSE", "IN_PROGRESS", "UNAVAILABLE", "TIMEOUT"]);

/** Only what says nothing about the wish itself: nobody knows what came of it, or the first attempt is still at work. */
function isWorthRepeating(problem: unknown): boolean {
  if (!(problem instanceof DaftariError) || problem.code === "ABORTED") return false;
  return problem.kind === "network" || UNDECIDED.has(problem.code);
}

function hostFetch(): FetchLike {
  if (!host.fetch) throw new TypeError("there is no fetch here: pass one to createClient");
  // Called as a method of anything else, a browser's fetch refuses to work.
  return (url, init) => (host.fetch as FetchLike)(url, init);
}

function socketUrlOf(url: string): string {
  if (/^https?:/.test(url)) return url.replace(/^http/, "ws");
  const { location } = host;
  if (!location)
    throw new TypeError(`"${url}" is no whole address, and there is no page whose origin would complete it`);
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${url.startsWith("/") ? "" : "/"}${url}`;
}
