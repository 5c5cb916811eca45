"""What a live feed tells follows the rights of now: whatever cursor somebody brings, and whichever transport they take."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio

from domain.events import log
from domain.identity.actor import SYSTEM
from domain.identity.authentication import authenticate
from domain.identity.permissions import Permission, Role
from domain.identity.service import change_roles, create_api_key, sign_out, update_api_key
from domain.kit.database import fetchval
from subscriptions.relay import Relay
from tests.api.sockets.talking import NOTED, Place, Talk
from tests.api.test_sse import streaming
from tests.security.transports import Transport, a_place
from tests.subscriptions.listening import PATIENCE_S, note
from tests.support.people import a_user, actor_for, configure_identity, signed_in

AUDITED = """
subscription ($after: Cursor) {
  audited(after: $after) { __typename ... on FeedItem { cursor } ... on Ready { recovered } ... on Noted { number } }
}
"""
FOR_AUDITORS = f"permission:{Permission.AUDIT_READ.value}"
LIVE = [Transport.SSE, Transport.WEBSOCKET]


def on_each(*attacks: str) -> Any:
    cases = [pytest.param(each, marks=[pytest.mark.attack(name, on=each.value) for name in attacks]) for each in LIVE]
    return pytest.mark.parametrize("transport", cases)


@pytest_asyncio.fixture
async def place(relay: Relay, database_url: str, redis_url: str) -> AsyncIterator[Place]:
    configure_identity()
    await a_user(Role.ADMIN, name="The last administrator")
    async with a_place(database_url, redis_url) as place:
        yield place


async def all_told(place: Place) -> None:
    """Waits until everything that was written has its place in the log, and the hub has been there."""
    async with asyncio.timeout(PATIENCE_S):
        while await fetchval("select count(*) from outbox") or place.hub.told < (await log.head()).position:  # noqa: ASYNC110
            await asyncio.sleep(0.005)


class Following:
    """One feed of one reader, whichever way it comes."""

    def __init__(self, told: Any, *, is_stream: bool) -> None:
        self._told = told
        self._is_stream = is_stream

    async def item(self) -> dict[str, Any]:
        found: dict[str, Any] = await self._told.item()
        return found

    async def refusal(self) -> str:
        """The code with which the feed ends."""
        if self._is_stream:
            told = await self._told.next()
            assert told is not None and told.event == "next", told
            errors = told.data["errors"]
            assert (await self._told.next()).event == "complete"
        else:
            errors = (await self._told.hear("error"))["payload"]
        return str(errors[0]["extensions"]["code"])

    async def numbers_until(self, last: str) -> list[int]:
        """The numbers of notes that are told until an item of that kind."""
        numbers = []
        while (item := await self.item())["__typename"] != last:
            if item["__typename"] == "Noted":
                numbers.append(item["number"])
        return numbers


@asynccontextmanager
async def following(
    place: Place, transport: Transport, query: str, token: str, **variables: Any
) -> AsyncIterator[Following]:
    if transport is Transport.SSE:
        async with streaming(place, query, token=token, **variables) as stream:
            yield Following(stream, is_stream=True)
    else:
        async with place.talk(token) as talk:
            await talk.subscribe("1", query, **variables)
            yield Following(talk, is_stream=False)


@on_each("role changes")
async def test_a_role_that_is_lost_ends_what_it_brought_in_the_midst_of_it(place: Place, transport: Transport) -> None:
    user = await a_user(Role.ACCOUNTANT)
    token = (await signed_in(user)).access_token
    async with following(place, transport, AUDITED, token) as feed:
        assert (await feed.item())["__typename"] == "Ready"
        await note(1)
        await change_roles(SYSTEM, user_id=user.id, roles=[Role.INVESTOR])
        await note(2)
        assert (await feed.item())["number"] == 1
        assert await feed.refusal() == "FORBIDDEN"
    async with following(place, transport, AUDITED, token) as again:
        assert await again.refusal() == "FORBIDDEN"


@on_each("role changes")
async def test_a_scope_that_a_key_loses_ends_what_it_brought(place: Place, transport: Transport) -> None:
    owner = await actor_for(await a_user(Role.ACCOUNTANT))
    created = await create_api_key(owner, name="Gate", scopes=[Permission.AUDIT_READ, Permission.WALLETS_READ_ALL])
    async with following(place, transport, AUDITED, created.key) as feed:
        assert (await feed.item())["__typename"] == "Ready"
        await note(1)
        await update_api_key(owner, api_key_id=created.api_key.id, changes={"scopes": [Permission.WALLETS_READ_ALL]})
        await note(2)
        assert (await feed.item())["number"] == 1
        assert await feed.refusal() == "FORBIDDEN"
    async with following(place, transport, AUDITED, created.key) as again:
        assert await again.refusal() == "FORBIDDEN"


@on_each("revoked tokens")
async def test_a_token_of_an_ended_session_opens_no_feed(place: Place, transport: Transport) -> None:
    user = await a_user(Role.ACCOUNTANT)
    token = (await signed_in(user)).access_token
    await sign_out(await authenticate(token))
    if transport is Transport.SSE:
        async with following(place, transport, AUDITED, token) as feed:
            assert await feed.refusal() == "UNAUTHENTICATED"
    else:
        async with place.socket() as connection:
            talk = Talk(connection)
            await talk.say({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}})
            assert (await talk.ends())[0] == 4403


@on_each("replay beyond rights")
async def test_history_is_told_by_the_rights_of_now(place: Place, transport: Transport) -> None:
    user = await a_user(Role.ACCOUNTANT)
    token = (await signed_in(user)).access_token
    start = place.hub.cursor()
    await note(1, eyes=FOR_AUDITORS)
    await note(2)
    await all_told(place)
    async with following(place, transport, NOTED, token, after=start) as feed:
        assert await feed.numbers_until("CaughtUp") == [1, 2]
    await change_roles(SYSTEM, user_id=user.id, roles=[Role.INVESTOR])
    await note(3, eyes=FOR_AUDITORS)
    await note(4)
    await all_told(place)
    async with following(place, transport, NOTED, token, after=start) as feed:
        assert await feed.numbers_until("CaughtUp") == [2, 4]


@on_each("borrowed cursors")
async def test_a_cursor_of_somebody_elses_feed_shows_ones_own_alone(place: Place, transport: Transport) -> None:
    """A cursor is a place in the log, and no right to anything that lies behind it."""
    auditor, investor = await a_user(Role.ACCOUNTANT), await a_user(Role.INVESTOR)
    tokens = [(await signed_in(each)).access_token for each in (auditor, investor)]
    async with following(place, transport, AUDITED, tokens[0]) as feed:
        borrowed = (await feed.item())["cursor"]
    await note(1, eyes=FOR_AUDITORS)
    await note(2, topic="elsewhere")
    await note(3)
    await all_told(place)
    async with following(place, transport, NOTED, tokens[1], after=borrowed) as feed:
        assert await feed.numbers_until("CaughtUp") == [3]
    async with following(place, transport, AUDITED, tokens[1], after=borrowed) as feed:
        assert await feed.refusal() == "FORBIDDEN"
    async with following(place, transport, NOTED, tokens[1], topic="secret", after=borrowed) as feed:
        assert await feed.refusal() == "NOT_FOUND"


@on_each("forged cursors")
async def test_a_cursor_that_was_changed_is_refused(place: Place, transport: Transport) -> None:
    token = (await signed_in(await a_user(Role.INVESTOR))).access_token
    genuine = place.hub.cursor()
    for forged in (genuine[:-1] + ("A" if genuine[-1] != "A" else "B"), genuine[::-1], genuine * 2, "' or 1=1 --"):
        async with following(place, transport, NOTED, token, after=forged) as feed:
            assert await feed.refusal() == "INVALID_CURSOR"
    assert place.hub.status().feeds == 0
