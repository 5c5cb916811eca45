/**
 * The test that all others are made with: several people, each in a browser context of their own. Whatever a test is about, it fails when a
 * page asks anybody but its own origin, breaks its policy, throws, or follows what its reader may not see.
 */
import { type BrowserContext, type BrowserContextOptions, expect, type Page, test as base } from "@playwright/test";

export { expect };

/** People of the demo who play a part here. */
export const PEOPLE = {
  accountant: "Wanjiru Accounts",
  admin: "Zawadi Admin",
  borrower: "Njeri Kariuki",
  bursar: "Yaw Asante",
  cashier: "Juma Bakari",
  clerk: "Mwende Musyoka",
  client: "Wambui Kimani",
  debtor: "Metro Retail",
  guardian: "Efua Asare",
  investor: "Ishaan Capital",
  manager: "Wairimu Gitau",
  miller: "Naliaka Wafula",
  officer: "Kamau Mwangi",
  registrar: "Abena Boateng",
  secondInvestor: "Leela Partners",
  seller: "Asha Textiles",
  storekeeper: "Kiprono Bett",
  teacher: "Kofi Owusu",
  thirdInvestor: "Omondi Savings",
} as const;

export type Part = keyof typeof PEOPLE;

interface Stage {
  /** Somebody's browser, signed in, on the page with this path. */
  enter(part: Part, path?: string, options?: BrowserContextOptions): Promise<Page>;
  /** The same in a tab of a browser that others use before and after. */
  join(part: Part, path: string, browser: BrowserContext): Promise<Page>;
}

export const test = base.extend<{ stage: Stage }>({
  stage: async ({ browser, baseURL }, use) => {
    const wrongs: string[] = [];
    const open: (BrowserContext | Page)[] = [];
    const tab = async (part: Part, path: string, context: BrowserContext, address = baseURL): Promise<Page> => {
      const page = await context.newPage();
      open.push(page);
      watch(page, new URL(address ?? ""), wrongs);
      await signIn(page, PEOPLE[part], path);
      return page;
    };
    await use({
      join: tab,
      async enter(part, path = "/", options = {}) {
        const context = await browser.newContext({ baseURL, ...options });
        open.push(context);
        return await tab(part, path, context, options.baseURL);
      },
    });
    for (const each of open.reverse()) await each.close();
    expect(wrongs, "what pages did that they must not").toEqual([]);
  },
});

function watch(page: Page, { origin, host }: URL, wrongs: string[]): void {
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !/^(data|blob):/.test(url)) wrongs.push(`asked ${url}`);
  });
  page.on("websocket", (socket) => {
    if (new URL(socket.url()).host !== host) wrongs.push(`opened ${socket.url()}`);
    socket.on("framereceived", ({ payload }) => {
      if (String(payload).includes('"FORBIDDEN"')) wrongs.push(`followed what it may not at ${page.url()}: ${String(payload)}`);
    });
  });
  page.on("pageerror", (error) => wrongs.push(`threw ${error.message}`));
  page.on("console", (message) => {
    if (/content security policy|hydrat|each child in a list/i.test(message.text())) wrongs.push(`said ${message.text()}`);
  });
}

/** As people do it: find a name in the list, and press it. */
export async function signIn(page: Page, name: string, path: string): Promise<void> {
  await page.goto(path);
  await page.getByRole("button", { name }).click();
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toHaveCount(0, { timeout: 30_000 });
  await settled(page);
}

/** The page has its heading and shows what it has to show. */
export async function settled(page: Page): Promise<void> {
  await expect(page.locator("main h1")).toBeVisible({ timeout: 30_000 });
  await expect(page.locator("main").getByText("Loading", { exact: true })).toHaveCount(0, { timeout: 30_000 });
}

/** How the connection stands, as the badge says. */
export function badge(page: Page) {
  return page.locator("[data-connection]");
}
