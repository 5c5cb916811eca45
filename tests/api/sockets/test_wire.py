"""The short way to the network: that it is taken with the uvicorn that is installed, and leads to the same place."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from api.sockets.wire import Wire, header
from subscriptions.parcels import Parcel
from tests.api.sockets.talking import NOTED, Place
from tests.subscriptions.listening import note, until


@given(st.one_of(st.integers(0, 300), st.integers(65_000, 66_000)))
def test_headers_are_those_of_the_protocol(size: int) -> None:
    text = b"x" * size
    assert header(size) + text == Frame(Opcode.TEXT, text).serialize(mask=False)


async def test_it_is_taken_with_this_uvicorn(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """If this fails after an upgrade, everything still works, many times slower: see what uvicorn has changed."""
    written: list[bytes] = []
    write = Wire.write

    def note_and_write(wire: Wire, prefix: bytes, parcel: Parcel, suffix: bytes) -> None:
        written.append(prefix)
        write(wire, prefix, parcel, suffix)

    monkeypatch.setattr(Wire, "write", note_and_write)
    async with place.talk("asha") as talk:
        await talk.subscribe("1", NOTED)
        await talk.item()
        await note(1)
        assert (await talk.item())["number"] == 1
    assert len(written) == 1


async def test_both_ways_tell_the_same_in_the_same_order(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The long way, and the two mixed as a connection's state decides."""
    texts = ["", "ü" * 10, "x" * 60, "x" * 70, "x" * 1_000, "x" * 70_000]
    heard = []
    for is_free in (True, False, None):
        count = iter(range(1_000))
        if is_free is not None:
            monkeypatch.setattr(Wire, "is_free", is_free)
        else:
            monkeypatch.setattr(Wire, "is_free", property(lambda _, count=count: next(count) % 2 == 0))
        async with place.talk("asha") as talk:
            await talk.subscribe("an id with ü", NOTED)
            await talk.item("an id with ü")
            for number, text in enumerate(texts):
                await note(number, text=text)
            items: list[dict[str, Any]] = [await talk.item("an id with ü") for _ in texts]
            heard.append([(item["number"], item["text"]) for item in items])
        await until(lambda: len(place.sockets) == 0)
    assert heard == [list(enumerate(texts))] * 3


def test_there_is_none_behind_other_servers() -> None:
    class Other:
        async def send(self, message: object) -> None: ...

    async def send(message: object) -> None: ...

    assert Wire.behind(Other().send) is None
    assert Wire.behind(send) is None
