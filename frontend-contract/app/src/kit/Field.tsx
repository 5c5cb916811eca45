/** Fields of forms: a label, a hint, and what is wrong, tied together for everybody who reads them. */
import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from "react";

import styles from "./Field.module.css";

/** What a field gives the control in it. */
export interface Tied {
  id: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
  required?: boolean;
}

export interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  /** What is wrong, in a sentence. */
  error?: string;
  required?: boolean;
  className?: string;
}

export function Field({
  label,
  hint,
  error,
  required,
  className,
  children,
}: FieldProps & { children: (tied: Tied) => ReactNode }): ReactNode {
  const id = useId();
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  const tied: Tied = {
    id,
    "aria-describedby": describedBy || undefined,
    "aria-invalid": error ? true : undefined,
    required,
  };
  return (
    <div className={[styles.field, className].filter(Boolean).join(" ")}>
      <label htmlFor={id}>
        {label}
        {required === false && <span className={styles.optional}> (optional)</span>}
      </label>
      {children(tied)}
      {hint && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className={styles.error}>
          {error}
        </p>
      )}
    </div>
  );
}

function parted<P extends FieldProps>({
  label,
  hint,
  error,
  required,
  className,
  ...control
}: P): [FieldProps, Omit<P, keyof FieldProps>] {
  return [{ label, hint, error, required, className }, control];
}

export type TextFieldProps = FieldProps &
  Omit<InputHTMLAttributes<HTMLInputElement>, "onChange" | "className"> & { onChange?: (value: string) => void };

/** A line of text, a day (`type="date"`), a number; `onChange` is told the value. */
export function TextField(props: TextFieldProps): ReactNode {
  const [field, { onChange, ...control }] = parted(props);
  return (
    <Field {...field}>
      {(tied) => (
        <input {...control} {...tied} className={styles.control} onChange={(event) => onChange?.(event.target.value)} />
      )}
    </Field>
  );
}

export type FileFieldProps = FieldProps & { accept: string; onChange: (file: File | null) => void };

/** A file of the reader's own device; `onChange` is told which, or that none is chosen any more. */
export function FileField(props: FileFieldProps): ReactNode {
  const [field, { onChange, accept }] = parted(props);
  return (
    <Field {...field}>
      {(tied) => (
        <input
          {...tied}
          type="file"
          accept={accept}
          className={styles.control}
          onChange={(event) => onChange(event.target.files?.[0] ?? null)}
        />
      )}
    </Field>
  );
}

export type MoneyFieldProps = Omit<TextFieldProps, "type"> & { currency: string };

/** An amount as its decimal digits; the currency stands before it. */
export function MoneyField({ currency, ...props }: MoneyFieldProps): ReactNode {
  const [field, { onChange, ...control }] = parted(props);
  return (
    <Field
      {...field}
      label={
        <>
          {field.label} <span className="unseen">in {currency}</span>
        </>
      }
    >
      {(tied) => (
        <span className={styles.affixed}>
          <span aria-hidden>{currency}</span>
          <input
            inputMode="decimal"
            autoComplete="off"
            {...control}
            {...tied}
            onChange={(event) => onChange?.(event.target.value.replaceAll(/[,\s]/g, ""))}
          />
        </span>
      )}
    </Field>
  );
}

export type SelectFieldProps = FieldProps &
  Omit<SelectHTMLAttributes<HTMLSelectElement>, "onChange" | "className"> & {
    options: readonly (readonly [value: string, title: string])[];
    onChange?: (value: string) => void;
  };

export function SelectField({ options, ...props }: SelectFieldProps): ReactNode {
  const [field, { onChange, ...control }] = parted(props);
  return (
    <Field {...field}>
      {(tied) => (
        <select {...control} {...tied} className={styles.control} onChange={(event) => onChange?.(event.target.value)}>
          {options.map(([value, title]) => (
            <option key={value} value={value}>
              {title}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export type TextAreaFieldProps = FieldProps &
  Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "onChange" | "className"> & { onChange?: (value: string) => void };

export function TextAreaField(props: TextAreaFieldProps): ReactNode {
  const [field, { onChange, rows = 3, ...control }] = parted(props);
  return (
    <Field {...field}>
      {(tied) => (
        <textarea
          {...control}
          {...tied}
          rows={rows}
          className={styles.control}
          onChange={(event) => onChange?.(event.target.value)}
        />
      )}
    </Field>
  );
}
