/** A loan application whose price moves while it is typed: instant checks, the quote with its whole schedule, one button. */
import { useQuery } from "@daftari/client/react";
import { useState, type FormEvent, type ReactNode } from "react";
import { useLocation } from "wouter";

import {
  LoanProductsDocument,
  LoanQuoteDocument,
  SubmitLoanApplicationDocument,
  ValidateLoanApplicationDocument,
} from "@/graphql/lending";
import type { LoanApplicationInput } from "@/graphql/schema";
import {
  Button,
  Card,
  Empty,
  Loaded,
  MoneyField,
  Page,
  SelectField,
  sentence,
  TextAreaField,
  TextField,
  toast,
} from "@/kit";

import { fieldError, FormError, useKeyedAct } from "../forms";
import { useSettled } from "../useSettled";
import { asInput, unreadable, usualDraft, type Draft } from "./application";
import { loanPath } from "./oneLoan";
import type { Product } from "./product";
import { QuoteCard } from "./QuoteCard";
import { PERIOD } from "./words";

type FieldName = "principal" | "instalments" | "purpose";

export function Screen(): ReactNode {
  const products = useQuery(LoanProductsDocument, { first: 50 });
  return (
    <Page title="Apply for a loan" note="The quote follows what you type. Nothing is sent before you hand it in.">
      <Loaded query={products}>
        {(data) =>
          data.loanProducts.nodes.length === 0 ? (
            <Empty>No loans are offered at the moment.</Empty>
          ) : (
            <Application products={data.loanProducts.nodes} />
          )
        }
      </Loaded>
    </Page>
  );
}

function Application({ products }: { readonly products: readonly Product[] }): ReactNode {
  const [draft, setDraft] = useState<Draft>(() => usualDraft(products[0]!));
  const product = products.find(({ id }) => id === draft.productId) ?? products[0]!;
  const input = asInput(draft, product.currency);
  return (
    <div className="split">
      <ApplicationForm {...{ products, product, draft, input }} onChange={setDraft} />
      <LiveQuote input={input} product={product} />
    </div>
  );
}

interface ApplicationFormProps {
  readonly products: readonly Product[];
  readonly product: Product;
  readonly draft: Draft;
  readonly input: LoanApplicationInput | null;
  readonly onChange: (draft: Draft) => void;
}

function ApplicationForm({ products, product, draft, input, onChange }: ApplicationFormProps): ReactNode {
  const [, go] = useLocation();
  const problems = useProblems(draft, input);
  const submit = useKeyedAct(SubmitLoanApplicationDocument, ({ submitLoanApplication: { loan } }) => {
    toast({
      tone: "good",
      title: "Your application is handed in",
      body: "Add the papers that show who you are. You hear of every step.",
    });
    go(loan ? loanPath(loan.id) : "/lending");
  });
  const errorOf = (field: FieldName): string | undefined => problems[field] ?? fieldError(submit.error, field);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (input !== null && !submit.busy) submit.run({ input: { application: input } });
  };
  return (
    <Card title="What you ask for">
      <form className="stack" onSubmit={send} noValidate>
        <SelectField
          label="Loan"
          hint={product.description}
          value={product.id}
          options={products.map(({ id, name }) => [id, name])}
          onChange={(id) =>
            onChange({ ...usualDraft(products.find((each) => each.id === id) ?? product), purpose: draft.purpose })
          }
        />
        <MoneyField
          label="Amount"
          currency={product.currency}
          hint={`${product.minPrincipal.formatted} to ${product.maxPrincipal.formatted}`}
          value={draft.principal}
          error={errorOf("principal")}
          onChange={(principal) => onChange({ ...draft, principal })}
        />
        <TextField
          label={`Instalments, in ${PERIOD[product.usualTerms.unit]}`}
          hint={`${product.minInstalments} to ${product.maxInstalments}`}
          inputMode="numeric"
          value={draft.instalments}
          error={errorOf("instalments")}
          onChange={(instalments) => onChange({ ...draft, instalments })}
        />
        <TextAreaField
          label="What it is for"
          required={false}
          maxLength={500}
          value={draft.purpose}
          error={errorOf("purpose")}
          onChange={(purpose) => onChange({ ...draft, purpose })}
        />
        {product.requiresKyc && (
          <p className="muted small">Somebody of the branch will verify who you are before the loan is paid out.</p>
        )}
        <FormError error={submit.error} fields={["principal", "instalments", "purpose"]} />
        <div className="row">
          <Button
            type="submit"
            look="primary"
            busy={submit.busy}
            disabled={input === null || Object.keys(problems).length > 0}
          >
            Hand it in
          </Button>
        </div>
      </form>
    </Card>
  );
}

/** What is wrong with the draft: what cannot be read, and what the server says of the rest. */
function useProblems(draft: Draft, input: LoanApplicationInput | null): Partial<Record<FieldName, string>> {
  const settled = useSettled(input);
  const check = useQuery(ValidateLoanApplicationDocument, { input: settled! }, { skip: settled === null });
  const errors = input === null ? [] : (check.data?.validateLoanApplication.errors ?? []);
  const told = errors.flatMap(({ field, message }) => {
    const name = (["principal", "instalments", "purpose"] as const).find((each) => field?.includes(each));
    return name === undefined ? [] : [[name, sentence(message)] as const];
  });
  return { ...Object.fromEntries(told), ...unreadable(draft) };
}

/** The quote for what is typed. While newer figures are on their way the last ones stay. */
function LiveQuote({
  input,
  product,
}: {
  readonly input: LoanApplicationInput | null;
  readonly product: Product;
}): ReactNode {
  const settled = useSettled(input && { ...input, purpose: "" });
  const quote = useQuery(LoanQuoteDocument, { input: settled! }, { skip: settled === null, keepPrevious: true });
  const shown = quote.data?.loanQuote;
  if (!shown || quote.error) {
    return (
      <Card title="Your quote">
        <Empty>The quote is here as soon as the amount and the instalments fit {product.name}.</Empty>
      </Card>
    );
  }
  return (
    <QuoteCard
      title="Your quote"
      quote={shown}
      currency={product.currency}
      behind={quote.loading || quote.refreshing}
    />
  );
}
