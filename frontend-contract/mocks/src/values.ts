/** What a field says when nobody has said otherwise: believable, and the same each time for the same place in an answer. */
import {
  type GraphQLOutputType,
  getNamedType,
  type GraphQLResolveInfo,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
} from "graphql";

/** An object whose missing fields are made up. Its place tells it from others of its type. */
export interface Imagined {
  readonly __typename: string;
  readonly place: number;
  readonly [field: string]: unknown;
}

const ROWS = 3;
const CURRENCY = "KES";

/** Ids name their type, so that `node(id:)` finds the way back. */
export function idOf(type: string, place: number): string {
  return `${type}:${place}`;
}

export function imagined(type: string, place: number, said: Record<string, unknown> = {}): Imagined {
  return { ...said, __typename: type, place };
}

/** The value of a field of which nothing is known but its name and its type. */
export function imagine(type: GraphQLOutputType, owner: Imagined, info: GraphQLResolveInfo): unknown {
  const name = info.fieldName;
  const inner = isNonNullType(type) ? type.ofType : type;
  if (isListType(inner)) {
    // Refusals are the exception; whoever wants one says so.
    return name === "errors" ? [] : Array.from({ length: ROWS }, (_, row) => one(inner.ofType, owner, row + 1, info));
  }
  return one(inner, owner, owner.place, info);
}

function one(type: GraphQLOutputType, owner: Imagined, place: number, info: GraphQLResolveInfo): unknown {
  const named = getNamedType(type);
  if (isObjectType(named)) return imagined(named.name, place, KNOWN[named.name]?.(place, info.fieldName));
  if (isEnumType(named)) return named.getValues()[place % named.getValues().length]?.value;
  if (isScalarType(named)) return scalar(named.name, owner, info.fieldName, place);
  // One of several types: the first that fits.
  const [first] = info.schema.getPossibleTypes(named as Parameters<typeof info.schema.getPossibleTypes>[0]);
  return first && imagined(first.name, place);
}

const KNOWN: Record<string, (place: number, field: string) => Record<string, unknown>> = {
  Money: (place, field) => {
    const amount = `${1_250 * (place + (field.length % 7))}.00`;
    return { amount, currency: CURRENCY, formatted: `${CURRENCY} ${Number(amount).toLocaleString("en-KE", { minimumFractionDigits: 2 })}` };
  },
  PageInfo: () => ({ hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null }),
};

function scalar(type: string, owner: Imagined, field: string, place: number): unknown {
  const make = SCALARS[type];
  if (!make) throw new Error(`the mock knows no values of the scalar ${type}`);
  return make({ owner, field, place });
}

interface Spot {
  readonly owner: Imagined;
  readonly field: string;
  readonly place: number;
}

const DAY_MS = 86_400_000;

/** The same for as long as a test runs. */
const NOW = Date.now();

const SCALARS: Record<string, (spot: Spot) => unknown> = {
  ID: ({ owner, field, place }) => idOf(field === "id" ? owner.__typename : nameOfOther(field), place),
  UUID: ({ place }) => `00000000-0000-7000-8000-${String(place).padStart(12, "0")}`,
  String: words,
  Int: ({ field, place }) => (field === "totalCount" ? ROWS : place + (field.length % 5)),
  Float: ({ place }) => place / 4,
  Boolean: ({ place }) => place % 2 === 1,
  Decimal: ({ place }) => `${place * 12}.50`,
  CurrencyCode: () => CURRENCY,
  Cursor: ({ place }) => `cursor-${place}`,
  JSON: () => ({}),
  Date: ({ field, place }) => moment(field, place).toISOString().slice(0, 10),
  DateTime: ({ field, place }) => moment(field, place).toISOString(),
};

/** What is due or expires lies ahead; everything else has happened. */
function moment(field: string, place: number): Date {
  const ahead = /^(due|expires|ends|deadline|valid)/i.test(field) || /(Due|Expires|Deadline|Until)/.test(field);
  return new Date(NOW + (ahead ? 1 : -1) * place * DAY_MS);
}

function nameOfOther(field: string): string {
  const name = field.replace(/Ids?$/, "");
  return name.charAt(0).toUpperCase() + name.slice(1);
}

const NAMES = ["Asha Textiles", "Baraka Mills", "Njeri Kariuki", "Otieno Okello", "Leela Partners"];

function words({ owner, field, place }: Spot): string {
  if (/name$/i.test(field)) return NAMES[place % NAMES.length] ?? "";
  if (/(number|code|reference)$/i.test(field)) return `${owner.__typename.slice(0, 3).toUpperCase()}-${String(place).padStart(6, "0")}`;
  if (/email$/i.test(field)) return `somebody${place}@daftari.example`;
  if (/phone$/i.test(field)) return `+25471200000${place % 10}`;
  return `${field.replace(/([A-Z])/g, " $1").toLowerCase()} ${place}`;
}
