"""What holds for the schema as a whole, whoever adds to it; names and forms are linted (tests/schema/contract)."""

from __future__ import annotations

import json
from typing import Any

import strawberry
from graphql import (
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_required_argument,
)

import schema
from domain.identity.actor import SYSTEM
from domain.identity.permissions import Permission
from domain.kit.context import CallContext
from schema.export import sdl
from schema.kit.context import Context
from schema.kit.feeds import Stream
from schema.kit.finish import rule_of
from schema.kit.nodes import every_node_kind
from schema.pipeline import Request
from subscriptions.feed import CaughtUp, Ready, ResyncReason, ResyncRequired
from tests.support.graphql import pipeline

PUBLIC = {"login", "refreshToken", "registerUser", "realtimeStatus"}
"""The root fields that nobody needs to sign in for. Whoever adds one says so here."""

FEEDS_OF_A_STATE = {
    "accountingDashboardUpdated", "adminDashboardUpdated", "borrowerDashboardUpdated", "branchManagerDashboardUpdated",
    "collectionsUpdated", "dashboardRefresh", "feeStatsUpdated", "financialStatsUpdated", "jobStatusUpdated",
    "loanOfficerDashboardUpdated", "loanRepaymentStatsUpdated", "millDashboardUpdated", "portfolioUpdated",
    "reconciliationStatsUpdated", "schoolDashboardUpdated", "userDashboardUpdated",
}  # fmt: skip
"""Dashboards and statistics: of several changes they may show only what came of them. Every other feed tells each event,
those of ledger, stock and alerts above all. Whoever adds one says so here."""

MUTATIONS_WITHOUT_INPUT = {"logout", "markAllNotificationsRead", "refreshStatisticsCache", "registerMpesaUrls"}


def the_schema() -> GraphQLSchema:
    return pipeline()._schema


def roots() -> list[GraphQLObjectType]:
    found = [the_schema().query_type, the_schema().mutation_type, the_schema().subscription_type]
    return [root for root in found if root is not None]


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


def test_nothing_but_dashboards_and_statistics_is_put_together() -> None:
    feeds = the_schema().subscription_type
    assert feeds is not None
    declared = {name: rule_of(field).stream.feed for name, field in feeds.fields.items()}
    assert {name for name, feed in declared.items() if feed.state is not None} == FEEDS_OF_A_STATE
    assert {name for name, feed in declared.items() if not feed.shows and feed.state is None} == set()


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


def test_every_node_is_in_the_schema() -> None:
    for kind in every_node_kind():
        found = the_schema().type_map.get(kind.name)
        assert isinstance(found, GraphQLObjectType), f"nobody can fetch a {kind.name}"
        assert "Node" in {interface.name for interface in found.interfaces}
