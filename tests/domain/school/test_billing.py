"""A class is charged by a structure: each once, whoever asks how often, and who cannot be charged fails alone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from domain.identity.permissions import Role
from domain.jobs.queue import Attempt
from domain.kit.clock import clock_set_to
from domain.kit.database import execute
from domain.kit.errors import DomainError
from domain.kit.ids import new_id
from domain.school.errors import (
    ChargedAlready,
    FeeScheduleNotFound,
    FeeStructureInactive,
    FeeStructureNotFound,
    FeeStructureUnfit,
    NotEnrolled,
    SchoolClassNotFound,
)
from domain.school.models import FeeSchedule, SchoolFee, SchoolRun, SchoolRunResult
from domain.school.rules.plans import Plan
from domain.school.rules.proration import ProrationRule
from domain.school.rules.terms import FeeTerms
from domain.school.service.billing import add_fees
from domain.school.service.changing_fees import delete_fee
from domain.school.service.discounts import give_discount
from domain.school.service.runs import carry_out
from domain.school.service.structures import Schedule, upsert_fee_structure
from domain.school.states import FeeStatus, PlanKind, SchoolRunStatus
from tests.support.happenings import assert_integrity, nothing_happens
from tests.support.races import outcomes_of
from tests.support.school import a_branch_row, a_pupil, a_school, a_student, enrol, enrolled_students, known
from tests.support.school_fees import ghs
from tests.support.school_structures import TUITION, a_structure, charged_by, registration, tuition

pytestmark = pytest.mark.usefixtures("database")

JUNE = datetime(2025, 6, 2, 9, tzinfo=UTC)
BY_DAYS = FeeTerms(plan=Plan(PlanKind.TERM), proration=ProrationRule(joining_full_until=Decimal(10)))


async def results(run: SchoolRun) -> dict[UUID, tuple[str, str | None]]:
    rows = await SchoolRunResult.filter(run_id=run.id).order_by("position")
    return {row.subject_id: (row.outcome, row.reason) for row in rows}


async def test_each_is_charged_once_by_the_days_that_are_left_and_who_cannot_be_fails_alone() -> None:
    with clock_set_to(JUNE):
        school = await a_school(2025)
        structure = await a_structure(school, tuition(), registration(), terms=BY_DAYS)
        whole, half, late = [await a_pupil(school, name) for name in ("Ama", "Esi")] + [
            await a_student("Yaw", branch=school.branch)
        ]
        await enrol(late, school.school_class, school.year, from_on=date(2025, 7, 1))
        await give_discount(school.bursar, student_id=half.id, title="Staff", percent=Decimal(50), category=TUITION)
        stranger, other = new_id(), await a_student("Kofi", branch=school.branch)
        asked = [whole.id, half.id, late.id, stranger, other.id]
        run = await add_fees(school.bursar, structure_id=structure.id, student_ids=[*asked, whole.id])

        assert (run.status, run.total, run.counts) == (SchoolRunStatus.DONE, 5, {"CHARGED": 3, "FAILED": 2})
        found = await results(run)
        assert (found[stranger], found[other.id]) == (("FAILED", "STUDENT_NOT_FOUND"), ("FAILED", "NOT_ENROLLED"))
        fees = {fee.student_id: fee for fee in await SchoolFee.all()}
        assert fees[whole.id].due == ghs(1500) and fees[half.id].due == ghs(900)
        # 184 of the 365 days of three terms are left; the registration is not less for who comes later.
        assert fees[late.id].due == ghs(300) + ghs("604.93")
        fee = fees[late.id]
        assert (fee.class_id, fee.structure_id, fee.plan_kind) == (school.school_class.id, structure.id, PlanKind.TERM)
        assert (fee.status, fee.due_on) == (FeeStatus.UNPAID, date(2025, 7, 1))

        again = await add_fees(school.bursar, structure_id=structure.id, class_id=school.school_class.id)
        assert again.counts == {"LEFT_OUT": 3}
        await delete_fee(school.bursar, fee_id=fees[whole.id].id)
        third = await add_fees(school.bursar, structure_id=structure.id, class_id=school.school_class.id)
        assert third.counts == {"LEFT_OUT": 2, "CHARGED": 1}
        assert await SchoolFee.filter(voided_at__isnull=True).count() == 3
    await assert_integrity("school")


async def test_more_than_ten_are_charged_in_the_background_and_two_at_once_charge_nobody_twice() -> None:
    school = await a_school()
    structure = await a_structure(school)
    students = await enrolled_students(11, school.school_class, school.year)
    runs = await outcomes_of(
        add_fees(school.bursar, structure_id=structure.id, class_id=school.school_class.id) for _ in range(2)
    )
    assert [run.status for run in runs] == [SchoolRunStatus.QUEUED] * 2 and not await SchoolFee.exists()
    attempt = Attempt(new_id(), new_id(), 1, 5)
    await outcomes_of(carry_out(run.id, attempt) for run in runs)
    found = [await results(run) for run in runs]
    for student in students:
        assert sorted(each[student.id] for each in found) == [("CHARGED", None), ("LEFT_OUT", "CHARGED_ALREADY")]
    assert await SchoolFee.all().count() == 11

    few = [student.id for student in (await enrolled_students(3, school.school_class, school.year))]
    at_once = await outcomes_of(
        add_fees(school.bursar, structure_id=structure.id, student_ids=ids) for ids in (few, few[::-1], few)
    )
    assert sum(run.counts.get("CHARGED", 0) for run in at_once) == 3
    assert await SchoolFee.all().count() == 14
    await assert_integrity("school")


async def test_by_the_whole_structure_or_by_its_schedules() -> None:
    school = await a_school()
    pupil, other = await a_pupil(school), await a_pupil(school)
    parts = [Schedule(title=title, asked=[(TUITION, ghs(600))], due_on=day) for title, day in HALVES]
    structure = await a_structure(school, schedules=parts)
    first, second = await FeeSchedule.filter(structure_id=structure.id).order_by("title")
    fee = await charged_by(school, pupil, structure, schedule_id=first.id)
    assert (fee.title, fee.due, fee.due_on) == ("Fees of Primary 1: First half", ghs(600), HALVES[0][1])
    await charged_by(school, pupil, structure, schedule_id=second.id)
    await charged_by(school, other, structure)
    async with nothing_happens():
        for student, schedule_id in ((pupil, first.id), (pupil, None), (other, first.id), (other, None)):
            with pytest.raises(ChargedAlready):
                await charged_by(school, student, structure, schedule_id=schedule_id)
        with pytest.raises(DomainError, match="stays"):
            await upsert_fee_structure(school.bursar, structure_id=structure.id, said={"schedules": []})
        with pytest.raises(DomainError, match="stays"):
            await upsert_fee_structure(
                school.bursar, structure_id=structure.id, said={"class_id": school.next_class.id, "schedules": parts}
            )


HALVES = (("First half", date(2026, 1, 15)), ("Second half", date(2026, 7, 1)))


async def test_what_nothing_could_come_of_is_refused_and_nothing_happens() -> None:
    school, other = await a_school(), await a_school(2031)
    structure = await a_structure(school)
    await a_pupil(school)
    retired = await a_structure(school, title="Of old", active=False)
    theirs = await known(Role.BURSAR, branch=await a_branch_row())
    class_id = school.school_class.id
    async with nothing_happens():
        cases: Any = (
            (FeeStructureNotFound, theirs, {"structure_id": structure.id, "class_id": class_id}),
            (FeeStructureNotFound, school.bursar, {"structure_id": new_id(), "class_id": class_id}),
            (FeeStructureInactive, school.bursar, {"structure_id": retired.id, "class_id": class_id}),
            (
                FeeScheduleNotFound,
                school.bursar,
                {"structure_id": structure.id, "class_id": class_id, "schedule_id": new_id()},
            ),
            (FeeStructureUnfit, school.bursar, {"structure_id": structure.id, "class_id": school.next_class.id}),
            (SchoolClassNotFound, school.bursar, {"structure_id": structure.id, "class_id": other.school_class.id}),
            (NotEnrolled, school.bursar, {"structure_id": structure.id, "student_ids": []}),
            (DomainError, school.bursar, {"structure_id": structure.id}),
            (DomainError, school.bursar, {"structure_id": structure.id, "class_id": class_id, "student_ids": [new_id()]}),
            (DomainError, school.registrar, {"structure_id": structure.id, "class_id": class_id}),
        )
        for error, actor, said in cases:
            with pytest.raises(error):
                await add_fees(actor, **said)


async def test_the_tables_hold_whoever_writes() -> None:
    school = await a_school()
    structure = await a_structure(school, schedules=[Schedule(title="Half", asked=[(TUITION, ghs(600))])])
    other = await a_structure(school, title="Of others")
    schedule = await FeeSchedule.get(structure_id=structure.id)
    fee = await charged_by(school, await a_pupil(school), structure)
    copy = """insert into school_fee (id, student_id, enrolment_id, structure_id, schedule_id, title, currency, due_minor,
                                      status, due_on, created_by_id, created_at, updated_at, correlation_id)
              select $1, student_id, enrolment_id, $3, $4, title, currency, 0, 'PAID', due_on, created_by_id, created_at,
                     updated_at, correlation_id from school_fee where id = $2"""
    for structure_id, schedule_id, constraint in (
        (structure.id, None, "school_fee_by_structure_once"),
        (other.id, schedule.id, "school_fee_schedule_is_of_the_structure"),
        (None, schedule.id, "school_fee_schedule_has_a_structure"),
    ):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
            await execute(copy, new_id(), fee.id, structure_id, schedule_id)
        assert refused.value.constraint_name == constraint
    for statement in ("update fee_late_charge set amount_minor = 1", "delete from fee_late_charge"):
        with pytest.raises(asyncpg.CheckViolationError):
            await execute(statement)
