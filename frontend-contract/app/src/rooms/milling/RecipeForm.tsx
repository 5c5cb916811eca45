/** Writing a bill of materials, or changing one: what is made, what goes in, what else comes out, what the work costs. */
import type { DaftariError } from "@daftari/client";
import { useQuery } from "@daftari/client/react";
import { useState, type ReactNode } from "react";

import {
  CreateBillOfMaterialsDocument,
  ItemsDocument,
  type ItemsQuery,
  UpdateBillOfMaterialsDocument,
} from "@/graphql/milling";
import { Button, inPercent, MoneyField, SelectField, TextAreaField, TextField, toast } from "@/kit";

import { ActDialog, fieldError, useAct } from "../forms";
import rooms from "../rooms.module.css";
import { GoodsLines } from "./GoodsLines";
import { type GoodsLine, ONE_LINE } from "./lines";
import { changedRecipe, draftOf, isComplete, newRecipe, type Recipe, type RecipeDraft, shareOf } from "./recipe";
import { measured } from "./words";

type Item = ItemsQuery["items"]["nodes"][number];

const FIELDS = ["code", "name", "quantity", "overhead", "note"];

interface RecipeFormProps {
  /** What is changed; without it, something new is written. */
  readonly recipe: Recipe | undefined;
  readonly currency: string;
  readonly onClose: () => void;
}

export function RecipeForm({ recipe, currency, onClose }: RecipeFormProps): ReactNode {
  const items = useQuery(ItemsDocument, { first: 100 }).data?.items.nodes ?? [];
  const [typed, setDraft] = useState(() => draftOf(recipe));
  const draft = withFirsts(typed, items);
  const done = (): void => {
    toast({ tone: "good", title: recipe ? "It is changed" : "It is written down", body: draft.name });
    onClose();
  };
  const create = useAct(CreateBillOfMaterialsDocument, done);
  const update = useAct(UpdateBillOfMaterialsDocument, done);
  const { busy, error } = recipe ? update : create;
  const send = (): void =>
    recipe
      ? update.run({ input: changedRecipe(draft, recipe, currency) })
      : create.run({ input: newRecipe(draft, currency) });
  const parts = { draft, items, error, onChange: (part: Partial<RecipeDraft>) => setDraft({ ...typed, ...part }) };
  return (
    <ActDialog
      title={recipe ? `Change ${recipe.name}` : "New bill of materials"}
      submit="Write it down"
      wide
      act={{ busy, error }}
      fields={FIELDS}
      disabled={!isComplete(draft)}
      onClose={onClose}
      onSubmit={send}
    >
      <Head {...parts} isNew={!recipe} currency={currency} />
      <Inputs {...parts} />
      <ByProducts {...parts} recipe={recipe} currency={currency} />
      <TextAreaField
        label="Note"
        required={false}
        maxLength={500}
        value={draft.note}
        onChange={(note) => parts.onChange({ note })}
        error={fieldError(error, "note")}
      />
    </ActDialog>
  );
}

/** Where nothing is chosen yet, the first of its kind stands. */
function withFirsts(draft: RecipeDraft, items: readonly Item[]): RecipeDraft {
  const firstOf = (...categories: Item["category"][]): string =>
    items.find(({ category }) => categories.includes(category))?.id ?? items[0]?.id ?? "";
  const chosen = (lines: readonly GoodsLine[], category: Item["category"]): GoodsLine[] =>
    lines.map((line) => ({ ...line, itemId: line.itemId || firstOf(category) }));
  return {
    ...draft,
    itemId: draft.itemId || firstOf("FINISHED"),
    inputs: chosen(draft.inputs, "RAW_MATERIAL"),
    byProducts: chosen(draft.byProducts, "BY_PRODUCT"),
  };
}

interface PartProps {
  readonly draft: RecipeDraft;
  readonly items: readonly Item[];
  readonly error: DaftariError | undefined;
  readonly onChange: (part: Partial<RecipeDraft>) => void;
}

interface HeadProps extends PartProps {
  readonly isNew: boolean;
  readonly currency: string;
}

/** What is made, and what making it costs besides its materials. What is made stays as it is, and so does the code. */
function Head({ draft, items, error, isNew, currency, onChange }: HeadProps): ReactNode {
  const made = items.find(({ id }) => id === draft.itemId);
  return (
    <div className={rooms.pair}>
      <TextField
        label="Name"
        required
        maxLength={120}
        value={draft.name}
        onChange={(name) => onChange({ name })}
        error={fieldError(error, "name")}
      />
      {isNew ? (
        <>
          <TextField
            label="Code"
            required
            maxLength={30}
            value={draft.code}
            onChange={(code) => onChange({ code })}
            error={fieldError(error, "code")}
          />
          <SelectField
            label="What is made"
            options={items.map(({ id, name }) => [id, name] as const)}
            value={draft.itemId}
            onChange={(itemId) => onChange({ itemId })}
          />
        </>
      ) : (
        <SelectField
          label="Is it used"
          options={[
            ["YES", "It is in use"],
            ["NO", "It is no longer used"],
          ]}
          value={draft.active ? "YES" : "NO"}
          onChange={(answer) => onChange({ active: answer === "YES" })}
        />
      )}
      <TextField
        label={made ? measured("The lines are for", made.baseUnit) : "The lines are for"}
        inputMode="decimal"
        required
        value={draft.wanted}
        onChange={(wanted) => onChange({ wanted })}
        error={fieldError(error, "quantity")}
      />
      <MoneyField
        label="Labour, power and wear"
        currency={currency}
        required={false}
        value={draft.overhead}
        onChange={(overhead) => onChange({ overhead })}
        error={fieldError(error, "overhead")}
      />
    </div>
  );
}

function unitIn(items: readonly Item[]): (line: GoodsLine) => string | undefined {
  return ({ itemId }) => items.find(({ id }) => id === itemId)?.baseUnit;
}

function Inputs({ draft, items, onChange }: PartProps): ReactNode {
  return (
    <fieldset className={rooms.group}>
      <legend>Goes in</legend>
      <GoodsLines
        lines={draft.inputs}
        goods={items.map(({ id, name }) => [id, name] as const)}
        unitOf={unitIn(items)}
        hintOf={() => null}
        problemOf={() => undefined}
        onChange={(inputs) => onChange({ inputs })}
      />
    </fieldset>
  );
}

interface ByProductsProps extends PartProps {
  readonly recipe: Recipe | undefined;
  readonly currency: string;
}

function ByProducts({ draft, items, recipe, currency, onChange }: ByProductsProps): ReactNode {
  const priceless = (line: GoodsLine): string => {
    const share = shareOf(recipe, line);
    return share && Number(share) > 0 ? `${inPercent(share)} of the cost` : "It carries nothing of the cost";
  };
  return (
    <fieldset className={rooms.group}>
      <legend>Comes out besides</legend>
      {draft.byProducts.length === 0 ? (
        <div>
          <Button size="small" onClick={() => onChange({ byProducts: ONE_LINE })}>
            Something else comes out
          </Button>
        </div>
      ) : (
        <GoodsLines
          lines={draft.byProducts}
          goods={items.map(({ id, name }) => [id, name] as const)}
          currency={currency}
          priceless={priceless}
          unitOf={unitIn(items)}
          hintOf={() => <>&nbsp;</>}
          problemOf={() => undefined}
          onChange={(byProducts) => onChange({ byProducts })}
        />
      )}
      {draft.byProducts.length === 1 && (
        <div>
          <Button size="small" onClick={() => onChange({ byProducts: [] })}>
            Nothing else comes out
          </Button>
        </div>
      )}
    </fieldset>
  );
}
