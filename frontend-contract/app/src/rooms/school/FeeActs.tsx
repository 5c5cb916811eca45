/** What is done with a fee: paid, paid from an advance, given back, deleted. */
import { money } from "@daftari/client";
import { useQuery } from "@daftari/client/react";
import { type ComponentType, type ReactNode, useState } from "react";
import { useLocation } from "wouter";

import {
  DeleteFeeDocument,
  RefundFeeDocument,
  RefundQuoteDocument,
  UnusedAdvancesDocument,
  UseAdvanceDocument,
} from "@/graphql/school";
import type { FeePaymentMethod } from "@/graphql/schema";
import { Button, Failed, inPercent, Money, Notice, SelectField, Skeleton, TextField, toast, today } from "@/kit";
import { usePerson } from "@/session/person";

import { ActDialog, fieldError, useKeyedAct } from "../forms";
import { SayDialog } from "../SayDialog";
import { Sums } from "../Sums";
import { useSettled } from "../useSettled";
import { feeActsOf, type FeeAct } from "./feePossible";
import type { FeeActProps, FeeFull } from "./oneStudent";
import { PayFee } from "./PayFee";
import { AT_THE_DESK } from "./words";

interface Offered {
  readonly act: FeeAct;
  readonly words: string;
  readonly look?: "primary";
  readonly Dialog: ComponentType<FeeActProps>;
}

const OFFERED: readonly Offered[] = [
  { act: "PAY", words: "Pay", look: "primary", Dialog: Pay },
  { act: "USE_ADVANCE", words: "Use the advance", Dialog: UseAdvance },
  { act: "REFUND", words: "Give back", Dialog: Refund },
  { act: "DELETE", words: "Delete", Dialog: Delete },
];

export function FeeActs({ fee }: { readonly fee: FeeFull }): ReactNode {
  const { permissions } = usePerson();
  const [open, setOpen] = useState<Offered | null>(null);
  const staff = permissions.includes("FEES_COLLECT");
  const advances = useQuery(UnusedAdvancesDocument, { studentId: fee.studentId }, { skip: !staff });
  const inAdvance = (advances.data?.unusedAdvances ?? []).some(({ currency }) => currency === fee.outstanding.currency);
  const acts = feeActsOf(fee, permissions, inAdvance);
  return (
    <>
      {OFFERED.filter(({ act }) => acts.has(act)).map((offered) => (
        <Button key={offered.act} look={offered.look} onClick={() => setOpen(offered)}>
          {offered.words}
        </Button>
      ))}
      {open && <open.Dialog fee={fee} onClose={() => setOpen(null)} />}
    </>
  );
}

function Pay({ fee, onClose }: FeeActProps): ReactNode {
  const atTheDesk = usePerson().permissions.includes("FEES_COLLECT");
  return <PayFee fee={fee} by={atTheDesk ? "DESK" : "WALLET"} onClose={onClose} />;
}

function UseAdvance({ fee, onClose }: FeeActProps): ReactNode {
  const advances = useQuery(UnusedAdvancesDocument, { studentId: fee.studentId });
  const unused = advances.data?.unusedAdvances.find(({ currency }) => currency === fee.outstanding.currency);
  const use = useKeyedAct(UseAdvanceDocument, ({ useAdvance: { payment } }) => {
    toast({ tone: "good", title: `${payment?.amount.formatted ?? ""} is paid from the advance`, body: fee.number });
    onClose();
  });
  return (
    <ActDialog
      title={`Pay ${fee.title} from the advance`}
      submit="Use the advance"
      act={use}
      disabled={unused === undefined}
      onClose={onClose}
      onSubmit={() => use.run({ input: { feeId: fee.id, expectedVersion: fee.version } })}
    >
      <Sums
        sums={[
          ["Outstanding", <Money key="" money={fee.outstanding} />],
          ["Paid in advance", <Money key="" money={unused} />],
        ]}
      />
      <p className="muted small">As much is used as both have.</p>
    </ActDialog>
  );
}

function Refund({ fee, onClose }: FeeActProps): ReactNode {
  const [leftOn, setLeftOn] = useState("");
  const [method, setMethod] = useState<FeePaymentMethod>("CASH");
  const refund = useKeyedAct(RefundFeeDocument, ({ refundFee: { payments } }) => {
    const back = (payments ?? []).map(({ amount }) => amount.formatted).join(", ");
    toast({ tone: "good", title: back === "" ? "Nothing goes back" : `${back} goes back`, body: fee.studentName });
    onClose();
  });
  return (
    <SayDialog
      title={`Give back of ${fee.title}`}
      submit="Give it back"
      danger
      act={refund}
      field="reason"
      fields={["leftOn", "method"]}
      label="Why"
      required={false}
      disabled={leftOn === "" && money.isZero(fee.credit.amount)}
      onClose={onClose}
      onSubmit={(reason) =>
        refund.run({
          input: { feeId: fee.id, leftOn: leftOn || null, method, reason, expectedVersion: fee.version },
        })
      }
    >
      <TextField
        label="Last day of the student"
        type="date"
        required={false}
        max={today()}
        hint="When it is left out, only what was paid beyond the fee goes back."
        value={leftOn}
        onChange={setLeftOn}
        error={fieldError(refund.error, "leftOn")}
      />
      <Quote fee={fee} leftOn={leftOn} />
      <SelectField
        label="How it goes back"
        options={[...AT_THE_DESK, ["WALLET", "Into the wallet of the guardian"]]}
        value={method}
        onChange={(value) => setMethod(value as FeePaymentMethod)}
        error={fieldError(refund.error, "method")}
      />
    </SayDialog>
  );
}

/** What goes back, worked out while the day is chosen, by the ladder that the fee was charged with. */
function Quote({ fee, leftOn }: { readonly fee: FeeFull; readonly leftOn: string }): ReactNode {
  const settled = useSettled(leftOn);
  const query = useQuery(
    RefundQuoteDocument,
    { feeId: fee.id, leftOn: settled },
    { skip: settled === "", keepPrevious: true },
  );
  if (settled === "") return <Notice>{fee.credit.formatted} was paid beyond the fee.</Notice>;
  if (query.error) return <Failed error={query.error} />;
  if (!query.data) return <Skeleton lines={4} />;
  const { percentBack, handlingFee, due, refund, stillDue } = query.data.refundQuote;
  return (
    <Sums
      sums={[
        ["Given back of the price", inPercent(percentBack)],
        ["Fee for the work of it", <Money key="" money={handlingFee} />],
        ["Still asked for", <Money key="" money={due} />],
        [
          "Goes back",
          <strong key="">
            <Money money={refund} />
          </strong>,
        ],
        ["Still to be paid", <Money key="" money={stillDue} />],
      ]}
    />
  );
}

function Delete({ fee, onClose }: FeeActProps): ReactNode {
  const [, go] = useLocation();
  const remove = useKeyedAct(DeleteFeeDocument, () => {
    toast({ title: `${fee.number} is deleted`, body: `${fee.title}, ${fee.studentName}` });
    onClose();
    go("/school/fees");
  });
  return (
    <SayDialog
      title={`Delete ${fee.title}?`}
      submit="Delete"
      danger
      act={remove}
      field="reason"
      label="Why"
      required={false}
      onClose={onClose}
      onSubmit={(reason) => remove.run({ input: { feeId: fee.id, reason, expectedVersion: fee.version } })}
    >
      <Notice tone="warn">
        {fee.studentName} will owe {fee.outstanding.formatted} less. Its entries in the books are reversed.
      </Notice>
    </SayDialog>
  );
}
