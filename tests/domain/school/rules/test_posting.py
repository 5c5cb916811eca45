"""The books have of each fee what is paid of it: one live row, or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kit.money import Money
from domain.school.rules.allocation import spread
from domain.school.rules.arrears import move, threshold_in
from domain.school.rules.fees import Figures
from domain.school.rules.posting import LiveRow, Post, Reverse, Share, Step, shares, steps
from domain.school.rules.refusals import BadAllocation
from domain.school.states import ArrearsMove
from tests.domain.school.rules.factory import FEW
from tests.domain.school.rules.money import ghs, line, minor

FEE = [line(1, date(2025, 9, 1), "TUITION", ghs(1200)), line(1, date(2025, 9, 1), "BUS", ghs(300))]
ACCOUNTS = {"TUITION": "4110", "BUS": "4120"}


def wanted(paid: Money) -> tuple[Share, ...]:
    return shares(spread(FEE, paid), ACCOUNTS, "2400")


class Books:
    """Entries as an append-only ledger has them."""

    def __init__(self) -> None:
        self.posted: dict[UUID, tuple[Share, ...]] = {}
        self.reversed: set[UUID] = set()

    @property
    def live(self) -> list[LiveRow]:
        return [LiveRow(key, row) for key, row in self.posted.items() if key not in self.reversed]

    @property
    def amount(self) -> int:
        return sum(share.amount.amount_minor for row in self.live for share in row.shares)

    def take(self, what: Sequence[Step]) -> None:
        for step in what:
            if isinstance(step, Reverse):
                assert step.entry_id not in self.reversed
                self.reversed.add(step.entry_id)
            else:
                self.posted[UUID(int=len(self.posted))] = step.shares


def test_each_category_is_income_of_its_own_account() -> None:
    assert wanted(ghs(1300)) == (Share("4110", ghs(1200)), Share("4120", ghs(100)))
    assert wanted(ghs(1600)) == (Share("2400", ghs(100)), Share("4110", ghs(1200)), Share("4120", ghs(300)))
    assert wanted(ghs(0)) == ()
    assert shares(spread(FEE, ghs(1500)), dict.fromkeys(ACCOUNTS, "4100"), "4100") == (Share("4100", ghs(1500)),)
    with pytest.raises(BadAllocation, match="BUS has no income account"):
        shares(spread(FEE, ghs(1300)), {"TUITION": "4110"}, "2400")


def test_a_fee_that_is_paid_more_then_not_and_again() -> None:
    books = Books()
    for paid, entries, reversals in ((500, 1, 0), (600, 2, 1), (600, 2, 1), (0, 2, 2), (0, 2, 2), (600, 3, 2)):
        books.take(steps(books.live, wanted(ghs(paid))))
        assert books.amount == paid * 100
        assert (len(books.posted), len(books.reversed)) == (entries, reversals)


def test_a_fee_of_1500_in_the_books_and_in_the_alert() -> None:
    """Unpaid it is told of; 500 leave exactly 1,000.00, which is not; 600 are one row; nothing paid is no row, and told."""
    books, raised, story = Books(), False, []
    for paid in (0, 500, 600, 0):
        fee = Figures.of(ghs(1500), ghs(paid))
        books.take(steps(books.live, wanted(fee.paid)))
        told = move(fee.outstanding, threshold_in("GHS"), raised=raised)
        raised = raised if told is None else told is ArrearsMove.RAISED
        story.append((fee.arrears, books.amount, len(books.live), told))
    assert story == [
        (ghs(1500), 0, 0, ArrearsMove.RAISED),
        (ghs(1000), 500_00, 1, ArrearsMove.CLEARED),
        (ghs(900), 600_00, 1, None),
        (ghs(1500), 0, 0, ArrearsMove.RAISED),
    ]


def test_the_steps_of_a_change() -> None:
    row = LiveRow(UUID(int=7), wanted(ghs(500)))
    assert steps([], wanted(ghs(500))) == (Post((Share("4110", ghs(500)),)),)
    assert steps([row], wanted(ghs(500))) == ()
    assert steps([row], wanted(ghs(600))) == (Reverse(row.entry_id), Post((Share("4110", ghs(600)),)))
    assert steps([row], ()) == (Reverse(row.entry_id),)
    assert steps([], ()) == ()
    assert Post(wanted(ghs(1300))).amount == ghs(1300)


def test_the_same_money_to_another_account_is_another_row() -> None:
    row = LiveRow(UUID(int=7), (Share("4100", ghs(500)),))
    assert steps([row], wanted(ghs(500))) == (Reverse(row.entry_id), Post((Share("4110", ghs(500)),)))


def test_a_row_is_what_it_says_not_how_it_is_written() -> None:
    row = LiveRow(
        UUID(int=7), (Share("4120", ghs(100)), Share("4110", ghs(1000)), Share("4110", ghs(200)), Share("9", ghs(0)))
    )
    assert steps([row], wanted(ghs(1300))) == ()
    with pytest.raises(BadAllocation):
        steps([], (Share("4110", ghs(-1)),))


def test_a_repair_keeps_one_of_two_rows() -> None:
    first, second, right = (LiveRow(UUID(int=at), wanted(ghs(paid))) for at, paid in ((1, 500), (2, 600), (3, 600)))
    assert steps([first, second, right], wanted(ghs(600))) == (Reverse(first.entry_id), Reverse(right.entry_id))


@FEW
@given(st.lists(st.integers(0, 200_000), max_size=12), st.integers(0, 3))
def test_after_any_sequence_there_is_one_live_row_or_none(history: list[int], strays: int) -> None:
    books = Books()
    books.take([Post((Share("4100", ghs(1)),))] * strays)
    for paid in history:
        books.take(steps(books.live, wanted(minor(paid))))
        assert books.amount == paid
        assert len(books.live) == bool(paid)
        assert steps(books.live, wanted(minor(paid))) == ()
