"""Bills of materials: how much a quantity needs, and how its cost is shared among what comes out.

Output and by-products together carry exactly what went in and the overhead. A by-product takes a fixed amount or a share of
the whole cost, in the order of its line and at most what the others before it have left; the main output takes the rest.
Quantities are thousandths of a base unit, costs whole minor units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from domain.milling.rules.rounding import half_up
from domain.milling.states import CostRule

WHOLE: Final = 10_000
"""All of a cost in basis points."""


@dataclass(frozen=True, slots=True)
class Taking:
    """What a by-product takes of a cost: minor units in total (FIXED), or basis points of the whole (SHARE)."""

    rule: CostRule
    value: int


def needed(quantity: int, makes: int, wanted: int) -> int:
    """How much of a line is needed for ``wanted``, if ``quantity`` of it is for ``makes``; halves up, never less than 1."""
    return max(half_up(quantity * wanted, makes), 1)


def most_that_can_be_made(available: int, quantity: int, makes: int) -> int:
    """The largest output for which :func:`needed` is not above what is available of a line."""
    return (2 * makes * available + makes - 1) // (2 * quantity) if available > 0 else 0


def shared_out(cost: int, takings: Sequence[Taking]) -> tuple[list[int], int]:
    """What each by-product takes of a cost, and what is left for the main output."""
    left, parts = cost, []
    for taking in takings:
        wanted = taking.value if taking.rule is CostRule.FIXED else half_up(cost * taking.value, WHOLE)
        part = min(wanted, left)
        parts.append(part)
        left -= part
    return parts, left
