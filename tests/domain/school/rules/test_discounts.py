"""What a student pays less."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kit.money import Money
from domain.school.rules.discounts import Discount, charge
from domain.school.rules.refusals import BadDiscount, BadFigure
from domain.school.rules.structure import Component, FeeStructure
from domain.school.states import DiscountBase, DiscountKind
from tests.domain.school.rules.factory import FEW
from tests.domain.school.rules.money import NOTHING, STRUCTURE, ghs, minor

LISTED = DiscountBase.LISTED_PRICE


def percent(value: str, category: str | None = None) -> Discount:
    return Discount(name=f"{value} %", kind=DiscountKind.PERCENTAGE, percent=Decimal(value), category=category)


def fixed(value: Money, category: str | None = None) -> Discount:
    return Discount(name=str(value), kind=DiscountKind.FIXED, amount=value, category=category)


def nets(*discounts: Discount, base: DiscountBase = DiscountBase.WHAT_IS_LEFT) -> list[Money]:
    return [row.net for row in charge(STRUCTURE, discounts, base=base).rows]


def test_without_discounts_it_is_the_listed_price() -> None:
    assert nets() == [ghs(1200), ghs(300)]


def test_one_on_a_category_leaves_the_others() -> None:
    assert nets(percent("25", "TUITION")) == [ghs(900), ghs(300)]


def test_one_on_the_whole_is_spread() -> None:
    assert nets(fixed(ghs(100))) == [ghs(1120), ghs(280)]


def test_shares_add_up_or_follow_one_another() -> None:
    assert charge(STRUCTURE, [percent("10"), percent("50")], base=LISTED).due == ghs(600)
    assert charge(STRUCTURE, [percent("10"), percent("50")]).due == ghs(675)


def test_the_order_of_the_list_is_kept() -> None:
    first, second = percent("50"), fixed(ghs(100))
    assert charge(STRUCTURE, [first, second]).due == ghs(650)
    assert charge(STRUCTURE, [second, first]).due == ghs(700)


def test_a_full_scholarship_leaves_nothing() -> None:
    found = charge(STRUCTURE, [percent("100")])
    assert found.due == NOTHING and found.taken == (ghs(1500),)


def test_half_a_minor_unit_is_one() -> None:
    cent = FeeStructure((Component("A", ghs("0.01")),))
    assert charge(cent, [percent("50")]).due == NOTHING
    assert charge(cent, [percent("49.9999")]).due == ghs("0.01")


def test_what_only_rounding_takes_too_much_is_cut() -> None:
    three = FeeStructure((Component("A", ghs("0.03")),))
    assert charge(three, [percent("50"), percent("50")], base=LISTED).taken == (ghs("0.02"), ghs("0.01"))
    ten = FeeStructure((Component("A", ghs("0.10")),))
    assert charge(ten, [percent("5")] * 20, base=LISTED).due == NOTHING
    with pytest.raises(BadDiscount):
        charge(ten, [percent("100"), percent("20")], base=LISTED)


@pytest.mark.parametrize(
    "discounts",
    [
        [percent("60"), percent("60")],
        [fixed(ghs("1500.01"))],
        [fixed(ghs(301), "REGISTRATION")],
        [percent("10", "BUS")],
        [fixed(Money.of(1, "KES"))],
        [percent("1")] * 21,
    ],
)
def test_refused_when_there_is_not_so_much(discounts: list[Discount]) -> None:
    with pytest.raises(BadDiscount):
        charge(STRUCTURE, discounts, base=LISTED)


def test_a_discount_can_be_of_one_minor_unit() -> None:
    assert charge(STRUCTURE, [fixed(ghs("0.01"))]).due == ghs("1499.99")


@FEW
@given(st.lists(st.integers(1, 60_000), min_size=1, max_size=20), st.integers(1, 500))
def test_shares_of_100_percent_together_are_never_refused(cuts: list[int], amount: int) -> None:
    shares: list[int] = []
    left = 1_000_000
    for cut in cuts:
        if cut < left and len(shares) < 19:
            shares.append(cut)
            left -= cut
    found = charge(
        FeeStructure((Component("A", minor(amount)), Component("B", minor(7)))),
        [percent(f"{Decimal(share).scaleb(-4):f}") for share in [*shares, left]],
        base=LISTED,
    )
    assert found.due.amount_minor <= len(shares)


def test_what_is_no_discount() -> None:
    for bad in ("100.01", "0", "-1"):
        with pytest.raises(BadFigure):
            percent(bad)
    with pytest.raises(BadDiscount):
        fixed(NOTHING)
    with pytest.raises(BadDiscount):
        Discount(name="both", kind=DiscountKind.FIXED, amount=ghs(1), percent=Decimal(1))
    with pytest.raises(BadDiscount):
        Discount(name="none", kind=DiscountKind.PERCENTAGE)


PERCENTS = st.integers(1, 1_000_000).map(lambda value: Decimal(value).scaleb(-4))


@FEW
@given(
    st.lists(st.integers(1, 10**9), min_size=1, max_size=5),
    st.lists(st.tuples(PERCENTS, st.integers(0, 4), st.booleans()), max_size=6),
)
def test_nothing_is_lost_between_price_discounts_and_what_is_left(
    amounts: list[int], given_off: list[tuple[Decimal, int, bool]]
) -> None:
    structure = FeeStructure(tuple(Component(f"C{at}", minor(amount)) for at, amount in enumerate(amounts)))
    discounts = [percent(f"{value:f}", f"C{at % len(amounts)}" if single else None) for value, at, single in given_off]
    found = charge(structure, discounts)
    assert all(minor(0) <= row.net <= row.listed for row in found.rows)
    assert structure.total - found.due == minor(sum(taken.amount_minor for taken in found.taken))
