/** Every page of everybody's menu, wide and light, narrow and dark: axe finds nothing serious, and nothing is cut off. */
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import { expect, type Part, settled, test } from "../stage/test.ts";

/** Between them they have every page of every room in their menus. */
const VISITORS: readonly Part[] = ["borrower", "officer", "manager", "seller", "investor", "miller", "clerk", "client", "registrar", "bursar", "teacher", "guardian", "admin"];

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 320, height: 700 };

for (const part of VISITORS) {
  test(`the pages of the ${part}`, async ({ stage }) => {
    const page = await stage.enter(part, "/", { viewport: WIDE });
    const paths = await page.getByRole("navigation", { name: "Rooms" }).first().getByRole("link").evaluateAll((links) => links.map((link) => new URL((link as HTMLAnchorElement).href).pathname));
    expect(paths.length).toBeGreaterThan(0);
    for (const path of paths) await look(page, path);
  });
}

test("the page where one signs in", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await lookBothWays(page, "/");
});

async function look(page: Page, path: string): Promise<void> {
  await page.locator(`nav a[href="${path}"]`).first().click();
  await settled(page);
  await lookBothWays(page, path);
  await page.setViewportSize(WIDE);
  await page.emulateMedia({ colorScheme: "light" });
}

async function lookBothWays(page: Page, path: string): Promise<void> {
  await check(page, `${path}, wide and light`);
  await page.setViewportSize(NARROW);
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  await check(page, `${path}, narrow and dark`);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect.soft(wider, `${path} is wider than 320 px`).toBeLessThanOrEqual(0);
  expect.soft(await page.getByRole("heading", { level: 1 }).count(), `${path} has one heading of its own`).toBe(1);
}

async function check(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).analyze();
  const bad = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const told = bad.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ target, failureSummary }) => `${target.join(" ")} (${failureSummary?.split("\n")[1]?.trim()})`).join("; ")}`);
  expect.soft(told, where).toEqual([]);
}
