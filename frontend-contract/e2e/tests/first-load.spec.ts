/** What a browser has to fetch before somebody sees the first page, and how it may keep it. */
import { gzipSync } from "node:zlib";

import type { Page, Response } from "@playwright/test";

import { expect, PEOPLE, settled, signIn, test } from "../stage/test.ts";

const BUDGET_BYTES = 200_000;

test("the sign-in page and somebody's first page load less than 200 KB of compressed JavaScript each", async ({ page }) => {
  expect(await scriptBytes(page, () => page.goto("/"))).toBeLessThan(BUDGET_BYTES);
  await signIn(page, PEOPLE.admin, "/");
  expect(await scriptBytes(page, () => page.reload())).toBeLessThan(BUDGET_BYTES);
});

test("assets are compressed and kept for good, the page is asked for anew, and nothing inline may run", async ({ page }) => {
  const assets: Response[] = [];
  page.on("response", (response) => assets.push(response));
  const answer = await page.goto("/");
  const entry = await page.locator("script[type=module]").getAttribute("src");
  const script = assets.find((response) => new URL(response.url()).pathname === entry);
  expect(await script?.headerValue("cache-control")).toContain("immutable");
  expect(await script?.headerValue("content-encoding")).toMatch(/br|gzip/);
  expect(await answer?.headerValue("cache-control")).toBe("no-cache");
  const ran = await page.evaluate(() => {
    const inline = document.createElement("script");
    inline.textContent = "window.ran = true";
    document.head.append(inline);
    return "ran" in window;
  });
  expect(ran).toBe(false);
});

/** What all scripts that come meanwhile weigh together, compressed as any server can. */
async function scriptBytes(page: Page, act: () => Promise<unknown>): Promise<number> {
  const scripts: Response[] = [];
  const keep = (response: Response): void => {
    if (response.request().resourceType() === "script") scripts.push(response);
  };
  page.on("response", keep);
  await act();
  await (page.url().endsWith("/") ? expect(page.getByRole("heading", { level: 1 })).toBeVisible() : settled(page));
  page.off("response", keep);
  const sizes = await Promise.all(scripts.map(async (script) => gzipSync(await script.body()).length));
  expect(sizes.length).toBeGreaterThan(0);
  return sizes.reduce((sum, size) => sum + size, 0);
}
