"""Cursors: opaque, signed, and refused when they are anything else."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.events.log import Place
from subscriptions.cursor import CursorCodec
from subscriptions.errors import InvalidCursor

codec = CursorCodec("one secret")
places = st.builds(Place, st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1))


@given(places)
def test_a_cursor_comes_back_as_the_place_it_was(place: Place) -> None:
    assert codec.decode(codec.encode(place)) == place


@pytest.mark.attack("forged cursors", on="SSE, WebSocket")
@given(places, st.integers(0, 215))
def test_one_flipped_bit_is_noticed(place: Place, bit: int) -> None:
    sealed = bytearray(base64.urlsafe_b64decode(codec.encode(place)))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(InvalidCursor):
        codec.decode(base64.urlsafe_b64encode(sealed).decode())


@pytest.mark.attack("forged cursors", on="SSE, WebSocket")
@given(st.text(max_size=200))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidCursor):
        codec.decode(text)


@pytest.mark.attack("forged cursors", on="SSE, WebSocket")
def test_the_cursor_of_another_installation_is_refused() -> None:
    with pytest.raises(InvalidCursor, match="not issued by this server"):
        codec.decode(CursorCodec("another secret").encode(Place(1, 1)))
