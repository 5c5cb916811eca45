/** Agreeing to a request, or refusing it with a reason. It happens at once, and once, however often it is sent. */
import { type ReactNode, useState } from "react";

import { ApproveDocument, RejectDocument } from "@/graphql/approvals";
import { Facts } from "@/kit/Card";
import { TextAreaField } from "@/kit/Field";
import { Money } from "@/kit/LiveNumber";
import { Time } from "@/kit/Time";
import { toast } from "@/kit/toasts";
import { humanise } from "@/kit/words";

import { ActDialog, fieldError, useKeyedAct } from "../forms";
import type { Approval } from "./approval";

export interface Decision {
  approval: Approval;
  verdict: "approve" | "reject";
}

const WORDS = {
  approve: { title: "Approve this?", verb: "Approve", comment: "Comment", done: "Approved", tone: "good" },
  reject: { title: "Reject this?", verb: "Reject", comment: "Reason", done: "Rejected", tone: "info" },
} as const;

export function Decide({ approval, verdict, onClose }: Decision & { onClose: () => void }): ReactNode {
  const [comment, setComment] = useState("");
  const words = WORDS[verdict];
  const done = (): void => {
    toast({ title: words.done, body: approval.title, tone: words.tone });
    onClose();
  };
  const approve = useKeyedAct(ApproveDocument, done);
  const reject = useKeyedAct(RejectDocument, done);
  const act = verdict === "approve" ? approve : reject;
  return (
    <ActDialog
      title={words.title}
      submit={words.verb}
      danger={verdict === "reject"}
      act={act}
      fields={["comment"]}
      onSubmit={() => act.run({ input: { approvalId: approval.id, comment } })}
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
      <TextAreaField
        label={words.comment}
        required={verdict === "reject"}
        value={comment}
        onChange={setComment}
        error={fieldError(act.error, "comment")}
      />
    </ActDialog>
  );
}
