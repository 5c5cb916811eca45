/** Every kind of act by keyboard alone: each page is walked by Tab, each dialog filled and sent by keys, and the focus never gets lost. */
import type { Page } from "@playwright/test";

import { Caller, invoiceNumber } from "../stage/api.ts";
import { act, expectFocusToBeSeen, fill, press, tabTo } from "../stage/keys.ts";
import { expect, settled, test } from "../stage/test.ts";

test("an application is handed in, taken on, reviewed, approved and paid out; its loan is followed and given up", async ({ stage }) => {
  test.setTimeout(120_000);
  const [asking, managing] = await Promise.all([Caller.signIn("borrower"), Caller.signIn("manager")]);
  const [id, unwanted] = [await draft(asking), await draft(asking)];
  await asking.change("submitLoanApplication", { loanId: unwanted });
  const path = `/lending/loans/${encodeURIComponent(id)}`;
  const [borrower, officer, manager, admin] = await Promise.all([
    stage.enter("borrower", path),
    stage.enter("officer", "/lending/loans"),
    stage.enter("manager", `/lending/loans/${encodeURIComponent(unwanted)}`),
    stage.enter("admin", "/lending/loans"),
  ]);
  await act(manager, "Reject", "Reject", { Why: "Another is running" });
  await expect(state(manager, "Rejected")).toBeVisible();

  await act(borrower, "Hand it in", "Hand it in");
  await go(officer, path);
  await press(officer, "Take it on");
  await expect(officer.getByRole("button", { name: "Take it on" })).toHaveCount(0);
  await expectFocusToBeSeen(officer);
  await act(officer, "Review", "Recommend", { Recommendation: "It should be agreed", Why: "Pays in time" });
  await go(manager, path);
  await act(manager, "Approve", "Approve", { "Agreed to": "4500", "What is said": "As much as the shop earns" });
  await go(admin, path);
  await act(admin, "Pay out", "Pay out");
  await expect(admin.getByRole("button", { name: "Pay out" })).toHaveCount(0);

  await act(manager, "Charge something", "Charge it", { "What for": "A visit", Amount: "250" });
  await act(manager, "Let go of A visit", "Let it go", { Why: "It was on the way" });

  await act(officer, "Plan a step", "Plan it");
  await press(officer, "Begin");
  await expect(officer.getByRole("button", { name: /^Begin/ })).toHaveCount(0);
  await expectFocusToBeSeen(officer);
  await act(officer, "Done", "Done", { "What came of it": "Pays on Friday" });

  await managing.change("requestLoanWriteOff", { loanId: id, reason: "Moved away" });
  await act(admin, "Refuse", "Refuse", { Why: "Too early" });
  await managing.change("requestLoanWriteOff", { loanId: id, reason: "Moved abroad" });
  await act(admin, "Agree", "Agree");
  await expect(state(admin, "Written off")).toBeVisible();
});

test("an expense is written down and posted, and somebody else agrees to it or refuses it", async ({ stage }) => {
  const [accountant, admin] = await Promise.all([stage.enter("accountant", "/accounting/expenses"), stage.enter("admin", "/approvals")]);
  for (const [what, verdict] of [["Roof of the depot", "Approve"], ["Second roof", "Reject"]] as const) {
    await act(accountant, "New expense", "Write it down", {
      "What for": what,
      "Paid to": "Kijani Builders",
      Amount: "150000",
      "Paid from": "1",
      "Kind of expense": "5",
    });
    await act(accountant, `Post ${what}`, "Post");
    const request = admin.getByRole("row").filter({ hasText: what });
    await expect(request).toBeVisible();
    await expect(request.getByRole("link")).toHaveAttribute("href", /^\/accounting\/expenses\/./);
    const button = await request.getByRole("button", { name: verdict }).innerText();
    await act(admin, button.replace(/\s+/g, " "), verdict, verdict === "Reject" ? { Reason: "One is enough" } : {});
    await expect(request).toHaveCount(0);
  }
});

test("a loan product is made, changed as far as it can be, and lent no more", async ({ stage }) => {
  const admin = await stage.enter("admin", "/lending/products");
  const name = `Boda ${process.pid}`;
  await act(admin, "New product", "Lend it", { Code: `BODA-${process.pid}`, Amount: "80000", Name: name, "At most": "200000" });
  await press(admin, `Change ${name}`);
  await fill(admin, { "Most instalments": "1000" });
  await press(admin, "Change it");
  await expect(admin.getByRole("dialog")).toContainText("maximal loan is impossible");
  await admin.keyboard.press("Escape");
  await act(admin, `Change ${name}`, "Change it", { "At most": "150000" });
  await expect(admin.getByRole("row").filter({ hasText: name })).toContainText("KES 150,000.00");
  await act(admin, `Lend no more: ${name}`, "Lend it no more");
  await expect(admin.getByRole("row").filter({ hasText: name })).toHaveCount(0);
});

test("the books of a school take income and expenses", async ({ stage }) => {
  const bursar = await stage.enter("bursar", "/school/financials");
  for (const kind of ["Income", "Expense"]) {
    await act(bursar, kind, "Write it down", { Category: "Fair", "What for": `${kind} of the fair`, Amount: "120" });
    await expect(bursar.getByText(`${kind} of the fair`).first()).toBeVisible();
  }
});

