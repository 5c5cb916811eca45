import { DaftariError, type DaftariClient } from "@daftari/client";

const WALLET = `
  query Wallet($currency: CurrencyCode) {
    asOf
    wallet(currency: $currency) { id balance { amount currency } }
  }
`;

export interface Wallet {
  /** The place in the log of events that this answer holds: where a feed goes on. */
  asOf: string;
  wallet: { id: string; balance: { amount: string; currency: string } } | null;
}

export function walletIn(client: DaftariClient, currency: string): Promise<Wallet> {
  return client.query<Wallet>(WALLET, { currency });
}

/** What to tell a person when something went wrong. */
export function explained(problem: unknown): string {
  if (!(problem instanceof DaftariError)) throw problem;
  switch (problem.kind) {
    case "refused":
      return problem.message;
    case "network":
      return "There is no connection. Try again in a moment.";
    case "session":
      return "Please sign in.";
    default:
      return `Something went wrong. Quote ${problem.requestId ?? problem.code} when you ask for help.`;
  }
}
