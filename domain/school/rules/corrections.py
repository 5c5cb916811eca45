"""Which money is taken back when less was paid than was written down: the latest first, each by the way it came."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.kit.money import Money


@dataclass(frozen=True, slots=True)
class Recorded:
    """Money that was written down for a fee, signed, with the way it took. ``undoable`` is a payment that still stands."""

    id: UUID
    way: Hashable
    amount: Money
    undoable: bool


@dataclass(frozen=True, slots=True)
class Correction:
    """An amount that is taken back of a payment; ``whole`` where that is all of it."""

    of: UUID
    amount: Money
    whole: bool


@dataclass(frozen=True, slots=True)
class Corrections:
    """What is taken back, and what is left that was never written down."""

    parts: tuple[Correction, ...]
    left: Money


def corrections(recorded: Sequence[Recorded], amount: Money) -> Corrections:
    """Of rows in the order in which they were written. No way gives back more than came by it and is still there.

    What went back by a way on which there was less, as a refund in cash of what had come otherwise, is no debt of those who
    pay by it later.
    """
    nothing = Money.zero(amount.currency)
    there: dict[Hashable, Money] = {}
    for row in recorded:
        there[row.way] = max(there.get(row.way, nothing) + row.amount, nothing)
    left, parts = amount, []
    for row in reversed(recorded):
        part = min(left, there[row.way], row.amount) if row.undoable else nothing
        if part.amount_minor > 0:
            parts.append(Correction(row.id, part, whole=part == row.amount))
            there[row.way] -= part
            left -= part
    return Corrections(tuple(parts), left)
