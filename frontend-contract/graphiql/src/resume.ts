/**
 * Where a feed goes on after a cut.
 *
 * Every subscription of the API takes `after: Cursor` and its items carry a cursor. The socket library sends the same payload again after
 * a reconnect, so the payload has to name the last cursor seen by then; otherwise the items in between are lost, or the feed
 * starts over from where it once began.
 */
import { getOperationAST, Kind, print, type ArgumentNode, type DocumentNode, type FieldNode } from "graphql";
import type { GraphQLRequest, Result } from "./http";

const AFTER = "after";

/** The cursor of the item in this result, when the document asks for it. */
export function cursorOf(result: Result): string | null {
  for (const item of Object.values(result.data ?? {})) {
    if (typeof item === "object" && item !== null && "cursor" in item && typeof item.cursor === "string") return item.cursor;
  }
  return null;
}

/** The same subscription from `cursor` on: through its variable when it has one, else written into the document. */
export function startingAfter(document: DocumentNode, request: GraphQLRequest, cursor: string): GraphQLRequest {
  const operation = getOperationAST(document, request.operationName);
  const field = operation?.selectionSet.selections.find((selection) => selection.kind === Kind.FIELD);
  if (!operation || !field) return request;
  const given = field.arguments?.find((argument) => argument.name.value === AFTER);
  if (given?.value.kind === Kind.VARIABLE) {
    return { ...request, variables: { ...request.variables, [given.value.name.value]: cursor } };
  }
  const resumed = withArgument(field, cursor);
  const selections = operation.selectionSet.selections.map((selection) => (selection === field ? resumed : selection));
  const changed = { ...operation, selectionSet: { ...operation.selectionSet, selections } };
  const definitions = document.definitions.map((definition) => (definition === operation ? changed : definition));
  return { ...request, query: print({ ...document, definitions }) };
}

function withArgument(field: FieldNode, cursor: string): FieldNode {
  const after: ArgumentNode = {
    kind: Kind.ARGUMENT,
    name: { kind: Kind.NAME, value: AFTER },
    value: { kind: Kind.STRING, value: cursor },
  };
  const others = (field.arguments ?? []).filter((argument) => argument.name.value !== AFTER);
  return { ...field, arguments: [...others, after] };
}
