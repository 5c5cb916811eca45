/** Paying what is owed from one's own wallet: how much, and what the wallet has for it. */
import { useQuery } from "@daftari/client/react";
import type { DaftariError } from "@daftari/client";
import type { ReactNode } from "react";

import { WalletBalanceChangedDocument, WalletsDocument } from "@/graphql/wallets";
import { Button, LiveMoney, MoneyField } from "@/kit";

import { compare, isPositive } from "./decimals";
import { fieldError } from "./forms";
import styles from "./rooms.module.css";
import { Sums } from "./Sums";

interface FromWalletProps {
  readonly owed: { readonly amount: string; readonly currency: string; readonly formatted: string };
  /** What the owed amount is called, and taking all of it. */
  readonly words?: { readonly owed: string; readonly all: string };
  readonly amount: string;
  readonly error: DaftariError | undefined;
  readonly onChange: (amount: string) => void;
}

/** The fields that show their refusals themselves. */
export const WALLET_FIELDS = ["amount"];

const USUAL = { owed: "Owed", all: "All of it" };

export function FromWallet({ owed, words = USUAL, amount, error, onChange }: FromWalletProps): ReactNode {
  const wallets = useQuery(WalletsDocument, {}, { live: [{ document: WalletBalanceChangedDocument }] });
  const wallet = wallets.data?.wallets.find(({ currency }) => currency === owed.currency);
  const short = wallet && isPositive(amount) && compare(amount, wallet.available.amount) > 0;
  return (
    <>
      <Sums
        sums={[
          [words.owed, <LiveMoney key="" money={owed} />],
          [
            "To spend in my wallet",
            wallet ? (
              <LiveMoney key="" money={wallet.available} />
            ) : (
              wallets.data && `You have none in ${owed.currency}.`
            ),
          ],
        ]}
      />
      <MoneyField
        label="Amount"
        currency={owed.currency}
        required
        value={amount}
        onChange={onChange}
        error={short ? "Your wallet has less." : fieldError(error, "amount")}
      />
      {amount !== owed.amount && (
        <div className={styles.preset}>
          <Button size="small" onClick={() => onChange(owed.amount)}>
            {words.all}
          </Button>
        </div>
      )}
    </>
  );
}
