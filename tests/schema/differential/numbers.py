"""Numbers that follow from numbers: what is fabricated depends on a seed and on a place alone, never on who came first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, TypeVar
from zlib import crc32

T = TypeVar("T")

_MASK: Final = (1 << 64) - 1


def mixed(number: int, other: int) -> int:
    """One number of two, as splitmix64 does it: neighbours have nothing in common."""
    z = (number ^ (other * 0x9E3779B97F4A7C15)) + 0x9E3779B97F4A7C15 & _MASK
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & _MASK
    return z ^ (z >> 31)


@lru_cache(maxsize=100_000)
def number_of(text: str) -> int:
    return crc32(text.encode())


class Die:
    """Falls as its place says: the same number always gives the same falls."""

    __slots__ = ("_state",)

    def __init__(self, place: int) -> None:
        self._state = mixed(place, 0xD1E)

    def below(self, bound: int) -> int:
        self._state = mixed(self._state, 1)
        return self._state % bound

    def in_a_thousand(self, many: int) -> bool:
        return many > 0 and self.below(1000) < many

    def one_of(self, options: Sequence[T]) -> T:
        return options[self.below(len(options))]
