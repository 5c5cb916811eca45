/** Where the vouchers of each kind are listed; each has a page of its own under that. */

export const PATHS = {
  Expense: "/accounting/expenses",
  Revenue: "/accounting/revenues",
  Transfer: "/accounting/transfers",
  JournalDraft: "/accounting/entries/by-hand",
} as const;

export function voucherPath(kind: keyof typeof PATHS, id: string): string {
  return `${PATHS[kind]}/${encodeURIComponent(id)}`;
}
