/** Sending money to another wallet: what is typed is shown once more before it goes, as nobody can call it back. */
import { type ReactNode, useEffect, useRef, useState } from "react";

import type { WalletsQuery } from "@/graphql/wallets";
import { TransferFundsDocument } from "@/graphql/wallets";
import { Facts, LiveMoney, MoneyField, Notice, TextField, toast } from "@/kit";

import { inCurrency } from "../amounts";
import { ActDialog, fieldError, useKeyedAct } from "../forms";
import rooms from "../rooms.module.css";
import { NOTHING_TYPED, problemsOf, type TransferDraft } from "./transfer";

interface SendMoneyProps {
  readonly wallet: WalletsQuery["wallets"][number];
  readonly onClose: () => void;
}

export function SendMoney({ wallet, onClose }: SendMoneyProps): ReactNode {
  const [draft, setDraft] = useState(NOTHING_TYPED);
  const [sure, setSure] = useState(false);
  const { currency } = wallet;
  const act = useKeyedAct(TransferFundsDocument, ({ transferFunds }) => {
    toast({ tone: "good", title: `${transferFunds.amount?.formatted ?? ""} is sent`, body: draft.description });
    onClose();
  });
  const problems = problemsOf(draft, wallet);
  const send = (): void => {
    if (!sure) return setSure(true);
    act.run({
      input: {
        fromWalletId: wallet.id,
        toWalletId: draft.to.trim(),
        amount: { amount: draft.amount, currency },
        description: draft.description.trim(),
      },
    });
  };
  // What was refused is put right where it was typed.
  useEffect(() => {
    if (act.error) setSure(false);
  }, [act.error]);
  return (
    <ActDialog
      title={sure ? `Send ${inCurrency(currency)(draft.amount)}?` : "Send money"}
      submit={sure ? "Send it" : "Go on"}
      act={act}
      fields={["toWalletId", "amount", "description"]}
      disabled={Boolean(problems.to ?? problems.amount)}
      onSubmit={send}
      onClose={onClose}
    >
      {sure ? (
        <Once draft={draft} currency={currency} />
      ) : (
        <TransferFields draft={draft} wallet={wallet} error={act.error} problems={problems} onChange={setDraft} />
      )}
    </ActDialog>
  );
}

interface TransferFieldsProps {
  readonly draft: TransferDraft;
  readonly wallet: SendMoneyProps["wallet"];
  readonly error: ReturnType<typeof useKeyedAct>["error"];
  readonly problems: ReturnType<typeof problemsOf>;
  readonly onChange: (draft: TransferDraft) => void;
}

function TransferFields({ draft, wallet, error, problems, onChange }: TransferFieldsProps): ReactNode {
  return (
    <>
      <TextField
        label="Number of the other wallet"
        hint={`Its owner finds it on their wallet's page. It has to be in ${wallet.currency}.`}
        required
        autoComplete="off"
        spellCheck={false}
        value={draft.to}
        onChange={(to) => onChange({ ...draft, to })}
        error={problems.to ?? fieldError(error, "toWalletId")}
      />
      <MoneyField
        label="Amount"
        currency={wallet.currency}
        hint={
          <>
            <LiveMoney money={wallet.available} label="To spend" /> to spend
          </>
        }
        required
        value={draft.amount}
        onChange={(amount) => onChange({ ...draft, amount })}
        error={problems.amount ?? fieldError(error, "amount")}
      />
      <TextField
        label="What for"
        hint="Both of you read it."
        required
        maxLength={140}
        value={draft.description}
        onChange={(description) => onChange({ ...draft, description })}
        error={fieldError(error, "description")}
      />
    </>
  );
}

/** What is about to go, once more. It takes the focus from the fields that are gone. */
function Once({ draft, currency }: { readonly draft: TransferDraft; readonly currency: string }): ReactNode {
  const summary = useRef<HTMLDivElement>(null);
  useEffect(() => summary.current?.focus(), []);
  return (
    <div ref={summary} tabIndex={-1} className={`stack ${rooms.told}`}>
      <Facts
        facts={[
          ["Amount", <strong key="amount">{inCurrency(currency)(draft.amount)}</strong>],
          [
            "To the wallet",
            <span key="to" className={rooms.long}>
              {draft.to.trim()}
            </span>,
          ],
          ["What for", draft.description],
        ]}
      />
      <Notice tone="warn">It goes at once, and only its new owner can send it back.</Notice>
    </div>
  );
}
