/** Opening a school year: its days, its terms and its holidays. */
import type { DaftariError } from "@daftari/client";
import { Plus, X } from "lucide-react";
import { type ReactNode, useState } from "react";

import { OpenAcademicYearDocument } from "@/graphql/school";
import { Button, IconButton, TextField, toast } from "@/kit";

import { ActDialog, fieldError, useAct } from "../forms";
import rooms from "../rooms.module.css";
import styles from "./school.module.css";

interface Period {
  readonly key: number;
  readonly title: string;
  readonly startsOn: string;
  readonly endsOn: string;
}

const BLANK = { title: "", startsOn: "", endsOn: "" };

export function OpenYear({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [year, setYear] = useState(BLANK);
  const [terms, setTerms] = useState<readonly Period[]>([]);
  const [holidays, setHolidays] = useState<readonly Period[]>([]);
  const act = useAct(OpenAcademicYearDocument, () => {
    toast({ tone: "good", title: `${year.title} is open`, body: "Students can be given places in it." });
    onClose();
  });
  const change = (part: Partial<typeof BLANK>): void => setYear({ ...year, ...part });
  return (
    <ActDialog
      title="Open a school year"
      submit="Open it"
      wide
      act={act}
      fields={["title", "startsOn", "endsOn"]}
      onClose={onClose}
      onSubmit={() => act.run({ input: { ...year, terms: sent(terms), holidays: sent(holidays) } })}
    >
      <TextField
        label="What it is called"
        required
        maxLength={80}
        placeholder="2026/27"
        value={year.title}
        onChange={(title) => change({ title })}
        error={fieldError(act.error, "title")}
      />
      <Days period={year} error={act.error} onChange={change} />
      <Periods title="Terms" another="Another term" periods={terms} onChange={setTerms} />
      <Periods title="Holidays" another="Another holiday" periods={holidays} onChange={setHolidays} />
    </ActDialog>
  );
}

/** A day that is left out as the last one is the first one too. */
function sent(periods: readonly Period[]): Omit<Period, "key">[] {
  return periods.map(({ title, startsOn, endsOn }) => ({ title, startsOn, endsOn: endsOn || startsOn }));
}

interface DaysProps {
  readonly period: Pick<Period, "startsOn" | "endsOn">;
  readonly error?: DaftariError | undefined;
  readonly onChange: (part: Partial<Pick<Period, "startsOn" | "endsOn">>) => void;
}

function Days({ period: { startsOn, endsOn }, error, onChange }: DaysProps): ReactNode {
  return (
    <div className={rooms.pair}>
      <TextField
        label="First day"
        type="date"
        required
        value={startsOn}
        onChange={(on) => onChange({ startsOn: on })}
        error={fieldError(error, "startsOn")}
      />
      <TextField
        label="Last day"
        type="date"
        required
        min={startsOn}
        value={endsOn}
        onChange={(on) => onChange({ endsOn: on })}
        error={fieldError(error, "endsOn")}
      />
    </div>
  );
}

interface PeriodsProps {
  readonly title: string;
  /** What one more is called on its button. */
  readonly another: string;
  readonly periods: readonly Period[];
  readonly onChange: (periods: readonly Period[]) => void;
}

function Periods({ title, another, periods, onChange }: PeriodsProps): ReactNode {
  const change = (key: number, part: Partial<Period>): void =>
    onChange(periods.map((each) => (each.key === key ? { ...each, ...part } : each)));
  return (
    <fieldset className={rooms.group}>
      <legend>{title}</legend>
      {periods.map((period) => (
        <div key={period.key} className={styles.period}>
          <TextField
            label="Name"
            required
            maxLength={80}
            value={period.title}
            onChange={(said) => change(period.key, { title: said })}
          />
          <Days period={period} onChange={(part) => change(period.key, part)} />
          <IconButton
            label={`Remove ${period.title || "it"}`}
            icon={<X aria-hidden />}
            onClick={() => onChange(periods.filter(({ key }) => key !== period.key))}
          />
        </div>
      ))}
      <div>
        <Button
          size="small"
          icon={<Plus aria-hidden />}
          onClick={() => onChange([...periods, { key: (periods.at(-1)?.key ?? 0) + 1, ...BLANK }])}
        >
          {another}
        </Button>
      </div>
    </fieldset>
  );
}
