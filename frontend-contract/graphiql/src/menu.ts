/** What the menus of the bar have in common: where they open, and how the keyboard goes through them. */
import type { KeyboardEvent } from "react";

const MARGIN = 8;

/** Below its button, inside the window. */
export function placeBelow(button: HTMLElement, panel: HTMLElement): void {
  const { bottom, left } = button.getBoundingClientRect();
  panel.style.top = `${bottom + 6}px`;
  panel.style.left = `${Math.max(MARGIN, Math.min(left, innerWidth - panel.offsetWidth - MARGIN))}px`;
}

/** Arrow keys walk through the filter and the entries; Tab and Escape keep their usual meaning. */
export function walk(event: KeyboardEvent<HTMLDivElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>("input, button, summary")].filter((stop) => stop.checkVisibility());
  const here = stops.indexOf(document.activeElement as HTMLElement);
  stops[Math.min(Math.max(here + step, 0), stops.length - 1)]?.focus();
  event.preventDefault();
}
