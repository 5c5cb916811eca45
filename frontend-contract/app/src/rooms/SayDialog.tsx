/** A dialog for an act with which something is said: the reason of a refusal, what came of a visit. */
import { type ReactNode, useState } from "react";

import { TextAreaField } from "@/kit";

import { type Act, ActDialog, type ActDialogProps, fieldError } from "./forms";

interface SayDialogProps extends Omit<ActDialogProps, "act" | "fields" | "onSubmit" | "children"> {
  readonly act: Pick<Act<never>, "busy" | "error">;
  /** The field of the mutation that takes the words, and what it is called here. */
  readonly field: string;
  readonly label: string;
  readonly required?: boolean;
  /** Further fields of the dialog, which show their refusals themselves. */
  readonly fields?: readonly string[];
  /** What stands above the words: what is about to be done, further fields. */
  readonly children?: ReactNode;
  readonly onSubmit: (words: string) => void;
}

export function SayDialog({
  act,
  field,
  label,
  required = true,
  fields = [],
  children,
  onSubmit,
  ...dialog
}: SayDialogProps): ReactNode {
  const [words, setWords] = useState("");
  return (
    <ActDialog {...dialog} act={act} fields={[field, ...fields]} onSubmit={() => onSubmit(words.trim())}>
      {children}
      <TextAreaField
        label={label}
        required={required}
        value={words}
        onChange={setWords}
        error={fieldError(act.error, field)}
      />
    </ActDialog>
  );
}
