/** The lines of a roll: one choice of four for each student. */
import type { ReactNode } from "react";

import type { AttendanceStatus } from "@/graphql/schema";
import { Empty } from "@/kit";

import { MARK_WORDS, MARKS, shownMark, type RollLine } from "./roll";
import styles from "./school.module.css";

interface RollTableProps {
  readonly roll: readonly RollLine[];
  readonly disabled: boolean;
  readonly onSay: (studentId: string, status: AttendanceStatus) => void;
}

export function RollTable({ roll, disabled, onSay }: RollTableProps): ReactNode {
  if (roll.length === 0) return <Empty>Nobody was in the class on this day.</Empty>;
  return (
    <ul className={styles.roll}>
      {roll.map((line) => (
        <li key={line.studentId}>
          <fieldset disabled={disabled}>
            <legend>
              {line.name}
              {line.said && <span className={styles.unsaved}> not written down yet</span>}
            </legend>
            <div className={styles.marks}>
              {MARKS.map((mark) => (
                <label key={mark} data-mark={mark}>
                  <input
                    type="radio"
                    name={`mark of ${line.studentId}`}
                    checked={shownMark(line) === mark}
                    onChange={() => onSay(line.studentId, mark)}
                  />
                  <span>{MARK_WORDS[mark]}</span>
                </label>
              ))}
            </div>
          </fieldset>
        </li>
      ))}
    </ul>
  );
}
