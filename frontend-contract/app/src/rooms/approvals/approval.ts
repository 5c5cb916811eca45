/** A request as the queue has it. */
import type { ApprovalsQuery } from "@/graphql/approvals";

export type Approval = ApprovalsQuery["approvals"]["nodes"][number];
