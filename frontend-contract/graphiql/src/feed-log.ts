/** What the running feed has delivered: how much, up to which cursor, and its last items. GraphiQL itself shows only the latest one. */
import type { Result } from "./http";
import { cursorOf } from "./resume";
import { createStore } from "./store";

const ROWS_KEPT = 20;

export interface FeedRow {
  number: number;
  at: Date;
  /** The type of the item, or what happened to the connection. */
  label: string;
  cursor: string | null;
  /** The item as JSON; null for a note about the connection. */
  body: string | null;
}

export interface Feed {
  name: string;
  state: "waiting" | "live" | "interrupted" | "ended";
  received: number;
  cursor: string | null;
  rows: FeedRow[];
}

export const feed = createStore<Feed | null>(null);

let rowNumber = 0;

export function startFeed(name: string): void {
  feed.set({ name, state: "waiting", received: 0, cursor: null, rows: [] });
}

export function itemArrived(result: Result): void {
  const current = feed.get();
  if (!current) return;
  const cursor = cursorOf(result);
  const row = createRow(labelOf(result), cursor, JSON.stringify(result, null, 2));
  feed.set({
    ...current,
    state: "live",
    received: current.received + 1,
    cursor: cursor ?? current.cursor,
    rows: [row, ...current.rows].slice(0, ROWS_KEPT),
  });
}

/** Something happened to the feed rather than in it. */
export function noteFeed(state: Feed["state"], text: string): void {
  const current = feed.get();
  if (!current) return;
  feed.set({ ...current, state, rows: [createRow(text, null, null), ...current.rows].slice(0, ROWS_KEPT) });
}

function createRow(label: string, cursor: string | null, body: string | null): FeedRow {
  rowNumber += 1;
  return { number: rowNumber, at: new Date(), label, cursor, body };
}

function labelOf(result: Result): string {
  const [field, item] = Object.entries(result.data ?? {})[0] ?? [];
  if (result.errors?.length) return `Error: ${result.errors[0]?.message}`;
  if (typeof item === "object" && item !== null && "__typename" in item) return String(item.__typename);
  return field ?? "item";
}
