/** Daftari without a server: the schema executed with what a test says, and with believable values where it says nothing. */
import {
  type DocumentNode,
  execute,
  type ExecutionResult,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  parse,
  subscribe,
  validate,
} from "graphql";

import { Feeds, type Said } from "./feeds.ts";
import { imagine, type Imagined, imagined } from "./values.ts";

/** What a field of Query or Mutation answers: its value, or what makes it of the arguments. Parts that are left out are made up. */
export type Answer = unknown | ((args: Record<string, unknown>) => unknown);

export interface MockOptions {
  /** By the name of the field, such as `wallet` or `fundInvoice`. */
  readonly answers?: Record<string, Answer>;
  /** How long an access token is good for, in seconds. */
  readonly tokenSeconds?: number;
}

export interface Request {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

export class MockDaftari {
  readonly schema: GraphQLSchema;
  readonly feeds = new Feeds();
  /** Every request that came, in order: what an app asked for is often what its test wants to know. */
  readonly requests: Request[] = [];
  private readonly answers: Record<string, Answer>;
  private tokens = 0;

  /** The schema is from `readSchema()` in Node, in a browser from `buildSchema` over whatever the bundler makes of schema.graphql. */
  constructor(schema: GraphQLSchema, options: MockOptions = {}) {
    this.schema = schema;
    const pair = (): Said => this.pairOfTokens(options.tokenSeconds ?? 900);
    this.answers = { login: pair, refreshToken: pair, asOf: () => this.feeds.cursor(), node: ({ id }: Record<string, unknown>) => this.nodeOf(String(id)), ...options.answers };
  }

  /** From now on this field answers that. */
  answer(field: string, answer: Answer): void {
    this.answers[field] = answer;
  }

  /** Something happens on a feed: `tell("walletBalanceChanged", "WalletBalanceChanged", { description: "…" })`. Returns its cursor. */
  tell(feed: string, type: string, said?: Said): string {
    if (!this.schema.getSubscriptionType()?.getFields()[feed]) throw new Error(`there is no feed ${feed}`);
    if (!this.schema.getType(type)) throw new Error(`there is no type ${type}`);
    return this.feeds.tell(feed, type, said);
  }

  /** A query or a mutation. */
  async run(request: Request): Promise<ExecutionResult> {
    this.requests.push(request);
    const document = parsed(request.query);
    if (document instanceof GraphQLError) return { errors: [document] };
    const errors = validate(this.schema, document);
    if (errors.length > 0) return { errors };
    return await execute({ ...this.executing(document), variableValues: request.variables, operationName: request.operationName });
  }

  /** A subscription, for `subscribe` of graphql-ws. */
  follow = (args: { document: DocumentNode; variableValues?: Record<string, unknown> | null; operationName?: string | null }) =>
    subscribe({ ...args, ...this.executing(args.document), subscribeFieldResolver: this.feedOf });

  private executing(document: DocumentNode) {
    return { schema: this.schema, document, rootValue: imagined("Root", 1), fieldResolver: this.resolve, typeResolver: typeOf };
  }

  private readonly resolve: GraphQLFieldResolver<Imagined, unknown> = (owner, args, _context, info) => {
    const said = isRoot(info) ? this.said(info.fieldName, args, owner) : owner[info.fieldName];
    return said === undefined ? imagine(info.returnType, owner, info) : completed(said, info);
  };

  private said(field: string, args: Record<string, unknown>, root: Imagined): unknown {
    // An item of a feed arrives under the name of its field.
    if (field in root) return root[field];
    const answer = this.answers[field];
    return typeof answer === "function" ? (answer as (args: Record<string, unknown>) => unknown)(args) : answer;
  }

  private readonly feedOf: GraphQLFieldResolver<unknown, unknown> = (_root, args, _context, { fieldName }) => {
    const items = this.feeds.follow(fieldName, args.after as string | undefined);
    return (async function* () {
      for await (const item of items) yield { ...imagined("Root", 1), [fieldName]: item };
    })();
  };

  /** The object behind an id that was made up here; null for any other, as the API answers. */
  private nodeOf(id: string): unknown {
    const [type = "", place] = id.split(":");
    return this.schema.getType(type) ? imagined(type, Number(place)) : null;
  }

  private pairOfTokens(seconds: number): Said {
    this.tokens += 1;
    const expiresAt = new Date(Date.now() + seconds * 1000).toISOString();
    return { accessToken: `access-${this.tokens}`, refreshToken: `refresh-${this.tokens}`, expiresAt };
  }
}

/** An object that a test has said in parts gets a type and a place, so that the rest can be made up. */
function completed(said: unknown, info: GraphQLResolveInfo): unknown {
  if (Array.isArray(said)) return said.map((each: unknown, row) => placed(each, row + 1, info));
  return placed(said, 1, info);
}

function placed(said: unknown, place: number, info: GraphQLResolveInfo): unknown {
  if (typeof said !== "object" || said === null || "place" in said) return said;
  const name = "__typename" in said ? String(said.__typename) : namedType(info);
  return imagined(name, place, said as Record<string, unknown>);
}

function namedType(info: GraphQLResolveInfo): string {
  return info.returnType.toString().replace(/[[\]!]/g, "");
}

function isRoot({ parentType, schema }: GraphQLResolveInfo): boolean {
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].includes(parentType);
}

const typeOf = (value: unknown): string => (value as Imagined).__typename;

function parsed(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (problem) {
    return problem as GraphQLError;
  }
}
