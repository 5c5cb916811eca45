/** Where the focus goes when what had it goes: a button with its act, a row with its list. */
import { type FocusEvent, useEffect, useRef, useState } from "react";

import { focusTitle } from "@/kit";

/** When the part goes that calls this, as a dialog does, the focus goes back to where it was, or near to where that was. */
export function useReturnOfFocus(): void {
  const [before] = useState(() => {
    const active = document.activeElement;
    return { active, around: active === null ? [] : ancestors(active) };
  });
  useEffect(
    () => () => {
      const { active, around } = before;
      if (!(active instanceof HTMLElement && active.isConnected)) return focusNear(around);
      active.focus();
      followRemoval(active, around);
    },
    [before],
  );
}

/** For a button that does its act at once, and goes or rests when it is done: then the focus goes to what is near. */
export function keepFocusNear(button: HTMLElement): void {
  followRemoval(button, ancestors(button));
}

/** What was done in a dialog often takes its button away, a moment after the dialog: the news of it comes by itself. */
function followRemoval(element: HTMLElement, around: readonly Element[]): void {
  const watcher = new MutationObserver(() => {
    if (element.isConnected && !element.matches(":disabled")) return;
    stop();
    if ([document.body, element].includes(document.activeElement as HTMLElement)) focusNear(around);
  });
  const stop = (): void => {
    watcher.disconnect();
    document.removeEventListener("focusin", stop);
  };
  watcher.observe(document.body, { childList: true, subtree: true, attributeFilter: ["disabled"] });
  document.addEventListener("focusin", stop);
}

function ancestors(element: Element): Element[] {
  const found: Element[] = [];
  for (let each = element.parentElement; each; each = each.parentElement) found.push(each);
  return found;
}

/** Another act of the same row, the heading of the same card, or else the title of the page. */
function focusNear(around: readonly Element[]): void {
  const still = around.filter((each) => each.isConnected);
  const act = still.find((each) => each.matches("tr, li"))?.querySelector<HTMLElement>("a[href], button:enabled");
  if (act) return act.focus();
  const heading = still.find((each) => each.matches("section"))?.querySelector<HTMLElement>("h2");
  if (!heading) return focusTitle();
  heading.tabIndex = -1;
  heading.focus();
}

/**
 * For what leaves by itself: when the row or the button with the focus goes, as a funded invoice does, the focus goes near to
 * where it was instead of nowhere. Give what it returns to the element around it, and what it is shown from.
 */
export function useFocusWhenRowsLeave(rows: unknown): {
  onFocus(event: FocusEvent): void;
  onBlur(event: FocusEvent): void;
} {
  const around = useRef<readonly Element[] | null>(null);
  useEffect(() => {
    if (around.current && document.activeElement === document.body) {
      focusNear(around.current);
      around.current = null;
    }
  }, [rows]);
  return {
    onFocus: ({ target }) => {
      around.current = ancestors(target);
    },
    // What goes with its row leaves the focus to nobody; only who moves on moves it to something.
    onBlur: ({ relatedTarget }) => {
      if (relatedTarget !== null) around.current = null;
    },
  };
}
