"""What a server sends, and whether it is its last word."""

from __future__ import annotations

import pytest

from domain.kit.last_words import ends_the_session

READY = b"Z\0\0\0\5I"


def an_error(severity: bytes, in_words: bytes = b"") -> bytes:
    fields = b"S" + (in_words or severity) + b"\0V" + severity + b"\0C57P01\0Mterminating connection\0\0"
    return b"E" + (4 + len(fields)).to_bytes(4, "big") + fields


def a_row(value: bytes) -> bytes:
    columns = b"\0\1" + len(value).to_bytes(4, "big") + value
    return b"D" + (4 + len(columns)).to_bytes(4, "big") + columns


@pytest.mark.parametrize(
    "sent",
    [an_error(b"FATAL"), READY + an_error(b"FATAL"), an_error(b"FATAL", "ВАЖНО".encode()), a_row(b"E") + an_error(b"FATAL")],
)
def test_what_a_server_says_last(sent: bytes) -> None:
    assert ends_the_session(sent)


@pytest.mark.parametrize(
    "sent",
    [
        READY,
        an_error(b"ERROR") + READY,
        a_row(b"FATAL") + READY,
        # Somebody keeps what a server said last, and reads it again.
        a_row(an_error(b"FATAL")) + READY,
        a_row(an_error(b"FATAL") + b"!"),
    ],
)
def test_what_is_not_its_last_word(sent: bytes) -> None:
    assert not ends_the_session(sent)
