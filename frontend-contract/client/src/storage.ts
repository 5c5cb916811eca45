/**
 * Where a session is kept between two visits. What is kept gives access until it is used or revoked, so keep it where
 * no other program reads it.
 */
import { host, type KeyValueLike } from "./host.ts";

/** Any key-value store fits, also one that answers later, such as the key chain of a phone. */
export interface TokenStorage {
  read(): string | null | Promise<string | null>;
  /** Null forgets. */
  write(kept: string | null): void | Promise<void>;
  /** Calls back when somebody else has written: another tab, say. Stores that nobody else writes to leave it out. */
  watch?(changed: () => void): () => void;
}

/** Forgets everything with the program. */
export function memoryStorage(): TokenStorage {
  let kept: string | null = null;
  return {
    read: () => kept,
    write: (next) => void (kept = next),
  };
}

/** `localStorage`, shared by all tabs, or `sessionStorage`, for one tab. Memory where there is neither. */
export function browserStorage(options: { key?: string; area?: "local" | "session" } = {}): TokenStorage {
  const { key = "daftari.session", area = "local" } = options;
  const keep = areaOf(area);
  if (!keep) return memoryStorage();
  return {
    read: () => keep.getItem(key),
    write: (kept) => (kept === null ? keep.removeItem(key) : keep.setItem(key, kept)),
    watch(changed) {
      const listener = (event: { key?: string | null }): void => {
        // No key: the whole store was cleared.
        if (event.key === key || event.key === null) changed();
      };
      host.addEventListener?.("storage", listener);
      return () => host.removeEventListener?.("storage", listener);
    },
  };
}

function areaOf(area: "local" | "session"): KeyValueLike | undefined {
  try {
    return area === "local" ? host.localStorage : host.sessionStorage;
  } catch {
    // Reading the property already fails where a person has forbidden pages to keep anything.
    return undefined;
  }
}
