/** The lines of an entry while somebody writes it: what they come to, and by how much they do not balance. */
import { money } from "@daftari/client";

import type { JournalLineInput } from "@/graphql/schema";

import { isPositive } from "../../decimals";

export interface DraftLine {
  /** Which line it is while lines come and go. */
  readonly key: number;
  readonly accountId: string;
  /** One of them is empty. */
  readonly debit: string;
  readonly credit: string;
}

export interface Balance {
  readonly debits: string;
  readonly credits: string;
  /** How much is missing, and on which side; null when there is nothing to post, or nothing is missing. */
  readonly missing: { readonly side: "debit" | "credit"; readonly amount: string } | null;
  /** Whether it can be written down: all lines are whole, and both sides are equal. */
  readonly complete: boolean;
}

export function emptyLine(key: number): DraftLine {
  return { key, accountId: "", debit: "", credit: "" };
}

/** Lines that were written before, to be written anew. */
export function draftLines(
  lines: readonly {
    readonly account: { readonly id: string } | null;
    readonly debit: { readonly amount: string } | null;
    readonly credit: { readonly amount: string } | null;
  }[],
): DraftLine[] {
  return lines.map(({ account, debit, credit }, key) => ({
    key,
    accountId: account?.id ?? "",
    debit: debit?.amount ?? "",
    credit: credit?.amount ?? "",
  }));
}

export function balanceOf(lines: readonly DraftLine[]): Balance {
  const debits = money.sum(lines.map(({ debit }) => debit).filter((amount) => isPositive(amount)));
  const credits = money.sum(lines.map(({ credit }) => credit).filter((amount) => isPositive(amount)));
  const missing = missingOf(debits, credits);
  const whole = lines.every((line) => line.accountId && isPositive(line.debit || line.credit));
  return { debits, credits, missing, complete: whole && lines.length >= 2 && missing === null };
}

function missingOf(debits: string, credits: string): Balance["missing"] {
  const order = money.compare(debits, credits);
  if (order === 0) return null;
  return order < 0
    ? { side: "debit", amount: money.subtract(credits, debits) }
    : { side: "credit", amount: money.subtract(debits, credits) };
}

export function linesInput(lines: readonly DraftLine[], currency: string): JournalLineInput[] {
  return lines.map(({ accountId, debit, credit }) =>
    debit ? { accountId, debit: { amount: debit, currency } } : { accountId, credit: { amount: credit, currency } },
  );
}
