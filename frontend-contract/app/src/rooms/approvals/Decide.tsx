/** Agreeing to a request, or refusing it with a reason. It happens at once, and once, however often it is sent. */
import { type ReactNode, useState } from "react";

import { newIdempotencyKey } from "@daftari/client";
import { useMutation } from "@daftari/client/react";

import { ApproveDocument, RejectDocument } from "@/graphql/approvals";
import { Facts } from "@/kit/Card";
import { FormDialog } from "@/kit/Dialog";
import { Notice } from "@/kit/Empty";
import { TextAreaField } from "@/kit/Field";
import { Money } from "@/kit/LiveNumber";
import { Time } from "@/kit/Time";
import { toast } from "@/kit/toasts";
import { humanise } from "@/kit/words";

import type { Approval } from "./ApprovalsPage";

export interface Decision {
  approval: Approval;
  verdict: "approve" | "reject";
}

export function Decide({ decision, onClose }: { decision: Decision | null; onClose: () => void }): ReactNode {
  // A dialog of its own for each decision, so that no comment and no refusal of the last one is left in it.
  return decision && <DecideOne key={decision.approval.id + decision.verdict} {...decision} onClose={onClose} />;
}

function DecideOne({ approval, verdict, onClose }: Decision & { onClose: () => void }): ReactNode {
  const [comment, setComment] = useState("");
  const [idempotencyKey] = useState(newIdempotencyKey);
  const [approve, approving] = useMutation(ApproveDocument);
  const [reject, rejecting] = useMutation(RejectDocument);
  const agreed = verdict === "approve";
  const { error, loading } = agreed ? approving : rejecting;
  const decide = async (): Promise<void> => {
    const input = { approvalId: approval.id, comment };
    try {
      await (agreed ? approve({ input }, { idempotencyKey }) : reject({ input }, { idempotencyKey }));
    } catch {
      // The dialog shows why.
      return;
    }
    toast({ title: agreed ? "Approved" : "Rejected", body: approval.title, tone: agreed ? "good" : "info" });
    onClose();
  };
  return (
    <FormDialog
      open
      title={agreed ? "Approve this?" : "Reject this?"}
      submit={agreed ? "Approve" : "Reject"}
      look={agreed ? "primary" : "danger"}
      busy={loading}
      onSubmit={() => void decide()}
      onClose={onClose}
    >
      <Facts
        facts={[
          ["What", approval.title],
          ["Kind", humanise(approval.kind)],
          ["Amount", <Money key="amount" money={approval.amount} />],
          ["Asked by", approval.requestedBy.name],
          ["When", <Time key="when" at={approval.requestedAt} />],
        ]}
      />
      {error && <Notice tone="bad">{error.message}</Notice>}
      <TextAreaField label={agreed ? "Comment" : "Reason"} required={!agreed} value={comment} onChange={setComment} />
    </FormDialog>
  );
}
