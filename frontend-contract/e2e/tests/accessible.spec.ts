/** Every page, wide and light, narrow and dark: axe finds nothing serious, and nothing is cut off. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

import type { Page } from "@playwright/test";

import { expect, type Part, settled, test } from "../stage/test.ts";

/** Who looks at which pages. One that ends with a star is that of a thing to which the page before leads. */
const TOURS: Partial<Record<Part, readonly string[]>> = {
  accountant: [
    "/accounting",
    "/accounting/profit-and-loss",
    "/accounting/balance-sheet",
    "/accounting/entries",
    "/accounting/entries/by-hand",
    "/accounting/expenses",
    "/accounting/expenses/*",
    "/accounting/revenues",
    "/accounting/transfers",
    "/accounting/periods",
  ],
  admin: ["/payments", "/payments/discrepancies", "/payments/discrepancies/*", "/payments/statements"],
  borrower: ["/lending", "/lending/apply"],
  bursar: ["/school/fees", "/school/financials"],
  guardian: ["/school/children"],
  investor: ["/marketplace", "/invoices/*", "/portfolio", "/wallet", "/notifications", "/notifications/preferences"],
  manager: ["/lending/branch", "/lending/loans", "/lending/loans/*", "/approvals"],
  miller: ["/mill/stock", "/mill/production", "/mill/sales"],
  officer: ["/lending/work", "/lending/collections"],
  seller: ["/invoices"],
  teacher: ["/school/attendance"],
};
const SEEN = Object.values(TOURS).flat();

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** Colours on their way from one theme to the other are neither's. */
const STILL = { reducedMotion: "reduce" } as const;

/** All that is wrong with somebody's pages is told at once. */
const softly = expect.configure({ soft: true });

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 320, height: 700 };

for (const [part, stops] of Object.entries(TOURS)) {
  test(`the pages of the ${part}`, async ({ stage }) => {
    const page = await stage.enter(part as Part, "/", { viewport: WIDE, ...STILL });
    await page.evaluate(await readFile(AXE, "utf8"));
    const menu = page.getByRole("navigation", { name: "Rooms" }).first().getByRole("link");
    const paths = await menu.evaluateAll((links) => links.map((link) => new URL((link as HTMLAnchorElement).href).pathname));
    expect(paths.filter((path) => path !== "/" && !SEEN.includes(path)), "pages of the menu that nobody looks at here").toEqual([]);
    for (const stop of stops) await look(page, stop);
  });
}

test("the page where one signs in", async ({ page }) => {
  await page.emulateMedia(STILL);
  await page.goto("/");
  await page.evaluate(await readFile(AXE, "utf8"));
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await lookBothWays(page, "/");
});

async function look(page: Page, path: string): Promise<void> {
  await page.locator(path.endsWith("*") ? `main a[href^="${path.slice(0, -1)}"]` : `a[href="${path}"]`).first().click();
  await settled(page);
  await lookBothWays(page, path);
  await page.setViewportSize(WIDE);
  await page.emulateMedia({ ...STILL, colorScheme: "light" });
  await drawn(page);
}

async function lookBothWays(page: Page, path: string): Promise<void> {
  await check(page, `${path}, wide and light`);
  await page.setViewportSize(NARROW);
  await page.emulateMedia({ ...STILL, colorScheme: "dark" });
  await drawn(page);
  await check(page, `${path}, narrow and dark`, LOOKS);
  const tooWide = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  await softly.poll(tooWide, `${path} is wider than 320 px`).toBeLessThanOrEqual(0);
  softly(await page.getByRole("heading", { level: 1 }).count(), `${path} has one heading of its own`).toBe(1);
}

/** Also what is only laid out when the room for it is known, such as a chart. */
async function drawn(page: Page): Promise<void> {
  for (let frame = 0; frame < 4; frame += 1) await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
}

/** What axe is asked the second time: the rules that depend on colours and on room. */
const LOOKS = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"];

async function check(page: Page, where: string, rules?: readonly string[]): Promise<void> {
  const told = await page.evaluate(async (only) => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    const { violations } = await axe.run({ resultTypes: ["violations"], ...(only ? { runOnly: { type: "rule", values: [...only] } } : {}) });
    const bad = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    return bad.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ target, failureSummary }) => `${target.join(" ")} (${failureSummary?.split("\n")[1]?.trim()})`).join("; ")}`);
  }, rules);
  softly(told, where).toEqual([]);
}
