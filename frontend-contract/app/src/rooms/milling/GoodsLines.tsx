/** The lines of a sale or a purchase while they are written: each an item and how much of it, with one more or one less of them. */
import { Plus, X } from "lucide-react";
import type { ReactNode } from "react";

import { Button, IconButton, MoneyField, SelectField, TextField } from "@/kit";

import { BLANK_LINE, type GoodsLine } from "./lines";
import styles from "./milling.module.css";
import { measured } from "./words";

interface GoodsLinesProps {
  readonly lines: readonly GoodsLine[];
  readonly goods: readonly (readonly [itemId: string, title: string])[];
  /** The currency of the prices that are asked for; none are when it is left out. */
  readonly currency?: string;
  /** Where a price may be left out: what holds then. */
  readonly priceless?: (line: GoodsLine) => string;
  readonly unitOf: (line: GoodsLine) => string | undefined;
  /** What to know of the item. */
  readonly hintOf: (line: GoodsLine) => ReactNode;
  /** What is wrong with how much. */
  readonly problemOf: (line: GoodsLine) => string | undefined;
  readonly onChange: (lines: readonly GoodsLine[]) => void;
}

export function GoodsLines({ lines, onChange, ...about }: GoodsLinesProps): ReactNode {
  const another = (): void => onChange([...lines, { ...BLANK_LINE, key: (lines.at(-1)?.key ?? 0) + 1 }]);
  return (
    <>
      {lines.map((line) => (
        <Line
          key={line.key}
          line={line}
          {...about}
          onChange={(changed) => onChange(lines.map((each) => (each.key === line.key ? changed : each)))}
          onRemove={lines.length > 1 ? () => onChange(lines.filter(({ key }) => key !== line.key)) : undefined}
        />
      ))}
      <div>
        <Button size="small" icon={<Plus aria-hidden />} onClick={another}>
          Another item
        </Button>
      </div>
    </>
  );
}

interface LineProps extends Omit<GoodsLinesProps, "lines" | "onChange"> {
  readonly line: GoodsLine;
  readonly onChange: (line: GoodsLine) => void;
  readonly onRemove: (() => void) | undefined;
}

function Line({
  line,
  goods,
  currency,
  priceless,
  unitOf,
  hintOf,
  problemOf,
  onChange,
  onRemove,
}: LineProps): ReactNode {
  const unit = unitOf(line);
  const hint = hintOf(line);
  const problem = problemOf(line);
  // The fields of a line stand on one foot, so the others have an empty hint beside that of the item.
  const foot = hint ? <>&nbsp;</> : undefined;
  return (
    <div className={currency ? `${styles.line} ${styles.priced}` : styles.line}>
      <SelectField
        label="Item"
        className={styles.item}
        options={goods}
        value={line.itemId}
        hint={hint}
        onChange={(itemId) => onChange({ ...line, itemId, price: null })}
      />
      <TextField
        label={unit ? measured("How much", unit) : "How much"}
        inputMode="decimal"
        required
        value={line.wanted}
        hint={problem ? undefined : foot}
        error={problem}
        onChange={(wanted) => onChange({ ...line, wanted })}
      />
      {currency && (
        <MoneyField
          label={unit ? `For a ${unit}` : "For each"}
          currency={currency}
          required={!priceless}
          value={line.price ?? ""}
          hint={priceless && !line.price ? priceless(line) : foot}
          onChange={(price) => onChange({ ...line, price })}
        />
      )}
      {onRemove && <IconButton label="Remove this item" icon={<X aria-hidden />} onClick={onRemove} />}
    </div>
  );
}
