import { chromium } from "playwright-core";
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
for (const [name, width, scheme] of [["wide-light", 1280, "light"], ["wide-dark", 1280, "dark"], ["narrow-light", 320, "light"], ["narrow-dark", 320, "dark"]]) {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
  const requests = [];
  page.on("request", (r) => requests.push(r.url()));
  await page.goto("file:///work/main/frontend-contract/catalogue/index.html");
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  await page.screenshot({ path: `/tmp/engA/${name}-top.png` });
  await page.fill("#words", "wallets.balance");
  await page.waitForTimeout(400);
  await page.locator("summary:visible").nth(1).click().catch(() => {});
  await page.screenshot({ path: `/tmp/engA/${name}-search.png` });
  await page.fill("#words", "");
  await page.waitForTimeout(300);
  await page.goto("file:///work/main/frontend-contract/catalogue/index.html#permissions");
  await page.screenshot({ path: `/tmp/engA/${name}-permissions.png` });
  await page.goto("file:///work/main/frontend-contract/catalogue/index.html#close-codes");
  await page.screenshot({ path: `/tmp/engA/${name}-closing.png` });
  console.log(name, "overflow", over, "requests", requests.filter((u) => !u.startsWith("file:") && !u.startsWith("data:")).length);
  await page.close();
}
await browser.close();
