/** How GraphiQL reaches the API: queries and mutations by POST, subscriptions over the socket, both as the signed-in user. */
import { getOperationAST, parse, type DocumentNode, type OperationDefinitionNode } from "graphql";
import type { Fetcher, FetcherOpts, FetcherParams, Observable } from "@graphiql/toolkit";
import { itemArrived, noteFeed, startFeed } from "./feed-log";
import { isUnauthenticated, type Answer, type GraphQLRequest, type Post, type Result } from "./http";
import type { Session } from "./session";
import { FeedRefused, type Socket } from "./socket";

type Headers = Record<string, string>;

export function createFetcher(post: Post, session: Session, socket: Socket): Fetcher {
  function run(params: FetcherParams, options?: FetcherOpts): Promise<Result> | Observable<Result> {
    const request: GraphQLRequest = { ...params, variables: params.variables as GraphQLRequest["variables"] };
    const headers = (options?.headers ?? {}) as Headers;
    const operation = operationOf(request);
    if (operation?.operation === "subscription") return subscribe(request, operation, authorizationIn(headers));
    return overHttp(request, operation, headers).then(({ result }) => result);
  }

  async function overHttp(request: GraphQLRequest, operation: OperationDefinitionNode | null, headers: Headers): Promise<Answer> {
    if (authorizationIn(headers)) return post(request, headers);
    const token = await session.accessToken();
    if (!token) return post(request, headers);
    const answer = await post(request, { ...headers, authorization: `Bearer ${token}` });
    if (!isUnauthenticated(answer) || !mayRepeat(answer, operation)) return answer;
    if (!(await session.renew(token))) return answer;
    return post(request, { ...headers, authorization: `Bearer ${await session.accessToken()}` });
  }

  function subscribe(request: GraphQLRequest, operation: OperationDefinitionNode, authorization: string | null): Observable<Result> {
    return {
      subscribe(observer) {
        if (typeof observer !== "object") throw new TypeError("GraphiQL passes one observer object.");
        startFeed(operation.name?.value ?? "subscription");
        const stop = socket.subscribe(request, authorization, {
          next(result) {
            itemArrived(result);
            observer.next(result);
          },
          error(reason) {
            noteFeed("ended", reason.message);
            if (!(reason instanceof FeedRefused)) return observer.error(reason);
            observer.next({ errors: reason.errors });
            observer.complete();
          },
          complete() {
            noteFeed("ended", "The feed ended");
            observer.complete();
          },
          interrupted: () => noteFeed("interrupted", "Connection lost"),
          resumed: (cursor) => noteFeed("live", cursor ? "Reconnected, resumed after the last cursor" : WITHOUT_CURSOR),
        });
        const unsubscribe = (): void => {
          stop();
          noteFeed("ended", "Stopped");
        };
        return { unsubscribe };
      },
    };
  }

  // GraphiQL's types speak of results as an executor makes them; it only prints them, and gets them as they come over the wire.
  return run as Fetcher;
}

const WITHOUT_CURSOR = "Reconnected without a cursor: select `cursor` on the items to miss nothing";

function authorizationIn(headers: Headers): string | null {
  const entry = Object.entries(headers).find(([name]) => name.toLowerCase() === "authorization");
  return entry ? entry[1] : null;
}

/** Null for a document that does not parse: the server has the better words for what is wrong with it. */
function operationOf({ query, operationName }: GraphQLRequest): OperationDefinitionNode | null {
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch {
    return null;
  }
  return getOperationAST(document, operationName) ?? null;
}

/** A refused mutation is repeated only when nothing of it was executed. */
function mayRepeat({ status, result }: Answer, operation: OperationDefinitionNode | null): boolean {
  return status === 401 || operation?.operation === "query" || result.data == null;
}
