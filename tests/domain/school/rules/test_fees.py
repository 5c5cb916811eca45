"""The figures of a fee, what it is made of, and when high arrears are told of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kit.errors import CurrencyMismatch
from domain.kit.money import Money
from domain.school.rules.arrears import is_high, move, threshold_in
from domain.school.rules.fees import Figures, fee_id_in, reference_of, sums
from domain.school.rules.figures import percentage
from domain.school.rules.refusals import BadFigure, BadStructure, FeeRefusal
from domain.school.rules.structure import Component, FeeStructure, require_within
from domain.school.states import FEE_TRANSITIONS, OWING, ArrearsMove, FeeStatus
from tests.domain.school.rules.factory import FEW
from tests.domain.school.rules.money import NOTHING, STRUCTURE, ghs, minor

AMOUNT = st.integers(0, 10**12).map(minor)


@pytest.mark.parametrize(
    ("due", "paid", "refunded", "status"),
    [
        (1500, 0, 0, FeeStatus.UNPAID),
        (1500, 500, 0, FeeStatus.PARTIALLY_PAID),
        (1500, 1500, 0, FeeStatus.PAID),
        (1500, 1501, 0, FeeStatus.OVERPAID),
        (0, 0, 0, FeeStatus.PAID),
        (0, 0, 1500, FeeStatus.REFUNDED),
        (750, 750, 750, FeeStatus.PAID),
        (1500, 0, 600, FeeStatus.UNPAID),
        (0, 100, 50, FeeStatus.OVERPAID),
    ],
)
def test_the_status_follows_from_the_figures(due: int, paid: int, refunded: int, status: FeeStatus) -> None:
    assert Figures(due=ghs(due), paid=ghs(paid), refunded=ghs(refunded)).status is status


def test_a_fee_of_1500_through_its_life() -> None:
    unpaid, some, more = (Figures.of(ghs(1500), ghs(paid)) for paid in (0, 500, 600))
    assert [fee.arrears for fee in (unpaid, some, more)] == [ghs(1500), ghs(1000), ghs(900)]


@FEW
@given(AMOUNT, AMOUNT)
def test_arrears_are_due_less_paid_and_credit_is_shown_apart(due: Money, paid: Money) -> None:
    fee = Figures.of(due, paid)
    assert fee.arrears == due - paid == fee.outstanding - fee.credit
    assert not (fee.outstanding and fee.credit)
    assert (fee.status in OWING) is bool(fee.outstanding)
    assert (fee.status is FeeStatus.OVERPAID) is bool(fee.credit)


def test_a_deleted_fee_owes_nothing_and_has_no_way_back() -> None:
    fee = replace(Figures.of(ghs(1500)), void=True)
    assert fee.status is FeeStatus.VOID and fee.outstanding == NOTHING
    assert FEE_TRANSITIONS[FeeStatus.VOID] == frozenset()
    with pytest.raises(BadFigure):
        Figures(due=ghs(1), paid=ghs(1), refunded=NOTHING, void=True)


def test_figures_are_not_negative_and_in_one_currency() -> None:
    with pytest.raises(BadFigure, match="what is paid is not negative"):
        Figures.of(ghs(1), ghs(-1))
    with pytest.raises(CurrencyMismatch):
        Figures.of(ghs(1), Money.of(1, "KES"))


@FEW
@given(st.lists(st.builds(Figures.of, AMOUNT, AMOUNT), max_size=8))
def test_credit_of_one_fee_does_not_pay_another(fees: Sequence[Figures]) -> None:
    found = sums([*fees, replace(Figures.of(ghs(9)), void=True)], "GHS")
    assert found.due - found.paid == found.outstanding - found.credit
    assert found.outstanding == minor(sum(fee.outstanding.amount_minor for fee in fees))


def test_references() -> None:
    assert reference_of(42) == "FEE-42" and fee_id_in("FEE-42") == "42"
    assert fee_id_in("FEE-") is None and fee_id_in("LOAN-42") is None


@pytest.mark.parametrize("bad", ["-0.0001", "100.0001", "33.33333", "NaN", "Infinity"])
def test_percentages_have_bounds(bad: str) -> None:
    with pytest.raises(BadFigure):
        percentage(Decimal(bad))


@pytest.mark.parametrize(
    "components",
    [
        (),
        (Component("A", ghs(1)), Component("A", ghs(2))),
        (Component("A", NOTHING),),
        (Component("A", ghs(1)), Component("B", Money.of(1, "KES"))),
    ],
)
def test_what_is_no_structure(components: tuple[Component, ...]) -> None:
    with pytest.raises(BadStructure):
        FeeStructure(components)


def test_a_structure_of_as_many_categories_as_there_can_be() -> None:
    components = tuple(Component(f"C{at}", minor(1)) for at in range(101))
    assert FeeStructure(components[:100]).total == ghs(1)
    with pytest.raises(BadStructure):
        FeeStructure(components)


def test_schedules_stay_within_the_structure() -> None:
    term = [("TUITION", ghs(400)), ("REGISTRATION", ghs(100))]
    require_within(STRUCTURE, [term] * 3)
    with pytest.raises(BadStructure, match=r"TUITION is GHS 1,200\.00"):
        require_within(STRUCTURE, [term, term, [("TUITION", ghs("400.01"))]])
    with pytest.raises(BadStructure):
        require_within(STRUCTURE, [[("BUS", ghs(1))]])


def test_exactly_the_threshold_is_not_high() -> None:
    threshold = threshold_in("GHS")
    assert threshold == ghs("1000.00")
    assert not is_high(ghs("1000.00"), threshold) and is_high(ghs("1000.01"), threshold)
    with pytest.raises(FeeRefusal):
        threshold_in("GHS", Decimal(-1))


def test_the_alert_of_a_fee_of_1500() -> None:
    threshold, raised = threshold_in("GHS"), False
    moves = []
    for arrears in (1500, 1400, 1000, 900, 1000, 1001, 1500, 1000):
        found = move(ghs(arrears), threshold, raised=raised)
        raised = raised if found is None else found is ArrearsMove.RAISED
        moves.append(found)
    raising, clearing = ArrearsMove.RAISED, ArrearsMove.CLEARED
    assert moves == [raising, None, clearing, None, None, raising, None, clearing]


@FEW
@given(st.lists(st.integers(99_990, 100_010), max_size=30))
def test_it_is_raised_as_often_as_arrears_cross_upwards(history: list[int]) -> None:
    threshold, raised, count = threshold_in("GHS"), False, 0
    for arrears in history:
        found = move(minor(arrears), threshold, raised=raised)
        raised = raised if found is None else found is ArrearsMove.RAISED
        count += found is ArrearsMove.RAISED
        assert raised is (arrears > 100_000)
        assert move(minor(arrears), threshold, raised=raised) is None
    assert count == sum(was <= 100_000 < now for was, now in zip([0, *history], history, strict=False))
