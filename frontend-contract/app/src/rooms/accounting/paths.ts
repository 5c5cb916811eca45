/** Where things of this room have pages of their own. */

/** One voucher of any kind. */
export function voucherPath(id: string): string {
  return `/accounting/vouchers/${encodeURIComponent(id)}`;
}
