/** A button for each act that somebody may do with a document of the mill now, and the dialog of the one that is pressed. */
import { useState, type ReactNode } from "react";

import { Button } from "@/kit";

import rooms from "../rooms.module.css";

export interface OfferedAct<Name extends string> {
  readonly name: Name;
  readonly words: string;
  readonly look?: "primary" | "danger";
  /** Done seldom: only where there is room for it. */
  readonly seldom?: boolean;
}

interface ActButtonsProps<Name extends string> {
  /** The number of the document, for who cannot see which button is whose. */
  readonly number: string;
  readonly acts: readonly OfferedAct<Name>[];
  /** Also what is done seldom, as on the document's own page. */
  readonly all: boolean;
  readonly dialog: (name: Name, onClose: () => void) => ReactNode;
}

export function ActButtons<Name extends string>({ number, acts, all, dialog }: ActButtonsProps<Name>): ReactNode {
  const [open, setOpen] = useState<Name | null>(null);
  const shown = acts.filter(({ seldom }) => all || !seldom);
  if (shown.length === 0 && open === null) return null;
  return (
    <span className={rooms.acts}>
      {shown.map(({ name, words, look }) => (
        <Button key={name} size={all ? "normal" : "small"} look={look} onClick={() => setOpen(name)}>
          {words}
          <span className="unseen"> {number}</span>
        </Button>
      ))}
      {open && dialog(open, () => setOpen(null))}
    </span>
  );
}
