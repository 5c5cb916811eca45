"""What happens to a socket while it lives: heartbeats, the end of its token, rights that change, limits, and the end."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from domain.identity.actor import SYSTEM, Actor
from domain.identity.authentication import authenticate
from domain.identity.permissions import Role
from domain.identity.service import change_roles, deactivate_user, sign_out
from domain.kit import clock
from schema.kit.ids import encode_id
from subscriptions.limits import ConnectionLimits, SocketLimits
from subscriptions.relay import Relay
from tests.api.sockets.talking import ACTORS, ASHA, COUNTED, NOTED, Place, Talk, a_place
from tests.subscriptions.listening import note, until
from tests.subscriptions.outages import mortal_redis
from tests.support import small_schema
from tests.support.people import a_user, signed_in

QUICK = SocketLimits(heartbeat_s=0.1, answer_s=0.1, initialisation_s=0.1)


@pytest.fixture
def server(relay: Relay, database_url: str, redis_url: str) -> Any:
    @asynccontextmanager
    async def serve(**more: Any) -> AsyncIterator[Place]:
        async with a_place(database_url, redis_url, **{"actors": dict(ACTORS), **more}) as place:
            yield place

    return serve


def expiring_in(seconds: float) -> Actor:
    return dataclasses.replace(ASHA, expires_at=clock.now() + timedelta(seconds=seconds))


@pytest.mark.attack("connection floods", on="WebSocket")
@pytest.mark.attack("slow senders", on="WebSocket")
async def test_4408_when_connection_init_does_not_come(server: Any) -> None:
    async with server(limits=QUICK) as place, place.socket() as connection:
        assert (await Talk(connection).ends())[0] == 4408
        await until(lambda: len(place.sockets) == 0)


async def test_heartbeats_carry_the_cursor_and_answers_keep_the_socket(server: Any) -> None:
    async with server(limits=QUICK) as place, place.talk() as talk:
        for _ in range(3):
            ping = await talk.hear("ping")
            assert ping["payload"] == {"cursor": place.hub.cursor()}
            await talk.say({"type": "pong"})
        await note(1)
        await until(lambda: place.hub.told == 1)
        while (await talk.hear("ping"))["payload"]["cursor"] != place.hub.cursor():
            await talk.say({"type": "pong"})


async def test_4408_when_a_heartbeat_is_not_answered(server: Any) -> None:
    async with server(limits=QUICK) as place, place.talk("asha") as talk:
        await talk.subscribe("1", NOTED)
        talk.is_mute = True
        assert (await talk.ends())[0] == 4408
        assert talk.pings
        await until(lambda: place.hub.status().feeds == 0)


@pytest.mark.usefixtures("database")
async def test_clients_hear_when_redis_is_lost_and_when_it_is_back(database_url: str) -> None:
    with mortal_redis() as redis:
        async with a_place(database_url, redis.url, actors=ACTORS) as place, place.talk("asha") as talk:
            assert "delayed" not in talk.ack["payload"]
            redis.kill()
            assert (await talk.hear("ping"))["payload"]["delayed"] is True, "long before the next heartbeat is due"
            async with place.talk("asha") as newcomer:
                assert newcomer.ack["payload"]["delayed"] is True
            redis.start()
            told = (await talk.hear("ping"))["payload"]
            assert told == {"cursor": place.hub.cursor()}


async def test_a_heartbeat_promises_nothing_of_a_feed_that_is_being_opened(server: Any) -> None:
    async with server(limits=QUICK) as place, place.talk() as talk:
        await talk.subscribe("1", "{ endless }")
        assert (await talk.hear("ping"))["payload"] == {}


@pytest.mark.attack("expired tokens", on="WebSocket")
async def test_a_token_that_ends_is_announced_and_renewed_in_place(server: Any) -> None:
    actors = {"old": expiring_in(1.2), "fresh": expiring_in(3600), "other": expiring_in(3600)}
    actors["other"] = dataclasses.replace(actors["other"], id=SYSTEM.id)
    limits = SocketLimits(expiry_warning_s=0.45, expiry_grace_s=20)
    async with server(actors=actors, limits=limits) as place, place.talk("old") as talk:
        await talk.subscribe("1", NOTED)
        await talk.item()
        warning = await talk.hear("ping")
        assert warning["payload"]["expiresInSeconds"] == 0 and clock.now() < actors["old"].expires_at
        expired = await talk.hear("ping")
        assert expired["payload"]["expiresInSeconds"] == 0 and clock.now() >= actors["old"].expires_at
        await talk.say({"type": "pong"})

        # Within the grace, what is open goes on, and nothing new begins.
        await note(1)
        assert (await talk.item())["number"] == 1
        await talk.subscribe("2", "{ vault }")
        assert (await talk.hear("error"))["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"

        for token, code in (("unknown", "UNAUTHENTICATED"), ("other", "FORBIDDEN")):
            await talk.say({"type": "ping", "payload": {"authorization": f"Bearer {token}"}})
            refused = (await talk.hear("pong"))["payload"]
            assert refused["renewed"] is False
            assert refused["error"]["extensions"]["code"] == code

        await talk.say({"type": "ping", "payload": {"authorization": "Bearer fresh"}})
        renewed = (await talk.hear("pong"))["payload"]
        assert renewed["renewed"] is True and renewed["expiresAt"].endswith("Z")
        assert "expiresInSeconds" not in renewed
        await note(2)
        assert (await talk.item())["number"] == 2
        await talk.subscribe("3", "{ vault }")
        assert (await talk.hear("next"))["payload"]["data"] == {"vault": "Asha's gold"}


async def test_a_token_that_lives_shorter_than_the_warning_is_not_asked_to_be_renewed_at_once(server: Any) -> None:
    actors = {"brief": expiring_in(3)}
    async with server(actors=actors, limits=SocketLimits(expiry_warning_s=60)) as place, place.talk("brief") as talk:
        known_for = actors["brief"].expires_at - clock.now()
        assert "expiresInSeconds" not in talk.ack["payload"]
        await talk.hear("ping")
        assert actors["brief"].expires_at - clock.now() <= known_for / 2 + timedelta(seconds=0.1)


@pytest.mark.attack("expired tokens", on="WebSocket")
async def test_4403_when_the_token_is_not_renewed(server: Any) -> None:
    actors = {"old": expiring_in(0.1)}
    # Long enough for a busy machine to start the server and shake hands in.
    grace_s = 1.0
    limits = SocketLimits(expiry_warning_s=60, expiry_grace_s=grace_s)
    async with server(actors=actors, limits=limits) as place, place.talk("old") as talk:
        assert (await talk.ends())[0] == 4403
        assert clock.now() >= actors["old"].expires_at + timedelta(seconds=grace_s)
        # Told when it expired, and before that if the handshake was done by then.
        assert {ping["expiresInSeconds"] for ping in talk.pings} == {0}


@pytest.mark.attack("revoked tokens", on="WebSocket")
async def test_who_is_deactivated_or_signs_out_is_cut_off_at_once(server: Any) -> None:
    user = await a_user(Role.INVESTOR)
    first, second = await signed_in(user), await signed_in(user)
    async with server(actors=None) as place:
        async with place.talk(first.access_token) as one, place.talk(second.access_token) as other:
            assert one.ack["payload"]["userId"] == encode_id("User", user.id)
            for talk in (one, other):
                await talk.subscribe("1", NOTED)
                await talk.item()
            await sign_out(await authenticate(first.access_token))
            await note(1)
            assert (await one.ends())[0] == 4403
            assert (await other.item())["number"] == 1
            await deactivate_user(SYSTEM, user_id=user.id)
            await note(2)
            assert (await other.ends())[0] == 4403
        async with place.socket() as connection:
            talk = Talk(connection)
            await talk.say({"type": "connection_init", "payload": {"authorization": f"Bearer {second.access_token}"}})
            assert (await talk.ends())[0] == 4403


@pytest.mark.attack("role changes", on="WebSocket")
async def test_rights_that_change_reach_open_sockets_in_the_order_of_the_log(server: Any) -> None:
    await a_user(Role.ADMIN)
    user = await a_user(Role.ADMIN)
    token = (await signed_in(user)).access_token
    async with server(actors=None) as place, place.talk(token) as talk:
        await talk.subscribe("audited", "subscription { audited { __typename ... on Noted { number } } }")
        await talk.item("audited")
        await talk.subscribe("open", NOTED, topic="elsewhere")
        await talk.item("open")
        await note(1)
        await change_roles(SYSTEM, user_id=user.id, roles=[Role.INVESTOR])
        await note(2)
        await note(3, topic="elsewhere")
        assert (await talk.item("audited"))["number"] == 1
        refused = await talk.hear("error")
        assert refused["id"] == "audited"
        assert refused["payload"][0]["extensions"]["code"] == "FORBIDDEN"
        assert (await talk.item("open"))["number"] == 3
        await talk.subscribe("again", "subscription { audited { __typename } }")
        assert (await talk.hear("error"))["payload"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_a_state_feed_shows_the_state_and_then_each_new_one(server: Any) -> None:
    async with server() as place, place.talk("asha") as talk:
        await talk.subscribe("1", COUNTED)
        assert (await talk.item())["__typename"] == "Ready"
        assert (await talk.item())["state"] == {"notes": 0}
        await note(*range(50))
        counts = [0]
        while counts[-1] < 50:
            counts.append((await talk.item())["state"]["notes"])
        assert len(counts) <= 4, "changes within a moment are shown together"


@pytest.mark.attack("unlimited subscriptions", on="WebSocket")
async def test_a_socket_has_so_many_operations_open_and_no_more(server: Any) -> None:
    async with server(limits=SocketLimits(operations=2)) as place, place.talk("asha") as talk:
        await talk.subscribe("1", NOTED)
        await talk.item("1")
        await talk.subscribe("2", "{ endless }")
        await talk.subscribe("3", NOTED)
        refused = await talk.hear("error")
        assert (refused["id"], refused["payload"][0]["extensions"]["code"]) == ("3", "TOO_MANY_FEEDS")
        await talk.say({"id": "2", "type": "complete"})
        await talk.subscribe("4", NOTED)
        await talk.item("4")


@pytest.mark.attack("message floods", on="WebSocket")
@pytest.mark.attack("ping floods", on="WebSocket")
async def test_4429_for_too_many_messages(server: Any) -> None:
    async with server(limits=SocketLimits(messages_per_minute=10)) as place, place.talk() as talk:
        for _ in range(10):
            await talk.say({"type": "ping"})
        assert (await talk.ends())[0] == 4429


@pytest.mark.attack("connection floods", on="WebSocket")
async def test_1013_for_too_many_sockets_of_a_process(server: Any) -> None:
    async with server(limits=SocketLimits(sockets_per_process=1)) as place:
        async with place.talk(), place.socket() as second:
            assert (await Talk(second).ends())[0] == 1013
        await until(lambda: len(place.sockets) == 0)
        async with place.talk():
            assert len(place.sockets) == 1


@pytest.mark.attack("slow readers", on="WebSocket")
async def test_a_client_that_takes_nothing_is_cut(server: Any) -> None:
    limits = ConnectionLimits(waiting_messages=10, waiting_bytes=100_000, stalled_s=0.3)
    async with server(connection_limits=limits) as place, place.socket(max_queue=1, close_timeout=0.1) as connection:
        talk = Talk(connection)
        await talk.say({"type": "connection_init", "payload": {"authorization": "Bearer asha"}})
        await talk.hear("connection_ack")
        await talk.subscribe("1", NOTED)
        connection.transport.pause_reading()
        text = "x" * 20_000
        for start in range(0, 800, 50):
            await note(*range(start, start + 50), text=text)
        await until(lambda: len(place.sockets) == 0)
        assert place.hub.status().connections == 0
        connection.transport.abort()


async def test_draining_answers_what_has_begun_and_sends_everybody_away(server: Any) -> None:
    async with server() as place, AsyncExitStack() as stack:
        talks = [await stack.enter_async_context(place.talk("asha")) for _ in range(10)]
        silent = Talk(await stack.enter_async_context(place.socket()))
        for talk in talks:
            await talk.subscribe("1", NOTED)
            await talk.item()
        await note(1)
        await until(lambda: place.hub.place.position == 1)
        drain = asyncio.create_task(place.sockets.drain(part_within_s=0.1))
        await until(lambda: place.hub.draining)
        # Who asks for another feed now is not refused, which would be for good, but sent away to ask again; unless it was
        # sent away before it could ask.
        with suppress(ConnectionClosed):
            await talks[0].subscribe("2", NOTED)
        for talk in talks:
            assert (await talk.item())["number"] == 1
            assert (await talk.ends())[0] == 1012
        assert (await silent.ends())[0] == 1012
        await drain
        async with place.socket() as late:
            assert (await Talk(late).ends())[0] == 1012
        await until(lambda: len(place.sockets) == 0)


async def test_a_mutation_that_has_begun_is_finished_when_its_client_goes(
    server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, gate = asyncio.Event(), asyncio.Event()
    pipeline_execute = small_schema.written

    async with server() as place:
        execute = place.pipeline.execute

        async def slowly(*arguments: Any) -> Any:
            begun.set()
            await gate.wait()
            return await execute(*arguments)

        monkeypatch.setattr(place.pipeline, "execute", slowly)
        async with place.talk("asha") as talk:
            await talk.subscribe("1", 'mutation { relabel(input: {label: "finished"}) { label } }')
            await begun.wait()
        await until(lambda: len(place.sockets) == 0)
        gate.set()
        await until(lambda: pipeline_execute[-1:] == ["finished"])


async def test_without_real_time_feeds_are_refused_and_all_else_works(server: Any) -> None:
    async with server(real_time=False) as place, place.talk("asha") as talk:
        for query in (NOTED, COUNTED):
            await talk.subscribe("1", query)
            assert (await talk.hear("error"))["payload"][0]["extensions"]["code"] == "REAL_TIME_DISABLED"
        await talk.subscribe("1", "{ vault }")
        assert (await talk.hear("next"))["payload"]["data"] == {"vault": "Asha's gold"}
