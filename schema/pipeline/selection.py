"""What an operation selects: its fields with their types and rules, every fragment looked at once.

Fragments are shared, so a hostile document that nests them cannot make the picture larger than itself. Depth, cost and
permissions are read off this picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
)
from graphql.language import DirectiveNode
from graphql.utilities import value_from_ast_untyped

from schema.kit.fields import FieldRule
from schema.kit.finish import rule_of

INTROSPECTION: Final = {"__schema": 50, "__type": 20}
"""What the introspection fields cost; what is under them is not looked at."""

Variables = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Condition:
    """An ``@include`` or ``@skip``: what is under it counts when the value is ``wanted``."""

    value: bool | str
    wanted: bool

    def holds(self, variables: Variables) -> bool:
        value = variables.get(self.value) if isinstance(self.value, str) else self.value
        return bool(value) is self.wanted


@dataclass(slots=True, eq=False)
class Selected:
    """One selected field, under the key by which the response shows it."""

    key: str
    field: GraphQLField | None
    node: FieldNode
    rule: FieldRule
    is_leaf: bool
    conditions: tuple[Condition, ...]
    children: Group | None


@dataclass(slots=True, eq=False)
class Spread:
    """A fragment used at this place."""

    conditions: tuple[Condition, ...]
    group: Group


@dataclass(slots=True, eq=False)
class Group:
    """A selection set. ``depth`` is how deep it nests."""

    fields: list[Selected] = field(default_factory=list)
    spreads: list[Spread] = field(default_factory=list)
    depth: int = 0

    def every(self, variables: Variables | None = None) -> Iterator[Selected]:
        """Its own fields and those of its spreads; with variables, only those that they include."""
        seen: set[Group] = set()
        stack = [self]
        while stack:
            group = stack.pop()
            if group in seen:
                continue
            seen.add(group)
            yield from (each for each in group.fields if variables is None or _all_hold(each.conditions, variables))
            stack.extend(s.group for s in group.spreads if variables is None or _all_hold(s.conditions, variables))


def _all_hold(conditions: tuple[Condition, ...], variables: Variables) -> bool:
    return all(condition.holds(variables) for condition in conditions)


class SelectionReader:
    """Reads the selection sets of one validated document, which therefore has no cycle of fragments."""

    def __init__(self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._schema = schema
        self._fragments = fragments
        self._groups: dict[str, Group] = {}
        self.has_conditions = False

    def read(self, parent: GraphQLNamedType, selection_set: SelectionSetNode) -> Group:
        group = Group()
        for node in selection_set.selections:
            conditions = self._conditions(node.directives or ())
            if isinstance(node, FieldNode):
                if node.name.value != "__typename":
                    group.fields.append(self._field(parent, node, conditions))
            elif isinstance(node, InlineFragmentNode):
                inner = self._type_of(node.type_condition.name.value) if node.type_condition else parent
                group.spreads.append(Spread(conditions, self.read(inner, node.selection_set)))
            elif isinstance(node, FragmentSpreadNode):
                group.spreads.append(Spread(conditions, self._fragment(node.name.value)))
        group.depth = max(
            [1, *(each.group.depth for each in group.spreads)]
            + [1 + each.children.depth for each in group.fields if each.children]
        )
        return group

    def _fragment(self, name: str) -> Group:
        found = self._groups.get(name)
        if found is None:
            definition = self._fragments[name]
            found = self.read(self._type_of(definition.type_condition.name.value), definition.selection_set)
            self._groups[name] = found
        return found

    def _field(self, parent: GraphQLNamedType, node: FieldNode, conditions: tuple[Condition, ...]) -> Selected:
        name = node.name.value
        key = node.alias.value if node.alias else name
        if name in INTROSPECTION:
            return Selected(key, None, node, FieldRule(cost=INTROSPECTION[name], shared=True), True, conditions, None)
        assert isinstance(parent, GraphQLObjectType | GraphQLInterfaceType), "a validated field has a parent with fields"
        definition = parent.fields[name]
        children = self.read(get_named_type(definition.type), node.selection_set) if node.selection_set else None
        return Selected(key, definition, node, rule_of(definition), children is None, conditions, children)

    def _conditions(self, directives: tuple[DirectiveNode, ...]) -> tuple[Condition, ...]:
        found = tuple(
            Condition(_value_of(directive), directive.name.value == "include")
            for directive in directives
            if directive.name.value in ("include", "skip")
        )
        self.has_conditions = self.has_conditions or bool(found)
        return found

    def _type_of(self, name: str) -> GraphQLNamedType:
        found = self._schema.get_type(name)
        assert found is not None, "a validated document names types of the schema"
        return found


def _value_of(directive: DirectiveNode) -> bool | str:
    assert directive.arguments, "a validated condition has an argument"
    value = directive.arguments[0].value
    return value.name.value if isinstance(value, VariableNode) else bool(value_from_ast_untyped(value))
