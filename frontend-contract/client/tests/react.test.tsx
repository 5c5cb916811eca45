/** The hooks in React's strict mode: shared answers, feeds that keep them right, mutations, and people who change. */
import { StrictMode, type ReactNode } from "react";
import { afterEach, beforeEach, expect, test } from "vitest";

import { createClient, type DaftariClient } from "../src/index.ts";
import {
  DaftariProvider,
  liveFeed,
  useConnection,
  useFeed,
  useMutation,
  useQuery,
  useSession,
  type RunMutation,
} from "../src/react/index.ts";
import { Page } from "./page.ts";
import { pause, ScriptedServer, tokens, until } from "./server.ts";

const BALANCE = "query Balance($currency: String) { asOf balance(currency: $currency) }";
const MOVED = "subscription Moved($after: Cursor) { feed(after: $after) { __typename } }";
const PAY = "mutation Pay($input: PayInput!) { pay(input: $input) { paid } }";

interface Balance {
  readonly asOf: string;
  readonly balance: string;
}
interface Moved {
  readonly feed:
    | { readonly __typename: "Moved"; readonly cursor: string; readonly balance: string }
    | { readonly __typename: "Ready" };
}

let server: ScriptedServer;
let client: DaftariClient;
let page: Page;
let balance: string;
let asOf: string | undefined;

beforeEach(async () => {
  balance = "10.00";
  asOf = "c10";
  server = await ScriptedServer.start();
  server.greet = (peer) => peer.acknowledge();
  server.answer = ({ query = "" }) => ({
    body: { data: query.includes("login(") ? { login: tokens(1) } : { asOf, balance } },
  });
  client = createClient({ url: server.url });
  page = new Page();
});

afterEach(async () => {
  page.close();
  await client.close();
  await server.stop();
});

const show = (what: ReactNode): void =>
  page.show(
    <StrictMode>
      <DaftariProvider client={client}>{what}</DaftariProvider>
    </StrictMode>,
  );

const asked = (): number => server.asked.filter(({ query }) => query === BALANCE).length;
const ready = { __typename: "Ready", cursor: "c10", recovered: true };

test("components that ask the same share one question", async () => {
  function Wallet(): ReactNode {
    const { data, loading } = useQuery<Balance>(BALANCE);
    return <p>{loading ? "…" : data?.balance}</p>;
  }
  show([<Wallet key="1" />, <Wallet key="2" />]);
  await page.reads("10.0010.00");
  expect(asked()).toBe(1);
});

test("a feed patches the answer, from the place in the log that the answer holds", async () => {
  function Wallet(): ReactNode {
    const live = liveFeed<Moved, object, Balance>(MOVED, {}, (data, item) =>
      "balance" in item ? { ...data, balance: item.balance } : data,
    );
    return useQuery<Balance>(BALANCE, {}, { live: [live] }).data?.balance;
  }
  show(<Wallet />);
  await page.reads("10.00");
  await until("the feed is open", () => server.peers.length === 1 && server.peer.opened.length === 1);
  expect(server.peer.opened[0]?.payload).toMatchObject({ variables: { after: "c10" } });
  server.peer.tell(ready);
  server.peer.tell({ __typename: "Moved", cursor: "c11", balance: "12.00" });
  await page.reads("12.00");
  expect(asked()).toBe(1);
});

test("a feed without a patch has the query asked again, once for items that come together", async () => {
  function Wallet(): ReactNode {
    return useQuery<Balance>(BALANCE, {}, { live: [{ document: MOVED }] }).data?.balance;
  }
  show(<Wallet />);
  await page.reads("10.00");
  await until("the feed is open", () => server.peers.length === 1 && server.peer.opened.length === 1);
  server.peer.tell(ready);
  balance = "15.00";
  for (const cursor of ["c11", "c12", "c13"]) server.peer.tell({ __typename: "Moved", cursor, balance: "" });
  await page.reads("15.00");
  expect(asked()).toBe(2);
});

test("an answer that does not say of when it is is asked again when the feed is open", async () => {
  asOf = undefined;
  function Wallet(): ReactNode {
    return useQuery<Balance>(BALANCE, {}, { live: [{ document: MOVED }] }).data?.balance;
  }
  show(<Wallet />);
  await page.reads("10.00");
  await until("the feed is open", () => server.peers.length === 1 && server.peer.opened.length === 1);
  balance = "11.00";
  server.peer.tell({ ...ready, recovered: false });
  await page.reads("11.00");
});

