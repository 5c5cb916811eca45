/** @daftari/client: queries, mutations and live feeds of Daftari, with nothing but graphql-ws beneath. */
import * as money from "./money.ts";

export { createClient, newIdempotencyKey } from "./client.ts";
export type { ClientOptions, DaftariClient, ExecutionResult, MutationOptions, QueryOptions } from "./client.ts";
export type { Document, Typed, Variables } from "./documents.ts";
export { keyOf } from "./documents.ts";
export { DaftariError } from "./errors.ts";
export type { ErrorKind, FieldError, GraphQLErrorLike } from "./errors.ts";
export type { Feed, FeedHandlers, FeedItemOf, FeedOptions, FeedStatus, ResyncReason } from "./feed.ts";
export type { AbortSignalLike, FetchLike } from "./host.ts";
export type { ConnectionState } from "./link.ts";
export type { Money } from "./money.ts";
export type { NetworkWatch } from "./network.ts";
export type { Credentials, SessionState, SignedOutReason, User } from "./session.ts";
export type { Store, WritableStore } from "./store.ts";
export { createStore } from "./store.ts";
export type { TokenStorage } from "./storage.ts";
export { browserStorage, memoryStorage } from "./storage.ts";
export { money };
