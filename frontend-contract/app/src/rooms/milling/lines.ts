/** A line of a sale, a purchase or a bill of materials while it is written: an item, and how much of it. */

export interface GoodsLine {
  readonly key: number;
  readonly itemId: string;
  /** How much, as it is typed. */
  readonly wanted: string;
  /** For how much each, where the document says it; null until it is touched. */
  readonly price: string | null;
}

export const BLANK_LINE: GoodsLine = { key: 0, itemId: "", wanted: "", price: null };

/** What a document begins with. */
export const ONE_LINE: readonly GoodsLine[] = [BLANK_LINE];
