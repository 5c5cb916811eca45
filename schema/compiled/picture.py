"""What an operation selects, with fragments opened, equal keys merged and conditions decided.

graphql-core's own collection of fields is used for that, so that nothing can be merged or ordered differently.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLAbstractType,
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    OperationDefinitionNode,
    Visitor,
    get_named_type,
    visit,
)
from graphql.execution.collect_fields import (
    FieldDetailsList,
    FragmentDetails,
    GroupedFieldSet,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from domain.kit.reading import Shown
from schema.compiled.marks import NotUnderstood
from schema.kit.fields import FieldRule, Relation
from schema.kit.finish import DEFINITION, resolves_by_row, rule_of

ITEM: Final = "item"
"""The extension of a field that answers the root value itself, as those of feeds do."""

MAX_FIELDS: Final = 2_000
"""How many fields a plan has at most, fragments opened: its size is chosen by strangers."""

_KNOWN_DIRECTIVES: Final = frozenset({"include", "skip"})


class How(enum.Enum):
    """How the value of a field is had."""

    TYPENAME = enum.auto()
    ATTRIBUTE = enum.auto()
    RELATION = enum.auto()
    RESOLVER = enum.auto()
    ITEM = enum.auto()


@dataclass(slots=True, eq=False)
class Selection:
    """The fields of an object of one type."""

    type: GraphQLObjectType
    fields: list[Picked] = field(default_factory=list)
    texts: Mapping[str, Shown] | None = None
    """What of its objects the database can write, by the key that it stands under; None before that was looked at."""


@dataclass(eq=False)
class Picked:
    """A field as the answer shows it: under one key, from all the nodes that select it."""

    key: str
    parent: GraphQLObjectType
    definition: GraphQLField
    details: FieldDetailsList
    how: How
    picture: Picture
    declared: StrawberryField | None = None
    _inside: dict[str, Selection] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.details[0].node.name.value

    @property
    def type(self) -> GraphQLOutputType:
        return self.definition.type

    @cached_property
    def nodes(self) -> list[FieldNode]:
        return [each.node for each in self.details]

    @cached_property
    def named(self) -> GraphQLNamedType:
        return get_named_type(self.type)

    @cached_property
    def is_leaf(self) -> bool:
        return isinstance(self.named, GraphQLScalarType | GraphQLEnumType)

    @cached_property
    def is_abstract(self) -> bool:
        return isinstance(self.named, GraphQLUnionType | GraphQLInterfaceType)

    @cached_property
    def is_list(self) -> bool:
        return isinstance(nullable(self.type), GraphQLList)

    @cached_property
    def is_required(self) -> bool:
        return isinstance(self.type, GraphQLNonNull)

    @cached_property
    def rule(self) -> FieldRule:
        return rule_of(self.definition)

    @property
    def relation(self) -> Relation:
        assert self.rule.relation is not None
        return self.rule.relation

    @property
    def attribute(self) -> str:
        """The name by which the row answers it."""
        assert self.declared is not None
        return self.declared.python_name or self.name

    @property
    def resolver(self) -> StrawberryResolver[Any]:
        """The function behind the field, and what it wants to be given."""
        assert self.declared is not None
        assert self.declared.base_resolver is not None
        return self.declared.base_resolver

    @cached_property
    def waits(self) -> bool:
        """Whether graphql-core has to wait for the field, so that errors of its neighbours come first."""
        return self.how in (How.RELATION, How.RESOLVER) and self.declared is not None and self.declared.is_async

    @cached_property
    def is_plain(self) -> bool:
        """Whether it is written into its object on the spot: a leaf or an object of plain fields, read by attribute."""
        if self.how is How.TYPENAME:
            return True
        if self.how is not How.ATTRIBUTE or self.is_counted:
            return False
        if self.is_leaf:
            return True
        if self.is_list or self.is_abstract:
            return False
        return all(each.is_plain for each in self.only.fields)

    @property
    def is_counted(self) -> bool:
        """An attribute that has a price of its own is worked for: it is awaited together with what its level loads."""
        return self.how is How.ATTRIBUTE and self.is_leaf and bool(self.rule.cost)

    @cached_property
    def is_amount(self) -> bool:
        """Whether it shows no more of Money than a column of minor units and the currency beside it say."""
        if self.how is not How.ATTRIBUTE or self.named.name != "Money" or not self.is_plain:
            return False
        return all(each.how is How.TYPENAME or each.name in ("amount", "currency") for each in self.only.fields)

    @property
    def only(self) -> Selection:
        """What is selected of its objects, which are all of one type."""
        assert isinstance(self.named, GraphQLObjectType)
        return self.inside(self.named)

    def inside(self, type_: GraphQLObjectType) -> Selection:
        """What is selected of those of its objects that are of this type."""
        found = self._inside.get(type_.name)
        if found is None:
            found = self._inside[type_.name] = self.picture.below(type_, self.details)
        return found

    def possible_types(self) -> list[GraphQLObjectType]:
        abstract: GraphQLAbstractType = self.named  # type: ignore[assignment]
        return list(self.picture.schema.get_possible_types(abstract))

    @cached_property
    def possible_names(self) -> frozenset[str]:
        return frozenset(each.name for each in self.possible_types())

    @property
    def path_like(self) -> str:
        """For people who read a plan."""
        return f"{self.parent.name}.{self.name}"


class Picture:
    """The selections of one operation under the conditions that its variables decide."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: VariableValues
    ) -> None:
        self.schema = schema
        self.operation = operation
        self._variables = variables
        self._left = MAX_FIELDS
        self._fragments: dict[str, FragmentDetails] = {}
        for definition in document.definitions:
            if isinstance(definition, FragmentDefinitionNode):
                if definition.variable_definitions:
                    raise NotUnderstood("fragments with variables")
                self._fragments[definition.name.value] = FragmentDetails(definition)
        visit(document, _OnlyKnownDirectives())
        self.root = self._root()

    def _root(self) -> Selection:
        root = self.schema.get_root_type(self.operation.operation)
        assert root is not None, "a validated operation has a root type"
        try:
            found = collect_fields(self.schema, self._fragments, self._variables, root, self.operation)
        except GraphQLError:
            # A condition that is null is an error of the whole operation, or of a part of it.
            raise NotUnderstood("a condition without a value") from None
        return self._selection(root, found.grouped_field_set)

    def below(self, type_: GraphQLObjectType, details: FieldDetailsList) -> Selection:
        try:
            found = collect_subfields(
                self.schema, self._fragments, self._variables, self.operation, type_, details
            ).grouped_field_set
        except GraphQLError:
            raise NotUnderstood("a condition without a value") from None
        return self._selection(type_, found)

    def _selection(self, type_: GraphQLObjectType, grouped: GroupedFieldSet) -> Selection:
        self._left -= len(grouped)
        if self._left < 0:
            raise NotUnderstood("more fields than a plan has")
        return Selection(type_, [self._picked(type_, key, details) for key, details in grouped.items()])

    def _picked(self, parent: GraphQLObjectType, key: str, details: FieldDetailsList) -> Picked:
        name = details[0].node.name.value
        definition = self.schema.get_field(parent, name)
        if definition is None:
            raise NotUnderstood("a field that there is not")
        if name == "__typename":
            return Picked(key, parent, definition, details, How.TYPENAME, self)
        if definition.extensions.get(ITEM):
            return Picked(key, parent, definition, details, How.ITEM, self)
        declared = definition.extensions.get(DEFINITION)
        if not isinstance(declared, StrawberryField) or declared.extensions or declared.permission_classes:
            raise NotUnderstood(f"the field {parent.name}.{name}")
        picked = Picked(key, parent, definition, details, _how(declared, rule_of(definition)), self, declared)
        if picked.is_abstract and not resolves_by_row(picked.named):
            raise NotUnderstood(f"the type {picked.named.name}")
        if isinstance(picked.named, GraphQLObjectType) and picked.named.is_type_of is not None:
            raise NotUnderstood(f"the type {picked.named.name}")
        return picked


def _how(declared: StrawberryField, rule: FieldRule) -> How:
    if declared.is_basic_field:
        return How.ATTRIBUTE
    return How.RESOLVER if rule.relation is None else How.RELATION


def nullable(type_: GraphQLOutputType) -> GraphQLOutputType:
    """The type without the promise that there is a value."""
    return type_.of_type if isinstance(type_, GraphQLNonNull) else type_


class _OnlyKnownDirectives(Visitor):
    """Refuses directives that change how an operation is run; what is under variable definitions changes nothing."""

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        if node.name.value not in _KNOWN_DIRECTIVES:
            raise NotUnderstood(f"the directive @{node.name.value}")
