/** Writing an entry down by hand. How far its sides are apart is said while it is written. */
import { type ReactNode, useState } from "react";

import { CreateJournalEntryDocument, UpdateJournalEntryDocument } from "@/graphql/accounting";
import type { CreateJournalEntryInput } from "@/graphql/schema";
import { TextField, toast, today } from "@/kit";

import { type Act, ActDialog, fieldError, useKeyedAct } from "../../forms";
import roomStyles from "../../rooms.module.css";
import { CurrencyField } from "../currencies";
import { voucherPath } from "../paths";
import { JournalLines } from "./JournalLines";
import type { Voucher } from "./kinds";
import { balanceOf, draftLines, emptyLine, linesInput } from "./lines";
import { useHouseAccounts } from "./useHouseAccounts";

type Written = Extract<Voucher, { __typename: "JournalDraft" }>;

interface Draft {
  readonly description: string;
  readonly reference: string;
  readonly datedOn: string;
  /** None while the house's own is not known yet. */
  readonly currency: string | null;
}

function draftOf(voucher: Written | undefined): Draft {
  if (!voucher) return { description: "", reference: "", datedOn: today(), currency: null };
  const { description, reference, datedOn, lines } = voucher;
  const amount = lines[0]?.debit ?? lines[0]?.credit;
  return { description, reference, datedOn, currency: amount?.currency ?? null };
}

/** Writes a new draft, or the one with this id anew; tells the id. */
function useWriting(draftId: string | undefined, done: (id: string) => void): Act<CreateJournalEntryInput> {
  const written = (draft: { readonly id: string } | null): void => done(draft?.id ?? "");
  const create = useKeyedAct(CreateJournalEntryDocument, (data) => written(data.createJournalEntry.journalDraft));
  const update = useKeyedAct(UpdateJournalEntryDocument, (data) => written(data.updateJournalEntry.journalDraft));
  if (draftId === undefined) return { ...create, run: (input) => create.run({ input }) };
  return { ...update, run: (input) => update.run({ input: { ...input, draftId } }) };
}

interface JournalFormProps {
  /** What is written down anew; without it, something new is. */
  readonly voucher?: Written;
  readonly onClose: () => void;
}

export function JournalForm({ voucher, onClose }: JournalFormProps): ReactNode {
  const [{ currency: chosen, ...said }, setDraft] = useState(() => draftOf(voucher));
  const [lines, setLines] = useState(() => (voucher ? draftLines(voucher.lines) : [emptyLine(0), emptyLine(1)]));
  const accounts = useHouseAccounts(chosen);
  const { currency } = accounts;
  const act = useWriting(voucher?.id, (id) => {
    const title = voucher ? "The entry is changed" : "The draft is written";
    toast({ title, body: said.description, tone: "good", href: voucher ? undefined : voucherPath("JournalDraft", id) });
    onClose();
  });
  const tied = (field: keyof typeof said) => ({
    required: true,
    value: said[field],
    error: fieldError(act.error, field),
    onChange: (value: string) => setDraft((before) => ({ ...before, [field]: value })),
  });
  const choose = (other: string): void => {
    setDraft((before) => ({ ...before, currency: other }));
    setLines((before) => before.map((line) => ({ ...line, accountId: "" })));
  };
  return (
    <ActDialog
      title={voucher ? "Change the entry by hand" : "New entry by hand"}
      submit="Write it down"
      wide
      act={act}
      fields={["description", "reference", "datedOn", "accountId"]}
      disabled={!balanceOf(lines).complete}
      onSubmit={() => act.run({ ...said, lines: linesInput(lines, currency) })}
      onClose={onClose}
    >
      <TextField label="What for" {...tied("description")} />
      <div className={roomStyles.pair}>
        <TextField label="Day" type="date" max={today()} {...tied("datedOn")} />
        <TextField label="Number of its paper" {...tied("reference")} required={false} />
        <CurrencyField value={currency} onChange={choose} />
      </div>
      <JournalLines
        lines={lines}
        accounts={accounts.of("ANY")}
        currency={currency}
        error={act.error}
        onChange={setLines}
      />
    </ActDialog>
  );
}
