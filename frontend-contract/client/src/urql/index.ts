/**
 * @daftari/client/urql: an exchange that ends urql's chain in a Daftari client, which signs in, renews and resumes.
 *
 * Refusals of a mutation stay in its payload, as urql's users expect; a feed's results are items, as in
 * `answered-feed.ts`.
 */
import { subscriptionExchange, type Exchange } from "@urql/core";

import { followAsResults, isSubscription } from "../answered-feed.ts";
import type { DaftariClient } from "../index.ts";

type Forwarder = Parameters<typeof subscriptionExchange>[0]["forwardSubscription"];

export function daftariExchange(client: DaftariClient): Exchange {
  const forwardSubscription: Forwarder = (_, { query, variables }) => ({
    subscribe(sink) {
      if (isSubscription(query)) {
        const unsubscribe = followAsResults(client, query, variables as object | undefined, {
          next: (data) => sink.next({ data }),
          error: (error) => sink.error(error.errors.length ? error.errors : error),
          complete: () => sink.complete(),
        });
        return { unsubscribe };
      }
      const abort = new AbortController();
      client
        .execute<Record<string, unknown>, object>(query, variables as object | undefined, { signal: abort.signal })
        .then(
          ({ data, errors }) => {
            sink.next({ data: data ?? null, ...(errors.length ? { errors: [...errors] } : {}) });
            sink.complete();
          },
          (problem: unknown) => sink.error(problem),
        );
      return { unsubscribe: () => abort.abort() };
    },
  });
  return subscriptionExchange({ enableAllOperations: true, forwardSubscription });
}
