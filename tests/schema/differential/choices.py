"""Choices: whatever makes documents and worlds decides by these, so that the same makers serve hypothesis and plain dice.

Hypothesis finds small examples in the suite; dice are twenty times as fast where a million cases are run.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


class Choices(Protocol):
    def whole(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        ...

    def chance(self, percent: int) -> bool:
        """True in so many cases of a hundred."""
        ...

    def one_of(self, options: Sequence[T]) -> T: ...


class Dice:
    """Choices by a seed."""

    def __init__(self, seed: int | str) -> None:
        self._random = random.Random(seed)

    def whole(self, low: int, high: int) -> int:
        return low + int(self._random.random() * (high - low + 1))

    def chance(self, percent: int) -> bool:
        return self._random.random() * 100 < percent

    def one_of(self, options: Sequence[T]) -> T:
        return options[int(self._random.random() * len(options))]


_PERCENT = st.integers(0, 99)


class Drawn:
    """Choices that hypothesis makes. The smallest are the simplest: no chance comes true, the first option is taken."""

    def __init__(self, data: Any) -> None:
        self._draw = data.draw

    def whole(self, low: int, high: int) -> int:
        return int(self._draw(st.integers(low, high)))

    def chance(self, percent: int) -> bool:
        return bool(self._draw(_PERCENT) >= 100 - percent)

    def one_of(self, options: Sequence[T]) -> T:
        return options[self.whole(0, len(options) - 1)]
