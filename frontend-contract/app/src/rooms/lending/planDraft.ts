/** A new plan as it is being typed, and what it asks for once enough of it is there. */
import type { NewPlanInput, PeriodUnit, RescheduleKind } from "@/graphql/schema";
import { daysAfter } from "@/kit/words";

export interface PlanDraft {
  readonly kind: RescheduleKind;
  /** Of new terms. */
  readonly fromOn: string;
  readonly newDueOn: string;
  readonly extraInstalments: string;
  readonly annualRate: string;
  /** Of a whole new plan. */
  readonly firstDueOn: string;
  readonly instalments: string;
  readonly unit: PeriodUnit;
}

export const PLAN_KINDS: readonly (readonly [RescheduleKind, string])[] = [
  ["NEW_TERMS", "Other terms for the instalments to come"],
  ["REAGE", "A whole new plan for all that is unpaid"],
  ["REAMORTISE", "What is late goes into the instalments to come"],
];

const WHOLE = /^\d{1,3}$/;
const RATE = /^\d{1,3}(\.\d{1,4})?$/;

/** What people usually begin with: two more instalments, or a year from next month on. */
export function usualPlan(today: string): PlanDraft {
  return {
    kind: "NEW_TERMS",
    fromOn: today,
    newDueOn: "",
    extraInstalments: "2",
    annualRate: "",
    firstDueOn: daysAfter(today, 30),
    instalments: "12",
    unit: "MONTHS",
  };
}

/** The plan to ask for; null while it is none yet, as without a day or with nothing that would change. */
export function planInput(draft: PlanDraft): NewPlanInput | null {
  if (draft.kind === "REAMORTISE") return { kind: draft.kind };
  return draft.kind === "REAGE" ? reaged(draft) : newTerms(draft);
}

function reaged({ kind, firstDueOn, instalments, unit }: PlanDraft): NewPlanInput | null {
  if (firstDueOn === "" || !WHOLE.test(instalments) || Number(instalments) === 0) return null;
  return { kind, firstDueOn, instalments: Number(instalments), unit };
}

function newTerms({ kind, fromOn, newDueOn, extraInstalments, annualRate }: PlanDraft): NewPlanInput | null {
  const extra = extraInstalments.trim() === "" ? "0" : extraInstalments.trim();
  const readable = WHOLE.test(extra) && (annualRate === "" || RATE.test(annualRate));
  const changes = Number(extra) > 0 || newDueOn !== "" || annualRate !== "";
  if (fromOn === "" || !readable || !changes) return null;
  return {
    kind,
    fromOn,
    extraInstalments: Number(extra),
    ...(newDueOn !== "" && { newDueOn }),
    ...(annualRate !== "" && { annualRate }),
  };
}
