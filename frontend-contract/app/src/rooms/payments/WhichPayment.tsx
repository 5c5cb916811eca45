/** Saying which payment money belongs to: the likeliest first, or any that is found by what somebody knows of it. */
import { useQuery } from "@daftari/client/react";
import { type ReactNode, useId, useState } from "react";

import { OrphanSuggestionsDocument, PaymentsDocument } from "@/graphql/payments";
import { Money, type MoneyShape, Status, TextField } from "@/kit";

import roomStyles from "../rooms.module.css";
import { useSettled } from "../useSettled";
import styles from "./payments.module.css";

/** As much of a payment as tells it from others. */
interface Choice {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly status: string;
  readonly amount: MoneyShape;
  /** Who pays and from which telephone, or why it is likely. */
  readonly about: string;
}

interface WhichPaymentProps {
  /** Of the money. */
  readonly receipt: string | null;
  readonly value: string;
  readonly onChange: (paymentId: string) => void;
  readonly error: string | undefined;
}

const MOST = 8;

export function WhichPayment({ receipt, value, onChange, error }: WhichPaymentProps): ReactNode {
  const [words, setWords] = useState("");
  const search = useSettled(words).trim();
  const suggested = useSuggested(receipt);
  const found = useFound(search);
  const choices = search ? found : suggested;
  const problem = useId();
  return (
    <fieldset className={roomStyles.group} aria-describedby={error ? problem : undefined}>
      <legend>Payment</legend>
      <TextField
        label="Find"
        type="search"
        placeholder="Number, reference, receipt, payer or telephone"
        value={words}
        onChange={(text) => {
          setWords(text);
          onChange("");
        }}
      />
      <p className="muted small" role="status">
        {said(choices, search)}
      </p>
      <Choices choices={choices ?? []} value={value} onChange={onChange} />
      {error && (
        <p id={problem} className={styles.problem}>
          {error}
        </p>
      )}
    </fieldset>
  );
}

/** What is open and looks like this money; none yet while it is asked for. */
function useSuggested(receipt: string | null): readonly Choice[] | undefined {
  const query = useQuery(OrphanSuggestionsDocument, { receipt: receipt ?? "" }, { skip: receipt === null });
  if (receipt === null) return [];
  return query.data?.orphanSuggestions.flatMap(({ payment, reasons }) =>
    payment ? [{ ...payment, about: reasons.join(", ") }] : [],
  );
}

function useFound(search: string): readonly Choice[] | undefined {
  const query = useQuery(PaymentsDocument, { first: MOST, filter: { search } }, { skip: !search, keepPrevious: true });
  return query.data?.payments.edges.map(({ node }) => ({
    ...node,
    about: [node.clientName, node.phoneMasked, node.transactionId ?? node.reference].filter(Boolean).join(", "),
  }));
}

function said(choices: readonly Choice[] | undefined, search: string): string {
  if (choices === undefined) return "Looking";
  if (search) {
    if (choices.length === 0) return "No payment like that.";
    return choices.length < MOST ? `${choices.length} found, the newest first.` : "The newest of those found.";
  }
  return choices.length === 0 ? "No payment that is open looks like this money: find the one." : "The likeliest first.";
}

function Choices({
  choices,
  value,
  onChange,
}: Pick<WhichPaymentProps, "value" | "onChange"> & { readonly choices: readonly Choice[] }): ReactNode {
  return (
    <div className={styles.choices}>
      {choices.map(({ id, number, title, status, amount, about }) => (
        <label key={id} className={styles.choice}>
          <input type="radio" name="payment" required checked={value === id} onChange={() => onChange(id)} />
          <span className={styles.what}>
            <span>{`${number} · ${title}`}</span>
            <span className="muted small">{about}</span>
          </span>
          <span className={styles.end}>
            <Money money={amount} />
            <Status status={status} />
          </span>
        </label>
      ))}
    </div>
  );
}
