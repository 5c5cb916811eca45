/** Setting a fiscal year up; closing years and periods, and opening them again. */
import { type ReactNode, useState } from "react";

import {
  CloseFiscalPeriodDocument,
  CloseFiscalYearDocument,
  CreateFiscalYearDocument,
  ReopenFiscalPeriodDocument,
  ReopenFiscalYearDocument,
} from "@/graphql/accounting";
import type { PeriodState } from "@/graphql/schema";
import { daysAfter, TextField, toast } from "@/kit";

import { type Act, ActDialog, fieldError, useAct, useKeyedAct } from "../forms";

/** What is closed or opened again. */
export interface Closable {
  readonly what: "period" | "year";
  readonly of: { readonly id: string; readonly name: string; readonly state: PeriodState };
}

const SAYS = {
  period: {
    OPEN: "Nothing can be dated into it from then on.",
    CLOSED: "Entries can be dated into it again.",
  },
  year: {
    OPEN: "All its periods are closed, and its result is carried into retained earnings.",
    CLOSED: "Its closing entries are taken back, and entries can be dated into it again.",
  },
} as const;

function useClosing({ what, of }: Closable, done: () => void): Pick<Act<never>, "busy" | "error"> & { run(): void } {
  const [periodId, yearId] = [of.id, of.id];
  const closePeriod = useAct(CloseFiscalPeriodDocument, done);
  const openPeriod = useAct(ReopenFiscalPeriodDocument, done);
  const closeYear = useKeyedAct(CloseFiscalYearDocument, done);
  const openYear = useKeyedAct(ReopenFiscalYearDocument, done);
  if (what === "period") {
    const act = of.state === "OPEN" ? closePeriod : openPeriod;
    return { ...act, run: () => act.run({ input: { periodId } }) };
  }
  const act = of.state === "OPEN" ? closeYear : openYear;
  return { ...act, run: () => act.run({ input: { yearId } }) };
}

export function Closing({ onClose, ...closable }: Closable & { readonly onClose: () => void }): ReactNode {
  const { what, of } = closable;
  const open = of.state === "OPEN";
  const act = useClosing(closable, () => {
    toast({ title: `${of.name} is ${open ? "closed" : "open again"}`, tone: "good" });
    onClose();
  });
  return (
    <ActDialog
      title={`${open ? "Close" : "Open"} the ${what} ${of.name}${open ? "" : " again"}?`}
      submit={open ? "Close it" : "Open it again"}
      act={act}
      onSubmit={act.run}
      onClose={onClose}
    >
      <p>{SAYS[what][of.state]}</p>
    </ActDialog>
  );
}

interface NewYearProps {
  /** The year before, after which the new one usually begins. */
  readonly latest: { readonly endsOn: string } | undefined;
  readonly onClose: () => void;
}

export function NewYear({ latest, onClose }: NewYearProps): ReactNode {
  const [startsOn, setStartsOn] = useState(latest ? daysAfter(latest.endsOn, 1) : "");
  const [months, setMonths] = useState("12");
  const [name, setName] = useState("");
  const act = useKeyedAct(CreateFiscalYearDocument, ({ createFiscalYear: { fiscalYear } }) => {
    toast({ title: `The fiscal year ${fiscalYear?.name ?? ""} is set up`, tone: "good" });
    onClose();
  });
  return (
    <ActDialog
      title="New fiscal year"
      submit="Set it up"
      act={act}
      fields={["startsOn", "months", "name"]}
      onSubmit={() => act.run({ input: { startsOn, months: Number(months), name: name.trim() || null } })}
      onClose={onClose}
    >
      <TextField
        label="It begins on"
        type="date"
        required
        value={startsOn}
        onChange={setStartsOn}
        error={fieldError(act.error, "startsOn")}
      />
      <TextField
        label="Months"
        type="number"
        min={1}
        max={24}
        required
        hint="A period for each."
        value={months}
        onChange={setMonths}
        error={fieldError(act.error, "months")}
      />
      <TextField
        label="Name"
        required={false}
        hint="That of the calendar year when left out."
        value={name}
        onChange={setName}
        error={fieldError(act.error, "name")}
      />
    </ActDialog>
  );
}
