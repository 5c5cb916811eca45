/** A query as React state: what is known at once, what is true soon after, and what feeds change from then on. */
import { useCallback, useEffect, useMemo, useRef } from "react";
import type { DaftariError, Document, Variables } from "../index.ts";
import { keyOf } from "../index.ts";
import type { AnswerState } from "./answer.ts";
import { keyOfLive, type LiveFeed } from "./live.ts";
import { useProvided, useStore } from "./provider.ts";

export interface QueryHookOptions<T> {
  /** True asks nothing and follows nothing. */
  readonly skip?: boolean;
  /** Feeds that keep the answer right. They may be written inline: they are compared by document and variables. */
  readonly live?: readonly LiveFeed<T>[];
  /** True shows the last answer while that for other variables is on its way. */
  readonly keepPrevious?: boolean;
}

export interface QueryResult<T> {
  readonly data: T | undefined;
  /** Why the last attempt failed; `data` may still hold an earlier answer. */
  readonly error: DaftariError | undefined;
  /** There is no data yet, and it is being asked for. */
  readonly loading: boolean;
  /** There is data, and it is being asked for again. */
  readonly refreshing: boolean;
  /** Resolves when the answer is there. */
  readonly refetch: () => Promise<void>;
  readonly updatedAt: Date | undefined;
}

export function useQuery<T = unknown, V = Variables>(
  document: Document<T, V>,
  variables?: V,
  options: QueryHookOptions<T> = {},
): QueryResult<T> {
  const { skip = false, live = [], keepPrevious = false } = options;
  const { cache, feeds } = useProvided();
  const era = useStore(feeds.era);
  const key = keyOf(document, variables);
  // The key stands for both: variables written inline are another object at every rendering.
  const answer = useMemo(() => cache.answerTo(document, variables), [cache, era, key]);
  const state = useStore(answer.state);
  const latest = useRef(live);
  latest.current = live;
  const liveKey = live.map((each) => keyOfLive(each as LiveFeed<never>)).join("\n\n");
  useEffect(() => {
    if (skip) return undefined;
    const release = answer.follow(latest.current.map((feed, position) => followingLatest(feed, latest, position)));
    answer.revalidate();
    return release;
  }, [answer, skip, liveKey]);
  const refetch = useCallback(() => answer.refetch(), [answer]);
  return shown(state, usePrevious(state.data, keepPrevious), { skip, refetch });
}

function shown<T>(
  state: AnswerState<T>,
  data: T | undefined,
  { skip, refetch }: { skip: boolean; refetch(): Promise<void> },
): QueryResult<T> {
  const { error, updatedAt } = state;
  // Before the effect has run nothing is asked yet, and a first rendering that says "nothing there" would flicker.
  const loading = !skip && state.data === undefined && error === undefined;
  return { data, error, loading, refreshing: state.loading && !loading, refetch, updatedAt };
}

function usePrevious<T>(data: T | undefined, keep: boolean): T | undefined {
  const previous = useRef(data);
  if (data !== undefined || !keep) previous.current = data;
  return previous.current;
}

/** The feed stays when a component renders again; what it does with an item is what the last rendering said. */
function followingLatest<T>(
  feed: LiveFeed<T>,
  latest: { readonly current: readonly LiveFeed<T>[] },
  position: number,
): LiveFeed<T> {
  if (!feed.update) return feed;
  return { ...feed, update: (data, item) => (latest.current[position] ?? feed).update?.(data, item) };
}
