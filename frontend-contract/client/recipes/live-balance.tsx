import type { DaftariClient } from "@daftari/client";
import { DaftariProvider, liveFeed, useConnection, useQuery } from "@daftari/client/react";

const WALLET = "query Wallet { asOf wallet { id balance { amount formatted } } }";
const MOVED = `
  subscription WalletBalanceChanged($after: Cursor) {
    walletBalanceChanged(after: $after) {
      __typename
      ... on FeedItem { cursor }
      ... on Ready { recovered }
      ... on ResyncRequired { reason }
      ... on WalletBalanceChanged { walletId balance { amount formatted } }
    }
  }
`;

interface Balance {
  amount: string;
  formatted: string;
}
interface Wallet {
  asOf: string;
  wallet: { id: string; balance: Balance } | null;
}
interface Moved {
  walletBalanceChanged:
    | { __typename: "Ready" | "CaughtUp" | "ResyncRequired" }
    | { __typename: "WalletBalanceChanged"; walletId: string; balance: Balance };
}

/** An item of the feed changes what is shown; for another wallet it changes nothing. */
const moves = liveFeed<Moved, object, Wallet>(MOVED, {}, (data, { walletId, balance }) =>
  data.wallet?.id === walletId ? { ...data, wallet: { ...data.wallet, balance } } : data,
);

function LiveBalance() {
  const { data, error, loading } = useQuery<Wallet>(WALLET, {}, { live: [moves] });
  const { status } = useConnection();
  if (loading) return <p aria-busy="true">…</p>;
  if (!data) return <p role="alert">{error?.message}</p>;
  return <output data-status={status}>{data.wallet?.balance.formatted ?? "No wallet yet"}</output>;
}

export function App({ client }: { client: DaftariClient }) {
  return (
    <DaftariProvider client={client}>
      <LiveBalance />
    </DaftariProvider>
  );
}
