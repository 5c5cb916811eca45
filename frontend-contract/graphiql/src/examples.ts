/**
 * The canonical operations of the contract as examples that run.
 *
 * One operation a file, grouped by the folder of its business; a sibling `<name>.variables.json` holds variables that fit the demo
 * data. Files with fragments only are offered to every document.
 */
import { Kind, parse, type DocumentNode, type FragmentDefinitionNode, type OperationTypeNode } from "graphql";

export interface Example {
  /** Business folder and file name, e.g. `wallets/Wallet`. */
  path: string;
  business: string;
  name: string;
  kind: `${OperationTypeNode}`;
  query: string;
  variables: string | null;
}

export interface Library {
  examples: Example[];
  fragments: FragmentDefinitionNode[];
}

/** Opened on the first visit, as far as they exist. */
const OPENED_FIRST = [
  "wallets/Wallet",
  "invoice_finance/Marketplace",
  "invoice_finance/NewInvoiceListed",
  "wallets/WalletBalanceChanged",
  "approvals/ApprovalQueueUpdated",
  "lending/LoanUpdated",
  "milling/LowStock",
  "payments/ReconciliationFeed",
];

const FOLDER = "../../operations/";

export function readLibrary(documents: Record<string, string>, variables: Record<string, string>): Library {
  const library: Library = { examples: [], fragments: [] };
  for (const file of Object.keys(documents).sort()) {
    const query = documents[file] ?? "";
    const document = parseOrExplain(file, query);
    const operation = document?.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
    if (operation) {
      library.examples.push({ ...placeOf(file), kind: operation.operation, query, variables: variables[variablesOf(file)] ?? null });
    } else {
      library.fragments.push(...(document?.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION) ?? []));
    }
  }
  return library;
}

/** The examples by business, in the order of their names. */
export function groupByBusiness(examples: Example[]): [business: string, examples: Example[]][] {
  return [...Map.groupBy(examples, (example) => example.business)];
}

export function openedFirst(examples: Example[]): Example[] {
  return OPENED_FIRST.flatMap((path) => examples.find((example) => example.path === path) ?? []);
}

/** Variables as they go into the editor. An idempotency key is new each time: an example opened twice is meant to act twice. */
export function variablesToRun(example: Example, newKey: () => string = randomKey): string | undefined {
  if (!example.variables) return undefined;
  const fresh = (name: string, value: unknown): unknown => (name === "idempotencyKey" ? newKey() : value);
  return JSON.stringify(JSON.parse(example.variables, fresh), null, 2);
}

function placeOf(file: string): Pick<Example, "path" | "business" | "name"> {
  const path = file.slice(FOLDER.length).replace(/\.graphql$/, "");
  const folders = path.split("/");
  const name = folders.pop() ?? path;
  const words = (folders[0] ?? "general").replaceAll("_", " ");
  return { path, name, business: words.charAt(0).toUpperCase() + words.slice(1) };
}

function variablesOf(file: string): string {
  return file.replace(/\.graphql$/, ".variables.json");
}

/** One broken file must not take the page away; it is left out and named. */
function parseOrExplain(file: string, query: string): DocumentNode | null {
  try {
    return parse(query);
  } catch (error) {
    console.warn(`${file} is left out of the examples: ${String(error)}`);
    return null;
  }
}

function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const library = readLibrary(
  import.meta.glob<string>("../../operations/**/*.graphql", { query: "?raw", import: "default", eager: true }),
  import.meta.glob<string>("../../operations/**/*.variables.json", { query: "?raw", import: "default", eager: true }),
);
