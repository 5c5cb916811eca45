"""API keys on every transport: from where they may be used, how many sockets they have, and when those end."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest_asyncio

from domain.identity.actor import Actor
from domain.identity.permissions import Permission, Role
from domain.identity.service import create_api_key, revoke_api_key, rotate_api_key
from subscriptions.relay import Relay
from tests.api.sockets.talking import NOTED, Place, Talk, a_place
from tests.api.test_sse import everything, streaming
from tests.subscriptions.listening import note, until
from tests.support.people import an_actor

HERE, ELSEWHERE = ["127.0.0.0/8"], ["203.0.113.0/24"]


@pytest_asyncio.fixture
async def place(relay: Relay, database_url: str, redis_url: str) -> AsyncIterator[Place]:
    async with a_place(database_url, redis_url) as place:
        yield place


@pytest_asyncio.fixture
async def owner(database: None) -> Actor:
    return await an_actor(Role.INVESTOR)


async def a_key(owner: Actor, **chosen: object) -> str:
    created = await create_api_key(owner, name="Gate", scopes=[Permission.WALLET_USE], **chosen)  # type: ignore[arg-type]
    return created.key


async def refused_socket(place: Place, key: str) -> int:
    async with place.socket() as connection:
        talk = Talk(connection)
        await talk.say({"type": "connection_init", "payload": {"authorization": f"Bearer {key}"}})
        return (await talk.ends())[0]


async def test_a_key_is_good_from_its_networks_alone(place: Place, owner: Actor) -> None:
    good, bad = await a_key(owner, allowed_networks=HERE), await a_key(owner, allowed_networks=ELSEWHERE)
    async with place.talk(good) as talk:
        await talk.subscribe("1", NOTED)
        assert (await talk.item())["__typename"] == "Ready"
    assert await refused_socket(place, bad) == 4403
    async with httpx.AsyncClient(base_url=place.address) as client:
        statuses = []
        for key in (good, bad):
            headers = {"authorization": f"Bearer {key}", "accept": "application/graphql-response+json"}
            asked = await client.post("/graphql", json={"query": "{ vault }"}, headers=headers)
            taken = await client.get("/files/nothing", headers=headers)
            statuses.append((asked.status_code, taken.status_code))
        assert statuses == [(200, 404), (401, 401)]
    [told, complete] = await everything(place, NOTED, token=bad)
    assert told.data["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert complete.event == "complete"


async def test_a_key_has_so_many_sockets_and_streams_and_its_owner_more(place: Place, owner: Actor) -> None:
    narrow, other = await a_key(owner, max_sockets=1), await a_key(owner)
    async with place.talk(narrow), place.talk(other), place.talk(other):
        assert await refused_socket(place, narrow) == 1013
        async with streaming(place, NOTED, token=narrow) as refused:
            assert refused.response.status_code == 503
        async with streaming(place, NOTED, token=other) as stream:
            assert (await stream.item())["__typename"] == "Ready"
    await until(lambda: len(place.sockets) == 0)
    async with streaming(place, NOTED, token=narrow) as stream:
        assert (await stream.item())["__typename"] == "Ready"
        assert await refused_socket(place, narrow) == 1013


async def test_sockets_and_streams_end_with_the_secret_that_they_came_with(place: Place, owner: Actor) -> None:
    created = await create_api_key(owner, name="Gate", scopes=[Permission.WALLET_USE])
    key_id, foreign = created.api_key.id, await a_key(owner)
    async with place.talk(created.key) as stays, place.talk(created.key) as goes:
        for talk in (stays, goes):
            await talk.subscribe("1", NOTED)
            await talk.item()
        async with streaming(place, NOTED, token=created.key) as stream:
            await stream.item()
            second = (await rotate_api_key(owner, api_key_id=key_id, overlap_hours=1)).key
            await note(1)
            for told in (stays.item(), goes.item(), stream.item()):
                assert (await told)["number"] == 1, "both secrets are good for a while"
            for key, renewed in ((foreign, False), (second, True)):
                await stays.say({"type": "ping", "payload": {"authorization": f"Bearer {key}"}})
                assert (await stays.hear("pong"))["payload"]["renewed"] is renewed
            third = (await rotate_api_key(owner, api_key_id=key_id, overlap_hours=1)).key
            await note(2)
            assert (await goes.ends())[0] == 4403, "its secret is the one before the one before"
            assert await stream.next() is None
        assert (await stays.item())["number"] == 2
        async with place.talk(third) as newest:
            await rotate_api_key(owner, api_key_id=key_id, overlap_hours=0)
            assert (await newest.ends())[0] == (await stays.ends())[0] == 4403
        async with place.talk(foreign) as other:
            await other.subscribe("1", NOTED)
            await other.item()
            await note(3)
            assert (await other.item())["number"] == 3


async def test_a_revoked_key_is_cut_off_at_once(place: Place, owner: Actor) -> None:
    created = await create_api_key(owner, name="Gate", scopes=[Permission.WALLET_USE])
    async with place.talk(created.key) as talk, streaming(place, NOTED, token=created.key) as stream:
        await talk.subscribe("1", NOTED)
        await talk.item()
        await stream.item()
        await revoke_api_key(owner, api_key_id=created.api_key.id)
        assert (await talk.ends())[0] == 4403
        assert await stream.next() is None
    assert await refused_socket(place, created.key) == 4403
