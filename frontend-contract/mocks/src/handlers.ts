/** The mock as handlers for MSW: in Node's tests with `setupServer`, in a browser with `setupWorker`. */
import type { ExecutionArgs } from "graphql";
import { GRAPHQL_TRANSPORT_WS_PROTOCOL, makeServer } from "graphql-ws";
import { http, HttpResponse, ws } from "msw";

import type { MockDaftari, Request } from "./mock.ts";

interface OpenSocket {
  close(code: number, reason: string): void;
}

const RESTARTING = 1012;

export interface Handlers {
  readonly handlers: ReturnType<typeof handlersOf>;
  /** Ends every socket, as a server does that restarts. Clients come back and resume. */
  cut(): void;
}

export function mockHandlers(daftari: MockDaftari, url = "*/graphql"): Handlers {
  const sockets = new Set<OpenSocket>();
  return {
    handlers: handlersOf(daftari, url, sockets),
    cut() {
      for (const socket of sockets) socket.close(RESTARTING, "the server restarts");
      sockets.clear();
    },
  };
}

function handlersOf(daftari: MockDaftari, url: string, sockets: Set<OpenSocket>) {
  const socket = ws.link(url);
  return [
    http.post(url, async ({ request }) => {
      const answer = await daftari.run((await request.json()) as Request);
      return HttpResponse.json(answer as Record<string, unknown>, { headers: { "content-type": "application/graphql-response+json" } });
    }),
    socket.addEventListener("connection", ({ client }) => serve(daftari, client, sockets)),
  ];
}

interface Client {
  send(data: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: "message" | "close", listener: (event: { data?: unknown; code?: number; reason?: string }) => void): void;
}

/** The protocol itself is that of graphql-ws, which the real server speaks, too. */
function serve(daftari: MockDaftari, client: Client, sockets: Set<OpenSocket>): void {
  const server = makeServer({
    schema: daftari.schema,
    subscribe: (args: ExecutionArgs) => daftari.follow(args as Parameters<MockDaftari["follow"]>[0]),
    onConnect: () => ({ heartbeatSeconds: 25, cursor: daftari.feeds.cursor() }),
  });
  let hear: (data: string) => Promise<void> = () => Promise.resolve();
  const closed = server.opened(
    {
      protocol: GRAPHQL_TRANSPORT_WS_PROTOCOL,
      send: (data) => client.send(data),
      close: (code, reason) => client.close(code, reason),
      onMessage: (listener) => (hear = listener),
    },
    {},
  );
  const socket: OpenSocket = { close: (code, reason) => client.close(code, reason) };
  sockets.add(socket);
  client.addEventListener("message", ({ data }) => void hear(String(data)));
  client.addEventListener("close", ({ code = RESTARTING, reason = "" }) => {
    sockets.delete(socket);
    void closed(code, reason);
  });
}
