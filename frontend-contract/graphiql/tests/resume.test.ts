/** A cut feed goes on after the last cursor, whether its document takes `after` as a variable, as a literal or not at all. */
import { parse } from "graphql";
import { expect, test } from "vitest";
import { cursorOf, startingAfter } from "../src/resume";

function resume(query: string, variables?: Record<string, unknown>) {
  return startingAfter(parse(query), { query, variables }, "c7");
}

test("through the variable that the document gives to after, under whatever name", () => {
  const query = "subscription S($id: ID!, $since: Cursor) { walletBalanceChanged(walletId: $id, after: $since) { cursor } }";
  expect(resume(query, { id: "w1", since: "c1" })).toEqual({ query, variables: { id: "w1", since: "c7" } });
});

test.each([
  ["missing", "subscription { newInvoiceListed { cursor } }"],
  ["a literal", 'subscription { newInvoiceListed(after: "c1") { cursor } }'],
])("written into the document when after is %s", (_, query) => {
  expect(resume(query).query).toContain('newInvoiceListed(after: "c7")');
});

test("only the operation that runs is changed", () => {
  const query = "subscription A { a { cursor } } subscription B { b { cursor } }";
  const resumed = startingAfter(parse(query), { query, operationName: "B" }, "c7").query;
  expect(resumed).toContain('b(after: "c7")');
  expect(resumed).not.toContain("a(after");
});

test("the cursor is read under an alias too, and is null when it was not selected", () => {
  expect(cursorOf({ data: { listed: { cursor: "c3" } } })).toBe("c3");
  expect(cursorOf({ data: { listed: { id: "1" } } })).toBeNull();
  expect(cursorOf({ errors: [], data: null })).toBeNull();
});
