/**
 * Does what the recipes do, one after the other, with a real server:
 *   node perform.ts URL EMAIL PASSWORD RECIPIENTS_WALLET API_KEY CURSOR_FILE
 *
 * What came of each is one JSON object on standard output.
 */
import { parse } from "graphql";

import {
  addUp,
  apolloOver,
  explained,
  followBalance,
  pay,
  takeEvents,
  urqlOver,
  walletIn,
  watchConnection,
  connect,
} from "./all.ts";

const [url, email, password, toWalletId, apiKey, cursorFile] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
const WALLET = parse("query Wallet { wallet { balance { amount } } }");

async function until(what: string, condition: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 20_000; !condition();) {
    if (Date.now() > deadline) throw new Error(`it never happened that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const signIns: string[] = [];
const client = connect(url, (reason) => signIns.push(reason));
const wrongPassword = await client.signIn({ email, password: "not the password" }).catch(explained);
const { name } = await client.signIn({ email, password });

const balances: string[] = [];
const connection: string[] = [];
const feed = await followBalance(client, "INR", (amount) => balances.push(amount));
watchConnection(client, (words) => connection.push(words));
await until("the feed is live", () => feed.status.get() === "live");

const heard: string[][] = [[], []];
const program = { url, apiKey, cursorFile };
const firstRun = await takeEvents(program, (event) => heard[0]?.push(event.name));
await until("the program listens", () => firstRun.feed.status.get() === "live");

const { wallet } = await walletIn(client, "INR");
if (!wallet) throw new Error("there is no wallet");
const transfer = { fromWalletId: wallet.id, toWalletId };
const inr = (amount: string): { amount: string; currency: string } => ({ amount, currency: "INR" });
const refused = await pay(client, { ...transfer, amount: inr("99999999.00") });
const paid = await pay(client, { ...transfer, amount: inr("10.25") }, "first");
const again = await pay(client, { ...transfer, amount: inr("10.25") }, "first");
await until("the balance moved", () => balances.length > 1);
await until("the program took it", () => heard[0]?.length !== 0);
await firstRun.stop();

await pay(client, { ...transfer, amount: inr("0.75") }, "second");
const secondRun = await takeEvents(program, (event) => heard[1]?.push(event.name));
await until("the program took what it had missed", () => heard.flat().length === 4);
await secondRun.stop();
await until("the balance moved again", () => balances.length > 2);

const apollo = (await apolloOver(client).query({ query: WALLET })).data;
const urql = (await urqlOver(client).query(WALLET, {}).toPromise()).data as unknown;
const statement = addUp(balances.map(inr), "INR");
await client.signOut();
console.log(
  JSON.stringify({
    wrongPassword,
    name,
    balances,
    connection,
    heard,
    refused,
    paid,
    again,
    apollo,
    urql,
    statement,
    signIns,
    feed: feed.status.get(),
  }),
);
await client.close();
