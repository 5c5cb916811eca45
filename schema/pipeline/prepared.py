"""Prepared operations: understood once, kept, and run as often as they are asked for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
    validate,
)
from graphql.utilities import value_from_ast_untyped

from domain.identity.permissions import Permission
from schema.compiled import CompiledPlan
from schema.pipeline import limits as limiting
from schema.pipeline import metrics
from schema.pipeline.cost import Meter
from schema.pipeline.limits import Limits
from schema.pipeline.permission import Requirement, requirements_of
from schema.pipeline.request import RequestRefused
from schema.pipeline.selection import Group, Selected, SelectionReader

AS_OF = "asOf"
"""The root field that must be read before everything else in its operation."""


@dataclass(slots=True, eq=False)
class Prepared:
    """One operation of one document, valid and within the limits."""

    text: str
    operation_name: str | None
    document: DocumentNode
    operation: OperationDefinitionNode
    root: Group
    requirements: list[Requirement] | None
    defaults: dict[str, Any]
    reads_as_of: bool
    plan: CompiledPlan | None = None
    shape: Any = None
    _fixed_price: int | None = None
    kind_name: str = field(init=False)
    field_name: str = field(init=False)
    """The root field; see :data:`schema.pipeline.metrics.SEVERAL`."""
    is_mutation: bool = field(init=False)
    is_subscription: bool = field(init=False)
    demands: frozenset[Permission] | None = field(init=False)
    """The permissions that whoever runs it needs, if they do not depend on variables."""

    def __post_init__(self) -> None:
        kind = self.operation.operation
        self.kind_name = str(kind.value)
        names = {each.node.name.value for each in self.root.every()}
        self.field_name = names.pop() if len(names) == 1 else metrics.SEVERAL
        self.is_mutation = kind is OperationType.MUTATION
        self.is_subscription = kind is OperationType.SUBSCRIPTION
        self.demands = None if self.requirements is None else frozenset(each.permission for each in self.requirements)

    def variables(self, given: Mapping[str, Any] | None) -> Mapping[str, Any]:
        """The variables as sent, with the defaults of those left out: not coerced, which execution does."""
        return {**self.defaults, **(given or {})} if self.defaults else given or {}

    def requirements_with(self, variables: Mapping[str, Any]) -> list[Requirement]:
        """What the selected fields demand; looked up once unless ``@include`` or ``@skip`` makes it depend."""
        return requirements_of(self.root, variables) if self.requirements is None else self.requirements

    def price(self, variables: Mapping[str, Any]) -> int:
        """What it costs in points; reckoned once unless it depends on the variables."""
        if self._fixed_price is not None:
            return self._fixed_price
        meter = Meter(variables)
        points = max(1, meter.price(self.root))
        if not meter.depends:
            self._fixed_price = points
        return points

    def root_fields(self) -> list[Selected]:
        return list(self.root.every())


class Preparer:
    """Parses, validates and limits documents, and remembers those that passed."""

    def __init__(self, schema: GraphQLSchema, limits: Limits, *, introspection: bool, suggestions: bool) -> None:
        self._schema = schema
        self._limits = limits
        self._rules = [*specified_rules, *(() if introspection else (NoSchemaIntrospectionCustomRule,))]
        self._hide_suggestions = not suggestions
        self._known: OrderedDict[tuple[str, str | None], Prepared] = OrderedDict()
        self._known_characters = 0

    def prepare(self, text: str, operation_name: str | None) -> Prepared:
        key = (text, operation_name)
        known = self._known.get(key)
        if known is not None:
            self._known.move_to_end(key)
            return known
        prepared = self._prepare(text, operation_name)
        self._known[key] = prepared
        self._known_characters += len(text)
        self._forget_the_oldest()
        return prepared

    def _forget_the_oldest(self) -> None:
        """What is remembered is bounded in number and in size, because strangers choose what it is."""
        while (
            len(self._known) > self._limits.prepared_documents or self._known_characters > self._limits.prepared_characters
        ):
            (text, _), _ = self._known.popitem(last=False)
            self._known_characters -= len(text)

    def _prepare(self, text: str, operation_name: str | None) -> Prepared:
        limiting.check_text(text, self._limits)
        document = self._parse(text)
        limiting.check_counts(document, self._limits)
        self._validate(document)
        operation = _operation(document, operation_name)
        fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        root_type = self._schema.get_root_type(operation.operation)
        assert root_type is not None, "a validated operation has a root type"
        reader = SelectionReader(self._schema, fragments)
        root = reader.read(root_type, operation.selection_set)
        fields = list(root.every())
        limiting.check_shape(depth=root.depth, root_fields=len(fields), limits=self._limits)
        return Prepared(
            text=text,
            operation_name=operation_name,
            document=document,
            operation=operation,
            root=root,
            requirements=None if reader.has_conditions else requirements_of(root),
            defaults=_defaults(operation),
            reads_as_of=any(each.node.name.value == AS_OF for each in fields),
        )

    def _parse(self, text: str) -> DocumentNode:
        try:
            return parse(text, max_tokens=self._limits.tokens)
        except GraphQLSyntaxError as error:
            if "tokens" in error.message:
                raise RequestRefused.because(
                    "DOCUMENT_TOO_LARGE", f"a document has at most {self._limits.tokens} tokens", status=413
                ) from None
            if "nested too deeply" in error.message:
                raise RequestRefused.because("DEPTH_LIMIT_EXCEEDED", "the document nests too deeply to be read") from None
            raise RequestRefused.of([error], "GRAPHQL_PARSE_FAILED") from None

    def _validate(self, document: DocumentNode) -> None:
        errors = validate(
            self._schema,
            document,
            self._rules,
            max_errors=self._limits.validation_errors,
            hide_suggestions=self._hide_suggestions,
        )
        if errors:
            raise RequestRefused.of(errors, "GRAPHQL_VALIDATION_FAILED")


def _operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    chosen = [each for each in operations if name is None or (each.name and each.name.value == name)]
    if len(chosen) == 1:
        return chosen[0]
    if not operations:
        raise RequestRefused.because("OPERATION_NOT_FOUND", "the document has no operation")
    if name is None:
        raise RequestRefused.because("OPERATION_NOT_FOUND", "the document has several operations; name one of them")
    raise RequestRefused.of([GraphQLError(f"there is no operation named {name[:80]!r}")], "OPERATION_NOT_FOUND")


def _defaults(operation: OperationDefinitionNode) -> dict[str, Any]:
    return {
        definition.variable.name.value: value_from_ast_untyped(definition.default_value)
        for definition in operation.variable_definitions or ()
        if definition.default_value is not None
    }
