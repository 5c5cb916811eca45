/**
 * What the client takes from the JavaScript it runs in.
 *
 * Browsers, React Native, Node and workers have timers, and most have fetch and WebSocket; none of it is part of the
 * language, so the types are written here as far as they are used. Whatever a host lacks is found missing at run time,
 * and the client does without or says so.
 */

export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

export interface ResponseLike {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

export interface FetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly signal?: AbortSignalLike;
}

/** Any `fetch` fits: parameters of a method are compared in both directions. */
export type FetchLike = { fetch(url: string, init: FetchInit): Promise<ResponseLike> }["fetch"];

/** As much of a socket as is used beside what graphql-ws does with it. */
export interface SocketLike {
  readonly readyState: number;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export interface KeyValueLike {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

interface LocksLike {
  request<T>(name: string, work: () => Promise<T>): Promise<T>;
}

export type Timer = unknown;

interface Host {
  setTimeout(work: () => void, afterMs: number): Timer;
  clearTimeout(timer: Timer): void;
  fetch?: FetchLike;
  WebSocket?: unknown;
  AbortController?: new () => { readonly signal: AbortSignalLike; abort(): void };
  crypto?: { randomUUID?(): string };
  navigator?: { onLine?: boolean; locks?: LocksLike };
  location?: { protocol: string; host: string };
  localStorage?: KeyValueLike;
  sessionStorage?: KeyValueLike;
  addEventListener?(type: string, listener: (event: { key?: string | null }) => void): void;
  removeEventListener?(type: string, listener: (event: { key?: string | null }) => void): void;
}

export const host = globalThis as unknown as Host;

/** Longer timers fire at once, everywhere. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export function later(work: () => void, afterMs: number): Timer {
  return host.setTimeout(work, Math.min(afterMs, LONGEST_TIMER_MS));
}

/** Something that was handed to us failed. It must not stop the rest, and must not be hidden either. */
export function rethrowApart(problem: unknown): void {
  host.setTimeout(() => {
    throw problem;
  }, 0);
}
