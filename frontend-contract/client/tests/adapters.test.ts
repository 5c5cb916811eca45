/** Apollo Client and urql over a Daftari client: queries, mutations, and feeds that go on after a cut. */
import { ApolloClient, gql, InMemoryCache } from "@apollo/client";
import { Client as Urql, type OperationResult } from "@urql/core";
import { parse } from "graphql";
import { afterEach, beforeEach, expect, test } from "vitest";

import { daftariLink } from "../src/apollo/index.ts";
import { createClient, type DaftariClient } from "../src/index.ts";
import { daftariExchange } from "../src/urql/index.ts";
import { ScriptedServer, until } from "./server.ts";

const QUERY = "query Balance { balance }";
const PAY = "mutation Pay { pay { paid errors { code } } }";
const FEED = `subscription Moved($after: Cursor) {
  moves: feed(after: $after) {
    __typename
    ... on Moved { cursor amount }
    ... on ResyncRequired { cursor reason }
  }
}`;

const REFUSED = {
  pay: { __typename: "PayPayload", paid: null, errors: [{ __typename: "UserError", code: "INSUFFICIENT_FUNDS" }] },
};
const moved = (cursor: string, amount: string): object => ({ __typename: "Moved", cursor, amount });

let server: ScriptedServer;
let client: DaftariClient;

beforeEach(async () => {
  server = await ScriptedServer.start();
  server.greet = (peer) => peer.acknowledge();
  server.answer = ({ query = "" }) => {
    if (query.includes("wrong"))
      return { status: 400, body: { errors: [{ message: "no", extensions: { code: "FORBIDDEN" } }] } };
    return { body: { data: query.includes("Pay") ? REFUSED : { balance: "10.00" } } };
  };
  client = createClient({ url: server.url });
});

afterEach(async () => {
  await client.close();
  await server.stop();
});

const apolloOver = (daftari: DaftariClient): ApolloClient =>
  new ApolloClient({ link: daftariLink(daftari), cache: new InMemoryCache() });

/** Tells two items with a cut in between, then a hole, then a refusal. */
async function tellWithACut(heardCount: () => number): Promise<void> {
  await until("the feed is open", () => server.peers.length === 1 && server.peer.opened.length === 1);
  server.peer.tell({ __typename: "Ready", cursor: "c0", recovered: false });
  server.peer.tell(moved("c1", "1.00"));
  await until("the first item was heard", () => heardCount() === 1);
  server.peer.cut();
  await until("the feed is open again", () => server.peers.length === 2 && server.peer.opened.length === 1);
  expect(server.peer.opened[0]?.payload).toMatchObject({ variables: { after: "c1" } });
  server.peer.tell(moved("c2", "2.00"));
  server.peer.tell({ __typename: "ResyncRequired", cursor: "c9", reason: "TOO_OLD" });
  await until("all was heard", () => heardCount() === 3);
}

const HEARD = [
  moved("c1", "1.00"),
  moved("c2", "2.00"),
  { __typename: "ResyncRequired", cursor: "c9", reason: "TOO_OLD" },
];

test("Apollo Client", async () => {
  const apollo = apolloOver(client);
  expect((await apollo.query({ query: gql(QUERY) })).data).toEqual({ balance: "10.00" });
  expect((await apollo.mutate({ mutation: gql(PAY) })).data).toEqual(REFUSED);
  await expect(apollo.query({ query: gql("query Wrong { wrong }") })).rejects.toMatchObject({
    errors: [{ extensions: { code: "FORBIDDEN" } }],
  });

  const heard: unknown[] = [];
  const failures: unknown[] = [];
  const following = apollo.subscribe<{ moves: unknown }>({ query: gql(FEED), fetchPolicy: "no-cache" }).subscribe({
    next: ({ data, error }) => (error ? failures.push(error) : heard.push(data?.moves)),
  });
  await tellWithACut(() => heard.length);
  expect(heard).toEqual(HEARD);
  server.peer.fail("FORBIDDEN");
  await until("the refusal came", () => failures.length === 1);
  expect(failures[0]).toMatchObject({ errors: [{ extensions: { code: "FORBIDDEN" } }] });
  following.unsubscribe();
});

test("urql", async () => {
  const urql = new Urql({ url: server.url, exchanges: [daftariExchange(client)], preferGetMethod: false });
  expect((await urql.query(parse(QUERY), {}).toPromise()).data).toEqual({ balance: "10.00" });
  expect((await urql.mutation(parse(PAY), {}).toPromise()).data).toEqual(REFUSED);
  expect(
    (await urql.query(parse("query Wrong { wrong }"), {}).toPromise()).error?.graphQLErrors[0]?.extensions,
  ).toEqual({ code: "FORBIDDEN" });

  const results: OperationResult<{ moves: unknown }>[] = [];
  const { unsubscribe } = urql
    .subscription<{ moves: unknown }>(parse(FEED), {})
    .subscribe((result) => results.push(result));
  await tellWithACut(() => results.length);
  expect(results.map(({ data }) => data?.moves)).toEqual(HEARD);
  server.peer.fail("FORBIDDEN");
  await until("the refusal came", () => results.length === 4);
  expect(results[3]?.error?.graphQLErrors[0]?.extensions).toEqual({ code: "FORBIDDEN" });
  unsubscribe();
});

test("unsubscribing closes the feed", async () => {
  const apollo = apolloOver(client);
  const following = apollo
    .subscribe({ query: gql(FEED), fetchPolicy: "no-cache" })
    .subscribe({ next: () => undefined });
  await until("the feed is open", () => server.peers.length === 1 && server.peer.opened.length === 1);
  following.unsubscribe();
  await until("the server knows", () => server.peer.messages.some(({ type }) => type === "complete"));
});
