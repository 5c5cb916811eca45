/** How many requests wait for the viewer, beside the room's name in the menu. */
import type { ReactNode } from "react";

import { liveFeed, useQuery } from "@daftari/client/react";

import { ApprovalCountsDocument, ApprovalQueueUpdatedDocument } from "@/graphql/approvals";
import { Badge } from "@/kit/Badge";

export function useWaiting() {
  return useQuery(ApprovalCountsDocument, {}, { live: [liveFeed(ApprovalQueueUpdatedDocument, {})] });
}

export function WaitingCount(): ReactNode {
  const waiting = useWaiting().data?.approvalCounts.reduce((sum, { pending }) => sum + pending, 0) ?? 0;
  if (waiting === 0) return null;
  return (
    <Badge tone="warn">
      {waiting}
      <span className="unseen"> waiting</span>
    </Badge>
  );
}
