/** Without a mouse: signing in, going somewhere, acting in a dialog and giving up, each by keys alone, with the focus where one expects it. */
import { tabTo } from "../stage/keys.ts";
import { expect, PEOPLE, settled, test } from "../stage/test.ts";

test("somebody signs in, finds a page, opens a form, leaves it and does it, by keyboard alone", async ({ page }) => {
  await page.goto("/");
  await tabTo(page, "Search people by name, role or business");
  await page.keyboard.type("asha textiles");
  await tabTo(page, PEOPLE.seller);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("navigation", { name: "Rooms" })).toBeVisible({ timeout: 30_000 });
  await settled(page);

  await tabTo(page, "My invoices");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("My invoices");

  await tabTo(page, "Offer an invoice");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Offer an invoice" });
  await expect(dialog.getByLabel("Your number")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Offer an invoice" })).toBeFocused();
});

test("the skip link leads past the menu", async ({ stage }) => {
  const page = await stage.enter("admin");
  await page.reload();
  await settled(page);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the page" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("main")).toBeFocused();
  await page.keyboard.press("Tab");
  const inMain = await page.evaluate(() => document.querySelector("main")?.contains(document.activeElement));
  expect(inMain).toBe(true);
});
