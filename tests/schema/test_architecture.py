"""What holds for the schema as a whole, whoever adds to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import strawberry
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_introspection_type,
    is_required_argument,
    is_specified_directive,
    is_specified_scalar_type,
)
from graphql.execution.values import VariableValues, get_variable_values

import schema
from domain.identity.actor import SYSTEM
from domain.identity.permissions import Permission
from domain.kit.context import CallContext
from schema.export import CONTRACT, sdl
from schema.kit.context import Context
from schema.kit.feeds import Stream
from schema.kit.finish import rule_of
from schema.kit.nodes import every_node_kind
from schema.pipeline import Request
from subscriptions.feed import CaughtUp, Ready, ResyncReason, ResyncRequired
from tests.support.graphql import pipeline

OPERATIONS = CONTRACT.parent / "operations"
PUBLIC = {"login", "refreshToken", "registerUser", "realtimeStatus"}
"""The root fields that nobody needs to sign in for. Whoever adds one says so here."""

MUTATIONS_WITHOUT_INPUT = {"logout", "markAllNotificationsRead", "refreshStatisticsCache", "registerMpesaUrls"}


def the_schema() -> GraphQLSchema:
    return pipeline()._schema


def roots() -> list[GraphQLObjectType]:
    found = [the_schema().query_type, the_schema().mutation_type, the_schema().subscription_type]
    return [root for root in found if root is not None]


def canonical_operations(repository: Path) -> list[Path]:
    found = sorted((repository / OPERATIONS).rglob("*.graphql"))
    return [path for path in found if not path.read_text().lstrip().startswith("fragment")]


def test_the_room_gives_the_one_schema() -> None:
    assert isinstance(schema.schema, strawberry.Schema)
    assert schema.schema is schema.schema
    assert schema.schema.as_str().strip() + "\n" == sdl()
    assert not hasattr(schema, "nothing")


def test_every_root_field_declares_its_permission() -> None:
    silent = [
        f"{root.name}.{name}" for root in roots() for name, field in root.fields.items() if rule_of(field).requires is None
    ]
    assert silent == []
    public = {
        name for root in roots() for name, field in root.fields.items() if rule_of(field).requires is Permission.PUBLIC
    }
    assert public <= PUBLIC


def _undescribed(schema: GraphQLSchema) -> Iterator[str]:
    for type_ in schema.type_map.values():
        if is_introspection_type(type_) or is_specified_scalar_type(type_):
            continue
        members: dict[str, Any] = {}
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            members = dict(type_.fields)
        elif isinstance(type_, GraphQLEnumType):
            members = dict(type_.values)
        for path, described in _with_arguments(type_.name, type_, members):
            if not (described.description or "").strip():
                yield path
    for directive in schema.directives:
        if not is_specified_directive(directive) and not (directive.description or "").strip():
            yield f"@{directive.name}"


def _with_arguments(name: str, type_: Any, members: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield name, type_
    for member_name, member in members.items():
        yield f"{name}.{member_name}", member
        for argument_name, argument in getattr(member, "args", {}).items():
            yield f"{name}.{member_name}({argument_name})", argument


def test_everything_has_a_description() -> None:
    assert sorted(_undescribed(the_schema())) == []


def test_mutations_take_one_input_and_answer_with_errors() -> None:
    mutations = the_schema().mutation_type
    assert mutations is not None
    for name, field in mutations.fields.items():
        assert set(field.args) == (set() if name in MUTATIONS_WITHOUT_INPUT else {"input"}), name
        payload = get_named_type(field.type)
        assert isinstance(payload, GraphQLObjectType)
        assert "Payload" in {interface.name for interface in payload.interfaces}, name


def test_an_idempotency_key_and_replayed_come_together() -> None:
    mutations = the_schema().mutation_type
    assert mutations is not None
    for name, field in mutations.fields.items():
        input_type = get_named_type(field.args["input"].type) if "input" in field.args else None
        payload = get_named_type(field.type)
        assert isinstance(payload, GraphQLObjectType)
        takes_key = isinstance(input_type, GraphQLInputObjectType) and "idempotencyKey" in input_type.fields
        assert takes_key == ("replayed" in payload.fields), name


def test_every_feed_can_go_on_after_a_cursor() -> None:
    feeds = the_schema().subscription_type
    assert feeds is not None
    for name, field in feeds.fields.items():
        assert isinstance(rule_of(field).stream, Stream), name
        assert "after" in field.args, name
        union = get_named_type(field.type)
        assert isinstance(union, GraphQLUnionType), name
        assert {"Ready", "CaughtUp", "ResyncRequired"} <= {member.name for member in union.types}, name
        assert all("cursor" in member.fields for member in union.types), name


def test_the_items_of_a_feed_can_be_selected_together() -> None:
    """Fields of the same name must have types that one document may mix: all nullable or none, all lists or none."""
    feeds = the_schema().subscription_type
    assert feeds is not None
    for name, field in feeds.fields.items():
        union = get_named_type(field.type)
        assert isinstance(union, GraphQLUnionType)
        shapes: dict[str, set[str]] = {}
        for member in union.types:
            for field_name, item_field in member.fields.items():
                shapes.setdefault(field_name, set()).add(_mixable(item_field.type))
        assert {key: found for key, found in shapes.items() if len(found) > 1} == {}, name


def _mixable(type_: Any) -> str:
    """The part of a type that validation compares: wrappers, and the name of a leaf; objects are merged field by field."""
    if isinstance(type_, GraphQLNonNull):
        return f"{_mixable(type_.of_type)}!"
    if isinstance(type_, GraphQLList):
        return f"[{_mixable(type_.of_type)}]"
    return "object" if hasattr(type_, "fields") or isinstance(type_, GraphQLUnionType) else str(type_)


async def test_every_feed_can_say_its_notices() -> None:
    feeds = the_schema().subscription_type
    assert feeds is not None
    for name, field in feeds.fields.items():
        needed = [key for key, argument in field.args.items() if is_required_argument(argument)]
        passed = "(" + ", ".join(f'{key}: "x"' for key in needed) + ")" if needed else ""
        document = f"subscription {{ {name}{passed} {{ __typename ... on FeedItem {{ cursor }} }} }}"
        request = Request(query=document)
        context = Context(SYSTEM, CallContext(), pipeline().services)
        subscription = await pipeline().subscribe(pipeline().prepare(request), request, context)
        for notice in (Ready("here", recovered=True), CaughtUp("here"), ResyncRequired(ResyncReason.TOO_OLD, "here")):
            rendered = json.loads(await subscription.shape.render(notice))
            assert rendered == {"data": {name: {"__typename": type(notice).__name__, "cursor": "here"}}}


def test_money_is_never_a_float() -> None:
    floats = [
        f"{type_.name}.{name}"
        for type_ in the_schema().type_map.values()
        if isinstance(type_, GraphQLObjectType | GraphQLInputObjectType) and not is_introspection_type(type_)
        for name, field in type_.fields.items()
        if get_named_type(field.type).name == "Float"
    ]
    assert floats == []


def test_every_node_is_in_the_schema() -> None:
    for kind in every_node_kind():
        found = the_schema().type_map.get(kind.name)
        assert isinstance(found, GraphQLObjectType), f"nobody can fetch a {kind.name}"
        assert "Node" in {interface.name for interface in found.interfaces}


def test_the_contract_is_what_the_schema_says(repository: Path) -> None:
    written = (repository / CONTRACT).read_text()
    assert written == sdl(), "write it anew with: python -m schema.export"


def test_canonical_operations_fit_the_schema_and_its_limits(repository: Path) -> None:
    for path in canonical_operations(repository):
        prepared = pipeline().prepare(Request(query=path.read_text()))
        assert prepared.operation.name is not None
        assert prepared.operation.name.value == path.stem, f"{path} holds an operation of another name"
        beside = path.with_suffix(".variables.json")
        if beside.exists():
            given = json.loads(beside.read_text())
            definitions = prepared.operation.variable_definitions or ()
            assert set(given) <= {each.variable.name.value for each in definitions}, beside
            assert isinstance(get_variable_values(the_schema(), definitions, given), VariableValues), beside


def test_every_root_field_has_a_canonical_operation(repository: Path) -> None:
    used: set[str] = set()
    for path in canonical_operations(repository):
        prepared = pipeline().prepare(Request(query=path.read_text()))
        used |= {selected.node.name.value for selected in prepared.root_fields()}
    missing = {name for root in roots() for name in root.fields} - used
    assert missing == set(), f"write an operation for each in {OPERATIONS}"
