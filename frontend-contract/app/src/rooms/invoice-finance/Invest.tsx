/** Putting money into an invoice: an amount at fixed terms, or a rate in an auction. */
import { money } from "@daftari/client";
import { useState, type ReactNode } from "react";

import { FundInvoiceDocument, PlaceBidDocument } from "@/graphql/invoice_finance";
import { Button, Day, inPercent, LiveMoney, Money, MoneyField, Notice, TextField, toast } from "@/kit";

import { inCurrency } from "../amounts";
import { isPositive } from "../decimals";
import { ActDialog, fieldError, useKeyedAct } from "../forms";
import rooms from "../rooms.module.css";
import { Sums } from "../Sums";
import { presets, problemOf } from "./funding";
import type { Investable, Wallet } from "./invoices";

interface InvestProps {
  readonly offer: Investable;
  readonly wallet: Wallet | undefined;
  readonly onClose: () => void;
}

/** By what the invoice is sold for: an amount, or a rate. */
export function Invest(invest: InvestProps): ReactNode {
  return invest.offer.saleMethod === "AUCTION" ? <Bid {...invest} /> : <Fund {...invest} />;
}

function Fund({ offer, wallet, onClose }: InvestProps): ReactNode {
  const [amount, setAmount] = useState("");
  const { currency } = offer.remainingAmount;
  const write = inCurrency(currency);
  const room = {
    remaining: offer.remainingAmount.amount,
    available: wallet?.available.amount ?? "0",
    least: offer.minInvestment.amount,
  };
  const gone = money.isZero(room.remaining);
  const problem = gone ? undefined : problemOf(amount, room, write);
  const fund = useKeyedAct(FundInvoiceDocument, ({ fundInvoice }) => {
    toast({
      tone: "good",
      title: `${fundInvoice.amount?.formatted ?? ""} is in ${offer.number}`,
      body: `Your wallet has ${fundInvoice.wallet?.available.formatted ?? ""} left to spend.`,
    });
    onClose();
  });
  return (
    <ActDialog
      title={`Fund ${offer.number}`}
      submit="Fund it"
      act={fund}
      fields={["amount"]}
      disabled={gone || amount === "" || problem !== undefined}
      onClose={onClose}
      onSubmit={() => fund.run({ input: { invoiceId: offer.id, amount: { amount, currency } } })}
    >
      {gone && <Notice tone="warn">Somebody else has just funded the rest of it.</Notice>}
      <Sums
        sums={[
          ["Still to fund", <LiveMoney key="" money={offer.remainingAmount} label="Still to fund" />],
          [
            "To spend in my wallet",
            wallet ? <LiveMoney key="" money={wallet.available} /> : `You have no wallet in ${currency}.`,
          ],
          ["The debtor pays by", <Day key="" on={offer.dueOn} />],
          ["Yield", offer.expectedYield ? `${inPercent(offer.expectedYield)} a year` : "–"],
        ]}
      />
      <MoneyField
        label="Amount"
        currency={currency}
        required
        autoFocus
        value={amount}
        onChange={setAmount}
        hint={`From ${offer.minInvestment.formatted}`}
        error={problem ?? fieldError(fund.error, "amount")}
      />
      <div className={rooms.preset}>
        {presets(room).map(({ words, amount: preset }) => (
          <Button key={words} size="small" onClick={() => setAmount(preset)}>
            {words}: {write(preset)}
          </Button>
        ))}
      </div>
    </ActDialog>
  );
}

function Bid({ offer, wallet, onClose }: InvestProps): ReactNode {
  const [rate, setRate] = useState("");
  const bid = useKeyedAct(PlaceBidDocument, ({ placeBid }) => {
    toast({ tone: "good", title: `You bid ${inPercent(placeBid.bid?.rate ?? rate)} for ${offer.number}` });
    onClose();
  });
  const problem = rate !== "" && !isPositive(rate) ? "Say a rate, such as 1.25." : undefined;
  return (
    <ActDialog
      title={`Bid for ${offer.number}`}
      submit="Bid"
      act={bid}
      fields={["rate"]}
      disabled={rate === "" || problem !== undefined}
      onClose={onClose}
      onSubmit={() => bid.run({ input: { invoiceId: offer.id, rate } })}
    >
      <Sums
        sums={[
          ["You advance", <Money key="" money={offer.requestedAmount} />],
          ["Best rate so far", offer.auction?.bestRate ? inPercent(offer.auction.bestRate) : "No bid yet"],
          ["Highest rate", offer.auction ? inPercent(offer.auction.maxRate) : "–"],
          ["To spend in my wallet", wallet ? <LiveMoney key="" money={wallet.available} /> : "–"],
        ]}
      />
      <TextField
        label="Your rate, in percent"
        hint="The lowest rate wins the whole advance, which is held in your wallet until the auction ends."
        inputMode="decimal"
        required
        value={rate}
        onChange={setRate}
        error={problem ?? fieldError(bid.error, "rate")}
      />
    </ActDialog>
  );
}
