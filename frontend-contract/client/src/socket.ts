/**
 * One socket, from its opening to its end. It never comes back by itself: graphql-ws would, but it sends every
 * operation again with the variables of the first time, and a feed that goes on needs its last cursor.
 */
import { createClient, type Client } from "graphql-ws";
import { host, later, type SocketLike, type Timer } from "./host.ts";

/** What the server says of itself when a socket is opened, and with each heartbeat. */
export interface Told {
  readonly cursor?: string;
  readonly heartbeatSeconds?: number;
  readonly expiresInSeconds?: number;
  readonly renewed?: boolean;
  /** The server hears late of what happens: feeds go on, and what they tell may come a moment later. */
  readonly delayed?: boolean;
}

export interface Closed {
  /** 1006 when the network cut it, 4408 when it was silent for too long. */
  readonly code: number;
  readonly reason: string;
}

export interface SocketOptions {
  readonly url: string;
  readonly bearer: string | undefined;
  readonly webSocketImpl?: unknown;
  onOpen(socket: Socket, told: Told): void;
  /** Something was heard, whatever it was. */
  onHeard(): void;
  onTold(told: Told): void;
  /** Once, unless it was closed from here. */
  onClosed(closed: Closed): void;
}

export interface Socket {
  readonly client: Client;
  readonly bearer: string | undefined;
  /** Puts a fresh token in the place of the one that the socket was opened with. */
  renew(bearer: string): void;
  close(): void;
}

const OPENING_MS = 15_000;
/** How long after a heartbeat was due the server is taken for gone. */
const ANSWER_MS = 8_000;
const CUT = 1006;
const SILENT = 4408;
const OPEN = 1;

export function openSocket(options: SocketOptions): Socket {
  return new OneSocket(options);
}

class OneSocket implements Socket {
  readonly client: Client;
  bearer: string | undefined;
  private readonly options: SocketOptions;
  private raw: SocketLike | undefined;
  private over = false;
  private silence: Timer;
  private heartbeatMs = 0;
  private heardAt = 0;

  constructor(options: SocketOptions) {
    this.options = options;
    this.bearer = options.bearer;
    this.silence = later(() => this.lost(SILENT, "the server did not answer"), OPENING_MS);
    this.client = createClient({
      url: options.url,
      webSocketImpl: options.webSocketImpl ?? host.WebSocket,
      connectionParams: options.bearer === undefined ? {} : { authorization: `Bearer ${options.bearer}` },
      lazy: false,
      retryAttempts: 0,
      // Told by the two events below as well.
      onNonLazyError: () => undefined,
      on: {
        opened: (raw) => this.opened(raw as SocketLike),
        connected: (_, payload) => this.connected(payload as Told | undefined),
        message: () => this.heard(),
        ping: (received, payload) => received && this.told(payload),
        pong: (received, payload) => received && this.told(payload),
        closed: (event) => this.lost(numberOf(event, "code") ?? CUT, textOf(event, "reason")),
        error: (problem) => this.lost(CUT, textOf(problem, "message")),
      },
    });
  }

  renew(bearer: string): void {
    if (this.over || this.raw?.readyState !== OPEN) return;
    this.bearer = bearer;
    this.raw.send(JSON.stringify({ type: "ping", payload: { authorization: `Bearer ${bearer}` } }));
  }

  close(): void {
    this.over = true;
    host.clearTimeout(this.silence);
    // Without this the library would take the closing for a cut and connect again.
    void Promise.resolve(this.client.dispose()).catch(() => undefined);
    // One that is still being opened is closed as soon as it is open: closing it before makes some implementations fail
    // loudly.
    if (this.raw?.readyState === OPEN) this.raw.close(1000, "Normal Closure");
  }

  private opened(raw: SocketLike): void {
    this.raw = raw;
    if (this.over) raw.close(1000, "Normal Closure");
  }

  private connected(told: Told = {}): void {
    if (this.over) return;
    this.heartbeatMs = (told.heartbeatSeconds ?? 25) * 1000;
    this.heard();
    this.listen();
    this.options.onOpen(this, told);
  }

  private told(payload: Record<string, unknown> | undefined): void {
    if (!this.over && payload) this.options.onTold(payload as Told);
  }

  private heard(): void {
    this.heardAt = Date.now();
    if (!this.over) this.options.onHeard();
  }

  /**
   * A dead network closes nothing by itself; silence does. One timer is set again when it rings, not with every
   * message.
   */
  private listen(): void {
    host.clearTimeout(this.silence);
    const quietFor = Date.now() - this.heardAt;
    const longest = this.heartbeatMs + ANSWER_MS;
    if (quietFor >= longest) this.lost(SILENT, "the server has fallen silent");
    else this.silence = later(() => this.listen(), longest - quietFor);
  }

  private lost(code: number, reason: string): void {
    if (this.over) return;
    this.close();
    this.options.onClosed({ code, reason });
  }
}

function textOf(value: unknown, field: string): string {
  const found = (value as Record<string, unknown> | null | undefined)?.[field];
  return typeof found === "string" ? found : "";
}

function numberOf(value: unknown, field: string): number | undefined {
  const found = (value as Record<string, unknown> | null | undefined)?.[field];
  return typeof found === "number" ? found : undefined;
}
