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
fingerprints = st.one_of(st.just(0), st.integers(0, 2**32 - 1))
places = st.builds(Place, st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1), fingerprints)


@given(places)
def test_a_cursor_comes_back_as_the_place_it_was(place: Place) -> None:
    decoded = codec.decode(codec.encode(place))
    assert (decoded, decoded.fingerprint) == (place, place.fingerprint)


def test_a_cursor_from_before_events_were_named_is_read_and_written_as_it_was() -> None:
    """A client finds its own cursor again in what the server answers."""
    old = "AQAAAZp0g8YAAAAAAAAAACrF6gx8ovcJDAd6"
    assert codec.decode(old) == Place(0x19A7483C600, 42)
    assert codec.decode(old).fingerprint == 0
    assert codec.encode(codec.decode(old)) == old


@pytest.mark.attack("forged cursors", on="SSE, WebSocket")
@given(places, st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"))
def test_one_changed_character_is_noticed_at_the_end_too(place: Place, character: str) -> None:
    cursor = codec.encode(place)
    forged = cursor[:-1] + character
    if forged == cursor:
        assert codec.decode(forged) == place
    else:
        with pytest.raises(InvalidCursor):
            codec.decode(forged)


@pytest.mark.attack("forged cursors", on="SSE, WebSocket")
@given(places, st.integers(0, 215))
def test_one_flipped_bit_is_noticed(place: Place, bit: int) -> None:
    sealed = bytearray(base64.urlsafe_b64decode(codec.encode(place) + "=="))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(InvalidCursor):
        codec.decode(base64.urlsafe_b64encode(sealed).rstrip(b"=").decode())


@pytest.mark.attack("forged cursors", on="SSE, WebSocket")
@given(st.text(max_size=200))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidCursor):
        codec.decode(text)


@pytest.mark.attack("forged cursors", on="SSE, WebSocket")
def test_the_cursor_of_another_installation_is_refused() -> None:
    with pytest.raises(InvalidCursor, match="not issued by this server"):
        codec.decode(CursorCodec("another secret").encode(Place(1, 1)))
