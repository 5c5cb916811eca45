"""The lean protocol: that it is what runs with the uvicorn that is installed, and that its parts keep their word."""

from __future__ import annotations

import asyncio

from api.sockets.lean import Gate, LeanProtocol, Mailbox, socket_protocol
from tests.api.sockets.talking import NOTED, Place
from tests.subscriptions.listening import until


def test_it_is_taken_with_this_uvicorn() -> None:
    """If this fails after an upgrade, everything still works with more memory: see what uvicorn asks of its queue now."""
    assert socket_protocol() is LeanProtocol


async def test_a_gate_lets_all_through_when_it_opens_and_none_before() -> None:
    gate = Gate()
    through: list[int] = []

    async def go(number: int) -> None:
        await gate.wait()
        through.append(number)

    going = [asyncio.create_task(go(number)) for number in range(3)]
    await asyncio.sleep(0)
    assert not gate.is_set() and through == []
    going[1].cancel()
    gate.set()
    await asyncio.gather(*going, return_exceptions=True)
    assert gate.is_set() and through == [0, 2]
    await go(3)
    gate.clear()
    waiting = asyncio.create_task(go(4))
    await asyncio.sleep(0)
    assert through == [0, 2, 3]
    gate.set()
    await waiting


async def test_a_mailbox_keeps_the_order_and_wakes_its_reader() -> None:
    mailbox = Mailbox()
    mailbox.put_nowait("first")
    mailbox.put_nowait("second")
    assert [await mailbox.get(), await mailbox.get()] == ["first", "second"]
    assert mailbox.empty()
    reading = asyncio.create_task(mailbox.get())
    await asyncio.sleep(0)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    again = asyncio.create_task(mailbox.get())
    await asyncio.sleep(0)
    mailbox.put_nowait("third")
    mailbox.put_nowait("fourth")
    assert await again == "third"
    assert await mailbox.get() == "fourth"


async def test_an_open_socket_keeps_nothing_of_its_handshake(place: Place) -> None:
    async with place.talk("asha") as talk:
        await talk.subscribe("1", NOTED)
        await talk.item()
        await until(lambda: len(place.sockets) == 1)
        (socket,) = place.sockets.shared.open
        protocol = socket._send.__self__  # type: ignore[attr-defined]
        assert isinstance(protocol, LeanProtocol)
        kept = vars(protocol)
        assert not kept["scope"]
        assert kept.get("request") is kept.get("response") is kept["_handshake"] is None
