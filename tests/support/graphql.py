"""Operations for tests: through the pipeline of the whole schema, without any transport."""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson
import pytest

from domain.identity.actor import ANONYMOUS, Actor
from domain.kit.context import CallContext
from domain.kit.errors import DomainError
from schema.build import build
from schema.kit.context import Context, Services
from schema.kit.ids import encode_id
from schema.pipeline import Pipeline, Request, RequestRefused, Result
from subscriptions.access import Viewer
from subscriptions.cursor import CursorCodec
from subscriptions.feed import EventItem
from subscriptions.ring import topics_touched
from tests.support.happenings import events_so_far, nothing_happens

CURSORS = CursorCodec("a secret for cursors in tests")
ADDRESS = "198.51.100.7"

__all__ = [
    "ask",
    "ask_refused",
    "do",
    "do_refused",
    "encode_id",
    "feed_refused",
    "heard",
    "pipeline",
    "refused_to_strangers",
    "run",
]


@cache
def pipeline() -> Pipeline:
    return Pipeline(build(), services=Services(cursors=CURSORS))


async def run(actor: Actor, document: str, **variables: Any) -> Result:
    """What comes of an operation; raises RequestRefused as the pipeline does."""
    request = Request(query=document, variables=variables)
    return await pipeline().execute(pipeline().prepare(request), request, _context(actor))


async def ask(actor: Actor, document: str, **variables: Any) -> Any:
    """The data of an operation that has one root field and no errors: that field's value, as JSON."""
    result = await run(actor, document, **variables)
    assert result.errors == []
    [value] = orjson.loads(result.to_bytes())["data"].values()
    return value


async def ask_refused(actor: Actor, document: str, **variables: Any) -> str:
    """The code with which an operation is refused at the top, having done nothing."""
    async with nothing_happens():
        try:
            result = await run(actor, document, **variables)
        except RequestRefused as refused:
            return refused.code
    assert result.errors, "it was to be refused"
    return str(result.errors[0]["extensions"]["code"])


async def do(actor: Actor, document: str, **variables: Any) -> Any:
    """The payload of a mutation that is not refused."""
    payload = await ask(actor, document, **variables)
    assert payload["errors"] == []
    return payload


async def do_refused(actor: Actor, document: str, **variables: Any) -> tuple[str, list[str] | None]:
    """The code and field with which a mutation's payload is refused, having done nothing."""
    async with nothing_happens():
        payload = await ask(actor, document, **variables)
    [error] = payload.pop("errors")
    assert all(not value for value in payload.values()), "a refusal brings nothing else"
    return error["code"], error["field"]


async def refused_to_strangers(document: str, **variables: Any) -> None:
    assert await ask_refused(ANONYMOUS, document, **variables) == "UNAUTHENTICATED"


async def heard(actor: Actor, document: str, **variables: Any) -> list[Any]:
    """What a subscription tells the actor of everything that has happened in this test: the items, as JSON."""
    request = Request(query=document, variables=variables)
    subscription = await pipeline().subscribe(pipeline().prepare(request), request, _context(actor))
    feed, viewer = subscription.feed, Viewer(actor)
    topics = set(await feed.topics(actor, subscription.arguments))
    items = []
    for logged in await events_so_far():
        if topics.isdisjoint(topics_touched(logged)) or not feed.cares_about(logged.name) or not viewer.sees(logged):
            continue
        shown = feed.show(logged)
        if shown is not None:
            rendered = orjson.loads(await subscription.shape.render(EventItem(shown, f"cursor {logged.position}", logged)))
            assert "errors" not in rendered, rendered
            items.extend(rendered["data"].values())
    return items


async def feed_refused(actor: Actor, document: str, **variables: Any) -> str:
    """The code with which a subscription is refused."""
    async with nothing_happens():
        with pytest.raises((RequestRefused, DomainError)) as caught:
            await heard(actor, document, **variables)
    return str(caught.value.code)


def _context(actor: Actor) -> Context:
    call = CallContext(actor_id=None if actor is ANONYMOUS else actor.id, address=ADDRESS)
    return Context(actor, call, pipeline().services)
