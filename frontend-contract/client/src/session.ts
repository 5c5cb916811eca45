/**
 * Who is signed in, and the tokens.
 *
 * The access token lives in memory and is renewed when it is about to end or when the server refuses it. The refresh
 * token lives in the storage, which tabs share: it is good for one use, and a copy that is used later ends the session
 * for all. So however many requests and tabs need a fresh access token at once, one renewal is under way, it starts
 * from what the storage holds then, and its outcome is stored before anybody else may begin.
 */
import { DaftariError, refusalOf, type UserErrorLike } from "./errors.ts";
import { host } from "./host.ts";
import { dataOf, type Exchange } from "./http.ts";
import { LOGIN, LOGOUT, REFRESH_TOKEN } from "./session-documents.ts";
import { createStore, type Store } from "./store.ts";
import type { TokenStorage } from "./storage.ts";

export interface User {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
}

/**
 * - `restoring`: what is kept from the last visit is being read; only with a storage that answers later
 * - `signed-out`: nobody is signed in
 * - `signed-in`: `user` is
 * - `expired`: `user` was until the server ended the session; feeds wait for the same person to sign in again
 */
export interface SessionState {
  readonly status: "restoring" | "signed-out" | "signed-in" | "expired";
  readonly user?: User;
  readonly accessExpiresAt?: Date;
}

/** `signed-out`: it was the person's wish, here or in another tab. `expired`: the server ended the session. */
export type SignedOutReason = "signed-out" | "expired";

export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** What to call this device in the list of sessions. */
  readonly device?: string;
}

export interface Session {
  readonly state: Store<SessionState>;
  signIn(credentials: Credentials): Promise<User>;
  signOut(): Promise<void>;
  /** An access token that is not about to end; undefined for strangers. Rejects when one is due and cannot be had. */
  bearer(): Promise<string | undefined>;
  /** Replaces a token that the server refused. False when the session is over. */
  renew(refused: string): Promise<boolean>;
  close(): void;
}

interface SessionOptions {
  readonly exchange: Exchange;
  readonly storage: TokenStorage;
  /** Tabs of the same page with the same API take turns under this name. */
  readonly lockName: string;
  readonly apiKey?: string;
  onSignedOut?(reason: SignedOutReason): void;
}

/** What the storage holds, as JSON. */
interface Kept {
  readonly refreshToken: string;
  readonly user: User;
}

interface Access {
  readonly token: string;
  readonly expiresAt: number;
  readonly obtainedAt: number;
}

interface TokensPayload {
  readonly accessToken: string | null;
  readonly refreshToken: string | null;
  readonly expiresAt: string | null;
  readonly user: User | null;
  readonly errors: readonly UserErrorLike[];
}

const RENEW_BEFORE_MS = 30_000;
/** Of a token that lives shorter than that, this part of its life is left when it is renewed. */
const RENEW_IN_LAST_PART = 0.2;

export function createSession(options: SessionOptions): Session {
  return new KeptSession(options);
}

class KeptSession implements Session {
  readonly state = createStore<SessionState>({ status: "restoring" });
  private readonly options: SessionOptions;
  private readonly restored: Promise<void>;
  private readonly unwatch: (() => void) | undefined;
  private access: Access | undefined;
  private renewal: Promise<boolean> | undefined;
  /** Counts the people who came and went, so that an answer meant for one is never given to the next. */
  private era = 0;

  constructor(options: SessionOptions) {
    this.options = options;
    const kept = options.storage.read();
    // Not `instanceof Promise`: hosts bring promises of their own.
    if (typeof kept === "object" && kept !== null) {
      this.restored = kept.then(
        (text) => this.adoptKept(read(text)),
        () => this.adoptKept(undefined),
      );
    } else {
      this.restored = Promise.resolve();
      this.adoptKept(read(kept));
    }
    this.unwatch = options.storage.watch?.(() => void this.followStorage());
  }

  async signIn(credentials: Credentials): Promise<User> {
    await this.restored;
    return this.inTurn(async () => {
      const tokens = await this.ask(LOGIN, "login", credentials);
      this.era += 1;
      await this.adopt(tokens);
      return tokens.user;
    });
  }

  async signOut(): Promise<void> {
    await this.restored;
    const bearer = this.access?.token ?? (await this.bearer().catch(() => undefined));
    await this.end("signed-out");
    // The server is told afterwards: without a network one is signed out here all the same.
    if (bearer !== undefined) await this.options.exchange({ query: LOGOUT }, { bearer }).catch(() => undefined);
  }

