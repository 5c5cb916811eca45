/** What the menus of the bar have in common: where they open, and how the keyboard goes through them. */
import type { KeyboardEvent } from "react";

const MARGIN = 8;

/** Below its button, inside the window. */
export function placeBelow(button: HTMLElement, panel: HTMLElement): void {
  const { bottom, left } = button.getBoundingClientRect();
  panel.style.top = `${bottom + 6}px`;
  panel.style.left = `${Math.max(MARGIN, Math.min(left, innerWidth - panel.offsetWidth - MARGIN))}px`;
}

/**
 * Arrow keys walk through the filter and the entries, Home and End go to the first and the last entry, typing goes on in the filter
 * wherever one is in the list, and Enter in the filter takes the first that it has found. Tab and Escape keep their usual meaning.
 */
export function walk(event: KeyboardEvent<HTMLDivElement>): void {
  const { currentTarget: menu, target, key } = event;
  const filter = menu.querySelector<HTMLInputElement>("input[type=search]");
  const entries = [...menu.querySelectorAll<HTMLElement>("li button")];
  const inList = entries.includes(target as HTMLElement);
  if (inList && isTyped(event)) {
    // The letter is still on its way, and arrives where the focus is then.
    filter?.focus();
    return;
  }
  if (key === "Enter" && target === filter && filter?.value.trim()) entries[0]?.click();
  else if (key === "ArrowDown" || key === "ArrowUp") step(menu, key === "ArrowDown" ? 1 : -1);
  else if (inList && key === "Home") entries[0]?.focus();
  else if (inList && key === "End") entries.at(-1)?.focus();
  else return;
  event.preventDefault();
}

function step(menu: HTMLElement, by: 1 | -1): void {
  const stops = [...menu.querySelectorAll<HTMLElement>("input, button, summary")].filter((stop) => stop.checkVisibility());
  const here = stops.indexOf(document.activeElement as HTMLElement);
  stops[Math.min(Math.max(here + by, 0), stops.length - 1)]?.focus();
}

/** Space presses the entry; everything else that makes a letter is a part of a word. */
function isTyped({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return (key.length === 1 && key !== " " && !ctrlKey && !metaKey && !altKey) || key === "Backspace";
}
