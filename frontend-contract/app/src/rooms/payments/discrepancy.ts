/** One discrepancy as its page has it. */
import type { DiscrepancyQuery } from "@/graphql/payments";

export type Discrepancy = NonNullable<DiscrepancyQuery["discrepancy"]>;
