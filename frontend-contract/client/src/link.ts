/**
 * The way to the server for all feeds of a client: one socket at a time, opened when the first feed needs it, opened
 * anew after a cut for as long as it takes, and closed when nobody has needed it for a while. It also knows how the
 * connection stands, for the badge.
 */
import { backoffMs } from "./backoff.ts";
import { DaftariError } from "./errors.ts";
import { host, later, type Timer } from "./host.ts";
import type { NetworkWatch } from "./network.ts";
import type { Session } from "./session.ts";
import { openSocket, type Closed, type Socket, type Told } from "./socket.ts";
import { createStore, type Store } from "./store.ts";

/**
 * - `offline`: the device says that it has no network
 * - `online`: no feed is open, so there is nothing to be late
 * - `connecting`: feeds wait for the first connection
 * - `live`: feeds are open, and the server was heard lately
 * - `stale`: feeds are open, but what they show may be old; `since` says when the server was last heard
 */
export interface ConnectionState {
  readonly status: "offline" | "connecting" | "live" | "stale" | "online";
  readonly since: Date;
  /** When the next attempt begins. */
  readonly retryAt?: Date;
}

/** A feed, as the link sees it. */
export interface Member {
  /** There is a socket: open on it. */
  connected(socket: Socket): void;
  /** The socket is gone. */
  disconnected(): void;
  /** Everything up to this cursor has been told on the socket. */
  told(cursor: string): void;
  /** There will be no socket any more for this feed: with an error, or without when it is nobody's fault. */
  dismissed(error?: DaftariError): void;
}

export interface Link {
  readonly connection: Store<ConnectionState>;
  join(member: Member): void;
  leave(member: Member): void;
  /** Tries now what would be tried later. */
  retryNow(): void;
  close(): void;
}

interface LinkOptions {
  readonly url: string;
  readonly session: Session;
  readonly network: NetworkWatch;
  readonly webSocketImpl?: unknown;
  /** False keeps the socket while somebody is signed in, with or without feeds. */
  readonly lazy: boolean;
}

/** Screens come and go; the socket stays for the next one this long. */
const LINGER_MS = 5_000;
/** A cut is mended within this time, at a moment of each client's own. */
const SOON_MS = 300;
const SLOW_DOWN_MS = 5_000;

const FORBIDDEN = 4403;
/** Closings that say that this program made a mistake: trying again would make it again. */
const MISTAKES: ReadonlySet<number> = new Set([1009, 4400, 4401, 4406, 4409]);
/** Too many sockets or messages, or the server's own failure: waiting longer helps. */
const CROWDED: ReadonlySet<number> = new Set([1013, 4429, 4500]);

export function createLink(options: LinkOptions): Link {
  return new KeptLink(options);
}

class KeptLink implements Link {
  readonly connection = createStore<ConnectionState>({ status: "online", since: new Date() });
  private readonly options: LinkOptions;
  private readonly members = new Set<Member>();
  private readonly unwatch: (() => void)[];
  private socket: Socket | undefined;
  private isOpen = false;
  /** The server has said that it hears late of what happens. */
  private delayed = false;
  /** Between the wish for a socket and its opening: the token is fetched. */
  private opening = false;
  private failures = 0;
  private heardAt: Date | undefined;
  private retry: Timer;
  private retryAt: Date | undefined;
  private lingering: Timer;
  private refused: string | undefined;
  private owner: string | undefined;
  /** Nobody knows yet who is signed in; who opens a feed meanwhile is whoever it turns out to be. */
  private restoring: boolean;
  private closed = false;

  constructor(options: LinkOptions) {
    this.options = options;
    this.owner = ownerOf(options.session);
    this.restoring = options.session.state.get().status === "restoring";
    this.unwatch = [
      options.session.state.subscribe(() => this.sessionChanged()),
      options.network.subscribe(() => this.networkChanged()),
    ];
    this.ensureOpen();
    this.report();
  }

  join(member: Member): void {
    host.clearTimeout(this.lingering);
    this.members.add(member);
    if (this.isOpen && this.socket) member.connected(this.socket);
    else this.ensureOpen();
    this.report();
  }

  leave(member: Member): void {
    if (!this.members.delete(member)) return;
    this.report();
    if (this.isNeeded) return;
    host.clearTimeout(this.lingering);
    this.lingering = later(() => this.isNeeded || this.drop(), LINGER_MS);
  }

  retryNow(): void {
    if (this.retryAt === undefined) return;
    this.stopWaiting();
    this.ensureOpen();
    this.report();
  }

  close(): void {
    this.closed = true;
    this.unwatch.forEach((stop) => stop());
    this.drop();
    this.dismissAll();
    this.report();
  }

  private get isNeeded(): boolean {
    if (this.closed) return false;
    return this.members.size > 0 || (!this.options.lazy && this.options.session.state.get().status === "signed-in");
  }

  private ensureOpen(): void {
    const { session } = this.options;
    if (!this.isNeeded || this.socket || this.opening || this.retryAt !== undefined) return;
    // Who was signed out by the server waits for the person to sign in again.
    if (session.state.get().status === "expired") return;
    void this.open();
  }

