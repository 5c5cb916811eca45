import { chromium } from "playwright-core";
const { AxeBuilder } = await import("@axe-core/playwright");
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
for (const scheme of ["light", "dark"]) for (const width of [320, 1280]) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
  const page = await context.newPage();
  await page.goto("file:///tmp/engA/small.html");
  await page.locator("summary").nth(3).click();
  const result = await new AxeBuilder({ page }).analyze();
  console.log(scheme, width, JSON.stringify(result.violations.map((v) => `${v.id} ${v.impact} ${v.nodes.length} ${v.nodes[0].html.slice(0, 120)}`)));
  if (width === 1280) {
    await page.keyboard.press("/"); await page.keyboard.type("forbidden");
    console.log(await page.evaluate(() => document.activeElement.id + " " + document.getElementById("words").value));
    await page.locator("select").first().selectOption({ index: 1 });
    console.log(await page.locator("#found").textContent());
  }
  await page.screenshot({ path: `/tmp/engA/small-${scheme}-${width}.png` });
  await context.close();
}
await browser.close();
