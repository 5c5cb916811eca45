"""Shapes: one way of writing the items of a feed, shared by all who ask for the same.

An item is the root value of the subscription's selection. The feed's own arguments decided which items come, so they are
no part of the shape: a thousand people who each follow their own wallet with the same selection share one. If the
selection asks for something that depends on who looks, the shape is that viewer's alone.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Any, Final
from weakref import WeakValueDictionary

from graphql import (
    REMOVE,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    print_ast,
    visit,
)
from strawberry import Schema

from domain.identity.actor import SYSTEM, Actor
from domain.kit.context import CallContext
from domain.kit.errors import DomainError
from schema.compiled import CompiledPlan, Compiler
from schema.compiled.picture import ITEM
from schema.kit.context import Context, Services
from schema.kit.feeds import Stream
from schema.pipeline import metrics
from schema.pipeline.errors import present
from schema.pipeline.prepared import Prepared
from schema.pipeline.result import NULL, Result
from schema.pipeline.selection import Group
from subscriptions.feed import EventItem, Item

MAX_SOURCE_OF_SHAPES: Final = 8_000_000
"""Of shapes more are kept than of operations that come once: an event is written in all that are followed, one after the
other, and if the last drove out the first, all would be compiled again for each event."""

Refresh = Callable[[Actor], Awaitable[Actor]]
"""Gives a viewer with the rights of now."""


def rendering_schema(schema: GraphQLSchema) -> GraphQLSchema:
    """The schema in which items are executed: the live fields without their arguments, each answering the item itself."""
    live = schema.subscription_type
    assert live is not None, "there are no live fields"
    fields = {
        name: GraphQLField(field.type, resolve=_the_item, extensions={ITEM: True}) for name, field in live.fields.items()
    }
    root = GraphQLObjectType(live.name, fields)
    others = [type_ for type_ in schema.type_map.values() if type_ is not live]
    return GraphQLSchema(query=schema.query_type, subscription=root, types=others)


def _the_item(item: Any, info: Any) -> Any:
    return item


class Selection:
    """The selection of a prepared subscription without the feed's own arguments: what the shapes of it have in common."""

    def __init__(self, prepared: Prepared) -> None:
        roots = prepared.root_fields()
        self.personal = any(_is_personal(each.children) for each in roots if each.children is not None)
        fragments = [d for d in prepared.document.definitions if isinstance(d, FragmentDefinitionNode)]
        alone = DocumentNode(definitions=(prepared.operation, *fragments))
        bare: DocumentNode = visit(alone, _WithoutArguments([each.node for each in roots]))
        self.variable_names = _used_variables(bare)
        self.document: DocumentNode = visit(bare, _OnlyVariables(self.variable_names))
        self.text = print_ast(self.document)
        self._plan: CompiledPlan | None = None

    def plan(self, compiler: Compiler) -> CompiledPlan:
        """How items are written; an operation that nobody follows is never compiled."""
        if self._plan is None:
            operation = self.document.definitions[0]
            assert isinstance(operation, OperationDefinitionNode), "it was put first"
            self._plan = CompiledPlan(compiler, self.document, operation)
        return self._plan


def _is_personal(group: Group) -> bool:
    """Whether anything in the selection may differ with who looks."""
    seen = {group}
    stack = [group]
    while stack:
        for selected in stack.pop().every():
            if not selected.rule.shared:
                return True
            if selected.children is not None and selected.children not in seen:
                seen.add(selected.children)
                stack.append(selected.children)
    return False


class _WithoutArguments(Visitor):
    """Takes away the arguments of these fields."""

    def __init__(self, nodes: Sequence[FieldNode]) -> None:
        super().__init__()
        self._nodes = nodes

    def enter_field(self, node: FieldNode, *_: Any) -> FieldNode | None:
        if not any(node is each for each in self._nodes):
            return None
        return FieldNode(
            name=node.name, alias=node.alias, directives=node.directives, arguments=(), selection_set=node.selection_set
        )


class _OnlyVariables(Visitor):
    """Takes away the definitions of all other variables."""

    def __init__(self, names: frozenset[str]) -> None:
        super().__init__()
        self._names = names

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> Any:
        return False if node.variable.name.value in self._names else REMOVE


class _Variables(Visitor):
    """Collects the variables that are used, not those that are only defined."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> bool:
        return False

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        self.names.add(node.name.value)


def _used_variables(document: DocumentNode) -> frozenset[str]:
    collector = _Variables()
    visit(document, collector)
    return frozenset(collector.names)


class RenderedShape:
    """A shape that the hub holds; ``executions`` counts its items, for those who want to know that they are shared."""

    __slots__ = ("__weakref__", "_selection", "_stream", "_variables", "_viewer", "executions", "key", "kitchen")

    def __init__(
        self,
        key: Hashable,
        kitchen: Kitchen,
        stream: Stream,
        selection: Selection,
        variables: Mapping[str, Any],
        viewer: Actor | None,
    ) -> None:
        self.key = key
        self.kitchen = kitchen
        self.executions = 0
        self._stream = stream
        self._selection = selection
        self._variables = dict(variables)
        self._viewer = viewer

    async def render(self, item: Item) -> bytes:
        """The item as one line of JSON. Everything that it reads is read for this item alone."""
        self.executions += 1
        self.kitchen.executions += 1
        metrics.feed_executions(self._stream.feed.name).inc()
        call = CallContext(correlation_id=item.event.correlation_id) if isinstance(item, EventItem) else CallContext()
        try:
            viewer = SYSTEM if self._viewer is None else await self.kitchen.refresh(self._viewer)
        except DomainError as refusal:
            error = {"message": refusal.message, "extensions": {"code": refusal.code}}
            return Result(NULL, [error], {}).to_bytes()
        context = Context(actor=viewer, call=call, services=self.kitchen.services)
        outcome = await self._selection.plan(self.kitchen.compiler).run(context, self._variables, self._stream.row(item))
        return Result(outcome.data_json, present(outcome.errors, call.correlation_id), {}).to_bytes()


class Kitchen:
    """Where shapes are made, each once, and kept for as long as somebody follows them."""

    def __init__(self, schema: Schema, services: Services, refresh: Refresh) -> None:
        self.compiler = Compiler(
            rendering_schema(schema._schema), schema, hide_suggestions=True, max_source=MAX_SOURCE_OF_SHAPES
        )
        self.services = services
        self.refresh = refresh
        self.executions = 0
        self._shapes: WeakValueDictionary[Hashable, RenderedShape] = WeakValueDictionary()

    def shape(self, prepared: Prepared, stream: Stream, variables: Mapping[str, Any], viewer: Actor) -> RenderedShape:
        if prepared.shape is None:
            prepared.shape = Selection(prepared)
        selection: Selection = prepared.shape
        kept = {name: value for name, value in variables.items() if name in selection.variable_names}
        state_of_viewer = stream.feed.state is not None and not stream.feed.same_for_all
        whose = viewer if selection.personal or state_of_viewer else None
        key = (
            selection.text,
            json.dumps(kept, sort_keys=True, default=str),
            None if whose is None else (whose.id, whose.session_id, whose.api_key_id),
        )
        found = self._shapes.get(key)
        if found is None:
            found = self._shapes[key] = RenderedShape(key, self, stream, selection, kept, whose)
        return found
