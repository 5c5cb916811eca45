"""Refusals as clients see them: the figures of a message are there for programs too."""

from __future__ import annotations

from decimal import Decimal

from domain.kit.errors import Conflict, DomainError
from domain.kit.money import Money
from schema.kit.errors import Figure, Refusal


class TooMuch(DomainError):
    """A refusal of these tests."""

    figures = ("asked_for", "available", "count")

    def __init__(self) -> None:
        self.asked_for, self.available, self.count = Decimal("1E+3"), Money(1_050, "KES"), 3
        super().__init__("too much")


def test_figures_are_plain_numbers_by_their_names() -> None:
    assert Refusal.of(TooMuch()).figures == [
        Figure("askedFor", "1000"),
        Figure("available", "10.50"),
        Figure("count", "3"),
    ]


def test_most_refusals_have_none() -> None:
    assert Refusal.of(Conflict("changed")).figures == []
