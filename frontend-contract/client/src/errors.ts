/** The one error of the client: everything that a query, a mutation or a feed can end with instead of an answer. */

/** An error as it stands in an answer of the API. */
export interface GraphQLErrorLike {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** A refusal as mutations return it in `errors`. */
export interface UserErrorLike {
  readonly code: string;
  readonly message: string;
  readonly field?: readonly string[] | null;
  readonly retryAfterSeconds?: number | null;
  readonly figures?: readonly unknown[];
}

/**
 * - `network`: the server was not reached, or no answer came back
 * - `refused`: the server understood and said no; the message is for people
 * - `invalid`: the request was not well-formed: a mistake in the program
 * - `session`: nobody is signed in, or no longer
 * - `server`: the server failed
 */
export type ErrorKind = "network" | "refused" | "invalid" | "session" | "server";

export interface FieldError {
  /** Such as `["input", "amount"]`. */
  readonly path: readonly string[];
  readonly message: string;
}

interface Particulars {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly requestId?: string;
  readonly fields?: readonly FieldError[];
  readonly retryAfterSeconds?: number;
  readonly errors?: readonly GraphQLErrorLike[];
  readonly cause?: unknown;
}

export class DaftariError extends Error {
  override readonly name = "DaftariError";
  readonly kind: ErrorKind;
  /**
   * One of the catalogue's codes, or NETWORK, TIMEOUT, ABORTED, BAD_RESPONSE or SIGNED_OUT, which are the client's own. A
   * server that took too long says TIMEOUT as well.
   */
  readonly code: string;
  /** What to quote when asking for help. */
  readonly requestId: string | undefined;
  /** Which inputs a refusal is about. */
  readonly fields: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;
  /** All errors of the answer as they came. */
  readonly errors: readonly GraphQLErrorLike[];

  constructor(message: string, particulars: Particulars) {
    super(message, particulars.cause === undefined ? undefined : { cause: particulars.cause });
    this.kind = particulars.kind;
    this.code = particulars.code;
    this.requestId = particulars.requestId;
    this.fields = particulars.fields ?? [];
    this.retryAfterSeconds = particulars.retryAfterSeconds;
    this.errors = particulars.errors ?? [];
  }

  /** Whether the same request may succeed later. A mutation is repeated safely only with its idempotency key. */
  get isRetryable(): boolean {
    return this.retryAfterSeconds !== undefined || PASSING.has(this.code);
  }
}

const PASSING: ReadonlySet<string> = new Set([
  "NETWORK",
  "TIMEOUT",
  "BAD_RESPONSE",
  "INTERNAL",
  "UNAVAILABLE",
  "BUSY",
  "RATE_LIMITED",
  "IN_PROGRESS",
  "DELIVERY_FAILED",
  "RIGHTS_CHANGED",
  "SHUTTING_DOWN",
]);

const FAILED: ReadonlySet<string> = new Set([
  "TIMEOUT",
  "INTERNAL",
  "UNAVAILABLE",
  "BUSY",
  "DELIVERY_FAILED",
  "SHUTTING_DOWN",
]);

const MALFORMED =
  /^(BAD_REQUEST|INVALID_VARIABLES|INVALID_CURSOR|GRAPHQL_\w+|\w+_LIMIT_EXCEEDED|OPERATION_NOT_FOUND|DOCUMENT_\w+|BATCHING_\w+)$/;

function kindOf(code: string): ErrorKind {
  if (code === "UNAUTHENTICATED") return "session";
  if (FAILED.has(code)) return "server";
  return MALFORMED.test(code) ? "invalid" : "refused";
}

/** What the errors of an answer, or of a feed, come to. */
export function errorOf(
  errors: readonly GraphQLErrorLike[],
  more: { requestId?: string; retryAfterSeconds?: number } = {},
): DaftariError {
  const [first] = errors;
  const code = text(first?.extensions?.["code"]) ?? "INTERNAL";
  const requestId = text(first?.extensions?.["correlationId"]) ?? more.requestId;
  const retryAfterSeconds = more.retryAfterSeconds ?? secondsUntilReset(first);
  return new DaftariError(first?.message ?? "The server answered with an error.", {
    kind: kindOf(code),
    code,
    ...(requestId === undefined ? {} : { requestId }),
    fields: errors.flatMap(fieldOf),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    errors,
  });
}

/** What a mutation's own refusals come to. */
export function refusalOf(refusals: readonly UserErrorLike[], requestId: string | undefined): DaftariError {
  const [first] = refusals;
  const wait = refusals.find((each) => typeof each.retryAfterSeconds === "number")?.retryAfterSeconds;
  return new DaftariError(refusals.map((each) => each.message).join("; "), {
    kind: "refused",
    code: first?.code ?? "INTERNAL",
    ...(requestId === undefined ? {} : { requestId }),
    fields: refusals.flatMap((each) => (each.field?.length ? [{ path: each.field, message: each.message }] : [])),
    ...(typeof wait === "number" ? { retryAfterSeconds: wait } : {}),
    errors: refusals.map(({ message, ...extensions }) => ({ message, extensions })),
  });
}

function fieldOf(error: GraphQLErrorLike): FieldError[] {
  const field = error.extensions?.["field"];
  return Array.isArray(field) ? [{ path: field.map(String), message: error.message }] : [];
}

/** A budget of points says when it is full again; sockets have no header to say it in. */
function secondsUntilReset(error: GraphQLErrorLike | undefined): number | undefined {
  const cost = error?.extensions?.["cost"] as { resetAt?: unknown } | undefined;
  const resetAt = text(cost?.resetAt);
  return resetAt === undefined ? undefined : Math.max(1, Math.ceil((Date.parse(resetAt) - Date.now()) / 1000));
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
