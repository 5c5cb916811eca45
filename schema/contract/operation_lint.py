"""The conventions of canonical operations: one a file and named like it, within the limits, with nothing deprecated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    InlineFragmentNode,
    NoDeprecatedCustomRule,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    validate,
)
from graphql.execution.values import VariableValues, get_variable_values

from schema.contract.changes import deprecations_of
from schema.contract.findings import Finding
from schema.contract.operations import Operation, Prepare
from schema.pipeline import Limits, RequestRefused

NOT_OF_THE_SCHEMA: Final = frozenset({"GRAPHQL_VALIDATION_FAILED"})
"""What breaks.py explains better: that a document does not fit the schema."""


def lint_operations(
    schema: GraphQLSchema, operations: Sequence[Operation], *, prepare: Prepare, limits: Limits
) -> list[Finding]:
    """``prepare`` is the pipeline's own, so that what passes here passes there."""
    findings: list[Finding] = []
    has_deprecated = any(deprecations_of(kind) for kind in schema.type_map.values())
    used: set[str] = set()
    for operation in operations:
        findings.extend(_form(operation))
        findings.extend(_within_limits(schema, operation, prepare, limits))
        if has_deprecated:
            findings.extend(_deprecated(schema, operation))
        for definition in operation.definitions:
            used |= _root_fields(operation, definition)
    findings.extend(_without_operation(schema, used))
    return sorted(findings)


def _form(operation: Operation) -> Iterator[Finding]:
    where = operation.path.as_posix()
    if not operation.text.startswith("#"):
        yield Finding(f"{where}:1", "nobody says what it is for.", "begin the file with a comment, which people read first.")
    if len(operation.definitions) != 1:
        count = len(operation.definitions)
        yield Finding(f"{where}:1", f"it holds {count} operations.", "give each operation a file of its own.")
        return
    [definition] = operation.definitions
    name = definition.name.value if definition.name else "no name"
    if name != operation.name:
        yield Finding(operation.at(definition), f"the operation is called {name}.", f"call it {operation.name} as the file.")
    if definition.operation is OperationType.SUBSCRIPTION and not _tells_cursor(operation, definition):
        how = "select `... on FeedItem { cursor }`, without which no client can resume."
        yield Finding(operation.at(definition), "the feed's items come without their cursor.", how)


def _within_limits(schema: GraphQLSchema, operation: Operation, prepare: Prepare, limits: Limits) -> Iterator[Finding]:
    try:
        prepared = prepare(operation.text)
    except RequestRefused as refused:
        if refused.code not in NOT_OF_THE_SCHEMA:
            said = str(refused.errors[0]["message"])
            yield Finding(operation.at(None), f"servers refuse it with {refused.code}: {said}.", "ask for less in it.")
        return
    given = dict(operation.variables or {})
    definitions = prepared.operation.variable_definitions or ()
    unknown = sorted(set(given) - {each.variable.name.value for each in definitions})
    beside = operation.path.with_suffix(".variables.json").as_posix()
    if unknown:
        yield Finding(beside, f"the operation has no ${', $'.join(unknown)}.", "take it out, or declare it.")
    if operation.variables is not None:
        values = get_variable_values(schema, definitions, given)
        if not isinstance(values, VariableValues):
            yield Finding(beside, f"{values[0].message}", "correct the example so that it can be sent as it is.")
    points = prepared.price(prepared.variables(given))
    if points > limits.cost:
        said = f"it costs {points} points, and one operation may cost {limits.cost}."
        yield Finding(operation.at(prepared.operation), said, "ask for shorter lists or fewer fields.")


def _deprecated(schema: GraphQLSchema, operation: Operation) -> Iterator[Finding]:
    for error in validate(schema, operation.document, [NoDeprecatedCustomRule]):
        where = operation.at(error.nodes[0] if error.nodes else None)
        yield Finding(where, error.message, "use what takes its place; clients copy these documents.")


def _selections(operation: Operation, chosen: SelectionSetNode) -> Iterator[FieldNode]:
    """The fields of a selection, those of its fragments included."""
    fragments = {
        each.name.value: each for each in operation.document.definitions if isinstance(each, FragmentDefinitionNode)
    }
    for selection in chosen.selections:
        if isinstance(selection, FieldNode):
            yield selection
        elif isinstance(selection, InlineFragmentNode):
            yield from _selections(operation, selection.selection_set)
        elif (fragment := fragments.get(selection.name.value)) is not None:  # type: ignore[attr-defined]
            yield from _selections(operation, fragment.selection_set)


def _root_fields(operation: Operation, definition: OperationDefinitionNode) -> set[str]:
    kind = definition.operation.value
    return {f"{kind}.{field.name.value}" for field in _selections(operation, definition.selection_set)}


def _tells_cursor(operation: Operation, definition: OperationDefinitionNode) -> bool:
    return all(
        feed.selection_set is not None
        and any(field.name.value == "cursor" for field in _selections(operation, feed.selection_set))
        for feed in _selections(operation, definition.selection_set)
    )


def _without_operation(schema: GraphQLSchema, used: set[str]) -> Iterator[Finding]:
    for kind in OperationType:
        root = schema.get_root_type(kind)
        for name, field in (root.fields if root else {}).items():
            if f"{kind.value}.{name}" not in used and field.deprecation_reason is None:
                how = "write one that shows how it is meant: frontend-contract/operations/<room>/<Name>.graphql."
                yield Finding(f"{root}.{name}", "no canonical operation uses it.", how)
