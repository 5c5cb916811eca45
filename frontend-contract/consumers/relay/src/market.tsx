/** A market as a Relay app builds it: a list that grows page by page, a row that is fetched again by its id, an act, a feed. */
import type { ReactNode } from "react";
import { graphql, useFragment, useLazyLoadQuery, useMutation, usePaginationFragment, useRefetchableFragment, useSubscription } from "react-relay";

import type { marketAvailable_wallet$key } from "./generated/marketAvailable_wallet.graphql.ts";
import type { marketFundMutation } from "./generated/marketFundMutation.graphql.ts";
import type { marketGrowingQuery } from "./generated/marketGrowingQuery.graphql.ts";
import type { marketListedSubscription } from "./generated/marketListedSubscription.graphql.ts";
import type { marketList_query$key } from "./generated/marketList_query.graphql.ts";
import type { marketQuery } from "./generated/marketQuery.graphql.ts";
import type { marketRow_invoice$key } from "./generated/marketRow_invoice.graphql.ts";
import type { marketWalletAgainQuery } from "./generated/marketWalletAgainQuery.graphql.ts";

export function Market(): ReactNode {
  const data = useLazyLoadQuery<marketQuery>(
    graphql`
      query marketQuery($count: Int!) {
        ...marketList_query @arguments(count: $count)
        wallet {
          ...marketAvailable_wallet
        }
      }
    `,
    { count: 20 },
  );
  return (
    <>
      {data.wallet && <Available wallet={data.wallet} />}
      <List query={data} />
    </>
  );
}

function List({ query }: { query: marketList_query$key }): ReactNode {
  const { data, loadNext, hasNext } = usePaginationFragment<marketGrowingQuery, marketList_query$key>(
    graphql`
      fragment marketList_query on Query
      @refetchable(queryName: "marketGrowingQuery")
      @argumentDefinitions(count: { type: "Int!" }, cursor: { type: "Cursor" }) {
        marketplaceInvoices(first: $count, after: $cursor) @connection(key: "market_marketplaceInvoices") {
          __id
          totalCount
          edges {
            node {
              id
              ...marketRow_invoice
            }
          }
        }
      }
    `,
    query,
  );
  const { __id: list, edges, totalCount } = data.marketplaceInvoices;
  useListed(list);
  return (
    <>
      <p>{totalCount} invoices</p>
      {edges.map(({ node }) => (
        <Row key={node.id} invoice={node} />
      ))}
      {hasNext && <button onClick={() => loadNext(20)}>More</button>}
    </>
  );
}

function Row({ invoice }: { invoice: marketRow_invoice$key }): ReactNode {
  const { id, number, remainingAmount } = useFragment(
    graphql`
      fragment marketRow_invoice on Invoice {
        id
        number
        remainingAmount {
          amount
          currency
          formatted
        }
      }
    `,
    invoice,
  );
  const [fund, busy] = useMutation<marketFundMutation>(graphql`
    mutation marketFundMutation($input: FundInvoiceInput!) {
      fundInvoice(input: $input) {
        errors {
          code
          message
        }
        invoice {
          ...marketRow_invoice
        }
        wallet {
          ...marketAvailable_wallet
        }
      }
    }
  `);
  const { amount, currency } = remainingAmount;
  return (
    <button disabled={busy} onClick={() => fund({ variables: { input: { invoiceId: id, amount: { amount, currency } } } })}>
      {number}: {remainingAmount.formatted}
    </button>
  );
}

/** Fetched again by its id alone, which any type that is a Node allows. */
function Available({ wallet }: { wallet: marketAvailable_wallet$key }): ReactNode {
  const [{ available }, refetch] = useRefetchableFragment<marketWalletAgainQuery, marketAvailable_wallet$key>(
    graphql`
      fragment marketAvailable_wallet on Wallet @refetchable(queryName: "marketWalletAgainQuery") {
        available {
          formatted
        }
      }
    `,
    wallet,
  );
  return <button onClick={() => refetch({})}>{available.formatted}</button>;
}

/** What is listed from now on appears on top of the list. */
function useListed(list: string): void {
  useSubscription<marketListedSubscription>({
    variables: { lists: [list] },
    subscription: graphql`
      subscription marketListedSubscription($lists: [ID!]!) {
        newInvoiceListed {
          __typename
          ... on NewInvoiceListed {
            invoice @prependNode(connections: $lists, edgeTypeName: "InvoiceEdge") {
              ...marketRow_invoice
            }
          }
        }
      }
    `,
  });
}