test("a school year is opened, and a class moves on into it", async ({ stage }) => {
  const registrar = await stage.enter("registrar", "/school/years");
  // The same whether days or months are written first.
  await act(registrar, "Open a year", "Open it", { "What it is called": "Year of the test", "First day": "01012031", "Last day": "12122031" });
  await expect(registrar.getByRole("heading", { name: "Year of the test" })).toBeVisible();
  await act(registrar, "Move a class on", "Move it on", { Class: "Primary 3", "What becomes of Fiifi Quaye": "Repeats" });
  await expect(registrar.getByText("is under way")).toBeVisible();
});

test("a sale to investors is ended by its seller, and a bid taken back", async ({ stage }) => {
  const [selling, funding, bidding] = await Promise.all(["seller", "investor2", "investor3"].map((who) => Caller.signIn(who)));
  const auction = await selling!.listInvoice(invoiceNumber(), { saleMethod: "AUCTION" });
  const fixed = await selling!.listInvoice(invoiceNumber());
  await bidding!.change("placeBid", { invoiceId: auction, rate: "1.5" });
  await funding!.change("fundInvoice", { invoiceId: fixed, amount: { amount: "100.00", currency: "INR" }, allowPartial: false });
  const [seller, bidder] = await Promise.all([
    stage.enter("seller", `/invoices/${encodeURIComponent(fixed)}`),
    stage.enter("thirdInvestor", `/invoices/${encodeURIComponent(auction)}`),
  ]);
  await act(bidder, "Take my bid back", "Take it back");
  await expect(state(bidder, "Taken back")).toBeVisible();
  await act(seller, "Take what is funded", "Stop here");
  await expect(seller.getByRole("button", { name: "Take what is funded" })).toHaveCount(0);
  await go(seller, `/invoices/${encodeURIComponent(auction)}`);
  await act(seller, "End the auction", "End it now");
  await expect(seller.getByRole("button", { name: "End the auction" })).toHaveCount(0);
});

test("a sale of the mill is ordered, delivered, paid and comes back, which was a mistake; a customer pays an order", async ({ stage }) => {
  const milling = await Caller.signIn("miller");
  const [offer, order] = [await sell(milling, "DRAFT"), await sell(milling, "DELIVERED")];
  const [miller, customer] = await Promise.all([
    stage.enter("miller", `/mill/sales/${encodeURIComponent(offer.id)}`),
    stage.enter("debtor", "/orders"),
  ]);
  await act(miller, "Order", "Make it an order");
  await act(miller, "Deliver", "Hand the goods over");
  await act(miller, "Write its invoice", "Write it");
  await act(miller, "Payment", "Record payment", { "Amount received": "50" });
  await act(miller, "Take goods back", "Take them back", { [offer.item]: "1", Why: "A torn bag" });
  const returned = miller.getByRole("row").filter({ hasText: "A torn bag" });
  await expect(returned).toBeVisible();
  await act(miller, "Take back CN", "Take it back", { Why: "It was another customer's" });
  await expect(returned).toContainText("Cancelled");
  await act(miller, "Take back PY", "Take it back", { Why: "The cheque bounced" });
  await expect(miller.getByRole("row").filter({ hasText: "Reversed" })).toBeVisible();

  await act(customer, `Pay ${order.number}`, "Pay from my wallet", { Amount: "10" });
});

/** A draft of an application; its id. */
async function draft(borrower: Caller): Promise<string> {
  const { loanProducts } = (await borrower.ask("{ loanProducts(first: 50) { nodes { id code } } }")) as {
    loanProducts: { nodes: { id: string; code: string }[] };
  };
  const productId = loanProducts.nodes.find(({ code }) => code === "DHARURA")!.id;
  const asked = { productId, principal: { amount: "5000.00", currency: "KES" }, instalments: 8, purpose: "Nets" };
  const { loan } = (await borrower.change("createLoanApplication", asked, "loan { id }", "LoanApplicationInput")) as { loan: { id: string } };
  return loan.id;
}

/** Two of something that the mill sells to Metro Retail. */
async function sell(miller: Caller, upTo: "DRAFT" | "DELIVERED"): Promise<{ id: string; number: string; item: string }> {
  const things = `{
    customers(first: 100) { nodes { id name } }
    items(first: 100) { nodes { id name salePrice { amount } stock { warehouseId available } } }
  }`;
  const { customers, items } = (await miller.ask(things)) as {
    customers: { nodes: { id: string; name: string }[] };
    items: { nodes: { id: string; name: string; salePrice: object | null; stock: { warehouseId: string; available: string }[] }[] };
  };
  const customerId = customers.nodes.find(({ name }) => name === "Metro Retail")!.id;
  const [found] = items.nodes.flatMap(({ id, name, salePrice, stock }) =>
    stock.filter(({ available }) => salePrice && Number(available) > 20).map(({ warehouseId }) => ({ id, name, warehouseId })),
  );
  const { id, name, warehouseId } = found!;
  const asked = { warehouseId, customerId, lines: [{ itemId: id, quantity: "2" }], upTo };
  const { sale } = (await miller.change("createSale", asked, "sale { id number }")) as { sale: { id: string; number: string } };
  return { ...sale, item: name };
}

/** The mark of a state, wherever on the page it stands. */
function state(page: Page, word: string) {
  return page.locator("main").getByText(word, { exact: true }).first();
}

/** As with the address bar, which is by keyboard too. */
async function go(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await settled(page);
  await tabTo(page, "Skip to the page");
  await page.keyboard.press("Enter");
}
