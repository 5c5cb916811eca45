"""What a student pays less: by category or on the whole, an amount or a share, never more than there is.

Discounts are given in the order in which they are listed. A share is taken of the listed price, so that 10 % and 50 % are
60 %, or of what the ones before have left, so that they are 55 %. Each is rounded half up as a whole; one on the whole is
then spread over the categories by what is left of them, the odd minor units to the largest remainders.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from domain.kit.money import Money
from domain.school.rules.figures import percent_of, percentage, total
from domain.school.rules.refusals import BadDiscount
from domain.school.rules.structure import FeeStructure
from domain.school.states import DiscountBase, DiscountKind

MAX_DISCOUNTS: Final = 20
MAX_NAME: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """``amount`` of a fixed one, ``percent`` of a share; without a ``category`` it is on the whole fee."""

    name: str
    kind: DiscountKind
    amount: Money | None = None
    percent: Decimal | None = None
    category: str | None = None

    def __post_init__(self) -> None:
        if not (0 < len(self.name) <= MAX_NAME and self.name.isprintable()):
            raise BadDiscount(f"a discount is called something in up to {MAX_NAME} printable characters")
        is_fixed = self.kind is DiscountKind.FIXED
        if (self.amount is not None) is not is_fixed or (self.percent is None) is not is_fixed:
            raise BadDiscount("a discount is an amount or a percentage, as its kind says")
        if self.amount is not None and self.amount.amount_minor <= 0:
            raise BadDiscount("a discount is of more than nothing")
        if self.percent is not None:
            percentage(self.percent, above_zero=True)


@dataclass(frozen=True, slots=True)
class Charge:
    """One category of a student's fee: what it costs, what is taken off, and what is left to pay."""

    category: str
    listed: Money
    discount: Money
    prorated: bool = True
    refundable: bool = True

    @property
    def net(self) -> Money:
        return self.listed - self.discount


@dataclass(frozen=True, slots=True)
class Charges:
    """The fee of a student, with how much each discount took off."""

    rows: tuple[Charge, ...]
    taken: tuple[Money, ...]

    @property
    def due(self) -> Money:
        return total((row.net for row in self.rows), self.rows[0].listed.currency)


def charge(
    structure: FeeStructure, discounts: Sequence[Discount] = (), *, base: DiscountBase = DiscountBase.WHAT_IS_LEFT
) -> Charges:
    """The fee of a student who has these discounts. Refused when they come to more than there is to take off."""
    if len(discounts) > MAX_DISCOUNTS:
        raise BadDiscount(f"a fee has at most {MAX_DISCOUNTS} discounts")
    left = {each.category: each.amount for each in structure.components}
    taken = []
    for number, discount in enumerate(discounts, 1):
        off = _taken_off(structure, discount, left, base, rounded_up=number // 2)
        for category, amount in off.items():
            left[category] -= amount
        taken.append(total(off.values(), structure.currency))
    rows = tuple(
        Charge(each.category, each.amount, each.amount - left[each.category], each.prorated, each.refundable)
        for each in structure.components
    )
    return Charges(rows, tuple(taken))


def _taken_off(
    structure: FeeStructure, discount: Discount, left: dict[str, Money], base: DiscountBase, *, rounded_up: int
) -> dict[str, Money]:
    """What one discount takes off each category that it is on.

    ``rounded_up`` is how many minor units shares of 100 % together can be above the fee because each was rounded: half of
    one for each of them. The last one is that much less.
    """
    on = list(left) if discount.category is None else [discount.category]
    if discount.category is not None and discount.category not in left:
        raise BadDiscount(f"{discount.name} is on {discount.category}, which is not charged")
    there = total((left[category] for category in on), structure.currency)
    listed = total((structure.amount_of(category) for category in on), structure.currency)
    amount = _amount(discount, listed if base is DiscountBase.LISTED_PRICE else there)
    if amount.currency != structure.currency:
        raise BadDiscount(f"{discount.name} is in {amount.currency}, the fee in {structure.currency}")
    if discount.percent is not None and amount.amount_minor - there.amount_minor <= rounded_up:
        amount = min(amount, there)
    if amount > there:
        raise BadDiscount(f"{discount.name} is {amount}, but only {there} is left to take it off")
    if not amount:
        return {}
    return dict(zip(on, amount.split([left[category].amount_minor for category in on]), strict=True))


def _amount(discount: Discount, base: Money) -> Money:
    if discount.amount is not None:
        return discount.amount
    assert discount.percent is not None, "a discount that is no amount is a percentage"
    return percent_of(base, discount.percent)
