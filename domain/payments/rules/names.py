"""Whether the name of who paid is that of who was to pay, as far as M-Pesa tells it.

It tells names in capitals, their parts in any order, of some payers the first one alone, and of others with letters masked.
"""

from __future__ import annotations

import unicodedata
from enum import Enum, auto
from typing import Final

MAX_NAME: Final = 200
"""Characters that are looked at."""

ENOUGH_PARTS: Final = 2
"""Two parts of a name that are the same are no chance; one, as a first name, may be."""


class Likeness(Enum):
    """How much two names have in common. LIKE: several parts, or all that one of them has."""

    SAME = auto()
    LIKE = auto()
    NONE = auto()


def likeness_of_names(one: str, other: str) -> Likeness:
    """By the parts of both, in whatever order, case and spelling of accents. A first name alone is never the same, as many
    have it."""
    first, second = _parts(one), _parts(other)
    common = len(first & second)
    if first == second and common >= ENOUGH_PARTS:
        return Likeness.SAME
    is_like = common >= ENOUGH_PARTS or 0 < common == min(len(first), len(second))
    return Likeness.LIKE if is_like else Likeness.NONE


def _parts(name: str) -> frozenset[str]:
    """Words of at least two letters without their accents. A word in which letters are masked, and an initial, say too
    little."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", name[:MAX_NAME]) if not unicodedata.combining(each))
    words = plain.casefold().replace("-", " ").replace("'", "").replace("’", "").replace(".", " ").split()
    return frozenset(word for word in words if len(word) > 1 and word.isalpha())
