/**
 * Where the session is kept: in the browser, for all its tabs and the next visit, or in this tab alone, so that another
 * tab can be somebody else: the buyer beside the seller.
 */
import { browserStorage, type TokenStorage } from "@daftari/client";

const browser = browserStorage();
const tab = browserStorage({ area: "session" });

let inTab = tab.read() !== null;

/** Says where the next sign-in is kept. What the tab kept of its own is forgotten, or the next visit would begin with it. */
export function keepInTabOnly(only: boolean): void {
  void tab.write(null);
  inTab = only;
}

export const keeping: TokenStorage = {
  read: () => (inTab ? tab : browser).read(),
  write: (kept) => (inTab ? tab : browser).write(kept),
  // What other tabs do with the browser's session is nothing to a tab with a session of its own.
  watch: (changed) => browser.watch?.(() => inTab || changed()) ?? (() => undefined),
};
