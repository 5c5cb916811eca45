/** The lines of a fee as people pay them: together by instalment, whatever they are for. */
import { money } from "@daftari/client";

interface Amount {
  readonly amount: string;
}

interface Line {
  readonly instalmentNo: number;
  readonly dueOn: string;
  readonly categoryTitle: string;
  readonly amount: Amount;
  readonly paid: Amount;
  readonly unpaid: Amount;
}

export interface Instalment {
  readonly number: number;
  readonly dueOn: string;
  /** What it is for, such as "Tuition, Feeding". */
  readonly what: string;
  readonly amount: string;
  readonly paid: string;
  readonly unpaid: string;
}

/** By the day on which they are due. */
export function instalmentsOf(lines: readonly Line[]): Instalment[] {
  const numbers = [...new Set(lines.map(({ instalmentNo }) => instalmentNo))];
  return numbers
    .map((number) => together(number, lines.filter((line) => line.instalmentNo === number)))
    .sort((first, second) => first.dueOn.localeCompare(second.dueOn) || first.number - second.number);
}

function together(number: number, lines: readonly Line[]): Instalment {
  return {
    number,
    dueOn: lines[0]?.dueOn ?? "",
    what: [...new Set(lines.map(({ categoryTitle }) => categoryTitle))].join(", "),
    amount: money.sum(lines.map(({ amount }) => amount.amount)),
    paid: money.sum(lines.map(({ paid }) => paid.amount)),
    unpaid: money.sum(lines.map(({ unpaid }) => unpaid.amount)),
  };
}
