import { ApolloClient, InMemoryCache } from "@apollo/client";
import type { DaftariClient } from "@daftari/client";
import { daftariLink } from "@daftari/client/apollo";

/**
 * Apollo Client with Daftari's sign-in, renewal and feeds beneath. Follow feeds with `fetchPolicy: "no-cache"`: items
 * are no state to be kept.
 */
export function apolloOver(client: DaftariClient): ApolloClient {
  return new ApolloClient({ link: daftariLink(client), cache: new InMemoryCache() });
}
