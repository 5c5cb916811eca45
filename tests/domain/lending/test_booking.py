"""What a loan has in the books, as a pure function: it balances, and carries what the state says, whatever happened."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.lending.booking import Booking, BookingKind, bookings
from domain.lending.history import Dated, MoneyWay
from domain.lending.rules import replay
from domain.lending.rules.facts import AnyFact
from domain.lending.rules.state import Components, LoanState
from domain.lending.rules.terms import LoanTerms
from domain.lending.service.books import content_of
from domain.lending.states import PaymentChannel
from tests.domain.lending.rules import factory as make
from tests.domain.lending.rules.test_properties import START, cases

NOBODY = UUID(int=0)
CASH = MoneyWay(channel=PaymentChannel.CASH, account="1110")


def history_of(facts: list[AnyFact], *, fees_kept: bool = True) -> list[Dated]:
    way = MoneyWay(channel=PaymentChannel.CASH, account="1110", fees_kept=fees_kept)
    return [Dated(fact=fact, recorded_by_id=NOBODY, way=way) for fact in facts]


def balances(written: list[Booking]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for booking in written:
        for side in booking.sides:
            sums[side.account] += side.amount
    return sums


def due_and_unpaid(state: LoanState) -> Components:
    """Of rows that have fallen due. Charges can fall due on days of their own, so only interest is looked at."""
    return Components.sum(row.unpaid for row in state.instalments if row.due_on <= state.as_of)


@settings(max_examples=100, deadline=None)
@given(case=cases, days=st.integers(0, 400), kept=st.booleans())
def test_the_books_carry_what_the_state_says(case: tuple[LoanTerms, list[AnyFact]], days: int, kept: bool) -> None:
    loan, facts = case
    as_of = START + timedelta(days=days)
    state = replay(loan, facts, as_of)
    written = bookings(history_of([fact for fact in facts if fact.on <= as_of], fees_kept=kept), state)
    assert all(sum(side.amount for side in booking.sides) == 0 for booking in written)
    assert len({content_of(booking) for booking in written}) == len(written)
    assert [booking.on for booking in written] == sorted(booking.on for booking in written)
    sums = balances(written)
    assert sums["1510"] == state.outstanding.principal
    assert sums["1520"] == due_and_unpaid(state).interest
    assert sums["2510"] == 0
    assert -sums["2520"] == state.overpaid
    assert min(sums["1530"], sums["1540"]) >= 0


@settings(max_examples=60, deadline=None)
@given(case=cases, days=st.integers(0, 300), later=st.integers(0, 200))
def test_a_loan_that_is_charged_off_has_nothing_on_the_books(
    case: tuple[LoanTerms, list[AnyFact]], days: int, later: int
) -> None:
    loan, facts = case
    last = max(fact.on for fact in facts)
    off = make.charged_off(last)
    rest: list[Any] = [make.repaid(last + timedelta(days=days), 1)]
    as_of = last + timedelta(days=days + later)
    state = replay(loan, [*facts, off, *rest], as_of)
    sums = balances(bookings(history_of([*facts, off, *rest]), state))
    assert [sums[code] for code in ("1510", "1520", "1530", "1540", "2510")] == [0] * 5
    assert -sums["2520"] == state.overpaid
    assert sums["5310"] >= 0 and sums["4240"] <= 0


def test_a_write_off_gives_up_what_is_on_the_books() -> None:
    loan = make.terms(100, "7", 6)
    gone = date(2024, 3, 5)
    facts: list[Any] = [make.disbursed(date(2024, 1, 1), 100), make.written_off(gone)]
    state = replay(loan, facts, date(2024, 12, 31))
    written = bookings(history_of(facts), state)
    [lost] = [booking for booking in written if booking.kind is BookingKind.WRITE_OFF]
    assert {side.account: side.amount for side in lost.sides} == {"5310": 10_107, "1510": -10_000, "1520": -107}
    assert lost.statement is not None and lost.statement.amount == state.written_off.total
    sums = balances(written)
    assert (sums["1510"], sums["1520"], sums["5310"], sums["4210"]) == (0, 0, 10_107, -107)
