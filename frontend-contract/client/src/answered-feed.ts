/**
 * A feed in the form of a GraphQL subscription's results, for libraries that have caches of their own.
 *
 * Its items come as results of the subscription's field. `Ready` and `CaughtUp` are taken care of; `ResyncRequired`
 * comes as an item, because what the library has cached may be old then.
 */
import type { DaftariClient } from "./client.ts";
import type { Document } from "./documents.ts";
import type { DaftariError } from "./errors.ts";
import type { AstNode } from "./print.ts";

export interface ResultSink {
  next(data: Record<string, unknown>): void;
  error(error: DaftariError): void;
  complete(): void;
}

interface FieldNode extends AstNode {
  readonly name: { readonly value: string };
  readonly alias?: { readonly value: string } | undefined;
}

interface SubscriptionNode extends AstNode {
  readonly operation?: string;
  readonly selectionSet?: { readonly selections: readonly AstNode[] };
}

export interface Parsed extends AstNode {
  readonly definitions: readonly AstNode[];
}

/** Follows until the returned function is called. */
export function followAsResults(
  client: DaftariClient,
  document: Parsed,
  variables: object | undefined,
  sink: ResultSink,
): () => void {
  const field = fieldOf(document);
  const feed = client.feed<unknown, object>(document as Document<unknown, object>, variables ?? {}, {
    onItem: (item) => sink.next({ [field]: item }),
    onResync: ({ reason, cursor = null }) => sink.next({ [field]: { __typename: "ResyncRequired", reason, cursor } }),
    onError: (error) => sink.error(error),
    onEnd: () => sink.complete(),
  });
  return () => feed.close();
}

export function isSubscription(document: Parsed): boolean {
  return subscriptionOf(document) !== undefined;
}

function subscriptionOf(document: Parsed): SubscriptionNode | undefined {
  return document.definitions.find((each: SubscriptionNode) => each.operation === "subscription");
}

/** Under which name the subscription's only field is answered. */
function fieldOf(document: Parsed): string {
  const field = subscriptionOf(document)?.selectionSet?.selections.find((each) => each.kind === "Field") as
    FieldNode | undefined;
  if (!field) throw new TypeError("the document has no subscription with a field");
  return (field.alias ?? field.name).value;
}
