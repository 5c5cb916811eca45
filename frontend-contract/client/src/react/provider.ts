/** The client of the page, handed down, and its stores as hooks. */
import { createContext, createElement, useContext, useMemo, useSyncExternalStore, type ReactNode } from "react";
import type { ConnectionState, DaftariClient, SessionState, Store } from "../index.ts";
import { QueryCache } from "./cache.ts";
import { SharedFeeds } from "./shared-feeds.ts";

export interface Provided {
  readonly client: DaftariClient;
  readonly feeds: SharedFeeds;
  readonly cache: QueryCache;
}

const Context = createContext<Provided | null>(null);

const ofClient = new WeakMap<DaftariClient, Provided>();

/** One cache for each client, however often React makes the provider anew. */
function providedBy(client: DaftariClient): Provided {
  let provided = ofClient.get(client);
  if (!provided) {
    const feeds = new SharedFeeds(client);
    provided = { client, feeds, cache: new QueryCache(client, feeds) };
    ofClient.set(client, provided);
  }
  return provided;
}

export function DaftariProvider({
  client,
  children,
}: {
  readonly client: DaftariClient;
  readonly children?: ReactNode;
}): ReactNode {
  const value = useMemo(() => providedBy(client), [client]);
  return createElement(Context.Provider, { value }, children);
}

export function useProvided(): Provided {
  const provided = useContext(Context);
  if (!provided) throw new Error("there is no <DaftariProvider> around this component");
  return provided;
}

export function useClient(): DaftariClient {
  return useProvided().client;
}

export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get, store.get);
}

export function useSession(): SessionState {
  return useStore(useClient().session);
}

export function useConnection(): ConnectionState {
  return useStore(useClient().connection);
}
