/** Somebody without a mouse: goes by Tab, acts by Enter, types, and always sees where the focus is. */
import type { Page } from "@playwright/test";

import { expect } from "./test.ts";

/** More than any page here has places for the focus before the one that is looked for. */
const MOST_STEPS = 150;

/** Presses Tab until what has the focus is called this (or begins with it), as somebody does who looks for it. */
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let pressed = 0; pressed < MOST_STEPS; pressed += 1) {
    const names = await page.evaluate(() => {
      const here = document.activeElement;
      if (!(here instanceof HTMLElement) || !here.matches("a, button, input, select, textarea")) return [];
      const labels = [...((here as HTMLInputElement).labels ?? [])].map(({ textContent }) => textContent);
      return [here.getAttribute("aria-label"), ...labels, here.textContent].map((said) => (said ?? "").replace(/\s+/g, " ").trim());
    });
    if (names.some((each) => each.startsWith(name))) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not lead to ${name}`);
}

/** Finds a button or a link by Tab, and presses it. */
export async function press(page: Page, name: string): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press("Enter");
}

/** What is typed into a form, field by field in the order of Tab. A choice is typed too: its first letters choose it. */
export type Typed = Readonly<Record<string, string>>;

/** Fills in fields of the dialog that is open. */
export async function fill(page: Page, typed: Typed): Promise<void> {
  for (const [label, text] of Object.entries(typed)) {
    await tabTo(page, label);
    const choice = await page.evaluate(() => document.activeElement instanceof HTMLSelectElement);
    if (!choice) await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.type(text);
  }
}

/** Opens the dialog of an act, fills in what it asks for and does it. It goes, and the focus is seen somewhere else. */
export async function act(page: Page, button: string, submit: string, typed: Typed = {}): Promise<void> {
  await press(page, button);
  const dialog = page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  await fill(page, typed);
  await press(page, submit);
  await expect(dialog).toHaveCount(0);
  await expectFocusToBeSeen(page);
}

/** It is on something that is on the screen, with a ring around it if one can act on it; headings take it without one. */
export async function expectFocusToBeSeen(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate(() => {
    const here = document.activeElement;
    if (here === null || here === document.body) return "nowhere";
    const { width, top, bottom } = here.getBoundingClientRect();
    if (width === 0 || bottom <= 0 || top >= innerHeight) return `out of sight, on ${here.outerHTML.slice(0, 120)}`;
    if (here.matches("[tabindex='-1']")) return "seen";
    return getComputedStyle(here).outlineStyle === "none" ? `without a ring, on ${here.outerHTML.slice(0, 120)}` : "seen";
  }), "the focus").toBe("seen");
}
