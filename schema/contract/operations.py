"""The canonical operations as they lie in the contract's folder, and which parts of a schema one of them uses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    EnumValueNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLSchema,
    GraphQLSyntaxError,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableDefinitionNode,
    Visitor,
    get_named_type,
    parse,
    print_ast,
    type_from_ast,
    visit,
)

from schema.contract.findings import Finding
from schema.pipeline.prepared import Prepared

Prepare = Callable[[str], Prepared]
"""How a pipeline takes a document: it gives the operation, ready to be run, or refuses it."""


@dataclass(frozen=True)
class Operation:
    """A document with the one operation that its file is named after. ``path`` is relative to the contract's folder,
    ``variables`` what lies beside it as an example."""

    path: Path
    text: str
    document: DocumentNode
    variables: Mapping[str, Any] | None

    @property
    def name(self) -> str:
        return self.path.stem

    @cached_property
    def definitions(self) -> list[OperationDefinitionNode]:
        return [each for each in self.document.definitions if isinstance(each, OperationDefinitionNode)]

    @cached_property
    def printed(self) -> str:
        """The text as GraphQL's printer writes it: the same however it was laid out."""
        return print_ast(self.document)

    @property
    def kind(self) -> str:
        return self.definitions[0].operation.value if self.definitions else "document"

    def at(self, node: Node | None) -> str:
        """The file, and the line of a node in it."""
        line = node.loc.start_token.line if node is not None and node.loc is not None else 1
        return f"{self.path.as_posix()}:{line}"


@dataclass(frozen=True)
class Reading:
    """What was read, and what could not be."""

    operations: list[Operation]
    findings: list[Finding]


def read_operations(folder: Path) -> Reading:
    """Every ``.graphql`` file under ``operations/`` of the contract's folder."""
    reading = Reading([], [])
    for path in sorted((folder / "operations").rglob("*.graphql")):
        text, relative = path.read_text(encoding="utf-8"), path.relative_to(folder)
        beside = path.with_suffix(".variables.json")
        try:
            variables = json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else None
            reading.operations.append(Operation(relative, text, parse(text), variables))
        except GraphQLSyntaxError as error:
            line = error.locations[0].line if error.locations else 1
            where = f"{relative.as_posix()}:{line}"
            reading.findings.append(Finding(where, f"this is not GraphQL: {error.message}.", "correct the document."))
        except json.JSONDecodeError as error:
            where = f"{beside.relative_to(folder).as_posix()}:{error.lineno}"
            reading.findings.append(Finding(where, f"this is not JSON: {error.msg}.", "correct the example."))
    reading.findings.extend(_left_over(folder))
    return reading


def _left_over(folder: Path) -> Iterator[Finding]:
    for path in sorted((folder / "operations").rglob("*.variables.json")):
        document = path.with_name(path.name.replace(".variables.json", ".graphql"))
        if not document.exists():
            where = path.relative_to(folder).as_posix()
            yield Finding(where, f"there is no {document.name} that takes these variables.", "delete the file.")


def parts_used(schema: GraphQLSchema, document: DocumentNode) -> dict[str, Node]:
    """Schema coordinates (``Wallet.balance``, ``Query.wallet(currency:)``, ``LoanStatus.ACTIVE``, ``Wallet``) that a
    document relies on, each with the first node that does. Of inputs a client may send any field, so that all count."""
    types = TypeInfo(schema)
    collector = _Collector(schema, types)
    visit(document, TypeInfoVisitor(types, collector))
    return collector.found


class _Collector(Visitor):
    def __init__(self, schema: GraphQLSchema, types: TypeInfo) -> None:
        super().__init__()
        self.found: dict[str, Node] = {}
        self._schema = schema
        self._types = types

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent = self._types.get_parent_type()
        if parent is not None and not node.name.value.startswith("__"):
            self._use(f"{parent.name}.{node.name.value}", node)
            self._use(parent.name, node)
        answer = get_named_type(self._types.get_type())
        if isinstance(answer, GraphQLEnumType):
            self._use_leaf(answer, node)

    def enter_argument(self, node: ArgumentNode, _key: object, parent: object, _path: object, ancestors: Any) -> None:
        owner, field = self._types.get_parent_type(), ancestors[-1]
        if owner is not None and isinstance(field, FieldNode):
            self._use(f"{owner.name}.{field.name.value}({node.name.value}:)", node)

    def enter_enum_value(self, node: EnumValueNode, *_: object) -> None:
        kind = get_named_type(self._types.get_input_type())
        if kind is not None:
            self._use(f"{kind.name}.{node.value}", node)

    def enter_inline_fragment(self, node: InlineFragmentNode, *_: object) -> None:
        if node.type_condition is not None:
            self._use(node.type_condition.name.value, node)

    def enter_fragment_definition(self, node: FragmentDefinitionNode, *_: object) -> None:
        self._use(node.type_condition.name.value, node)

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: object) -> None:
        declared = type_from_ast(self._schema, node.type)
        if declared is not None:
            self._use_input(get_named_type(declared), node)

    def _use_input(self, kind: GraphQLNamedType, node: Node) -> None:
        if kind.name in self.found:
            return
        self._use_leaf(kind, node)
        if isinstance(kind, GraphQLInputObjectType):
            for name, field in kind.fields.items():
                self._use(f"{kind.name}.{name}", node)
                self._use_input(get_named_type(field.type), node)

    def _use_leaf(self, kind: GraphQLNamedType, node: Node) -> None:
        self._use(kind.name, node)
        if isinstance(kind, GraphQLEnumType):
            for value in kind.values:
                self._use(f"{kind.name}.{value}", node)

    def _use(self, coordinate: str, node: Node) -> None:
        self.found.setdefault(coordinate, node)
