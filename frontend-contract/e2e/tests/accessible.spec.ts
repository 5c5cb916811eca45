/** Every page, wide and narrow, light and dark: axe finds nothing serious, and nothing is cut off. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

import type { BrowserContext, Page } from "@playwright/test";

import { expect, type Part, settled, test as watched } from "../stage/test.ts";

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
  admin: [
    "/lending/branches",
    "/lending/products",
    "/invoices/all",
    "/payments",
    "/payments/discrepancies",
    "/payments/discrepancies/*",
    "/payments/statements",
  ],
  borrower: ["/lending", "/lending/apply"],
  bursar: ["/school/fees", "/school/fees/*", "/school/financials"],
  debtor: ["/invoices/to-pay", "/invoices/*", "/orders"],
  guardian: ["/school/children", "/school/students/*"],
  investor: ["/marketplace", "/invoices/*", "/portfolio", "/wallet", "/notifications", "/notifications/preferences"],
  manager: ["/lending/branch", "/lending/loans", "/lending/loans/*", "/lending/repayments", "/approvals"],
  miller: [
    "/mill",
    "/mill/stock",
    "/mill/stock/*",
    "/mill/production",
    "/mill/recipes",
    "/mill/sales",
    "/mill/sales/*",
    "/mill/purchases",
    "/mill/purchases/*",
  ],
  officer: ["/lending/work", "/lending/collections", "/lending/recovery"],
  registrar: ["/school", "/school/students", "/school/students/*", "/school/years"],
  seller: ["/invoices"],
  teacher: ["/school/attendance"],
};
const SEEN = Object.values(TOURS).flat();

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const CATALOGUE = new URL("../../catalogue/index.html", import.meta.url).href;

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 320, height: 700 };

interface Look {
  readonly viewport: typeof WIDE;
  readonly colorScheme: "light" | "dark";
}

/** One thing changes from each look to the next; the page after that begins where this one ended, and goes back. */
const EVERY_LOOK: readonly Look[] = [
  { viewport: WIDE, colorScheme: "light" },
  { viewport: WIDE, colorScheme: "dark" },
  { viewport: NARROW, colorScheme: "dark" },
  { viewport: NARROW, colorScheme: "light" },
];

/** Among other tests one page wide and light, the next narrow and dark; with EVERY_LOOK=1 in the environment each in all four. */
function looksAt(number: number): readonly Look[] {
  if (process.env.EVERY_LOOK) return number % 2 === 0 ? EVERY_LOOK : EVERY_LOOK.toReversed();
  return EVERY_LOOK.filter((_, place) => place === (number % 2) * 2);
}

/** What axe is asked where only the colours are others than before. */
const OF_COLOURS = ["color-contrast", "link-in-text-block"];

/** All that is wrong with somebody's pages is told at once. */
const softly = expect.configure({ soft: true });

/** Those who look after each other share what was fetched: each has a tab of their own. Colours on their way are neither theme's. */
const test = watched.extend<object, { shared: BrowserContext }>({
  shared: [
    async ({ browser }, use, { project }) => {
      const { baseURL, locale, timezoneId } = project.use;
      const context = await browser.newContext({ baseURL, locale, timezoneId, ...EVERY_LOOK[0], reducedMotion: "reduce" });
      await use(context);
      await context.close();
    },
    { scope: "worker" },
  ],
});

for (const [part, stops] of Object.entries(TOURS)) {
  test(`the pages of the ${part}`, async ({ stage, shared }) => {
    test.setTimeout(60_000 + stops.length * 20_000);
    const page = await stage.join(part as Part, "/", shared);
    const menu = page.getByRole("navigation", { name: "Rooms" }).first().getByRole("link");
    const paths = await menu.evaluateAll((links) => links.map((link) => new URL((link as HTMLAnchorElement).href).pathname));
    expect(paths.filter((path) => path !== "/" && !SEEN.includes(path)), "pages of the menu that nobody looks at here").toEqual([]);
    await page.evaluate(AXE);
    for (const [number, stop] of stops.entries()) {
      await follow(page, stop);
      await check(page, stop, looksAt(number));
    }
  });
}

