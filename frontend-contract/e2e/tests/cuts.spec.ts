/** What breaks: Valkey, the network, a token. The badge says how things stand, and in the end nothing is missing. */
import type { Page } from "@playwright/test";

import { Caller, invoiceNumber, valkey } from "../stage/api.ts";
import { badge, expect, test } from "../stage/test.ts";

/** Listed while nobody could know whether it would be told. */
async function listThree(): Promise<string[]> {
  const seller = await Caller.signIn("seller2");
  const numbers = Array.from({ length: 3 }, invoiceNumber);
  for (const number of numbers) await seller.listInvoice(number);
  return numbers;
}

async function showsAll(page: Page, numbers: string[]): Promise<void> {
  for (const number of numbers) await expect(page.getByRole("link", { name: number })).toHaveCount(1);
}

/** Everything that the badge says from now on. */
async function watchBadge(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const said: string[] = [];
    const look = (): void => {
      said.push(document.querySelector("[data-connection]")?.getAttribute("data-connection") ?? "gone");
    };
    look();
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-connection"] });
    Object.assign(window, { said });
  });
  return () => page.evaluate(() => [...new Set((window as unknown as { said: string[] }).said)]);
}

// One after another: whoever kills Valkey makes things late for everybody.
test.describe.configure({ mode: "serial" });

test("ten seconds without a network", async ({ stage }) => {
  const page = await stage.enter("investor", "/marketplace");
  await expect(badge(page)).toHaveText(/Live/);
  await page.context().setOffline(true);
  await expect(badge(page)).toHaveText(/Offline/);
  const numbers = await listThree();
  await page.waitForTimeout(10_000);
  await expect(page.getByRole("link", { name: numbers[0] })).toHaveCount(0);
  await page.context().setOffline(false);
  await expect(badge(page)).toHaveText(/Live/);
  await showsAll(page, numbers);
});

test("a token that ends is renewed, and nobody notices, where only trusted documents run", async ({ stage }) => {
  const baseURL = process.env.DAFTARI_STRICT_URL;
  const page = await stage.enter("thirdInvestor", "/marketplace", { baseURL });
  await expect(badge(page)).toHaveText(/Live/);
  const said = await watchBadge(page);
  const renewed = page.waitForRequest((request) => (request.postData() ?? "").includes("refreshToken"), { timeout: 20_000 });
  await renewed;
  // The first token is over by now, whatever happened.
  await page.waitForTimeout(8_000);
  await showsAll(page, await listThree());
  await page.getByRole("link", { name: "Wallet" }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Wallet");
  expect(await said()).toEqual(["live"]);
});

test("Valkey is killed: the badge says that things may be late, and nothing is missing", async ({ stage }) => {
  const page = await stage.enter("secondInvestor", "/marketplace");
  await expect(badge(page)).toHaveText(/Live/);
  await valkey.kill();
  try {
    await expect(badge(page)).toHaveText(/Stale/);
    await showsAll(page, await listThree());
  } finally {
    await valkey.wake();
  }
  await expect(badge(page)).toHaveText(/Live/);
  await showsAll(page, await listThree());
});
