/** Making a loan product, and the next revision of one: what it is called, within which limits it is lent, and at which rates. */
import type { DaftariError } from "@daftari/client";
import { useQuery } from "@daftari/client/react";
import { useState, type ReactNode } from "react";

import {
  CreateLoanProductDocument,
  LoanProductDocument,
  type LoanProductQuery,
  UpdateLoanProductDocument,
} from "@/graphql/lending";
import type { InterestMethod, PeriodUnit } from "@/graphql/schema";
import { Loaded, MoneyField, SelectField, TextAreaField, TextField, toast } from "@/kit";

import { ActDialog, fieldError, useAct } from "../forms";
import rooms from "../rooms.module.css";
import type { Product } from "./product";
import { PERIOD } from "./words";

type ProductFull = NonNullable<LoanProductQuery["loanProduct"]>;

/** What a product says however it came to be: as its fields hold it, the limits as texts. */
interface Limits {
  readonly name: string;
  readonly description: string;
  readonly minPrincipal: string;
  readonly maxPrincipal: string;
  readonly minInstalments: string;
  readonly maxInstalments: string;
  readonly minAnnualRate: string;
  readonly maxAnnualRate: string;
  readonly requiresKyc: boolean;
}

const NO_LIMITS: Limits = {
  name: "",
  description: "",
  minPrincipal: "",
  maxPrincipal: "",
  minInstalments: "",
  maxInstalments: "",
  minAnnualRate: "",
  maxAnnualRate: "",
  requiresKyc: true,
};
/** Which of them show their refusals themselves. */
const LIMIT_FIELDS = [
  "name",
  "description",
  "minPrincipal",
  "maxPrincipal",
  "minInstalments",
  "maxInstalments",
  "minAnnualRate",
  "maxAnnualRate",
];
/** What most small loans are like; the rest of the terms is as the house has it. */
const USUAL = {
  code: "",
  principal: "",
  annualRate: "18",
  instalments: "12",
  unit: "MONTHS" as PeriodUnit,
  interestMethod: "DECLINING_BALANCE" as InterestMethod,
};
const USUAL_FIELDS = ["code", "principal", "annualRate", "instalments"];
const CURRENCY = "KES";