test("the page where one signs in", async ({ shared }) => {
  const page = await shared.newPage();
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.evaluate(AXE);
  await check(page, "/", looksAt(0));
  await page.close();
});

test("the catalogue of the contract", async ({ shared }) => {
  test.setTimeout(120_000);
  const page = await shared.newPage();
  await page.setViewportSize(NARROW);
  await page.goto(CATALOGUE);
  await expectToFit(page, "the catalogue");
  // Entries of one kind are written alike: of each table a few of them, opened, tell for all.
  await page.evaluate(() => {
    document.querySelectorAll("tbody:nth-of-type(n + 4)").forEach((entry) => entry.remove());
    document.querySelectorAll("details").forEach((entry) => (entry.open = true));
  });
  await page.evaluate(AXE);
  await check(page, "the catalogue", looksAt(1));
  await page.close();
});

/** By its link, also when that is in a menu which is closed because there is no room for it. */
async function follow(page: Page, path: string): Promise<void> {
  const link = page.locator(path.endsWith("*") ? `main a[href^="${path.slice(0, -1)}"]` : `a[href="${path}"]`).first();
  await link.evaluate((element: HTMLElement) => element.click());
  await settled(page);
}

async function check(page: Page, path: string, looks: readonly Look[]): Promise<void> {
  let width = 0;
  for (const { viewport, colorScheme } of looks) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    const sameRoom = viewport.width === width;
    await drawn(page, sameRoom ? 2 : 4);
    const found = await violations(page, sameRoom ? OF_COLOURS : undefined);
    softly(found, `${path}, ${viewport.width} pixels wide and ${colorScheme}`).toEqual([]);
    await softly.poll(() => clippedTables(page), `tables of ${path} that are cut off, ${viewport.width} pixels wide`).toEqual([]);
    width = viewport.width;
  }
  await page.setViewportSize(NARROW);
  await expectToFit(page, path);
  softly(await page.getByRole("heading", { level: 1 }).count(), `${path} has one heading of its own`).toBe(1);
  softly(await page.getByRole("button", { name: "Try again" }).count(), `${path} was refused what it asks for`).toBe(0);
}

async function expectToFit(page: Page, path: string): Promise<void> {
  const tooWide = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  await softly.poll(tooWide, `${path} is wider than the window`).toBeLessThanOrEqual(0);
  await softly.poll(() => clippedTables(page), `tables of ${path} that are cut off`).toEqual([]);
}

/** Tables whose columns need more room than there is around them. */
async function clippedTables(page: Page): Promise<string[]> {
  return await page.locator("main table[role=table]").evaluateAll((tables) =>
    tables
      .filter((table) => table.scrollWidth > (table.parentElement?.clientWidth ?? 0))
      .map((table) => table.querySelector("caption")?.textContent ?? ""),
  );
}

/** In new colours at once; in new room with what is laid out only when that is known, such as a chart. */
async function drawn(page: Page, frames: number): Promise<void> {
  await page.evaluate(async (count) => {
    for (let frame = 0; frame < count; frame += 1) await new Promise(requestAnimationFrame);
  }, frames);
}

/** What is serious or critical: of all rules, or of those that are named. */
async function violations(page: Page, rules?: readonly string[]): Promise<string[]> {
  return await page.evaluate(async (only) => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    const { violations } = await axe.run({ resultTypes: ["violations"], ...(only ? { runOnly: { type: "rule", values: [...only] } } : {}) });
    const bad = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    return bad.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ target, failureSummary }) => `${target.join(" ")} (${failureSummary?.split("\n")[1]?.trim()})`).join("; ")}`);
  }, rules);
}
