/** What forms of all rooms share: an act with its refusals beside their fields, and a dialog that gives the focus back. */
import { DaftariError, type Document, newIdempotencyKey } from "@daftari/client";
import { useMutation } from "@daftari/client/react";
import { type ReactNode, useRef } from "react";

import { FormDialog, Notice, sentence } from "@/kit";

import { useReturnOfFocus } from "./focus";

export interface Act<V> {
  run(variables: V): void;
  readonly busy: boolean;
  readonly error: DaftariError | undefined;
}

/** A mutation as a form does it: what comes back is given to `done`; a refusal stays in `error` until the next try. */
export function useAct<T, V>(document: Document<T, V>, done: (data: T) => void): Act<V> {
  const [mutate, { loading, error }] = useMutation(document);
  const run = (variables: V): void => {
    mutate(variables).then(done, rethrowMistakes);
  };
  return { run, busy: loading, error };
}

/** The variables of mutations that move money or stock. */
export interface Keyed {
  readonly input: { idempotencyKey?: string | null };
}

/** The same for what moves money or stock: sent again unchanged, as after a cut, it happens once. */
export function useKeyedAct<T, V extends Keyed>(document: Document<T, V>, done: (data: T) => void): Act<V> {
  const [mutate, { loading, error }] = useMutation(document);
  const attempt = useRef({ asked: "", idempotencyKey: "" });
  const run = (variables: V): void => {
    const asked = JSON.stringify(variables);
    if (asked !== attempt.current.asked) attempt.current = { asked, idempotencyKey: newIdempotencyKey() };
    mutate(variables, { idempotencyKey: attempt.current.idempotencyKey }).then((data) => {
      attempt.current = { asked: "", idempotencyKey: "" };
      done(data);
    }, rethrowMistakes);
  };
  return { run, busy: loading, error };
}

/** What the server says is shown in the form; anything else is a mistake of ours, which ought to be heard of. */
function rethrowMistakes(problem: unknown): void {
  if (!(problem instanceof DaftariError)) throw problem;
}

/** What a refusal says about a field, found by the end of its path, such as `amount` or `principal`. */
export function fieldError(error: DaftariError | undefined, field: string): string | undefined {
  const found = error?.fields.find(({ path }) => path.includes(field));
  return found && sentence(found.message);
}

/** What a refusal says that none of the form's fields shows. */
export function FormError({
  error,
  fields = [],
}: {
  readonly error: DaftariError | undefined;
  readonly fields?: readonly string[];
}): ReactNode {
  if (error === undefined) return null;
  const shown =
    error.fields.length > 0 && error.fields.every(({ path }) => fields.some((field) => path.includes(field)));
  return shown ? null : <Notice tone="bad">{sentence(error.message)}</Notice>;
}

export interface ActDialogProps {
  readonly title: string;
  /** The verb on the button. */
  readonly submit: string;
  readonly act: Pick<Act<never>, "busy" | "error">;
  /** The fields that show their errors themselves. */
  readonly fields?: readonly string[];
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly wide?: boolean;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A dialog for one act, there only while it is open. When it goes, the focus goes back to where it was. */
export function ActDialog({ act, fields, danger = false, children, ...dialog }: ActDialogProps): ReactNode {
  useReturnOfFocus();
  return (
    <FormDialog open busy={act.busy} look={danger ? "danger" : "primary"} {...dialog}>
      {children}
      <FormError error={act.error} fields={fields} />
    </FormDialog>
  );
}
