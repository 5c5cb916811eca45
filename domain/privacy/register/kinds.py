"""How columns are declared: whose data they hold, and what an erasure leaves in their place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final


class Kind(Enum):
    """What a personal column holds, by what becomes of it. Everything but the first four is gone without a trace."""

    NAME = "a name, which becomes the pseudonym"
    EMAIL = "an e-mail address, which becomes one that leads nowhere"
    CODE = "a number by which a person is known, which becomes a pseudonym as well"
    MENTION = "text in which a person may be mentioned: names, addresses and numbers in it are replaced, the rest stays"
    TEXT = "text about a person, which becomes a word that says so; empty text stays empty"
    OTHER_TEXT = "as TEXT, by another word: where two columns of a row must differ"
    NULL = "anything, which becomes null"
    BLANK = "text, which becomes empty"
    PHONE = "a telephone number that cannot be null, which becomes one that nobody has"
    OBJECT = "a JSON object, which becomes empty"
    SECRET = "a secret, which opens nothing afterwards; it is not given out either"


@dataclass(frozen=True, slots=True)
class Holding:
    """The personal columns of a table. ``of`` is the condition under which a row is of a person, with ``$1`` as the ids by
    which the person is known; None where rows are of nobody, and can only mention somebody. ``deleted``: the row goes as a
    whole."""

    table: str
    of: str | None
    columns: Mapping[str, Kind] = field(default_factory=dict)
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """What a room of the domain holds of people. ``purpose`` and ``kept`` are told to them. ``free`` are the columns of
    text, JSON and bytes by table that hold nothing of anybody: codes, states, words of the house, names of things."""

    name: str
    purpose: str
    kept: str
    holdings: tuple[Holding, ...]
    free: Mapping[str, str]

    def columns_declared(self) -> set[tuple[str, str]]:
        personal = {(each.table, column) for each in self.holdings for column in each.columns}
        return personal | {(table, column) for table, columns in self.free.items() for column in columns.split()}


NAME, EMAIL, CODE, MENTION, TEXT = Kind.NAME, Kind.EMAIL, Kind.CODE, Kind.MENTION, Kind.TEXT
OTHER_TEXT, NULL, BLANK, PHONE, OBJECT, SECRET = (
    Kind.OTHER_TEXT,
    Kind.NULL,
    Kind.BLANK,
    Kind.PHONE,
    Kind.OBJECT,
    Kind.SECRET,
)

THEM: Final = "= any ($1::uuid[])"


def held(table: str, of: str | None, **columns: Kind) -> Holding:
    """``of`` may be a column that holds the person's id, or a condition."""
    condition = f"{of} {THEM}" if of is not None and of.isidentifier() else of
    return Holding(table, condition, columns)


def deleted(table: str, of: str, **columns: Kind) -> Holding:
    condition = f"{of} {THEM}" if of.isidentifier() else of
    return Holding(table, condition, columns, deleted=True)


def mentions(table: str, *columns: str, of: str | None = None) -> Holding:
    return held(table, of, **dict.fromkeys(columns, MENTION))
