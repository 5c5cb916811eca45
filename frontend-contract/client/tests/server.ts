/**
 * A server that says what a test tells it to: HTTP answers by operation, and a socket whose every message the test sees
 * and sends.
 */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

import { WebSocketServer, type WebSocket } from "ws";

export interface Asked {
  readonly query?: string;
  readonly documentId?: string;
  readonly variables?: Record<string, unknown>;
  readonly authorization: string | undefined;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  /** An object is sent as JSON, text as it is; nothing is the end of the connection without an answer. */
  readonly body?: object | string;
}

export interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: Record<string, unknown>;
}

/** A socket seen from the server. */
export class Peer {
  readonly messages: Message[] = [];
  closedWith: number | undefined;
  private readonly socket: WebSocket;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data) => this.messages.push(JSON.parse(String(data)) as Message));
    socket.on("close", (code) => (this.closedWith = code));
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  acknowledge(payload: object = {}): void {
    this.send({ type: "connection_ack", payload: { heartbeatSeconds: 25, ...payload } });
  }

  /** An item of the feed that was opened with the nth `subscribe` of this socket. */
  tell(item: object, nth = 0): void {
    this.send({ type: "next", id: this.opened[nth]?.id, payload: { data: { feed: item } } });
  }

  fail(code: string, extensions: object = {}, nth = 0): void {
    this.send({
      type: "error",
      id: this.opened[nth]?.id,
      payload: [{ message: code.toLowerCase(), extensions: { code, ...extensions } }],
    });
  }

  get opened(): Message[] {
    return this.messages.filter((message) => message.type === "subscribe");
  }

  close(code: number): void {
    this.socket.close(code, "as the test says");
  }

  /** As a network does it: without a word. */
  cut(): void {
    this.socket.terminate();
  }
}

export class ScriptedServer {
  readonly asked: Asked[] = [];
  readonly peers: Peer[] = [];
  /** What to answer to a request. */
  answer: (asked: Asked) => Reply | Promise<Reply> = () => ({ status: 500, body: "no answer is scripted" });
  /** What to do with a socket that is opened. */
  greet: (peer: Peer) => void = () => undefined;
  private readonly http: Server;
  private readonly sockets = new WebSocketServer({ noServer: true, handleProtocols: () => "graphql-transport-ws" });

  private constructor() {
    this.http = createServer((request, response) => {
      void this.reply(request).then(({ status = 200, headers = {}, body }) => {
        if (body === undefined) return request.socket.destroy();
        response.writeHead(status, { "content-type": "application/json", "x-correlation-id": "request-1", ...headers });
        return response.end(typeof body === "string" ? body : JSON.stringify(body));
      });
    });
    this.http.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.sockets.handleUpgrade(request, socket, head, (opened) => {
        const peer = new Peer(opened);
        this.peers.push(peer);
        opened.once("message", () => this.greet(peer));
      });
    });
  }

  static async start(): Promise<ScriptedServer> {
    const server = new ScriptedServer();
    await new Promise<void>((resolve) => server.http.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}/graphql`;
  }

  /** The socket that was opened last. */
  get peer(): Peer {
    const last = this.peers.at(-1);
    if (!last) throw new Error("nobody has opened a socket");
    return last;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets.clients) socket.terminate();
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }

  private async reply(request: IncomingMessage): Promise<Reply> {
    let text = "";
    for await (const part of request) text += String(part);
    const asked = { ...(JSON.parse(text) as Asked), authorization: request.headers.authorization };
    this.asked.push(asked);
    return this.answer(asked);
  }
}

/** Waits for something to become true, and fails the test with these words when it does not. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`it never happened that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const ASHA = { id: "VXNlcjox", name: "Asha Patel", roles: ["INVESTOR"], permissions: ["WALLET_USE"] };

/** The payload of `login` and `refreshToken`, numbered so that tests see which token is used. */
export function tokens(number: number, lifetimeMs = 900_000, user: object = ASHA): object {
  return {
    accessToken: `access-${number}`,
    refreshToken: `refresh-${number}`,
    expiresAt: new Date(Date.now() + lifetimeMs).toISOString(),
    user,
    errors: [],
  };
}

export function refusal(code: string, more: object = {}): object {
  return {
    accessToken: null,
    refreshToken: null,
    expiresAt: null,
    user: null,
    errors: [{ code, message: `refused: ${code}`, field: null, ...more }],
  };
}
