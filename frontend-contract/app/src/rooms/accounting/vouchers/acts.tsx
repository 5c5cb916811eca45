/** Bringing a voucher into the books, throwing it away while it is not there, taking it back when it is. */
import type { ReactNode } from "react";

import type { VoucherState } from "@/graphql/schema";
import { Money, type MoneyShape, toast } from "@/kit";

import { ActDialog } from "../../forms";
import { SayDialog } from "../../SayDialog";
import { type ActOn, type Kind, KINDS } from "./kinds";

/** As much of a voucher as an act needs. */
export interface ActedOn {
  readonly kind: Kind;
  readonly voucher: ActOn["voucher"] & { readonly description: string };
  /** None where it has lines of its own. */
  readonly amount?: MoneyShape;
}

interface ActProps extends ActedOn {
  readonly onClose: () => void;
}

function Summary({ voucher, amount }: ActedOn): ReactNode {
  return (
    <p>
      {voucher.description}
      {amount && (
        <>
          : <Money money={amount} />
        </>
      )}
      .
    </p>
  );
}

export function Post({ onClose, ...about }: ActProps): ReactNode {
  const { verb, posted, post } = KINDS[about.kind];
  const act = post.useIt((state) => {
    const body = about.voucher.description;
    if (state === "POSTED") toast({ title: posted, body, tone: "good" });
    else toast({ title: "It waits for approval", body });
    onClose();
  });
  const title = about.kind === "Transfer" ? "Move the money?" : "Bring this into the books?";
  return (
    <ActDialog title={title} submit={verb} act={act} onClose={onClose} onSubmit={() => act.run(about)}>
      <Summary {...about} />
    </ActDialog>
  );
}

export function ThrowAway({ state, onClose, ...about }: ActProps & { readonly state: VoucherState }): ReactNode {
  const { one, throwAway } = KINDS[about.kind];
  const act = throwAway.useIt(() => {
    toast({ title: `The ${one} is thrown away`, body: about.voucher.description });
    onClose();
  });
  return (
    <ActDialog
      title={`Throw the ${one} away?`}
      submit="Throw it away"
      danger
      act={act}
      onClose={onClose}
      onSubmit={() => act.run(about)}
    >
      <Summary {...about} />
      {state === "PENDING_APPROVAL" && <p className="muted">Nobody is asked to approve it any longer.</p>}
    </ActDialog>
  );
}

export function TakeBack({ onClose, ...about }: ActProps): ReactNode {
  const { one, takeBack } = KINDS[about.kind];
  const act = takeBack.useIt(() => {
    toast({ title: `The ${one} is taken back`, body: about.voucher.description });
    onClose();
  });
  return (
    <SayDialog
      title={`Take the ${one} back?`}
      submit="Take it back"
      danger
      act={act}
      field="reason"
      label="Reason"
      onClose={onClose}
      onSubmit={(reason) => act.run({ ...about, reason })}
    >
      <Summary {...about} />
      <p className="muted">The opposite entry is posted, dated today. What was posted stays in the books.</p>
    </SayDialog>
  );
}
