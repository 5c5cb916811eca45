/** A feed for as long as a component is there. */
import { useEffect, useRef, useState } from "react";
import {
  createStore,
  keyOf,
  type DaftariError,
  type Document,
  type Feed,
  type FeedItemOf,
  type FeedStatus,
  type Variables,
} from "../index.ts";
import { useProvided, useStore } from "./provider.ts";

export interface FeedHookOptions {
  /** True follows nothing. */
  readonly skip?: boolean;
  /** Called when something was missed that cannot be told any more. */
  readonly onResync?: () => void;
}

export interface FeedHookResult {
  readonly status: FeedStatus;
  readonly cursor: string | undefined;
  readonly error: DaftariError | undefined;
}

const NO_FEED: Pick<Feed, "status" | "cursor"> = {
  status: createStore<FeedStatus>("ended"),
  cursor: createStore<string | undefined>(undefined),
};

export function useFeed<T = unknown, V = Variables>(
  document: Document<T, V>,
  variables: V,
  onItem: (item: FeedItemOf<T>, about: { readonly cursor: string }) => void,
  options: FeedHookOptions = {},
): FeedHookResult {
  const { skip = false } = options;
  const { feeds } = useProvided();
  const era = useStore(feeds.era);
  const [feed, setFeed] = useState(NO_FEED);
  const [error, setError] = useState<DaftariError>();
  const latest = useRef({ onItem, options });
  latest.current = { onItem, options };
  const key = keyOf(document, variables);
  useEffect(() => {
    setError(undefined);
    if (skip) return setFeed(NO_FEED);
    const followed = feeds.follow(document as Document<unknown, V>, variables, {
      onItem: (item, about) => latest.current.onItem(item as FeedItemOf<T>, about),
      onResync: () => latest.current.options.onResync?.(),
      onError: setError,
    });
    setFeed(followed.feed);
    return followed.leave;
  }, [feeds, era, key, skip]);
  return { status: useStore(feed.status), cursor: useStore(feed.cursor), error };
}
