"""How a socket ends whose client does not read: it hears why when it reads again, and is cut when it never does. And what
ends with 4500."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from structlog.testing import capture_logs

from api.sockets import lean, messages
from api.sockets.caller import Caller
from domain.identity.actor import Actor
from subscriptions.connection import Farewell
from subscriptions.limits import ConnectionLimits
from subscriptions.relay import Relay
from tests.api.sockets.talking import ACTORS, NOTED, Place, Talk, a_place
from tests.subscriptions.listening import PATIENCE_S, note, until

HARDLY_ANY = 4_096
TEXT = "x" * 20_000
SLOW = ConnectionLimits(waiting_messages=10, waiting_bytes=100_000, stalled_s=0.2, parting_s=PATIENCE_S)
PATIENT = ConnectionLimits(waiting_messages=10, waiting_bytes=100_000, parting_s=PATIENCE_S)
HASTY = ConnectionLimits(waiting_messages=10, waiting_bytes=100_000, parting_s=0.2)


@pytest.fixture
def server(relay: Relay, database_url: str, redis_url: str) -> Any:
    @asynccontextmanager
    async def serve(limits: ConnectionLimits) -> AsyncIterator[Place]:
        async with a_place(database_url, redis_url, actors=dict(ACTORS), connection_limits=limits) as place:
            yield place

    return serve


@asynccontextmanager
async def not_reading(place: Place) -> AsyncIterator[tuple[Talk, Caller]]:
    """A client that follows a feed and has stopped to read, over a connection that holds little on its way."""
    port = int(place.address.rpartition(":")[2])
    narrow = socket.socket(proto=socket.IPPROTO_TCP)
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, HARDLY_ANY)
    narrow.setblocking(False)
    await asyncio.get_running_loop().sock_connect(narrow, ("127.0.0.1", port))
    async with place.talk("asha", sock=narrow, max_queue=1, close_timeout=0.1) as talk:
        await talk.subscribe("1", NOTED)
        await talk.item()
        (caller,) = place.sockets.shared.open
        connection = transport_of(caller).get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, HARDLY_ANY)
        talk.connection.transport.pause_reading()
        yield talk, caller
        talk.connection.transport.abort()


def transport_of(caller: Caller) -> Any:
    return caller._send.__self__.transport  # type: ignore[attr-defined]


async def fill(place: Place, caller: Caller, *, until_slow: bool = True) -> None:
    """Tell so much that some of it waits in the server."""
    number = 0
    while not (caller.closed or caller.is_slow if until_slow else transport_of(caller).get_write_buffer_size()):
        await note(number := number + 1, text=TEXT)
        await until(lambda: place.hub.told >= number)


@pytest.mark.attack("slow readers", on="WebSocket")
async def test_1013_for_who_reads_again_after_taking_nothing_for_too_long(server: Any) -> None:
    async with server(SLOW) as place, not_reading(place) as (talk, caller):
        await fill(place, caller)
        await until(lambda: caller.closed)
        assert len(place.sockets) == place.hub.status().connections == 0
        talk.connection.transport.resume_reading()
        code, reason = await talk.ends()
        assert (code, reason) == (1013, "this connection does not take its messages; connect again")


@pytest.mark.parametrize(("farewell", "code"), [(Farewell.REVOKED, 4403), (Farewell.RESTARTING, 1012)])
async def test_who_is_behind_hears_every_other_reason_too(server: Any, farewell: Farewell, code: int) -> None:
    async with server(PATIENT) as place, not_reading(place) as (talk, caller):
        await fill(place, caller)
        caller.part(farewell)
        talk.connection.transport.resume_reading()
        assert (await talk.ends())[0] == code


@pytest.mark.attack("slow readers", on="WebSocket")
async def test_who_never_reads_again_is_cut_and_nothing_is_kept_for_them(server: Any) -> None:
    async with server(HASTY) as place, not_reading(place) as (_, caller):
        await fill(place, caller)
        transport = transport_of(caller)
        caller.part(Farewell.TOO_SLOW)
        assert transport.get_write_buffer_size() > 0
        await until(transport.is_closing)
        assert transport.get_write_buffer_size() == 0
        assert len(place.sockets) == place.hub.status().connections == 0


@pytest.mark.attack("slow readers", on="WebSocket")
async def test_who_is_closed_and_does_not_read_that_is_cut_too(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits is less than a transport takes at once, so the close frame stands behind it already."""
    monkeypatch.setattr(lean, "CLOSED_WITHIN_S", 0.2)
    async with server(ConnectionLimits()) as place, not_reading(place) as (talk, caller):
        await fill(place, caller, until_slow=False)
        transport = transport_of(caller)
        assert not caller.is_slow
        await talk.say({"type": "nonsense"})
        await until(lambda: caller.closed)
        assert transport.get_write_buffer_size() > 0
        await until(lambda: transport.get_write_buffer_size() == 0)
        assert transport.is_closing()


class Broken(dict[str, Actor]):
    """Whoever looks for a token here finds a mistake of ours."""

    def __getitem__(self, bearer: str) -> Actor:
        raise ZeroDivisionError(bearer)


@pytest.mark.usefixtures("database")
async def test_4500_when_we_fail_to_look_at_who_somebody_is(database_url: str, redis_url: str) -> None:
    async with a_place(database_url, redis_url, actors=Broken()) as place, place.socket() as connection:
        talk = Talk(connection)
        with capture_logs() as lines:
            await talk.say({"type": "connection_init", "payload": {"authorization": "Bearer asha"}})
            assert await talk.ends() == (4500, "internal error")
        assert [(line["event"], line["log_level"]) for line in lines] == [("socket_not_initialised", "error")]
        assert len(place.sockets) == place.hub.status().connections == 0


async def test_4500_when_we_fail_over_a_message(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(text: str, *, id_length: int) -> None:
        raise ZeroDivisionError(text)

    async with server(ConnectionLimits()) as place, place.talk("asha") as talk:
        await talk.subscribe("1", NOTED)
        await talk.item()
        monkeypatch.setattr(messages, "read", fail)
        with capture_logs() as lines:
            await talk.say({"type": "ping"})
            assert await talk.ends() == (4500, "internal error")
        # The relay beside it has its own to say.
        assert [line["event"] for line in lines if line["log_level"] == "error"] == ["socket_failed"]
        assert place.hub.status().feeds == 0, "its feeds are closed with it"
