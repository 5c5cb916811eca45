"""What every act on the mill's records does with what it is told: words are put in order, numbers are read strictly, and
what the tables refuse is said in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Protocol

import asyncpg
from tortoise.exceptions import IntegrityError

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.decimals import plain
from domain.kit.errors import DomainError, InvalidInput
from domain.ledger.errors import PeriodClosed
from domain.milling.errors import BackdatingNotAllowed, FutureDate, RecordChanged
from domain.milling.states import RecordChange
from domain.milling.stock.documents import EARLIEST
from domain.milling.units import unit_name

MAX_CODE: Final = 30
MAX_NAME: Final = 120
MAX_UNIT: Final = 20
MAX_ADDRESS: Final = 300
MAX_TEXT: Final = 500
MAX_REASON: Final = 500
MAX_REFERENCE: Final = 60

QUANTITY_PLACES: Final = 3
FACTOR_PLACES: Final = 6
MOST: Final = Decimal(10) ** 12
"""No quantity, weight or level is as large as this."""


class Versioned(Protocol):
    version: int


def code(text: str, name: str = "code") -> str:
    """A short name that people type: capitals, digits, - _ and points."""
    text = text.strip().upper()
    plain = text.replace("-", "A").replace("_", "A").replace(".", "A")
    if not 1 <= len(text) <= MAX_CODE or not text.isascii() or not plain.isalnum() or not text[0].isalnum():
        raise InvalidInput(
            f"a code has 1 to {MAX_CODE} letters, digits, -, _ and points, and begins with a letter or a digit",
            field=("input", name),
        )
    return text


def line(text: str, limit: int, name: str, *, least: int = 1) -> str:
    """One line of text as it is kept: spaces put in order."""
    text = " ".join(text.split())
    if not least <= len(text) <= limit or not text.isprintable():
        raise InvalidInput(f"this takes {least} to {limit} printable characters", field=("input", name))
    return text


def prose(text: str, name: str, *, limit: int = MAX_TEXT) -> str:
    """Several lines of text as they are kept; nothing need be said."""
    text = text.strip()
    if len(text) > limit or not text.replace("\n", "").replace("\t", "").isprintable():
        raise InvalidInput(f"this takes up to {limit} printable characters", field=("input", name))
    return text


def unit(text: str, name: str = "unit") -> str:
    """A unit as it is kept, such as `kg` or `bag 50 kg`."""
    return unit_name(line(text, MAX_UNIT, name))


def measure(value: Decimal, name: str, *, places: int = QUANTITY_PLACES, positive: bool = False) -> Decimal:
    """A number of kilograms, pieces or the like that is not negative, with no more decimals than are kept."""
    if not value.is_finite() or value < 0 or value >= MOST or (positive and value == 0):
        least = "above 0" if positive else "from 0"
        raise InvalidInput(f"this takes a number {least} and below {MOST:f}", field=("input", name))
    kept = value.quantize(Decimal(1).scaleb(-places))
    if kept != value:
        raise InvalidInput(f"this takes at most {places} decimals", field=("input", name))
    return plain(kept)


def whole(value: int, name: str, *, most: int) -> int:
    """A number of days and the like."""
    if not 0 <= value <= most:
        raise InvalidInput(f"this takes a number from 0 to {most}", field=("input", name))
    return value


def require_version(row: Versioned, expected: int | None) -> None:
    """Nobody else changed it since the caller read it; whoever does not say what they read does not ask."""
    if expected is not None and expected != row.version:
        raise RecordChanged(f"this is at version {row.version} by now")


def changed(row: Any, columns: Mapping[str, Any]) -> dict[str, Any]:
    """Those columns that would get another value."""
    return {name: value for name, value in columns.items() if getattr(row, name) != value}


def change_of(wanted: Mapping[str, Any]) -> RecordChange:
    """What a change of these columns is to those who follow."""
    if "active" not in wanted:
        return RecordChange.EDITED
    return RecordChange.REACTIVATED if wanted["active"] else RecordChange.DEACTIVATED


def moment_of(actor: Actor, at: datetime | None, name: str) -> datetime | None:
    """The moment that a document is given; None for now. An earlier one needs the permission to date back."""
    if at is None:
        return None
    if at < EARLIEST:
        raise InvalidInput("the mill was not there yet", field=("input", name))
    if at > clock.now():
        raise FutureDate("this cannot have happened yet", field=("input", name))
    if not actor.may(Permission.MILL_BACKDATE):
        raise BackdatingNotAllowed(f"this needs the permission {Permission.MILL_BACKDATE.value}", field=("input", name))
    return at


@contextmanager
def refusals_of_tables(refusals: Mapping[str, Callable[[], DomainError]]) -> Iterator[None]:
    """Say in words what the tables refuse, constraint by constraint: they know what happens at the same moment."""
    try:
        yield
    except IntegrityError as error:
        cause = error.__cause__
        name = cause.constraint_name if isinstance(cause, asyncpg.IntegrityConstraintViolationError) else None
        if name is None or name not in refusals:
            raise
        raise refusals[name]() from None


@contextmanager
def refusals_at(path: tuple[str, ...], *, new: str | None = None) -> Iterator[None]:
    """What the block refuses of ``input`` is about the part at ``path``; of a new object, about the part named ``new``."""
    try:
        yield
    except DomainError as refused:
        match refused.field:
            case ("input", name, *rest):
                inside = (new,) if new is not None and not name.endswith("Id") else ()
                refused.field = (*path, *inside, name, *rest)
        raise


@contextmanager
def dated_by(name: str) -> Iterator[None]:
    """A closed period and a moment to come are refused at the input that says the day."""
    try:
        yield
    except (PeriodClosed, FutureDate) as refused:
        refused.field = ("input", name)
        raise
