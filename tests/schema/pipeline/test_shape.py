"""Shapes: one execution and the same bytes for all who ask for the same; what depends on the viewer is theirs alone."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from domain.events.event import LoggedEvent
from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.directory import actor_now
from domain.identity.events import UserRegistered
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.context import CallContext
from domain.kit.errors import Unauthenticated
from domain.kit.ids import new_id
from schema.kit import encode_id
from schema.kit.context import Context
from schema.pipeline import Pipeline, Request, RequestRefused
from subscriptions.feed import CaughtUp, EventItem, Ready, ResyncReason, ResyncRequired, StateItem, Subscription
from tests.schema.pipeline.conftest import ASHA, BINA
from tests.support.small_schema import SHELVES, TallyRow, batches, small_schema

SHARED = """subscription ($after: Cursor, $letter: String) {
  personRegistered(after: $after, letter: $letter) {
    __typename ... on FeedItem { cursor } ... on PersonRegistered { userId userName occurredAt }
    ... on Ready { recovered } ... on ResyncRequired { reason }
  }
}"""
PERSONAL = "subscription { personRegistered { ... on PersonRegistered { called } } }"
COUNTED = "subscription { peopleCounted(everySeconds: 5) { __typename ... on TallyState { cursor state { people } } } }"


async def subscribe(
    pipeline: Pipeline, query: str, variables: Mapping[str, Any] | None = None, *, actor: Actor = ASHA
) -> Subscription:
    request = Request(query=query, variables=variables)
    return await pipeline.subscribe(pipeline.prepare(request), request, Context(actor, CallContext(), pipeline.services))


def registered(name: str = "Dev") -> EventItem:
    fact = UserRegistered(user_id=new_id(), user_name=name, roles=["INVESTOR"], self_registered=True)
    logged = LoggedEvent(
        position=7,
        epoch=1,
        name=UserRegistered.name,
        version=1,
        topics=("users",),
        audience=frozenset(),
        actor_id=None,
        correlation_id=new_id(),
        occurred_at=clock.now(),
        payload=orjson.dumps(
            {"user_id": str(fact.user_id), "user_name": name, "roles": fact.roles, "self_registered": True}
        ).decode(),
    )
    feed = small_schema()._schema.subscription_type
    assert feed is not None
    rule = feed.fields["personRegistered"].extensions["rule"]
    return EventItem(rule.stream.feed.show(logged), "cursor-7", logged)


async def test_everybody_shares_the_shape_of_the_same_selection(pipeline: Pipeline) -> None:
    first = await subscribe(pipeline, SHARED, {"letter": "A"})
    second = await subscribe(pipeline, SHARED, {"letter": "B", "after": "somewhere"}, actor=BINA)
    assert first.shape is second.shape, "the feed's own arguments decide which items come, not how they look"
    assert (first.arguments, second.arguments) == ({"letter": "A"}, {"letter": "B"})
    assert (first.after, second.after) == (None, "somewhere")
    spelt = await subscribe(pipeline, 'subscription { personRegistered(letter: "C") { cursor: __typename } }')
    assert spelt.shape is not first.shape


async def test_an_item_is_written_as_it_was_selected(pipeline: Pipeline) -> None:
    item = registered()
    shape = (await subscribe(pipeline, SHARED)).shape
    written = await shape.render(item)
    fact = item.event.fact
    assert orjson.loads(written) == {
        "data": {
            "personRegistered": {
                "__typename": "PersonRegistered",
                "cursor": "cursor-7",
                "userId": encode_id("User", fact.user_id),
                "userName": "Dev",
                "occurredAt": item.event.occurred_at.isoformat().replace("+00:00", "Z"),
            }
        }
    }
    assert b"\n" not in written


@pytest.mark.parametrize(
    ("notice", "more"),
    [
        (Ready("c", recovered=True), {"recovered": True}),
        (CaughtUp("c"), {}),
        (ResyncRequired(ResyncReason.TOO_OLD, "c"), {"reason": "TOO_OLD"}),
    ],
)
async def test_notices_have_types_of_their_own(pipeline: Pipeline, notice: Any, more: dict[str, Any]) -> None:
    shape = (await subscribe(pipeline, SHARED)).shape
    (item,) = orjson.loads(await shape.render(notice))["data"].values()
    assert item == {"__typename": type(notice).__name__, "cursor": "c", **more}


async def test_what_depends_on_the_viewer_is_the_viewers_alone(pipeline: Pipeline) -> None:
    ashas, binas = [await subscribe(pipeline, PERSONAL, actor=actor) for actor in (ASHA, BINA)]
    assert ashas.shape is not binas.shape
    assert ashas.shape.key != binas.shape.key
    item = registered()
    told = [orjson.loads(await each.shape.render(item))["data"]["personRegistered"]["called"] for each in (ashas, binas)]
    assert told == ["Asha's Dev", "Bina's Dev"]
    again = await subscribe(pipeline, PERSONAL, actor=ASHA)
    assert again.shape is ashas.shape


@pytest.mark.parametrize(
    "personal",
    [
        "subscription { personRegistered { ...A } } fragment A on PersonRegistered { userName called }",
        "subscription { personRegistered { ... on PersonRegistered { ... @include(if: false) { called } } } }",
        "subscription ($x: Boolean = false) { personRegistered { ... on PersonRegistered { called @include(if: $x) } } }",
    ],
)
async def test_no_hiding_place_makes_a_personal_field_shared(pipeline: Pipeline, personal: str) -> None:
    shapes = [(await subscribe(pipeline, personal, actor=actor)).shape for actor in (ASHA, BINA)]
    assert shapes[0] is not shapes[1]


async def test_variables_inside_of_the_selection_are_part_of_the_shape(pipeline: Pipeline) -> None:
    query = """subscription ($name: Boolean!, $letter: String) {
      personRegistered(letter: $letter) { ... on PersonRegistered { userId userName @include(if: $name) } } }"""
    with_name = await subscribe(pipeline, query, {"name": True, "letter": "A"})
    without = await subscribe(pipeline, query, {"name": False})
    assert with_name.shape is not without.shape
    assert (await subscribe(pipeline, query, {"name": True, "letter": "Z", "more": 1})).shape is with_name.shape
    item = registered()
    assert b"userName" in await with_name.shape.render(item)
    assert b"userName" not in await without.shape.render(item)


async def test_a_state_is_each_viewers_own(pipeline: Pipeline) -> None:
    mine, others = [await subscribe(pipeline, COUNTED, actor=actor) for actor in (ASHA, BINA)]
    assert mine.shape is not others.shape
    assert mine.every_seconds == 5
    written = orjson.loads(await mine.shape.render(StateItem(TallyRow(3), "c")))
    assert written == {"data": {"peopleCounted": {"__typename": "TallyState", "cursor": "c", "state": {"people": 3}}}}


@pytest.mark.parametrize("personal", ["", " called"])
async def test_what_a_loader_has_read_for_one_item_is_read_anew_for_the_next(pipeline: Pipeline, personal: str) -> None:
    """A row that decides what may be seen, or what is said, may have changed since."""
    selected = "a: firstShelf b: firstShelf" + personal
    query = "subscription { personRegistered { ... on PersonRegistered { " + selected + " } } }"
    shape = (await subscribe(pipeline, query)).shape
    batches.clear()
    for count in (1, 2, 3):
        assert b'"a":"shelf 0","b":"shelf 0"' in await shape.render(registered())
        assert batches == [[SHELVES[0].id]] * count, "once for an item, and for each item"


async def test_rights_are_looked_up_anew_for_every_personal_item() -> None:
    rights: dict[str, Actor | None] = {"now": ASHA}

    async def refresh(actor: Actor) -> Actor:
        if rights["now"] is None:
            raise Unauthenticated("the session has ended; sign in again")
        return rights["now"]

    pipeline = Pipeline(small_schema(), refresh=refresh)
    shape = (await subscribe(pipeline, PERSONAL)).shape
    rights["now"] = Actor(id=ASHA.id, name="Asha Rao", roles=frozenset({Role.SELLER}))
    assert b"Asha Rao's" in await shape.render(registered())
    rights["now"] = None
    told = orjson.loads(await shape.render(registered()))
    assert told["data"] is None
    assert told["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


def test_unless_told_otherwise_they_are_looked_up_in_the_directory(pipeline: Pipeline) -> None:
    assert pipeline.kitchen.refresh is actor_now


async def test_a_shape_that_nobody_follows_is_forgotten(pipeline: Pipeline) -> None:
    subscription = await subscribe(pipeline, PERSONAL)
    assert len(pipeline.kitchen._shapes) == 1
    del subscription
    gc.collect()
    assert len(pipeline.kitchen._shapes) == 0


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        ("subscription { personRegistered(letter: 5) { __typename } }", None, "GRAPHQL_VALIDATION_FAILED"),
        (SHARED, {"letter": 5}, "INVALID_VARIABLES"),
        (SHARED, {"after": 5}, "INVALID_INPUT"),
        ("subscription { peopleCounted(everySeconds: 4) { __typename } }", None, "INVALID_VARIABLES"),
        ("subscription { peopleCounted(everySeconds: 3601) { __typename } }", None, "INVALID_VARIABLES"),
        ("subscription { __typename }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { personRegistered { __typename } peopleCounted { __typename } }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("query { greeting }", None, "BAD_REQUEST"),
    ],
)
async def test_what_cannot_be_followed(pipeline: Pipeline, query: str, variables: dict[str, Any] | None, code: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        await subscribe(pipeline, query, variables)
    assert refused.value.code == code


async def test_strangers_follow_nothing(pipeline: Pipeline) -> None:
    with pytest.raises(RequestRefused) as refused:
        await subscribe(pipeline, SHARED, actor=ANONYMOUS)
    assert refused.value.code == "UNAUTHENTICATED"
