/**
 * Several clients that follow a wallet over a bad line: node follow.ts ADDRESS EMAIL PASSWORD CLIENTS OPERATION
 *
 * Each item becomes a line of JSON on standard output, and so does everything that would be a loss. It runs until its
 * input is closed.
 */
import { readFileSync } from "node:fs";

import { createClient } from "../../src/index.ts";

const [address, email, password, clients, operation] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
];
const document = readFileSync(operation, "utf8");

interface WalletFeed {
  readonly walletBalanceChanged:
    | { readonly __typename: "Ready" | "CaughtUp" | "ResyncRequired"; readonly cursor: string }
    | {
        readonly __typename: "WalletBalanceChanged";
        readonly cursor: string;
        readonly change: { readonly amount: string };
      };
}

const say = (line: object): void => console.log(JSON.stringify(line));

async function follow(number: number): Promise<() => Promise<void>> {
  const client = createClient({ url: `${address}/graphql` });
  await client.signIn({ email, password });
  const feed = client.feed<WalletFeed, object>(
    document,
    {},
    {
      onItem: (item) => say({ client: number, amount: item.change.amount }),
      onReady: ({ recovered }) => say({ client: number, ready: recovered }),
      onResync: ({ reason }) => say({ client: number, lost: reason }),
      onError: (error) => say({ client: number, lost: error.message }),
      onEnd: () => say({ client: number, lost: "the feed ended" }),
    },
  );
  return async () => {
    feed.close();
    await client.close();
  };
}

const stops = await Promise.all(Array.from({ length: Number(clients) }, (_, number) => follow(number)));

process.stdin.on("end", async () => {
  await Promise.all(stops.map((stop) => stop()));
  process.exit(0);
});
process.stdin.resume();
