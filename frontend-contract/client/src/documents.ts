/**
 * The documents that the client runs: text, what a code generator made of it, or the id of a trusted document.
 *
 * Types come along in the way of `@graphql-typed-document-node/core`, which generators write and which needs no import
 * to be read.
 */
import { printDocument, type AstNode } from "./print.ts";

export type Variables = Readonly<Record<string, unknown>>;

/** How a generated document carries the types of its result and variables. */
export interface Typed<T, V> {
  readonly __apiType?: (variables: V) => T;
}

interface ParsedDocument extends AstNode {
  readonly definitions: readonly AstNode[];
}

/** Text; a `TypedDocumentNode`; a `TypedDocumentString`; or the SHA-256 of a trusted document. */
export type Document<T = unknown, V = Variables> =
  | string
  | (ParsedDocument & Typed<T, V>)
  // The wrapper it is: generators extend it to give a text its types.
  | (String & Typed<T, V>)
  | ({ readonly id: string } & Typed<T, V>);

/** What goes over the wire instead of the document. */
export type DocumentPart = { readonly query: string } | { readonly documentId: string };

const printed = new WeakMap<object, string>();

export function partOf<T, V>(document: Document<T, V>): DocumentPart {
  if (typeof document === "string") return { query: document };
  if ("definitions" in document) return { query: textOf(document) };
  if ("id" in document) return { documentId: document.id };
  return { query: document.toString() };
}

/** Of the tree, not of the source it once had: caches add fields such as `__typename` to the tree. */
function textOf(document: ParsedDocument): string {
  let text = printed.get(document);
  if (text === undefined) {
    text = printDocument(document);
    printed.set(document, text);
  }
  return text;
}

/** Equal for equal questions: what caches and shared feeds are found by. */
export function keyOf<T, V>(document: Document<T, V>, variables: V | undefined): string {
  const part = partOf(document);
  return `${"query" in part ? part.query : part.documentId}\n${stableJson(variables ?? {})}`;
}

function stableJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Whether a feed of this document can go on where it was cut. Of a trusted document only the server has the text. */
export function isResumable(part: DocumentPart): boolean {
  return "documentId" in part || /\$after\b/.test(part.query);
}
