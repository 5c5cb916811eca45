/** A market as an app with Apollo Client builds it: the cache holds what was read, and a feed writes into it. */
import { ApolloClient, gql, InMemoryCache } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";
import type { DaftariClient } from "@daftari/client";
import { daftariLink } from "@daftari/client/apollo";

export const MARKET = gql`
  query Market($first: Int) {
    marketplaceInvoices(first: $first) {
      edges {
        node {
          id
          number
          fundedPercent
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

const CHANGES = gql`
  subscription MarketChanges($after: Cursor) {
    marketplaceUpdated(after: $after) {
      __typename
      ... on FeedItem {
        cursor
      }
      ... on MarketplaceUpdated {
        action
        invoice {
          id
          fundedPercent
        }
      }
    }
  }
`;

/** Everything that is a Node is kept once, by its id; lists grow page by page. Interfaces are told apart by `possibleTypes`. */
export function apolloOver(client: DaftariClient, possibleTypes: Record<string, string[]>): ApolloClient {
  const cache = new InMemoryCache({ possibleTypes, typePolicies: { Query: { fields: { marketplaceInvoices: relayStylePagination() } } } });
  return new ApolloClient({ cache, link: daftariLink(client) });
}

/** What a feed tells of an invoice goes into the cache by its id, and from there into every list and page that shows it. */
export function keepMarketLive(apollo: ApolloClient, failed: (error: unknown) => void): () => void {
  const subscription = apollo.subscribe({ query: CHANGES }).subscribe({ next: ({ error }) => error && failed(error), error: failed });
  return () => subscription.unsubscribe();
}
