/** How much of an item there was at the end of each day, from the movements between them. */
import { daysAfter } from "@/kit";

interface Moved {
  /** The moment, in UTC. */
  readonly at: string;
  /** What there was after it. */
  readonly left: string;
}

export interface DayLevel {
  readonly day: string;
  readonly left: string;
}

/** The movements stand in the order in which they took effect. Days are those of UTC, as statements count them. */
export function levelsByDay(opening: string, from: string, to: string, movements: readonly Moved[]): DayLevel[] {
  const levels: DayLevel[] = [];
  let left = opening;
  let next = 0;
  for (let day = from; day <= to; day = daysAfter(day, 1)) {
    for (; next < movements.length && movements[next]!.at.slice(0, 10) <= day; next += 1) left = movements[next]!.left;
    levels.push({ day, left });
  }
  return levels;
}
