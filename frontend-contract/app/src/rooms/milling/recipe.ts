/** A bill of materials while it is written: what stands in the form, and what of it is sent. */
import type { BillsOfMaterialsQuery } from "@/graphql/milling";
import type { ByProductInput, CreateBillOfMaterialsInput, UpdateBillOfMaterialsInput } from "@/graphql/schema";

import { isPositive, plainAmount } from "../decimals";
import { type GoodsLine, ONE_LINE } from "./lines";

export type Recipe = BillsOfMaterialsQuery["billsOfMaterials"]["nodes"][number];

export interface RecipeDraft {
  readonly code: string;
  readonly name: string;
  readonly itemId: string;
  /** How much of the item the lines are for, in its base unit. */
  readonly wanted: string;
  readonly overhead: string;
  readonly note: string;
  readonly active: boolean;
  readonly inputs: readonly GoodsLine[];
  readonly byProducts: readonly GoodsLine[];
}

const BLANK: RecipeDraft = {
  code: "",
  name: "",
  itemId: "",
  wanted: "100",
  overhead: "",
  note: "",
  active: true,
  inputs: ONE_LINE,
  byProducts: [],
};

export function draftOf(recipe: Recipe | undefined): RecipeDraft {
  if (!recipe) return BLANK;
  const lines = (role: string): GoodsLine[] =>
    recipe.lines
      .filter((line) => line.role === role)
      .map(({ lineNo, itemId, baseQuantity, costPerUnit }) => ({
        key: lineNo,
        itemId,
        wanted: baseQuantity,
        price: costPerUnit?.amount ?? null,
      }));
  const { code, name, itemId, outputQuantity: wanted, overhead, note, active } = recipe;
  return {
    ...{ code, name, itemId, wanted, note, active },
    overhead: overhead.amount === "0.00" ? "" : overhead.amount,
    inputs: lines("INPUT"),
    byProducts: lines("BY_PRODUCT"),
  };
}

export function isComplete({ itemId, wanted, inputs, byProducts }: RecipeDraft): boolean {
  const written = ({ itemId: id, wanted: much }: GoodsLine): boolean => id !== "" && isPositive(plainAmount(much), 3);
  return itemId !== "" && isPositive(plainAmount(wanted), 3) && [...inputs, ...byProducts].every(written);
}

/** The share of the cost that a by-product had and keeps as long as no price is said for it. */
export function shareOf(recipe: Recipe | undefined, { itemId }: GoodsLine): string | null {
  return recipe?.lines.find((line) => line.role === "BY_PRODUCT" && line.itemId === itemId)?.sharePercent ?? null;
}

type Lines = Pick<CreateBillOfMaterialsInput, "inputs" | "byProducts" | "overhead" | "quantity" | "name" | "note">;

function linesOf(draft: RecipeDraft, recipe: Recipe | undefined, currency: string): Lines {
  const { name, note, wanted, overhead, inputs, byProducts } = draft;
  const byProduct = (line: GoodsLine): ByProductInput => ({
    itemId: line.itemId,
    quantity: plainAmount(line.wanted),
    ...(line.price
      ? { costPerUnit: { amount: plainAmount(line.price), currency } }
      : { sharePercent: shareOf(recipe, line) }),
  });
  return {
    name,
    note,
    quantity: plainAmount(wanted),
    inputs: inputs.map((line) => ({ itemId: line.itemId, quantity: plainAmount(line.wanted) })),
    byProducts: byProducts.map(byProduct),
    overhead: { amount: plainAmount(overhead) || "0", currency },
  };
}

export function newRecipe(draft: RecipeDraft, currency: string): CreateBillOfMaterialsInput {
  return { code: draft.code, itemId: draft.itemId, ...linesOf(draft, undefined, currency) };
}

export function changedRecipe(draft: RecipeDraft, recipe: Recipe, currency: string): UpdateBillOfMaterialsInput {
  const { id: bomId, version: expectedVersion } = recipe;
  return { bomId, expectedVersion, active: draft.active, ...linesOf(draft, recipe, currency) };
}