test("what a feed tells while the answer is on its way is not lost", async () => {
  let release: () => void = () => undefined;
  function Wallet(): ReactNode {
    const live = liveFeed<Moved, object, Balance>(MOVED, {}, (data, item) =>
      "balance" in item ? { ...data, balance: item.balance } : data,
    );
    const { data, refetch } = useQuery<Balance>(BALANCE, {}, { live: [live] });
    release = () => void refetch();
    return data?.balance;
  }
  show(<Wallet />);
  await page.reads("10.00");
  await until("the feed is open", () => server.peers.length === 1 && server.peer.opened.length === 1);
  server.peer.tell(ready);
  let answer: () => void = () => undefined;
  server.answer = () =>
    new Promise((resolve) => (answer = () => resolve({ body: { data: { asOf, balance: "10.00" } } })));
  release();
  await until("it is asked again", () => asked() === 2);
  server.peer.tell({ __typename: "Moved", cursor: "c11", balance: "12.00" });
  await page.reads("12.00");
  answer();
  await pause(50);
  expect(page.text).toBe("12.00");
});

test("an error stands beside the last answer, and goes when the network is back", async () => {
  let again: () => void = () => undefined;
  function Wallet(): ReactNode {
    const { data, error, refetch } = useQuery<Balance>(BALANCE);
    again = () => void refetch();
    const { status } = useConnection();
    useFeed(MOVED, {}, () => undefined);
    return `${data?.balance} ${error?.code ?? "well"} ${status}`;
  }
  show(<Wallet />);
  await page.reads("10.00 well live");
  const answer = server.answer;
  server.answer = () => ({});
  again();
  await page.reads("10.00 NETWORK live");
  server.answer = answer;
  balance = "16.00";
  server.peer.cut();
  await page.reads("16.00 well live");
});

test("a mutation shows how it goes, and its refusal field by field", async () => {
  let run: RunMutation<unknown, object> = () => Promise.reject(new Error("not rendered yet"));
  function Form(): ReactNode {
    const [pay, { loading, error, data }] = useMutation<unknown, object>(PAY);
    run = pay;
    return loading ? "…" : (error?.fields[0]?.path.join(".") ?? JSON.stringify(data) ?? "nothing yet");
  }
  show(<Form />);
  await page.reads("nothing yet");
  server.answer = () => ({
    body: { data: { pay: { errors: [{ code: "INVALID_AMOUNT", message: "no", field: ["input", "amount"] }] } } },
  });
  await expect(run({ input: {} })).rejects.toMatchObject({ code: "INVALID_AMOUNT" });
  await page.reads("input.amount");
  server.answer = () => ({ body: { data: { pay: { paid: true } } } });
  await expect(run({ input: {} })).resolves.toEqual({ pay: { paid: true } });
  await page.reads('{"pay":{"paid":true}}');
});

test("one feed serves all components that follow it, and skipping follows nothing", async () => {
  const heard: string[] = [];
  function Follower({ name, skip = false }: { readonly name: string; readonly skip?: boolean }): ReactNode {
    return useFeed<Moved, object>(MOVED, {}, (item) => heard.push(`${name} ${"balance" in item ? item.balance : ""}`), {
      skip,
    }).status;
  }
  show([<Follower key="1" name="a" />, <Follower key="2" name="b" />, <Follower key="3" name="c" skip />]);
  await until("the feed is open", () => server.peers.length === 1 && server.peer.opened.length > 0);
  server.peer.tell({ ...ready, recovered: false });
  await page.reads("liveliveended");
  server.peer.tell({ __typename: "Moved", cursor: "c11", balance: "1.00" });
  await until("both heard it", () => heard.length === 2);
  expect(heard).toEqual(["a 1.00", "b 1.00"]);
  expect(server.peer.opened.length).toBe(1);
});

test("the next person sees nothing of the last one", async () => {
  function Wallet(): ReactNode {
    const { user } = useSession();
    const { data } = useQuery<Balance>(BALANCE);
    return `${user?.name ?? "nobody"} ${data?.balance ?? "…"}`;
  }
  show(<Wallet />);
  await page.reads("nobody 10.00");
  const answer = server.answer;
  server.answer = (request) => (request.query === BALANCE ? new Promise(() => undefined) : answer(request));
  await client.signIn({ email: "asha@daftari.example", password: "a good password" });
  await page.reads("Asha Patel …");
});
