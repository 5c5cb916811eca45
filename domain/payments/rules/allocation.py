"""What a payment pays of a receivable: never more than is owed, never more than is free of the payment."""

from __future__ import annotations

from dataclasses import dataclass

from domain.kit.money import Money


class OverAllocation(ValueError):
    """More is to be allocated than is owed, or than is left of the payment."""


@dataclass(frozen=True, slots=True)
class Allocated:
    """What is left on both sides."""

    outstanding: Money
    free: Money


def allocate(amount: Money, *, outstanding: Money, free: Money) -> Allocated:
    """Pay ``amount`` of what is outstanding from what is free of a payment."""
    if amount.amount_minor <= 0:
        raise OverAllocation("an allocation is more than nothing")
    if amount > free:
        raise OverAllocation(f"only {free} of the payment is free")
    if amount > outstanding:
        raise OverAllocation(f"only {outstanding} is outstanding")
    return Allocated(outstanding - amount, free - amount)
