/**
 * Who is signed in, and their tokens.
 *
 * Tokens live in this tab's sessionStorage and travel in headers and in `connection_init`, never in a URL. The access token is renewed
 * shortly before it expires and when the server refuses it; however many requests ask at once, one renewal is under way, because
 * a refresh token may be used a single time.
 */
import { createStore, type Store } from "./store";
import type { Answer, Post } from "./http";

export interface User {
  id: string;
  name: string;
  roles: string[];
}

export interface Tokens {
  accessToken: string;
  refreshToken: string;
  expiresAt: string;
  user: User;
  obtainedAt: number;
}

export interface SessionState {
  tokens: Tokens | null;
  /** Why the last session ended, when it was not the user's wish. */
  notice: string | null;
}

export interface Session {
  state: Store<SessionState>;
  signIn(email: string, password: string): Promise<void>;
  signOut(notice?: string): void;
  /** A token that is not about to expire; null when nobody is signed in. */
  accessToken(): Promise<string | null>;
  /** Replace a token that the server refused. False when the session is over. */
  renew(refused: string): Promise<boolean>;
}

interface TokenPayload {
  accessToken: string | null;
  refreshToken: string | null;
  expiresAt: string | null;
  user: User | null;
  errors: { code: string; message: string }[];
}

type Keep = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const STORAGE_KEY = "daftari.session";
const RENEW_BEFORE_MS = 30_000;
/** A clock that is far off must not make every request renew: a token is trusted this long after it was issued. */
const TRUST_NEW_TOKEN_MS = 10_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const PAYLOAD = "{ accessToken refreshToken expiresAt user { id name roles } errors { code message } }";
const LOGIN = `mutation Login($email: String!, $password: String!) { login(input: { email: $email, password: $password }) ${PAYLOAD} }`;
const REFRESH = `mutation Refresh($refreshToken: String!) { refreshToken(input: { refreshToken: $refreshToken }) ${PAYLOAD} }`;

/** The server's own words on why it gave no tokens. */
export class SignInRefused extends Error {
  override name = "SignInRefused";
}

export function createSession(post: Post, storage: Keep): Session {
  const state = createStore<SessionState>({ tokens: restore(storage), notice: null });
  let renewal: Promise<boolean> | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function adopt(tokens: Tokens | null, notice: string | null): void {
    if (tokens) storage.setItem(STORAGE_KEY, JSON.stringify(tokens));
    else storage.removeItem(STORAGE_KEY);
    state.set({ tokens, notice });
    schedule();
  }

  function schedule(): void {
    clearTimeout(timer);
    const { tokens } = state.get();
    if (!tokens) return;
    const due = Date.parse(tokens.expiresAt) - RENEW_BEFORE_MS - Date.now();
    timer = setTimeout(() => void accessToken().then(schedule), Math.min(Math.max(due, TRUST_NEW_TOKEN_MS), LONGEST_TIMER_MS));
  }

  async function ask(query: string, field: string, variables: Record<string, string>): Promise<Tokens> {
    return readTokens(await post({ query, variables }), field);
  }

  function startRenewal(tokens: Tokens): Promise<boolean> {
    renewal ??= ask(REFRESH, "refreshToken", { refreshToken: tokens.refreshToken })
      .then(
        (renewed) => {
          // Somebody else may have signed in, or nobody may be signed in any more, while the answer was on its way.
          if (state.get().tokens === tokens) adopt(renewed, null);
          return state.get().tokens !== null;
        },
        (reason: unknown) => {
          if (!(reason instanceof SignInRefused)) throw reason;
          if (state.get().tokens === tokens) adopt(null, `Signed out: ${reason.message}`);
          return state.get().tokens !== null;
        },
      )
      .finally(() => (renewal = null));
    return renewal;
  }

  async function accessToken(): Promise<string | null> {
    const { tokens } = state.get();
    // Without a network the old token is sent: the request fails for the same reason and says so better.
    if (tokens && isDue(tokens)) await startRenewal(tokens).catch(() => undefined);
    return state.get().tokens?.accessToken ?? null;
  }

  schedule();
  return {
    state,
    accessToken,
    async signIn(email, password) {
      adopt(await ask(LOGIN, "login", { email, password }), null);
    },
    signOut(notice) {
      adopt(null, notice ?? null);
    },
    async renew(refused) {
      const { tokens } = state.get();
      if (!tokens) return false;
      return tokens.accessToken === refused ? startRenewal(tokens) : true;
    },
  };
}

function isDue(tokens: Tokens): boolean {
  const now = Date.now();
  return Date.parse(tokens.expiresAt) - now < RENEW_BEFORE_MS && now - tokens.obtainedAt > TRUST_NEW_TOKEN_MS;
}

function readTokens({ status, result }: Answer, field: string): Tokens {
  const payload = result.data?.[field] as TokenPayload | null | undefined;
  if (payload?.accessToken && payload.refreshToken && payload.expiresAt && payload.user) {
    const { accessToken, refreshToken, expiresAt, user } = payload;
    return { accessToken, refreshToken, expiresAt, user, obtainedAt: Date.now() };
  }
  const reason = payload?.errors[0]?.message ?? result.errors?.[0]?.message ?? `the server answered ${status} without tokens`;
  // A server in trouble has not judged the credentials: only a clear answer ends a session.
  if (status >= 500 || status === 429) throw new Error(reason);
  throw new SignInRefused(reason);
}

function restore(storage: Keep): Tokens | null {
  const kept = storage.getItem(STORAGE_KEY);
  if (!kept) return null;
  try {
    return JSON.parse(kept) as Tokens;
  } catch {
    storage.removeItem(STORAGE_KEY);
    return null;
  }
}
