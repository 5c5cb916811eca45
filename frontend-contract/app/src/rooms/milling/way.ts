/** The way of a production, as people follow it. */
import type { ProductionStatus } from "@/graphql/schema";

export const STEPS = ["Planned", "Materials taken", "Milled"] as const;

/** The last step that is reached; -1 for what was called off. */
export function stepOf(status: ProductionStatus): number {
  return { PLANNED: 0, IN_PROGRESS: 1, COMPLETED: 2, CANCELLED: -1 }[status];
}
