"""What a fee is made of: an amount for each category, and which of them follow the time that a student is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from domain.kit.money import Money
from domain.school.rules.figures import total
from domain.school.rules.refusals import BadStructure

MAX_COMPONENTS: Final = 100


@dataclass(frozen=True, slots=True)
class Component:
    """What one category costs. A registration, for one, is neither less for who comes later nor given back."""

    category: str
    amount: Money
    prorated: bool = True
    refundable: bool = True


@dataclass(frozen=True, slots=True)
class FeeStructure:
    """The listed price of a class for a period. Its order is the order in which categories are paid."""

    components: tuple[Component, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.components) <= MAX_COMPONENTS:
            raise BadStructure(f"a fee has from 1 to {MAX_COMPONENTS} categories")
        if len({each.category for each in self.components}) < len(self.components):
            raise BadStructure("each category is in a fee once")
        if any(each.amount.amount_minor <= 0 for each in self.components):
            raise BadStructure("each category costs more than nothing")
        if any(each.amount.currency != self.currency for each in self.components):
            raise BadStructure("a fee is in one currency")

    @property
    def currency(self) -> str:
        return self.components[0].amount.currency

    @property
    def total(self) -> Money:
        return total((each.amount for each in self.components), self.currency)

    def amount_of(self, category: str) -> Money:
        """Nothing for what it does not have."""
        return next((each.amount for each in self.components if each.category == category), Money.zero(self.currency))


def require_within(structure: FeeStructure, schedules: Iterable[Sequence[tuple[str, Money]]]) -> None:
    """Refuse fee schedules that together ask for more of a category than the structure has."""
    asked: dict[str, Money] = {}
    for schedule in schedules:
        for category, amount in schedule:
            asked[category] = asked.get(category, Money.zero(structure.currency)) + amount
    for category, amount in asked.items():
        if amount > structure.amount_of(category):
            raise BadStructure(
                f"{category} is {structure.amount_of(category)} in the structure; the schedules have {amount}"
            )
