/** The lines of an entry while they are written, with one more or one less of them, and what they come to. */
import type { DaftariError } from "@daftari/client";
import { Plus, X } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";

import { Button, IconButton, LiveNumber, MoneyField, SelectField, sentence } from "@/kit";

import { inCurrency } from "../../amounts";
import roomStyles from "../../rooms.module.css";
import { Sums } from "../../Sums";
import { balanceOf, type DraftLine, emptyLine } from "./lines";
import type { HouseAccount } from "./useHouseAccounts";
import styles from "./vouchers.module.css";

interface JournalLinesProps {
  readonly lines: readonly DraftLine[];
  readonly accounts: readonly HouseAccount[];
  readonly currency: string;
  readonly error: DaftariError | undefined;
  readonly onChange: (lines: DraftLine[]) => void;
}

export function JournalLines({ lines, accounts, currency, error, onChange }: JournalLinesProps): ReactNode {
  const list = useFocusOfLines(lines);
  return (
    <fieldset className={roomStyles.group}>
      <legend>Lines</legend>
      <ol ref={list} className="stack" role="list">
        {lines.map((line, index) => (
          <li key={line.key}>
            <Line
              line={line}
              index={index}
              accounts={accounts}
              currency={currency}
              error={error}
              onChange={(said) => onChange(lines.map((each) => (each === line ? { ...line, ...said } : each)))}
              onRemove={lines.length > 2 ? () => onChange(lines.filter((each) => each !== line)) : undefined}
            />
          </li>
        ))}
      </ol>
      <div>
        <Button
          size="small"
          icon={<Plus aria-hidden />}
          onClick={() => onChange([...lines, emptyLine((lines.at(-1)?.key ?? 0) + 1)])}
        >
          Another line
        </Button>
      </div>
      {currency && <Foot lines={lines} currency={currency} />}
    </fieldset>
  );
}

/** A line that was added is filled in next; where one was removed, the last one is. */
function useFocusOfLines(lines: readonly DraftLine[]) {
  const list = useRef<HTMLOListElement>(null);
  const before = useRef(lines.length);
  useEffect(() => {
    if (before.current !== lines.length) list.current?.querySelector<HTMLElement>("li:last-child select")?.focus();
    before.current = lines.length;
  }, [lines.length]);
  return list;
}

interface LineProps extends Omit<JournalLinesProps, "lines" | "onChange"> {
  readonly line: DraftLine;
  readonly index: number;
  readonly onChange: (said: Partial<DraftLine>) => void;
  readonly onRemove: (() => void) | undefined;
}

function Line({ line, index, accounts, currency, error, onChange, onRemove }: LineProps): ReactNode {
  const place = <span className="unseen"> of line {index + 1}</span>;
  return (
    <div className={onRemove ? `${styles.line} ${styles.removable}` : styles.line}>
      <SelectField
        label={<>Account{place}</>}
        className={styles.account}
        required
        value={line.accountId}
        error={lineError(error, index)}
        onChange={(accountId) => onChange({ accountId })}
        options={[["", "Choose"], ...accounts.map(({ id, title }) => [id, title] as const)]}
      />
      <MoneyField
        label={<>Debit{place}</>}
        currency={currency}
        value={line.debit}
        onChange={(debit) => onChange({ debit, credit: "" })}
      />
      <MoneyField
        label={<>Credit{place}</>}
        currency={currency}
        value={line.credit}
        onChange={(credit) => onChange({ credit, debit: "" })}
      />
      {onRemove && <IconButton label={`Remove line ${index + 1}`} icon={<X aria-hidden />} onClick={onRemove} />}
    </div>
  );
}

/** What the server has against one of the lines. */
function lineError(error: DaftariError | undefined, index: number): string | undefined {
  const found = error?.fields.find(({ path }) => path.includes("lines") && path.includes(String(index)));
  return found && sentence(found.message);
}

function Foot({ lines, currency }: Pick<JournalLinesProps, "lines" | "currency">): ReactNode {
  const { debits, credits, missing } = balanceOf(lines);
  const written = inCurrency(currency);
  const apart = missing ? `${written(missing.amount)} of ${missing.side} missing` : "Nothing";
  return (
    <Sums
      sums={[
        ["Debits", written(debits)],
        ["Credits", written(credits)],
        [
          "Difference",
          <span key="difference" className={missing ? styles.apart : undefined}>
            <LiveNumber value={apart} label="Difference" />
          </span>,
        ],
      ]}
    />
  );
}
