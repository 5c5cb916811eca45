/** Noting what was said with a borrower, and what was promised. */
import type { DaftariError } from "@daftari/client";
import { useState, type ReactNode } from "react";

import { LogCommunicationDocument } from "@/graphql/lending";
import type { CommunicationChannel } from "@/graphql/schema";
import { MoneyField, SelectField, TextAreaField, TextField, toast, today } from "@/kit";

import { ActDialog, fieldError, useAct } from "../forms";

interface LogCallProps {
  readonly loan: { readonly id: string; readonly number: string; readonly borrowerName: string };
  readonly currency: string;
  readonly onClose: () => void;
}

const CHANNELS: readonly (readonly [CommunicationChannel, string])[] = [
  ["CALL", "By telephone"],
  ["SMS", "By text message"],
  ["VISIT", "At the borrower's"],
  ["MEETING", "At the branch"],
];

export function LogCall({ loan, currency, onClose }: LogCallProps): ReactNode {
  const [channel, setChannel] = useState<CommunicationChannel>("CALL");
  const [subject, setSubject] = useState(`Arrears of ${loan.number}`);
  const [body, setBody] = useState("");
  const [promised, setPromised] = useState({ amount: "", on: "" });
  const log = useAct(LogCommunicationDocument, () => {
    toast({ tone: "good", title: "Noted", body: `${loan.borrowerName}: ${subject}` });
    onClose();
  });
  const promise = promised.amount !== "" || promised.on !== "";
  return (
    <ActDialog
      title={`Talk with ${loan.borrowerName}`}
      submit="Note it"
      act={log}
      fields={["subject", "body", "promisedAmount", "promisedOn"]}
      onClose={onClose}
      onSubmit={() =>
        log.run({
          input: {
            loanId: loan.id,
            channel,
            subject,
            body,
            ...(promise && {
              promisedAmount: { amount: promised.amount || "0", currency },
              promisedOn: promised.on || null,
            }),
          },
        })
      }
    >
      <SelectField
        label="How"
        options={CHANNELS}
        value={channel}
        onChange={(value) => setChannel(value as CommunicationChannel)}
      />
      <TextField
        label="About"
        required
        maxLength={200}
        value={subject}
        onChange={setSubject}
        error={fieldError(log.error, "subject")}
      />
      <TextAreaField
        label="What was said"
        required={false}
        value={body}
        onChange={setBody}
        error={fieldError(log.error, "body")}
      />
      <PromiseFields promised={promised} currency={currency} error={log.error} onChange={setPromised} />
    </ActDialog>
  );
}

interface Promised {
  readonly amount: string;
  readonly on: string;
}

interface PromiseFieldsProps {
  readonly promised: Promised;
  readonly currency: string;
  readonly error: DaftariError | undefined;
  readonly onChange: (promised: Promised) => void;
}

function PromiseFields({ promised, currency, error, onChange }: PromiseFieldsProps): ReactNode {
  return (
    <>
      <MoneyField
        label="Promised to pay"
        required={false}
        currency={currency}
        value={promised.amount}
        onChange={(amount) => onChange({ ...promised, amount })}
        error={fieldError(error, "promisedAmount")}
      />
      <TextField
        label="By"
        type="date"
        required={promised.amount !== ""}
        min={today()}
        value={promised.on}
        onChange={(on) => onChange({ ...promised, on })}
        error={fieldError(error, "promisedOn")}
      />
    </>
  );
}
