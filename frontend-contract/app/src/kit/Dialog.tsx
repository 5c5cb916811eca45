/** A dialog: the browser's own modal, which keeps the focus inside and gives it back. Escape and the cross close it. */
import { X } from "lucide-react";
import { type FormEvent, type ReactNode, useEffect, useId, useRef } from "react";

import { Button, type ButtonLook, IconButton } from "./Button";
import styles from "./Dialog.module.css";

export interface DialogProps {
  open: boolean;
  title: string;
  onClose: () => void;
  /** Buttons at the foot. */
  actions?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}

export function Dialog({ open, title, onClose, actions, wide = false, children }: DialogProps): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    if (open && !dialog.current?.open) {
      dialog.current?.showModal();
      // The browser would begin with the cross; who opens a form is about to fill it in.
      dialog.current?.querySelector<HTMLElement>("form :is(input, select, textarea)")?.focus();
    }
    if (!open && dialog.current?.open) dialog.current.close();
  }, [open]);
  return (
    <dialog
      ref={dialog}
      className={wide ? `${styles.dialog} ${styles.wide}` : styles.dialog}
      aria-labelledby={heading}
      onClose={onClose}
    >
      {open && (
        <div className={styles.sheet}>
          <header className={styles.header}>
            <h2 id={heading}>{title}</h2>
            <IconButton label="Close" icon={<X aria-hidden />} onClick={() => dialog.current?.close()} />
          </header>
          <div className={styles.body}>{children}</div>
          {actions && <footer className={styles.footer}>{actions}</footer>}
        </div>
      )}
    </dialog>
  );
}

export interface FormDialogProps extends Omit<DialogProps, "actions"> {
  /** The words on the button that does it: the verb, not "OK". */
  submit: string;
  look?: ButtonLook;
  busy?: boolean;
  disabled?: boolean;
  onSubmit: () => void;
}

/** A dialog that asks for something and does it; Enter does it too. */
export function FormDialog({
  submit,
  look = "primary",
  busy,
  disabled,
  onSubmit,
  children,
  ...dialog
}: FormDialogProps): ReactNode {
  const form = useId();
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (!busy) onSubmit();
  };
  const actions = (
    <>
      <Button onClick={dialog.onClose}>Cancel</Button>
      <Button type="submit" form={form} look={look} busy={busy} disabled={disabled}>
        {submit}
      </Button>
    </>
  );
  return (
    <Dialog {...dialog} actions={actions}>
      <form id={form} className="stack" onSubmit={send}>
        {children}
      </form>
    </Dialog>
  );
}
