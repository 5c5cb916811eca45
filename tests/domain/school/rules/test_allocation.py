"""Where money goes: over instalments and categories, into receipts and into the next term."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kit.money import Money
from domain.school.rules.allocation import OpenFee, paid_by, spread
from domain.school.rules.carry_over import moved_over
from domain.school.rules.plans import Plan, instalments, lines
from domain.school.rules.receipts import MAX_DESCRIPTION, description, receipt, receipt_number
from domain.school.rules.refusals import BadAllocation, BadFigure
from domain.school.states import PlanKind
from tests.domain.school.rules.factory import FEW
from tests.domain.school.rules.money import NOTHING, YEAR, charges, ghs, line, minor

SEPTEMBER, JANUARY, MAY = (term.starts_on for term in YEAR.terms)
FEE = lines(instalments(ghs(1500), Plan(PlanKind.TERM), YEAR), charges(ghs(1200), ghs(300)))
"""400 and 100 each term."""


def one(fee_id: str, due_on: date, amount: int, paid: int = 0) -> OpenFee:
    return OpenFee(fee_id, (line(1, due_on, "TUITION", ghs(amount)),), ghs(paid))


def test_the_oldest_instalment_first_and_in_it_the_categories_in_their_order() -> None:
    found = spread(FEE, ghs(950))
    assert found.by_instalment() == {1: ghs(500), 2: ghs(450)}
    assert found.by_category() == {"C1": ghs(800), "C2": ghs(150)}
    assert (found.unpaid, found.next_due_on) == (ghs(550), JANUARY)


def test_what_is_beyond_the_fee_is_nobodys_line() -> None:
    found = spread(FEE, ghs(1600))
    assert (found.excess, found.unpaid, found.next_due_on) == (ghs(100), NOTHING, None)


@FEW
@given(st.lists(st.integers(0, 200_000), max_size=6))
def test_payments_one_by_one_pay_what_one_of_the_sum_pays(payments: list[int]) -> None:
    steps = [NOTHING]
    for payment in payments:
        steps.append(steps[-1] + minor(payment))
    by_line: dict[tuple[int, str], int] = {}
    for before, after in pairwise(steps):
        found = paid_by(FEE, before, after)
        assert sum(row.paid.amount_minor for row in found.rows) + found.excess.amount_minor == (after - before).amount_minor
        for row in found.rows:
            key = (row.line.number, row.line.category)
            by_line[key] = by_line.get(key, 0) + row.paid.amount_minor
    whole = spread(FEE, steps[-1])
    assert by_line == {(row.line.number, row.line.category): row.paid.amount_minor for row in whole.rows if row.paid}
    assert whole.unpaid - whole.excess == ghs(1500) - steps[-1]


def test_a_payment_makes_nothing_less() -> None:
    with pytest.raises(BadAllocation):
        paid_by(FEE, ghs(2), ghs(1))
    with pytest.raises(BadFigure):
        spread(FEE, ghs(-1))


def test_arrears_that_are_moved_are_asked_for_once() -> None:
    fees = [one("first", SEPTEMBER, 500, paid=200), one("paid", SEPTEMBER, 100, paid=120), one("now", JANUARY, 500)]
    found = moved_over(fees, JANUARY)
    assert [(line.due_on, line.amount) for line in found.lines] == [(JANUARY, ghs(300))]
    assert {fee_id: [line.amount for line in lines] for fee_id, lines in found.kept.items()} == {"first": [ghs(200)]}
    kept = [OpenFee("first", found.kept["first"], ghs(200)), *fees[1:], OpenFee("new", found.lines, NOTHING)]
    assert moved_over(kept, JANUARY).kept == {}


def test_a_receipt_says_what_was_paid_and_what_is_left() -> None:
    found = receipt(number="RCT-2025-000001", paid_on=SEPTEMBER, amount=ghs(600), lines=FEE, before=ghs(450))
    assert [(row.number, row.category, row.amount) for row in found.lines] == [
        (1, "C2", ghs(50)),
        (2, "C1", ghs(400)),
        (2, "C2", ghs(100)),
        (3, "C1", ghs(50)),
    ]
    assert (found.paid_in_all, found.outstanding, found.credit, found.beyond) == (ghs(1050), ghs(450), NOTHING, NOTHING)


def test_a_receipt_of_more_than_the_fee() -> None:
    found = receipt(number="RCT-2025-000002", paid_on=MAY, amount=ghs(200), lines=FEE, before=ghs(1400))
    assert (found.beyond, found.credit, found.outstanding) == (ghs(100), ghs(100), NOTHING)
    with pytest.raises(BadFigure):
        receipt(number="RCT-2025-000003", paid_on=MAY, amount=NOTHING, lines=FEE, before=NOTHING)


@FEW
@given(st.integers(0, 300_000).map(minor), st.integers(1, 300_000).map(minor))
def test_every_receipt_adds_up(before: Money, amount: Money) -> None:
    found = receipt(number="RCT-2025-000004", paid_on=MAY, amount=amount, lines=FEE, before=before)
    assert sum(row.amount.amount_minor for row in found.lines) + found.beyond.amount_minor == amount.amount_minor
    assert found.outstanding - found.credit == ghs(1500) - before - amount


def test_numbers_and_descriptions() -> None:
    assert receipt_number(2025, 1) == "RCT-2025-000001" and receipt_number(2025, 1_234_567) == "RCT-2025-1234567"
    with pytest.raises(BadFigure):
        receipt_number(2025, 0)
    assert description("Ama  Mensah", "Term 1\n2025") == "School fees of Ama Mensah: Term 1 2025"
    whole = "x" * (MAX_DESCRIPTION - len(description("Ama", "")))
    assert description("Ama", whole).endswith("x") and description("Ama", f"{whole}x").endswith("x…")
    long = description("Ama Mensah", "x" * 500)
    assert len(long) == MAX_DESCRIPTION and long.endswith("…")
