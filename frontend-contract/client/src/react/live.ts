/** What keeps a query's answer right: feeds that change it, or have it asked again. */
import type { Document, FeedItemOf } from "../index.ts";
import { keyOf } from "../index.ts";

export interface LiveFeed<Data> {
  readonly document: Document<unknown, never>;
  readonly variables?: object;
  /**
   * The data after this item. It may be called twice with the same item, so set values rather than add to them. Without
   * it, or when it returns undefined, the query is asked again.
   */
  update?(data: Data, item: unknown): Data | undefined;
}

/** The same with the types of the feed's items. */
export function liveFeed<T, V, Data>(
  document: Document<T, V>,
  variables?: V,
  update?: (data: Data, item: FeedItemOf<T>) => Data | undefined,
): LiveFeed<Data> {
  return {
    document: document as Document<unknown, never>,
    ...(variables ? { variables: variables as object } : {}),
    ...(update ? { update: update as LiveFeed<Data>["update"] } : {}),
  };
}

export function keyOfLive({ document, variables }: LiveFeed<never>): string {
  return keyOf(document, variables as never);
}
