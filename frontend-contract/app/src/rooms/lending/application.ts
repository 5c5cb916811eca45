/** An application as it is being typed: what it asks for once enough of it is there, and which of its fields are touched. */
import type { LoanApplicationInput } from "@/graphql/schema";

import { isPositive, plainAmount } from "../decimals";

export interface Draft {
  readonly productId: string;
  /** What stands in the field, in whole shillings or with cents. */
  readonly principal: string;
  readonly instalments: string;
  readonly purpose: string;
}

/** What a product allows, as the form needs it. */
export interface Allowed {
  readonly id: string;
  readonly currency: string;
  readonly usualTerms: { readonly principal: { readonly amount: string } | null; readonly instalments: number | null };
}

const COUNT = /^[1-9]\d{0,3}$/;

/** An application of a product as it is usually lent, for people to change. */
export function usualDraft(product: Allowed): Draft {
  return {
    productId: product.id,
    principal: product.usualTerms.principal?.amount.replace(/\.00$/, "") ?? "",
    instalments: product.usualTerms.instalments?.toString() ?? "",
    purpose: "",
  };
}

/** What would be asked for; null while the draft is not yet an amount and a number of instalments. */
export function asInput(draft: Draft, currency: string): LoanApplicationInput | null {
  const amount = plainAmount(draft.principal);
  const instalments = draft.instalments.trim();
  if (draft.productId === "" || !isPositive(amount) || !COUNT.test(instalments)) return null;
  return {
    productId: draft.productId,
    principal: { amount, currency },
    instalments: Number(instalments),
    purpose: draft.purpose.trim(),
  };
}

/** What is wrong with a field before anybody was asked; null when nothing is. */
export function unreadable(draft: Draft): { principal?: string; instalments?: string } {
  const amount = plainAmount(draft.principal);
  return {
    ...(amount !== "" && !isPositive(amount) && { principal: "Say an amount, such as 50,000." }),
    ...(draft.instalments.trim() !== "" &&
      !COUNT.test(draft.instalments.trim()) && { instalments: "Say a whole number, such as 12." }),
  };
}