  private async open(): Promise<void> {
    this.opening = true;
    const owner = this.owner;
    let bearer: string | undefined;
    try {
      if (this.refused !== undefined) await this.options.session.renew(this.refused);
      this.refused = undefined;
      bearer = await this.options.session.bearer();
    } catch {
      this.opening = false;
      if (this.isNeeded) this.tryLater();
      return;
    }
    this.opening = false;
    if (owner !== this.owner || !this.isNeeded || this.options.session.state.get().status === "expired") {
      this.ensureOpen();
      this.report();
      return;
    }
    try {
      this.socket = this.newSocket(bearer);
    } catch (cause) {
      // Only a host without sockets fails here, and it will not get any.
      const words = "There is no WebSocket here: pass one to createClient.";
      this.dismissAll(new DaftariError(words, { kind: "invalid", code: "NO_WEBSOCKET", cause }));
    }
  }

  private newSocket(bearer: string | undefined): Socket {
    return openSocket({
      url: this.options.url,
      bearer,
      webSocketImpl: this.options.webSocketImpl,
      onOpen: (socket, told) => this.opened(socket, told),
      onHeard: () => this.heard(),
      onTold: (told) => this.told(told),
      onClosed: (closed) => this.lost(closed),
    });
  }

  private opened(socket: Socket, { delayed = false }: Told): void {
    this.stopWaiting();
    this.isOpen = true;
    this.delayed = delayed;
    this.report();
    for (const member of [...this.members]) member.connected(socket);
  }

  private heard(): void {
    this.heardAt = new Date();
    // A server that opens a socket and closes it at once is not there yet: only one that says something more is.
    if (this.isOpen) this.failures = 0;
  }

  private told({ cursor, expiresInSeconds, renewed, delayed = false }: Told): void {
    this.delayed = delayed;
    this.report();
    if (cursor !== undefined) for (const member of [...this.members]) member.told(cursor);
    if (renewed === undefined && expiresInSeconds !== undefined && this.socket) void this.renewInPlace(this.socket);
  }

  private async renewInPlace(socket: Socket): Promise<void> {
    const { session } = this.options;
    try {
      if (socket.bearer !== undefined) await session.renew(socket.bearer);
      const fresh = await session.bearer();
      if (fresh !== undefined && fresh !== socket.bearer) socket.renew(fresh);
    } catch {
      // The next heartbeat asks again, and in the end the server closes the socket with 4403, after which the token is
      // renewed.
    }
  }

  private lost(closed: Closed): void {
    if (closed.code === FORBIDDEN) this.refused = this.socket?.bearer;
    this.letGo();
    if (MISTAKES.has(closed.code)) this.dismissAll(mistake(closed));
    else if (this.isNeeded) this.tryLater(CROWDED.has(closed.code) ? SLOW_DOWN_MS : 0);
    this.report();
  }

  /** The first attempt after a cut comes soon. */
  private tryLater(atLeastMs = 0): void {
    this.failures += 1;
    const wait = this.failures === 1 && !atLeastMs ? Math.random() * SOON_MS : backoffMs(this.failures, atLeastMs);
    this.retryAt = new Date(Date.now() + wait);
    this.retry = later(() => this.retryNow(), wait);
    this.report();
  }

  private stopWaiting(): void {
    host.clearTimeout(this.retry);
    this.retryAt = undefined;
  }

  private letGo(): void {
    const wasOpen = this.isOpen;
    this.socket = undefined;
    this.isOpen = false;
    if (wasOpen) for (const member of [...this.members]) member.disconnected();
  }

  private drop(): void {
    this.stopWaiting();
    host.clearTimeout(this.lingering);
    this.socket?.close();
    this.letGo();
    this.report();
  }

  private dismissAll(error?: DaftariError): void {
    const members = [...this.members];
    this.members.clear();
    for (const member of members) member.dismissed(error);
  }

  /**
   * A socket belongs to one person, and so do feeds. Who signs in again after the session expired goes on with theirs.
   */
  private sessionChanged(): void {
    const owner = ownerOf(this.options.session);
    const { restoring } = this;
    this.restoring = false;
    if (restoring) {
      this.owner = owner;
    } else if (owner !== this.owner) {
      this.owner = owner;
      this.drop();
      this.dismissAll();
    } else if (this.options.session.state.get().status === "expired") {
      this.drop();
    } else if (this.retryAt === undefined) {
      this.failures = 0;
    }
    this.ensureOpen();
    this.report();
  }

  /**
   * What the device says is a hint: a server on this very machine is there without a network. So it is tried all the
   * same.
   */
  private networkChanged(): void {
    if (this.options.network.isOnline()) {
      this.failures = 0;
      this.stopWaiting();
      this.ensureOpen();
    } else {
      this.drop();
      if (this.isNeeded) this.tryLater(SLOW_DOWN_MS);
    }
    this.report();
  }

  private report(): void {
    const status = this.status();
    const { status: before, since, retryAt } = this.connection.get();
    if (status === before && retryAt === this.retryAt) return;
    const sinceNow = status === "stale" ? (this.heardAt ?? new Date()) : new Date();
    this.connection.set({
      status,
      since: status === before ? since : sinceNow,
      ...(this.retryAt ? { retryAt: this.retryAt } : {}),
    });
  }

  private status(): ConnectionState["status"] {
    if (this.isOpen && this.members.size) return this.delayed ? "stale" : "live";
    if (this.isOpen) return "online";
    if (!this.options.network.isOnline()) return "offline";
    if (!this.members.size) return "online";
    return this.heardAt ? "stale" : "connecting";
  }
}

function ownerOf(session: Session): string | undefined {
  return session.state.get().user?.id;
}

function mistake({ code, reason }: Closed): DaftariError {
  return new DaftariError(`The server closed the socket with ${code}${reason ? `: ${reason}` : ""}.`, {
    kind: "invalid",
    code: `SOCKET_${code}`,
  });
}
