/** @daftari/client/react: the client in React, with numbers that stay right by themselves. */
export { DaftariProvider, useClient, useConnection, useSession, useStore } from "./provider.ts";
export { liveFeed, type LiveFeed } from "./live.ts";
export { useQuery, type QueryHookOptions, type QueryResult } from "./use-query.ts";
export { useMutation, type MutationResult, type RunMutation } from "./use-mutation.ts";
export { useFeed, type FeedHookOptions, type FeedHookResult } from "./use-feed.ts";
