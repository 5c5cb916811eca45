/** Sending money from a wallet to another: what is typed, and what is wrong with it before the server is asked. */
import { money } from "@daftari/client";

import { isPositive } from "../decimals";

export interface TransferDraft {
  readonly to: string;
  readonly amount: string;
  readonly description: string;
}

export const NOTHING_TYPED: TransferDraft = { to: "", amount: "", description: "" };

interface Purse {
  readonly id: string;
  readonly currency: string;
  readonly available: { readonly amount: string; readonly formatted: string };
}

/** What can be said of each field; nothing of those that are still empty. */
export function problemsOf(
  { to, amount }: TransferDraft,
  wallet: Purse,
): { readonly to?: string; readonly amount?: string } {
  return {
    to: to.trim() === wallet.id ? "This is the wallet that the money comes from." : undefined,
    amount: ofAmount(amount, wallet),
  };
}

function ofAmount(amount: string, { available }: Purse): string | undefined {
  if (amount === "") return undefined;
  if (!isPositive(amount)) return "Say an amount above zero, with two decimals at most.";
  return money.compare(amount, available.amount) > 0 ? `There is ${available.formatted} to spend.` : undefined;
}
