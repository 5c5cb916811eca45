/** What an investor can put into an invoice: round portions of what is missing, and what is wrong with an amount. */
import { money } from "@daftari/client";

import { isPositive, portion } from "../decimals";

export interface Room {
  /** What is still to be funded. */
  readonly remaining: string;
  /** What the wallet has that is not held. */
  readonly available: string;
  /** The smallest investment. */
  readonly least: string;
}

export interface Preset {
  readonly words: string;
  readonly amount: string;
}

/** A quarter, a half and all of what is missing, as far as the wallet and the smallest investment let. */
export function presets({ remaining, available, least }: Room): Preset[] {
  const all: Preset[] = [
    { words: "A quarter", amount: portion(remaining, 1, 4) },
    { words: "Half", amount: portion(remaining, 1, 2) },
    { words: "All of it", amount: remaining },
  ];
  return all.filter(
    ({ amount }) =>
      money.compare(amount, available) <= 0 && (money.compare(amount, least) >= 0 || amount === remaining),
  );
}

/** What is wrong with an amount, before the server is asked; undefined when nothing is. */
export function problemOf(amount: string, room: Room, write: (amount: string) => string): string | undefined {
  if (amount === "") return undefined;
  if (!isPositive(amount)) return "Say an amount, such as 2,500.";
  if (money.compare(amount, room.remaining) > 0) return `Only ${write(room.remaining)} is still to be funded.`;
  if (money.compare(amount, room.available) > 0) return `Your wallet has ${write(room.available)} to spend.`;
  const fillsUp = money.compare(amount, room.remaining) === 0;
  if (!fillsUp && money.compare(amount, room.least) < 0) return `The smallest investment is ${write(room.least)}.`;
  return undefined;
}
