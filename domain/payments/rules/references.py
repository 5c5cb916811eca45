"""References that people type into a telephone: which we give out, and which one was meant.

The account number of a Paybill payment is typed by the payer. Case, blanks and dashes do not count; what is left must be the
reference, or the money waits for a person. A reference that is only near is a suggestion: FEE-43 is as near to FEE-42 as a
slip of the finger.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Final

DEFAULT_TOLERANCE: Final = Decimal("0.2")
"""The share of a reference's characters that may be mistyped."""

MAX_TYPED: Final = 64
"""No telephone lets more be typed; the rest is not looked at."""

OURS: Final = "P"
"""How references begin that we give out."""

CLEAR: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Characters that nobody takes for another: no I and no 1, no O and no 0."""

GIVEN: Final = 9
"""How many of them a reference of ours has: 32 to the ninth, more than ten million million."""


def fresh(choose: Callable[[str], str]) -> str:
    """A reference to give out; ``choose`` picks one of the characters by chance."""
    return OURS + "".join(choose(CLEAR) for _ in range(GIVEN))


def bare(reference: str) -> str:
    """What counts of a reference: its letters and digits, in upper case."""
    text = unicodedata.normalize("NFKC", reference[:MAX_TYPED]).upper()
    return "".join(character for character in text if character.isascii() and character.isalnum())


def is_same(one: str, other: str) -> bool:
    """Whether two references are the same but for case, blanks and dashes."""
    return bare(one) == bare(other) != ""


@dataclass(frozen=True, slots=True)
class Meant:
    """The references that a typed account number may stand for: all that are equally near."""

    references: tuple[str, ...]
    distance: int

    @property
    def exact(self) -> str | None:
        """The one reference that was typed without a mistake."""
        return self.references[0] if self.distance == 0 and len(self.references) == 1 else None

    @property
    def nearest(self) -> str | None:
        """The one reference that is nearer than all others."""
        return self.references[0] if len(self.references) == 1 else None


def find(typed: str, references: Iterable[str], tolerance: Decimal = DEFAULT_TOLERANCE) -> Meant | None:
    """Which references ``typed`` is nearest to, in their order; None when none is within the tolerance."""
    wanted = bare(typed)
    best: list[str] = []
    nearest: int | None = None
    for reference in dict.fromkeys(references):
        known = bare(reference)
        allowed = int((len(known) * tolerance).to_integral_value(rounding=ROUND_FLOOR))
        distance = edits(wanted, known, at_most=allowed if nearest is None else min(allowed, nearest))
        if not wanted or not known or distance is None:
            continue
        if nearest is None or distance < nearest:
            best, nearest = [], distance
        best.append(reference)
    return Meant(tuple(best), nearest) if nearest is not None else None


def edits(one: str, other: str, *, at_most: int) -> int | None:
    """The Levenshtein distance: how many characters must be put in, taken out or replaced; None when more than allowed."""
    if abs(len(one) - len(other)) > at_most:
        return None
    row = list(range(len(other) + 1))
    for i, character in enumerate(one, 1):
        diagonal, row[0] = row[0], i
        for j, wanted in enumerate(other, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (character != wanted))
        if min(row) > at_most:
            return None
    return row[-1] if row[-1] <= at_most else None


def likeness(one: str, other: str) -> Decimal:
    """1 for the same, 0 for nothing in common: the share of the longer one's characters that need no edit."""
    first, second = bare(one), bare(other)
    longest = max(len(first), len(second))
    if not first or not second:
        return Decimal(0)
    distance = edits(first, second, at_most=longest)
    assert distance is not None, "no two texts are farther apart than the longer one is long"
    return 1 - Decimal(distance) / longest
