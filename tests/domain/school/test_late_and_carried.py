"""Late fees are charged once and never on what is paid; arrears move to the next year; a fee takes other terms."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit.clock import clock_set_to
from domain.kit.errors import DomainError, Forbidden
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.school.errors import (
    AcademicYearNotFound,
    BadFeeStructure,
    FeeChangedMeanwhile,
    FeeNotFound,
    FeeStructureNotFound,
    FeeWithoutStructure,
    NotEnrolled,
    TermNotFound,
)
from domain.school.models import FeeLine, SchoolFee
from domain.school.rules.late_fees import LateFeeRule
from domain.school.rules.plans import Line, Plan
from domain.school.rules.terms import FeeTerms
from domain.school.service.carrying import carry_over_arrears
from domain.school.service.changing_fees import FeeEdits, update_fee
from domain.school.service.discounts import give_discount
from domain.school.service.fee_terms import change_fee_terms, settle_lessons
from domain.school.service.late_fees import add_late_fees, charge_the_late
from domain.school.states import LateFeeKind, PlanKind
from tests.support.happenings import assert_integrity, nothing_happens
from tests.support.races import outcomes_of
from tests.support.school import a_branch_row, a_pupil, a_school, a_year, enrol, known
from tests.support.school_fees import balance, charged, ghs, paid
from tests.support.school_structures import TUITION, a_structure, charged_by, registration, tuition

pytestmark = pytest.mark.usefixtures("database")

TEN_PERCENT = LateFeeRule(kind=LateFeeKind.PERCENTAGE, percent=Decimal(10), grace_days=5)
BY_TERMS = FeeTerms(plan=Plan(PlanKind.TERM), late_fees=(TEN_PERCENT,))


def on(month: int, day: int, year: int = 2025) -> Any:
    return clock_set_to(datetime(year, month, day, 9, tzinfo=UTC))


async def lines_of(fee_id: Any) -> list[tuple[date, str, Money]]:
    fee = await SchoolFee.get(id=fee_id)
    rows = await FeeLine.filter(fee_id=fee_id, edition=fee.edition).order_by("due_on", "instalment_no")
    return [(row.due_on, row.category_code, Money(row.amount_minor, fee.currency)) for row in rows]


async def test_late_fees_come_once_and_never_on_what_is_paid() -> None:
    with on(1, 2):
        school = await a_school(2025)
        structure = await a_structure(school, terms=BY_TERMS)
        late, settled, half = [await charged_by(school, await a_pupil(school), structure) for _ in range(3)]
        await paid(school.bursar, half, ghs(300))
    with on(1, 20):
        # It came late, but it is there: nobody charges for it any more.
        await paid(school.bursar, settled, ghs(400))
        runs = await outcomes_of(add_late_fees(school.bursar) for _ in range(3))
        assert sum(run.counts.get("CHARGED", 0) for run in runs) == 2
        assert await charge_the_late() == 0
    assert [(await SchoolFee.get(id=fee.id)).due for fee in (late, settled, half)] == [ghs(1240), ghs(1200), ghs(1210)]
    assert (await lines_of(half.id))[1] == (date(2025, 1, 20), "LATE_FEE", ghs(10))

    with on(2, 1):
        await update_fee(school.bursar, fee_id=half.id, edits=FeeEdits(lines=first_lines(), amount_due=ghs(1200)))
        assert (await add_late_fees(school.bursar, structure_id=structure.id)).total == 0
        await paid(school.bursar, half, ghs(100))
    with on(5, 10):
        assert await charge_the_late() == 3
    assert [(await SchoolFee.get(id=fee.id)).due for fee in (late, settled, half)] == [ghs(1280), ghs(1240), ghs(1240)]
    assert [each[1:] for each in await lines_of(late.id)] == [
        (TUITION, ghs(400)), (TUITION, ghs(400)), ("LATE_FEE", ghs(80)), (TUITION, ghs(400)),
    ]  # fmt: skip
    with on(5, 11):
        await paid(school.bursar, settled, ghs(840))
        assert (await balance("4519")) == -ghs(40)
    await assert_integrity("school")


def first_lines() -> list[Line]:
    """The three terms without the late fee: it was let go."""
    return [Line(number, date(2025, month, 1), TUITION, ghs(400)) for number, month in ((1, 1), (2, 5), (3, 9))]


async def test_arrears_move_to_the_next_year_once_and_are_asked_for_once() -> None:
    with on(1, 2):
        school = await a_school(2025)
        structure = await a_structure(school, tuition(), registration(), terms=FeeTerms(plan=Plan(PlanKind.TERM)))
        owing, clear, leaving = [await a_pupil(school) for _ in range(3)]
        first = await charged_by(school, owing, structure)
        await paid(school.bursar, first, ghs(600))
        await paid(school.bursar, await charged_by(school, clear, structure), ghs(1500))
        gone = await charged(school.bursar, leaving, ghs(70))
    with on(12, 20):
        coming = await a_year(2026)
        for student in (owing, clear):
            await enrol(student, school.next_class, coming)
        runs = await outcomes_of(
            carry_over_arrears(school.bursar, year_id=coming.id, student_ids=[owing.id, clear.id, leaving.id])
            for _ in range(2)
        )
        counts = [run.counts for run in runs]
        assert {"CARRIED": 1, "LEFT_OUT": 1, "FAILED": 1} in counts and {"LEFT_OUT": 2, "FAILED": 1} in counts
        with pytest.raises(NotEnrolled):
            await carry_over_arrears(school.bursar, year_id=coming.id, class_id=school.school_class.id)
    old = await SchoolFee.get(id=first.id)
    [new] = await SchoolFee.filter(student_id=owing.id).exclude(id=first.id)
    assert (old.due, old.figures.outstanding, new.due) == (ghs(600), ghs(0), ghs(900))
    assert (new.title, new.class_id, new.due_on) == (
        "Arrears brought forward to 2026", school.next_class.id, date(2026, 1, 1),
    )  # fmt: skip
    assert await lines_of(new.id) == [(new.due_on, TUITION, ghs(700)), (new.due_on, "REGISTRATION", ghs(200))]
    assert (await SchoolFee.get(id=gone.id)).due == ghs(70)
    assert await balance("1330") == ghs(970)
    with on(1, 10, 2026):
        await paid(school.bursar, new, ghs(900))
    assert (await balance("4511"), await balance("1330")) == (-ghs(500 + 700 + 1200), ghs(70))
    await assert_integrity("school")


async def test_a_fee_is_spread_otherwise_or_charged_anew() -> None:
    with on(1, 2):
        school = await a_school(2025)
        pupil = await a_pupil(school)
        terms = FeeTerms(plan=Plan(PlanKind.ANNUAL), late_fees=(TEN_PERCENT,))
        structure = await a_structure(school, terms=terms, plan_kinds=["TERM", "MONTHLY"])
        fee = await charged_by(school, pupil, structure)
    with on(2, 1):
        await add_late_fees(school.bursar)
        found = await change_fee_terms(school.bursar, fee_id=fee.id, plan=PlanKind.TERM, expected_version=2)
        assert (found.fee.due, found.fee.plan_kind, found.fee.version) == (ghs(1320), PlanKind.TERM, 3)
        assert await lines_of(fee.id) == [
            (date(2025, 1, 1), TUITION, ghs(400)), (date(2025, 2, 1), "LATE_FEE", ghs(120)),
            (date(2025, 5, 1), TUITION, ghs(400)), (date(2025, 9, 1), TUITION, ghs(400)),
        ]  # fmt: skip
        await give_discount(school.bursar, student_id=pupil.id, title="Scholar", percent=Decimal(50))
        found = await change_fee_terms(school.bursar, fee_id=fee.id, charge_anew=True)
        assert (found.fee.due, found.fee.plan_kind) == (ghs(720), PlanKind.TERM)
        by_hand = await charged(school.bursar, pupil, ghs(5))
    theirs = await known(Role.BURSAR, branch=await a_branch_row())
    cashier = await known(Role.CASHIER, branch=school.branch)
    lessons: dict[str, Any] = {
        "category": TUITION, "missed": 7, "lesson": ghs(100), "months_uncharged": 0, "month": ghs(1)
    }  # fmt: skip
    async with nothing_happens():
        await change_fee_terms(school.bursar, fee_id=fee.id, plan=PlanKind.TERM)
        cases: Any = (
            (BadFeeStructure, school.bursar, {"plan": PlanKind.QUARTERLY}),
            (FeeChangedMeanwhile, school.bursar, {"plan": PlanKind.MONTHLY, "expected_version": 3}),
            (FeeWithoutStructure, school.bursar, {"plan": PlanKind.MONTHLY, "fee_id": by_hand.id}),
            (FeeNotFound, theirs, {"plan": PlanKind.MONTHLY}),
            (Forbidden, cashier, {"plan": PlanKind.MONTHLY}),
            (DomainError, school.bursar, {}),
        )
        for error, actor, said in cases:
            with pytest.raises(error):
                await change_fee_terms(actor, **({"fee_id": fee.id} | said))
        with pytest.raises(DomainError, match="as much"):
            await settle_lessons(school.bursar, fee_id=fee.id, **lessons)
        with pytest.raises(BadFeeStructure):
            await settle_lessons(school.bursar, fee_id=fee.id, **(lessons | {"missed": -1}))
        cases = (
            (FeeStructureNotFound, add_late_fees(theirs, structure_id=structure.id)),
            (Forbidden, add_late_fees(cashier)),
            (DomainError, add_late_fees(school.bursar, as_of=date(2999, 1, 1))),
            (AcademicYearNotFound, carry_over_arrears(school.bursar, year_id=new_id())),
            (TermNotFound, carry_over_arrears(school.bursar, year_id=school.year.id, term_id=new_id())),
            (Forbidden, carry_over_arrears(cashier, year_id=school.year.id)),
        )
        for error, act in cases:
            with pytest.raises(error):
                await act
    await assert_integrity("school")
