/**
 * @daftari/client/apollo: a link that ends every chain of Apollo Client in a Daftari client, which signs in, renews and
 * resumes.
 *
 * Refusals of a mutation stay in its payload, as Apollo's users expect; a feed's results are items, as in
 * `answered-feed.ts`.
 */
import { ApolloLink, Observable } from "@apollo/client";
import { CombinedGraphQLErrors } from "@apollo/client/errors";

import { followAsResults, isSubscription } from "../answered-feed.ts";
import type { DaftariClient, GraphQLErrorLike } from "../index.ts";

export function daftariLink(client: DaftariClient): ApolloLink {
  return new ApolloLink(({ query, variables }) => {
    return new Observable<ApolloLink.Result>((observer) => {
      if (isSubscription(query)) {
        return followAsResults(client, query, variables, {
          next: (data) => observer.next({ data }),
          error: (error) =>
            observer.error(
              error.errors.length ? new CombinedGraphQLErrors({ errors: formatted(error.errors) }) : error,
            ),
          complete: () => observer.complete(),
        });
      }
      const abort = new AbortController();
      client.execute<Record<string, unknown>, typeof variables>(query, variables, { signal: abort.signal }).then(
        ({ data, errors }) => {
          observer.next({ data: data ?? null, ...(errors.length ? { errors: formatted(errors) } : {}) });
          observer.complete();
        },
        (problem: unknown) => observer.error(problem),
      );
      return () => abort.abort();
    });
  });
}

type Formatted = CombinedGraphQLErrors["errors"];

function formatted(errors: readonly GraphQLErrorLike[]): Formatted {
  return errors as Formatted;
}
