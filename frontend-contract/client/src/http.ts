/** One request over HTTP and its answer, before anybody asks who is signed in. */
import { DaftariError, errorOf, type GraphQLErrorLike } from "./errors.ts";
import { host, later, type AbortSignalLike, type FetchLike, type ResponseLike } from "./host.ts";
import type { DocumentPart } from "./documents.ts";

export type WireRequest = DocumentPart & { readonly variables?: unknown };

export interface Answer {
  readonly status: number;
  readonly data: Readonly<Record<string, unknown>> | null | undefined;
  readonly errors: readonly GraphQLErrorLike[];
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;
}

export interface RequestOptions {
  readonly bearer?: string | undefined;
  readonly signal?: AbortSignalLike | undefined;
}

/**
 * Resolves with whatever the server said in GraphQL; rejects with a `DaftariError` when it said nothing of the kind.
 */
export type Exchange = (request: WireRequest, options?: RequestOptions) => Promise<Answer>;

export function createExchange(url: string, fetch: FetchLike, timeoutMs: number): Exchange {
  return async (request, { bearer, signal } = {}) => {
    const limit = limited(signal, timeoutMs);
    try {
      const response = await Promise.race([
        fetch(url, {
          method: "POST",
          headers: {
            accept: "application/graphql-response+json, application/json;q=0.9",
            "content-type": "application/json",
            ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
          },
          body: JSON.stringify(request),
          ...(limit.signal ? { signal: limit.signal } : {}),
        }),
        limit.over,
      ]);
      return answerOf(response, await Promise.race([response.text(), limit.over]));
    } catch (problem) {
      throw limit.problem() ?? (problem instanceof DaftariError ? problem : unreachable(problem));
    } finally {
      limit.release();
    }
  };
}

function answerOf(response: ResponseLike, text: string): Answer {
  const requestId = response.headers.get("x-correlation-id") ?? undefined;
  const wait = Number(response.headers.get("retry-after") ?? Number.NaN);
  const body = bodyOf(text);
  if (!body || (body.data === undefined && body.errors === undefined)) {
    throw new DaftariError(`The server answered ${response.status} without GraphQL.`, {
      kind: "server",
      code: "BAD_RESPONSE",
      ...(requestId === undefined ? {} : { requestId }),
    });
  }
  return {
    status: response.status,
    data: body.data,
    errors: body.errors ?? [],
    requestId,
    retryAfterSeconds: Number.isFinite(wait) ? wait : undefined,
  };
}

interface Body {
  readonly data?: Answer["data"];
  readonly errors?: readonly GraphQLErrorLike[];
}

/** What is no JSON comes from something between us and the server. */
function bodyOf(text: string): Body | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null ? body : undefined;
  } catch {
    return undefined;
  }
}

/** The data of an answer without errors; the errors are thrown. */
export function dataOf(answer: Answer): Readonly<Record<string, unknown>> {
  const { data, errors, requestId, retryAfterSeconds } = answer;
  if (errors.length || !data) {
    throw errorOf(errors, {
      ...(requestId ? { requestId } : {}),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    });
  }
  return data;
}

/** True when the server says that it does not know who is asking. */
export function isUnauthenticated({ status, errors }: Answer): boolean {
  return status === 401 || errors.some((error) => error.extensions?.["code"] === "UNAUTHENTICATED");
}

function unreachable(cause: unknown): DaftariError {
  return new DaftariError("The server cannot be reached.", { kind: "network", code: "NETWORK", cause });
}

interface Limit {
  readonly signal: AbortSignalLike | undefined;
  readonly over: Promise<never>;
  problem(): DaftariError | undefined;
  release(): void;
}

/** Ends the wait when the caller aborts or time is up, also with a `fetch` that cannot be aborted. */
function limited(outer: AbortSignalLike | undefined, timeoutMs: number): Limit {
  const controller = host.AbortController ? new host.AbortController() : undefined;
  let problem: DaftariError | undefined;
  let reject: (problem: DaftariError) => void = () => undefined;
  const over = new Promise<never>((_, rejected) => (reject = rejected));
  // Somebody else may have ended the race; nobody needs to hear of it then.
  over.catch(() => undefined);
  const end = (message: string, code: string): void => {
    problem ??= new DaftariError(message, { kind: "network", code });
    reject(problem);
    controller?.abort();
  };
  const aborted = (): void => end("The request was aborted.", "ABORTED");
  const timer = later(() => end(`No answer came within ${timeoutMs / 1000} s.`, "TIMEOUT"), timeoutMs);
  if (outer?.aborted) aborted();
  outer?.addEventListener("abort", aborted);
  return {
    signal: controller?.signal,
    over,
    problem: () => problem,
    release() {
      host.clearTimeout(timer);
      outer?.removeEventListener("abort", aborted);
    },
  };
}
