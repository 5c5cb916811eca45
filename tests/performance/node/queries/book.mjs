// The book of loans as the peers on Node read it: the statements of ../../sql, and a pool of node-postgres with prepared
// statements. They have no sign-in and no rights, only the condition on rows that is part of the statements.
import { readFileSync } from "node:fs";
import { GraphQLScalarType } from "graphql";
import pg from "pg";

const { DATABASE_URL, VIEWER_ID, BRANCH_ID, POOL_SIZE } = process.env;
const DATE = 1082;
const TIMESTAMPTZ = 1184;
const NUMERIC = 1700;

// Dates stay the text that they are, instants become what is shown, decimals lose the zeros that their columns have room for.
pg.types.setTypeParser(DATE, (text) => text);
pg.types.setTypeParser(TIMESTAMPTZ, (text) => `${text.slice(0, 10)}T${text.slice(11, -3)}Z`);
pg.types.setTypeParser(NUMERIC, (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text));

const size = Number(POOL_SIZE ?? 8);
const options = "-c timezone=UTC";
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: size, min: size, idleTimeoutMillis: 0, options });

const sql = (name) => readFileSync(new URL(`../../sql/${name}.sql`, import.meta.url), "utf8");
const prepared = Object.fromEntries(["loan", "loans", "people", "instalments"].map((name) => [name, sql(name)]));
const rows = async (name, values) => (await pool.query({ name, text: prepared[name], values })).rows;

export const loan = async (id) => (await rows("loan", [[rowId(id)], VIEWER_ID, BRANCH_ID]))[0] ?? null;
export const loans = (first) => rows("loans", [VIEWER_ID, BRANCH_ID, first]);

// One for each id in that order, as loaders want them.
export async function people(ids) {
  const found = new Map((await rows("people", [ids])).map((row) => [row.id, row]));
  return ids.map((id) => found.get(id) ?? null);
}
export async function schedules(ids) {
  const found = new Map(ids.map((id) => [id, []]));
  for (const row of await rows("instalments", [ids, VIEWER_ID, BRANCH_ID])) found.get(row.loan_id).push(row);
  return ids.map((id) => found.get(id));
}

export const globalId = (kind, id) => Buffer.from(`${kind}:${id}`).toString("base64url");
const rowId = (given) => Buffer.from(given, "base64url").toString().split(":")[1];

// An amount in major units; all of this book is in a currency with two decimals. A bigint comes as its digits.
export const major = (minor) => {
  const digits = minor.padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

export const schema = `
  scalar Decimal
  scalar Date
  scalar DateTime
  type Money { amount: Decimal! }
  type User { id: ID! name: String! }
  type LoanInstalment { number: Int! dueOn: Date! completedOn: Date due: Money! }
  type Loan {
    id: ID! number: String! borrowerName: String! status: String! requestedPrincipal: Money! annualRate: Decimal!
    instalmentCount: Int! createdAt: DateTime! borrower: User schedule: [LoanInstalment!]!
  }
  type LoanConnection { nodes: [Loan!]! }
  type Query { loan(id: ID!): Loan loans(first: Int!): LoanConnection! }
`;

const asText = (name) => new GraphQLScalarType({ name, serialize: String, parseValue: String });

// All but how borrowers and schedules are loaded together, which each library does its own way.
export const resolvers = {
  Decimal: asText("Decimal"),
  Date: asText("Date"),
  DateTime: asText("DateTime"),
  Query: {
    loan: (_, { id }) => loan(id),
    loans: async (_, { first }) => ({ nodes: await loans(first) }),
  },
  User: { id: (user) => globalId("User", user.id) },
  LoanInstalment: {
    dueOn: (row) => row.due_on,
    completedOn: (row) => row.completed_on,
    due: (row) => ({ amount: major(row.due_minor) }),
  },
  Loan: {
    id: (row) => globalId("Loan", row.id),
    borrowerName: (row) => row.borrower_name,
    requestedPrincipal: (row) => ({ amount: major(row.requested_minor) }),
    annualRate: (row) => row.annual_rate,
    instalmentCount: (row) => row.instalment_count,
    createdAt: (row) => row.created_at,
  },
};
