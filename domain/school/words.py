"""Words and versions that acts are told, put in order."""

from __future__ import annotations

from datetime import date
from typing import Final, Protocol

from domain.kit.errors import InvalidInput
from domain.school.errors import RecordChanged

MAX_REASON: Final = 300


class Versioned(Protocol):
    version: int


def as_sent(name: str) -> str:
    """A name as clients write it: ``due_on`` is ``dueOn``."""
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def code_of(text: str, limit: int, name: str) -> str:
    """A short name that people type: capitals, digits, - _ and points."""
    text = text.strip().upper()
    plain = text.replace("-", "A").replace("_", "A").replace(".", "A")
    if not 1 <= len(text) <= limit or not text.isascii() or not plain.isalnum() or not text[0].isalnum():
        raise InvalidInput(
            f"a code has 1 to {limit} letters, digits, -, _ and points, and begins with a letter or a digit",
            field=("input", name),
        )
    return text


def line(text: str, limit: int, name: str, *, least: int = 1) -> str:
    """One line of text as it is kept: spaces put in order."""
    text = " ".join(text.split())
    if not least <= len(text) <= limit or not text.isprintable():
        raise InvalidInput(f"this takes {least} to {limit} printable characters", field=("input", name))
    return text


def require_forward(since: date | None, until: date | None, *field: str) -> None:
    """Refuse days of which the last, at ``field``, is before the first."""
    if since is not None and until is not None and until < since:
        raise InvalidInput("this ends before it begins", field=field)


def reason_of(text: str) -> str:
    """Why something is done, where somebody says so."""
    return line(text, MAX_REASON, "reason", least=0)


def require_version(row: Versioned, expected: int | None) -> None:
    """Nobody else changed it since the caller read it; whoever does not say what they read does not ask."""
    if expected is not None and expected != row.version:
        raise RecordChanged(row.version)
