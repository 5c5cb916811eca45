/** Dealing with a discrepancy and with its money: the ways that are open, each said in a sentence. */
import { type ReactNode, useState } from "react";

import { ResolveDiscrepancyDocument } from "@/graphql/payments";
import type { DiscrepancyResolution } from "@/graphql/schema";
import { SelectField, TextAreaField } from "@/kit/Field";
import { toast } from "@/kit/toasts";

import { ActDialog, fieldError, useKeyedAct } from "../forms";
import type { WholeDiscrepancy } from "./discrepancies";
import { WhichPayment } from "./WhichPayment";

const WORDS: Record<DiscrepancyResolution, string> = {
  ACCEPTED: "Accept the money as it came",
  MATCHED_BY_HAND: "Match it to a payment",
  REFUNDED: "Send it back to the payer",
  CORRECTED: "It was put right elsewhere",
  WRITTEN_OFF: "Write it off",
  NO_ACTION: "Nothing is to be done",
};

export function Resolve({ discrepancy, onClose }: { discrepancy: WholeDiscrepancy; onClose: () => void }): ReactNode {
  const ways = discrepancy.possibleResolutions;
  const [resolution, setResolution] = useState<DiscrepancyResolution | "">("");
  const [note, setNote] = useState("");
  const [paymentId, setPaymentId] = useState("");
  const act = useKeyedAct(ResolveDiscrepancyDocument, () => {
    toast({ title: `${discrepancy.number} is resolved`, tone: "good" });
    onClose();
  });
  const resolve = (): void => {
    if (!resolution) return;
    const matched = resolution === "MATCHED_BY_HAND";
    act.run({ input: { discrepancyId: discrepancy.id, resolution, note, paymentId: matched ? paymentId : null } });
  };
  return (
    <ActDialog
      title={`Resolve ${discrepancy.number}`}
      submit="Resolve"
      act={act}
      fields={["note", "paymentId"]}
      disabled={resolution === "MATCHED_BY_HAND" && !paymentId}
      onSubmit={resolve}
      onClose={onClose}
    >
      <SelectField
        label="What to do"
        required
        value={resolution}
        onChange={(value) => setResolution(value as DiscrepancyResolution)}
        options={[["", "Choose"], ...ways.map((way) => [way, WORDS[way]] as const)]}
      />
      {resolution === "MATCHED_BY_HAND" && (
        <WhichPayment
          receipt={discrepancy.receipt}
          value={paymentId}
          onChange={setPaymentId}
          error={fieldError(act.error, "paymentId")}
        />
      )}
      <TextAreaField
        label="Note"
        hint="Why, for whoever looks at it later."
        required
        value={note}
        onChange={setNote}
        error={fieldError(act.error, "note")}
      />
    </ActDialog>
  );
}
