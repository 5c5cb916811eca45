/**
 * Writes a parsed executable document as text, for documents of generators that keep only the tree.
 *
 * The text is, letter for letter, what GraphQL's own printer writes: a server that runs trusted documents alone knows
 * them by the hash of that. graphql-js has that printer, but it brings half of that library along, and a client needs
 * none of the other half.
 */

export interface AstNode {
  readonly kind: string;
}

/** A node as it is read here: which fields are there depends on its kind. */
type Node = Readonly<Record<string, unknown>> & AstNode;

/** What a field takes stands in its line, unless the line grew longer than this. */
const LONGEST_LINE = 80;

export function printDocument(document: { readonly definitions: readonly AstNode[] }): string {
  return document.definitions.map((definition) => write(definition as Node)).join("\n\n");
}

const writers: Record<string, (node: Node) => string> = {
  Name: (node) => node["value"] as string,
  OperationDefinition(node) {
    const called = one(node, "name") + wrapped("(", many(node, "variableDefinitions", ", "), ")");
    const head = joined([node["operation"] as string, called, directives(node)]);
    return joined([head === "query" ? "" : head, one(node, "selectionSet")]);
  },
  FragmentDefinition: (node) =>
    joined([
      `fragment ${one(node, "name")} on ${one(node, "typeCondition")}`,
      directives(node),
      one(node, "selectionSet"),
    ]),
  VariableDefinition: (node) =>
    joined([
      `${one(node, "variable")}: ${one(node, "type")}`,
      wrapped("= ", one(node, "defaultValue")),
      directives(node),
    ]),
  SelectionSet: (node) => lines("{", many(node, "selections", "\n"), "}"),
  Field(node) {
    const called = wrapped("", one(node, "alias"), ": ") + one(node, "name");
    const inLine = called + wrapped("(", many(node, "arguments", ", "), ")");
    return joined([
      inLine.length > LONGEST_LINE ? called + lines("(", many(node, "arguments", "\n"), ")") : inLine,
      directives(node),
      one(node, "selectionSet"),
    ]);
  },
  Argument: (node) => `${one(node, "name")}: ${one(node, "value")}`,
  FragmentSpread: (node) => joined([`...${one(node, "name")}`, directives(node)]),
  InlineFragment: (node) =>
    joined(["...", wrapped("on ", one(node, "typeCondition")), directives(node), one(node, "selectionSet")]),
  Directive: (node) => `@${one(node, "name")}${wrapped("(", many(node, "arguments", ", "), ")")}`,
  Variable: (node) => `$${one(node, "name")}`,
  IntValue: (node) => node["value"] as string,
  FloatValue: (node) => node["value"] as string,
  EnumValue: (node) => node["value"] as string,
  StringValue: (node) => JSON.stringify(node["value"]),
  BooleanValue: (node) => String(node["value"]),
  NullValue: () => "null",
  ListValue: (node) => `[${many(node, "values", ", ")}]`,
  ObjectValue: (node) => `{ ${many(node, "fields", ", ")} }`,
  ObjectField: (node) => `${one(node, "name")}: ${one(node, "value")}`,
  NamedType: (node) => one(node, "name"),
  ListType: (node) => `[${one(node, "type")}]`,
  NonNullType: (node) => `${one(node, "type")}!`,
};

function write(node: Node): string {
  const writer = writers[node.kind];
  if (!writer) throw new TypeError(`a document to be run has no ${node.kind}`);
  return writer(node);
}

function one(node: Node, field: string): string {
  const child = node[field] as Node | undefined;
  return child ? write(child) : "";
}

function many(node: Node, field: string, separator: string): string {
  const children = node[field] as readonly Node[] | undefined;
  return (children ?? []).map(write).join(separator);
}

function directives(node: Node): string {
  return many(node, "directives", " ");
}

function lines(before: string, text: string, after: string): string {
  return `${before}\n  ${text.replaceAll("\n", "\n  ")}\n${after}`;
}

function wrapped(before: string, text: string, after = ""): string {
  return text ? before + text + after : "";
}

function joined(parts: readonly string[]): string {
  return parts.filter(Boolean).join(" ");
}
