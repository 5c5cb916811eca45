import type { DaftariClient, Feed } from "@daftari/client";
import { walletIn } from "./ask.ts";

const MOVED = `
  subscription WalletBalanceChanged($after: Cursor) {
    walletBalanceChanged(after: $after) {
      __typename
      ... on FeedItem { cursor }
      ... on Ready { recovered }
      ... on ResyncRequired { reason }
      ... on WalletBalanceChanged { walletId balance { amount } }
    }
  }
`;

interface Moved {
  walletBalanceChanged:
    | { __typename: "Ready" | "CaughtUp" | "ResyncRequired"; cursor: string }
    | { __typename: "WalletBalanceChanged"; cursor: string; walletId: string; balance: { amount: string } };
}

/** Shows the balance and keeps it right: from `asOf` on nothing falls between the answer and the feed. */
export async function followBalance(
  client: DaftariClient,
  currency: string,
  show: (amount: string) => void,
): Promise<Feed> {
  const { asOf, wallet } = await walletIn(client, currency);
  if (!wallet) throw new Error(`there is no wallet in ${currency}`);
  show(wallet.balance.amount);
  return client.feed<Moved>(
    MOVED,
    {},
    {
      onItem: ({ walletId, balance }) => walletId === wallet.id && show(balance.amount),
      // Rare: the server no longer has what happened meanwhile. What is shown is read anew.
      onResync: async () => show((await walletIn(client, currency)).wallet?.balance.amount ?? "0"),
    },
    { after: asOf },
  );
}