export function NewProduct({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [limits, setLimits] = useState(NO_LIMITS);
  const [usual, setUsual] = useState(USUAL);
  const create = useAct(CreateLoanProductDocument, () => {
    toast({ tone: "good", title: `${limits.name} can be applied for` });
    onClose();
  });
  const { code, principal, ...terms } = usual;
  const send = (): void =>
    create.run({
      input: {
        ...inputOf(limits, CURRENCY),
        code,
        terms: {
          ...terms,
          instalments: Number(terms.instalments),
          principal: { amount: principal, currency: CURRENCY },
          charges: [],
        },
        requiredDocuments: [],
      },
    });
  return (
    <ActDialog
      title="New loan product"
      submit="Lend it"
      wide
      act={create}
      fields={[...USUAL_FIELDS, ...LIMIT_FIELDS]}
      onClose={onClose}
      onSubmit={send}
    >
      <UsualLoan usual={usual} error={create.error} onChange={(part) => setUsual({ ...usual, ...part })} />
      <LimitFields
        limits={limits}
        currency={CURRENCY}
        error={create.error}
        onChange={(part) => setLimits({ ...limits, ...part })}
      />
    </ActDialog>
  );
}

interface ChangeProductProps {
  readonly product: Product;
  readonly onClose: () => void;
}

/** All that is known of it is asked for when its form opens, so that nobody changes what somebody else has changed meanwhile. */
export function ChangeProduct({ product: { id: productId, name }, onClose }: ChangeProductProps): ReactNode {
  const [typed, setTyped] = useState<Partial<Limits>>({});
  const query = useQuery(LoanProductDocument, { id: productId });
  const known = query.data?.loanProduct;
  const limits = known && { ...limitsOf(known), ...typed };
  const update = useAct(UpdateLoanProductDocument, () => {
    toast({ tone: "good", title: `${name} is changed`, body: "New applications are measured by it." });
    onClose();
  });
  const send = (): void => {
    if (!known || !limits) return;
    update.run({ input: { productId, expectedRevision: known.revision, ...inputOf(limits, known.currency) } });
  };
  return (
    <ActDialog
      title={`Change ${name}`}
      submit="Change it"
      wide
      act={update}
      fields={LIMIT_FIELDS}
      disabled={!limits}
      onClose={onClose}
      onSubmit={send}
    >
      <Loaded query={query} lines={6}>
        {() =>
          limits && (
            <LimitFields
              known
              limits={limits}
              currency={known.currency}
              error={update.error}
              onChange={(part) => setTyped({ ...typed, ...part })}
            />
          )
        }
      </Loaded>
    </ActDialog>
  );
}

function limitsOf(product: ProductFull): Limits {
  const { name, description, requiresKyc, minAnnualRate, maxAnnualRate } = product;
  return {
    ...{ name, description, requiresKyc, minAnnualRate, maxAnnualRate },
    minPrincipal: product.minPrincipal.amount,
    maxPrincipal: product.maxPrincipal.amount,
    minInstalments: String(product.minInstalments),
    maxInstalments: String(product.maxInstalments),
  };
}

function inputOf(limits: Limits, currency: string) {
  const { minPrincipal, maxPrincipal, minInstalments, maxInstalments, minAnnualRate, maxAnnualRate, ...said } = limits;
  const money = (amount: string) => (amount === "" ? null : { amount, currency });
  const count = (text: string): number | null => (text === "" ? null : Number(text));
  return {
    ...said,
    minPrincipal: money(minPrincipal),
    maxPrincipal: money(maxPrincipal),
    minInstalments: count(minInstalments),
    maxInstalments: count(maxInstalments),
    minAnnualRate: minAnnualRate || null,
    maxAnnualRate: maxAnnualRate || null,
  };
}

interface UsualLoanProps {
  readonly usual: typeof USUAL;
  readonly error: DaftariError | undefined;
  readonly onChange: (part: Partial<typeof USUAL>) => void;
}

/** The loan that most people take, from which the form of an application begins. */
function UsualLoan({ usual, error, onChange }: UsualLoanProps): ReactNode {
  return (
    <fieldset className={rooms.group}>
      <legend>The usual loan</legend>
      <div className={rooms.pair}>
        <TextField
          label="Code"
          required
          maxLength={30}
          value={usual.code}
          onChange={(code) => onChange({ code })}
          error={fieldError(error, "code")}
        />
        <MoneyField
          label="Amount"
          currency={CURRENCY}
          required
          value={usual.principal}
          onChange={(principal) => onChange({ principal })}
          error={fieldError(error, "principal")}
        />
        <TextField
          label="Rate, in percent a year"
          inputMode="decimal"
          required
          value={usual.annualRate}
          onChange={(annualRate) => onChange({ annualRate })}
          error={fieldError(error, "annualRate")}
        />
        <SelectField
          label="Interest"
          options={[
            ["DECLINING_BALANCE", "On what is still owed"],
            ["FLAT", "On the whole amount, all the time"],
          ]}
          value={usual.interestMethod}
          onChange={(interestMethod) => onChange({ interestMethod: interestMethod as InterestMethod })}
        />
        <TextField
          label="Instalments"
          type="number"
          min={1}
          max={600}
          required
          value={usual.instalments}
          onChange={(instalments) => onChange({ instalments })}
          error={fieldError(error, "instalments")}
        />
        <SelectField
          label="Paid in"
          options={(Object.keys(PERIOD) as PeriodUnit[]).map((unit) => [unit, PERIOD[unit]] as const)}
          value={usual.unit}
          onChange={(unit) => onChange({ unit: unit as PeriodUnit })}
        />
      </div>
    </fieldset>
  );
}

interface LimitFieldsProps {
  readonly limits: Limits;
  readonly currency: string;
  /** Of a product that there is: they are filled in first, and none of them is left out. */
  readonly known?: boolean;
  readonly error: DaftariError | undefined;
  readonly onChange: (part: Partial<Limits>) => void;
}

/** Limits that are left out of a new product are those of the usual loan. */
function LimitFields({ limits, currency, known = false, error, onChange }: LimitFieldsProps): ReactNode {
  const tied = <F extends Exclude<keyof Limits, "requiresKyc">>(field: F) => ({
    value: limits[field],
    error: fieldError(error, field),
    onChange: (value: string) => onChange({ [field]: value }),
  });
  return (
    <fieldset className={rooms.group}>
      <legend>What is said of it</legend>
      <TextField label="Name" autoFocus={known} required maxLength={120} {...tied("name")} />
      <TextAreaField label="What it is for" required={false} maxLength={2000} rows={2} {...tied("description")} />
      <div className={rooms.pair}>
        <MoneyField label="At least" currency={currency} required={known} {...tied("minPrincipal")} />
        <MoneyField label="At most" currency={currency} required={known} {...tied("maxPrincipal")} />
        <TextField label="Fewest instalments" type="number" min={1} required={known} {...tied("minInstalments")} />
        <TextField label="Most instalments" type="number" min={1} required={known} {...tied("maxInstalments")} />
        <TextField label="Lowest rate, in percent" inputMode="decimal" required={known} {...tied("minAnnualRate")} />
        <TextField label="Highest rate, in percent" inputMode="decimal" required={known} {...tied("maxAnnualRate")} />
      </div>
      <SelectField
        label="Who somebody is"
        options={[
          ["YES", "Must be verified before it is paid out"],
          ["NO", "Need not be verified"],
        ]}
        value={limits.requiresKyc ? "YES" : "NO"}
        onChange={(answer) => onChange({ requiresKyc: answer === "YES" })}
      />
    </fieldset>
  );
}
