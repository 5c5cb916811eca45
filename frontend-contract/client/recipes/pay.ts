import { DaftariError, newIdempotencyKey, type DaftariClient } from "@daftari/client";

const TRANSFER = `
  mutation TransferFunds($input: TransferFundsInput!) {
    transferFunds(input: $input) {
      replayed
      wallet { balance { amount currency } }
      errors { code message field }
    }
  }
`;

interface Transferred {
  transferFunds: { replayed: boolean; wallet: { balance: { amount: string; currency: string } } };
}

export interface Transfer {
  fromWalletId: string;
  toWalletId: string;
  amount: { amount: string; currency: string };
}

/**
 * The payer's balance after it, or what to write beside which input. The key is made when the form is opened and kept
 * until it went through: pressing twice, or sending again after a lost answer, pays once.
 */
export async function pay(
  client: DaftariClient,
  input: Transfer,
  idempotencyKey = newIdempotencyKey(),
): Promise<{ balance: string } | { problems: Record<string, string> }> {
  try {
    const { transferFunds } = await client.mutate<Transferred>(TRANSFER, { input }, { idempotencyKey });
    return { balance: transferFunds.wallet.balance.amount };
  } catch (problem) {
    if (!(problem instanceof DaftariError) || problem.kind !== "refused") throw problem;
    const problems = problem.fields.map(({ path, message }) => [path.slice(1).join("."), message]);
    return { problems: Object.fromEntries(problems.length ? problems : [["", problem.message]]) };
  }
}