  async bearer(): Promise<string | undefined> {
    const { apiKey } = this.options;
    if (apiKey !== undefined) return apiKey;
    await this.restored;
    if (this.state.get().status !== "signed-in") return undefined;
    if (!this.access || isDue(this.access)) await this.startRenewal();
    return this.access?.token;
  }

  async renew(refused: string): Promise<boolean> {
    if (this.state.get().status !== "signed-in") return false;
    return this.access?.token === refused ? this.startRenewal() : this.access !== undefined || this.startRenewal();
  }

  close(): void {
    this.unwatch?.();
  }

  private startRenewal(): Promise<boolean> {
    this.renewal ??= this.inTurn(() => this.renewNow()).finally(() => (this.renewal = undefined));
    return this.renewal;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const locks = host.navigator?.locks;
    return locks ? locks.request(this.options.lockName, work) : work();
  }

  private async renewNow(): Promise<boolean> {
    const { era } = this;
    const kept = read(await this.options.storage.read());
    if (era !== this.era) return this.access !== undefined;
    if (!kept) {
      await this.end("signed-out");
      return false;
    }
    let tokens: Tokens;
    try {
      tokens = await this.ask(REFRESH_TOKEN, "refreshToken", { refreshToken: kept.refreshToken });
    } catch (problem) {
      if (!(problem instanceof DaftariError) || problem.isRetryable || problem.kind !== "refused") throw problem;
      if (era === this.era) await this.end("expired");
      return false;
    }
    // Here or in another tab somebody else may have signed in, or this person out, while the answer was on its way.
    const present = read(await this.options.storage.read());
    if (era === this.era && present?.refreshToken === kept.refreshToken) await this.adopt(tokens);
    return this.access !== undefined;
  }

  private async ask(query: string, field: string, input: object): Promise<Tokens> {
    const answer = await this.options.exchange({ query, variables: { input } });
    const payload = dataOf(answer)[field] as TokensPayload;
    if (payload.errors.length) throw refusalOf(payload.errors, answer.requestId);
    const { accessToken, refreshToken, expiresAt, user } = payload;
    if (!accessToken || !refreshToken || !expiresAt || !user) {
      throw new DaftariError("The server gave no tokens.", { kind: "server", code: "BAD_RESPONSE" });
    }
    return {
      access: { token: accessToken, expiresAt: Date.parse(expiresAt), obtainedAt: Date.now() },
      refreshToken,
      user,
    };
  }

  private async adopt({ access, refreshToken, user }: Tokens): Promise<void> {
    this.access = access;
    await this.options.storage.write(JSON.stringify({ refreshToken, user } satisfies Kept));
    this.state.set({ status: "signed-in", user, accessExpiresAt: new Date(access.expiresAt) });
  }

  private async end(reason: SignedOutReason): Promise<void> {
    const { status, user } = this.state.get();
    this.era += 1;
    this.access = undefined;
    await this.options.storage.write(null);
    this.state.set(reason === "expired" && user ? { status: "expired", user } : { status: "signed-out" });
    if (status === "signed-in" || (status === "expired" && reason === "signed-out")) this.options.onSignedOut?.(reason);
  }

  private adoptKept(kept: Kept | undefined): void {
    this.state.set(kept ? { status: "signed-in", user: kept.user } : { status: "signed-out" });
  }

  /** Another tab has signed in or out, or has renewed. */
  private async followStorage(): Promise<void> {
    const kept = read(await this.options.storage.read());
    const { status, user } = this.state.get();
    if (kept && (status !== "signed-in" || user?.id !== kept.user.id)) {
      this.era += 1;
      this.access = undefined;
      this.adoptKept(kept);
    } else if (!kept && status === "signed-in") {
      await this.end("signed-out");
    }
  }
}

interface Tokens extends Kept {
  readonly access: Access;
}

/**
 * Whether a token is so near its end that the next one is fetched first. Lifetimes are measured by this machine's
 * clock: when that is so far off that a new token seems to have ended already, the token is used until the server
 * refuses it.
 */
function isDue({ expiresAt, obtainedAt }: Access): boolean {
  const lifetime = expiresAt - obtainedAt;
  return lifetime > 0 && Date.now() > expiresAt - Math.min(RENEW_BEFORE_MS, lifetime * RENEW_IN_LAST_PART);
}

function read(text: string | null): Kept | undefined {
  if (!text) return undefined;
  try {
    const kept = JSON.parse(text) as Partial<Kept> | null;
    return kept?.refreshToken && kept.user ? (kept as Kept) : undefined;
  } catch {
    return undefined;
  }
}
