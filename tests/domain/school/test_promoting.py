"""Promotion: what is planned is what happens, to each once; who cannot be moved fails alone; killed anywhere it goes on."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from domain.identity.permissions import Role
from domain.jobs.queue import Attempt
from domain.jobs.runner import Runner
from domain.kit import clock
from domain.kit.clock import clock_set_to
from domain.kit.database import fetchval
from domain.kit.errors import Forbidden
from domain.kit.ids import new_id
from domain.school.errors import AcademicYearNotFound, BadPromotion, SchoolClassClosed, SchoolClassNotFound
from domain.school.events import StudentPromoted
from domain.school.models import AcademicYear, Enrolment, EnrolmentStay, SchoolRun, SchoolRunResult, Student
from domain.school.queries.promotion import PromotionWanted, promotion_plan
from domain.school.service import promoting, runs
from domain.school.service.enrolling import Enrolled, end_enrolment, enroll_student
from domain.school.service.promoting import promote_students
from domain.school.service.runs import carry_out
from domain.school.states import EnrolmentStatus, PromotionDecision, SchoolRunKind, SchoolRunStatus
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.people import somebody
from tests.support.races import outcomes_of
from tests.support.school import School, a_class, a_school, a_student, a_year, enrol, enrolled_students, terms_of

pytestmark = pytest.mark.usefixtures("database")

E = EnrolmentStatus
D = PromotionDecision


@pytest.fixture(autouse=True)
def in_december() -> Iterator[None]:
    with clock_set_to(datetime(2026, 12, 10, 8, tzinfo=UTC)):
        yield


def asked(school: School, coming: AcademicYear, **more: Any) -> PromotionWanted:
    stated = {"from_class_id": school.school_class.id, "from_year_id": school.year.id, "to_year_id": coming.id}
    return PromotionWanted(**(stated | more))


async def standing(class_id: UUID) -> int:
    return await Enrolment.filter(class_id=class_id, status=E.ENROLLED).count()


async def results(run: SchoolRun) -> list[tuple[UUID, str, str | None]]:
    rows = await SchoolRunResult.filter(run_id=run.id).order_by("position")
    return [(row.subject_id, row.outcome, row.reason) for row in rows]


async def test_a_small_class_moves_on_at_once_as_it_was_planned() -> None:
    school = await a_school()
    coming = await a_year(2027)
    pupils = await enrolled_students(6, school.school_class, school.year)
    decisions = {pupils[1].id: D.REPEAT, pupils[2].id: D.LEAVE_OUT, pupils[3].id: D.GRADUATE, new_id(): D.REPEAT}
    placed = await enrol(pupils[4], school.next_class, coming)
    wanted = asked(school, coming, decisions=decisions)
    async with nothing_happens():
        planned = await promotion_plan(school.registrar, wanted=wanted)
    run = await promote_students(school.registrar, wanted=wanted)
    assert (run.status, run.total, run.branch_id) == (SchoolRunStatus.DONE, 7, school.branch.id)
    assert run.counts == {"PROMOTED": 2, "REPEATED": 1, "LEFT_OUT": 1, "GRADUATED": 1, "FAILED": 2}
    assert await results(run) == [
        (step.student_id, step.outcome.value, step.reason and step.reason.value) for step in planned.plan.steps
    ]
    reasons = {student_id: reason for student_id, _, reason in await results(run)}
    assert [reasons[pupil.id] for pupil in pupils] == [None, None, "ASKED_FOR", None, "PLACED_OTHERWISE", None]
    assert (await results(run))[-1][1:] == ("FAILED", "NOT_OF_THE_CLASS")
    changes = planned.plan.class_changes
    assert changes == {school.school_class.id: -3, school.next_class.id: 2}
    assert (await standing(school.school_class.id), await standing(school.next_class.id)) == (6 - 3, 1 + 2)
    assert await fetchval("select count(*) from student where enrolled_count > 0") == 5
    first = await Enrolment.get(student_id=pupils[0].id, year_id=coming.id)
    old = await Enrolment.get(student_id=pupils[0].id, year_id=school.year.id)
    assert (old.status, first.from_enrolment_id, first.run_id) == (E.PROMOTED, old.id, run.id)
    [stay] = await EnrolmentStay.filter(enrolment_id=first.id)
    assert (stay.class_id, stay.from_on, stay.until_on) == (school.next_class.id, date(2027, 1, 1), date(2027, 12, 31))
    assert (await EnrolmentStay.get(enrolment_id=old.id)).until_on == date(2026, 12, 31)
    facts = [each.fact for each in await events_so_far() if isinstance(each.fact, StudentPromoted)]
    assert Counter(fact.outcome.value for fact in facts) == {"PROMOTED": 2, "REPEATED": 1, "GRADUATED": 1}
    [*_, last] = [fact for fact in facts if fact.outcome.value == "PROMOTED"]
    assert {count.class_id: count.students for count in last.class_counts}[school.next_class.id] == 3
    again = await promote_students(school.registrar, wanted=wanted)
    assert again.counts == {"LEFT_OUT": 5, "FAILED": 2}
    with_place = await end_enrolment(school.registrar, enrolment_id=placed.id, status=E.WITHDRAWN)
    assert with_place.enrolment.class_id is None
    assert (await promote_students(school.registrar, wanted=asked(school, coming))).counts["PROMOTED"] == 2
    await assert_integrity()


async def test_a_large_class_moves_in_the_background_and_those_without_a_place_stay() -> None:
    school = await a_school()
    coming = await a_year(2027)
    last = await a_class(school.program, branch=school.branch, capacity=9)
    pupils = await enrolled_students(14, school.school_class, school.year)
    wanted = asked(school, coming, to_class_id=last.id, decisions={pupils[0].id: D.REPEAT})
    planned = await promotion_plan(school.registrar, wanted=wanted)
    run = await promote_students(school.registrar, wanted=wanted)
    assert (run.status, await standing(last.id)) == (SchoolRunStatus.QUEUED, 0)
    await Runner().run_what_is_there()
    done = await SchoolRun.get(id=run.id)
    assert (done.status, done.counts) == (SchoolRunStatus.DONE, {"REPEATED": 1, "PROMOTED": 9, "FAILED": 4})
    assert await results(run) == [
        (step.student_id, step.outcome.value, step.reason and step.reason.value) for step in planned.plan.steps
    ]
    assert (await standing(school.school_class.id), await standing(last.id)) == (5, 9)
    assert await Student.filter(enrolled_count=1).count() == 14
    await assert_integrity()


async def test_killed_in_the_middle_nobody_is_moved_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    school = await a_school()
    coming = await a_year(2027)
    pupils = await enrolled_students(12, school.school_class, school.year)
    run = await promote_students(school.registrar, wanted=asked(school, coming))
    turns: Counter[UUID] = Counter()

    async def until_killed(part: runs.Part) -> runs.Done:
        done = await promoting._promote_one(part)
        turns[part.subject_id] += 1
        if part.subject_id in (pupils[3].id, pupils[7].id) and turns[part.subject_id] == 1:
            raise asyncio.CancelledError
        return done

    monkeypatch.setitem(runs._types, SchoolRunKind.PROMOTION, runs.RunType(act=until_killed))
    for moved in (3, 7):
        with pytest.raises(asyncio.CancelledError):
            await carry_out(run.id, an_attempt())
        assert await standing(school.next_class.id) == moved
    other = await promote_students(school.registrar, wanted=asked(school, coming))
    await asyncio.gather(carry_out(run.id, an_attempt()), carry_out(other.id, an_attempt()))
    assert (await standing(school.school_class.id), await standing(school.next_class.id)) == (0, 12)
    both = Counter((await SchoolRun.get(id=run.id)).counts) + Counter((await SchoolRun.get(id=other.id)).counts)
    assert both == {"PROMOTED": 12, "LEFT_OUT": 12}
    assert len([each for each in await events_so_far() if isinstance(each.fact, StudentPromoted)]) == 12
    await assert_integrity()


def an_attempt() -> Attempt:
    return Attempt(task_id=new_id(), lease_id=new_id(), number=1, max_attempts=5)


async def test_the_last_place_is_taken_by_a_promotion_or_an_enrolment_and_never_by_both() -> None:
    school = await a_school()
    coming = await a_year(2027)
    last = await a_class(school.program, branch=school.branch, capacity=5)
    await enrolled_students(5, school.school_class, school.year)
    others = [await a_student(branch=school.branch) for _ in range(4)]
    outcomes = await outcomes_of(
        [
            promote_students(school.registrar, wanted=asked(school, coming, to_class_id=last.id)),
            *(enroll_student(school.registrar, student_id=each.id, class_id=last.id, year_id=coming.id) for each in others),
        ]
    )
    assert await standing(last.id) == 5
    run = outcomes[0]
    entered = sum(isinstance(each, Enrolled) for each in outcomes[1:])
    assert (run.counts.get("PROMOTED", 0), run.counts.get("FAILED", 0)) == (5 - entered, entered)
    await assert_integrity()


async def test_the_last_class_graduates_and_terms_follow_one_another() -> None:
    school = await a_school()
    coming = await a_year(2027)
    await enrolled_students(2, school.next_class, school.year)
    run = await promote_students(school.registrar, wanted=asked(school, coming, from_class_id=school.next_class.id))
    assert run.counts == {"GRADUATED": 2}
    assert await fetchval("select count(*) from student where enrolled_count > 0") == 0
    first, second, _ = await terms_of(school.year)
    [pupil] = await enrolled_students(1, school.school_class, school.year, term=first)
    term_by_term = asked(school, school.year, to_class_id=school.next_class.id, from_term_id=first.id, to_term_id=second.id)
    assert (await promote_students(school.registrar, wanted=term_by_term)).counts == {"PROMOTED": 1}
    assert (await Enrolment.get(student_id=pupil.id, status=E.ENROLLED)).term_id == second.id
    await assert_integrity()


async def test_what_could_be_done_for_nobody_is_refused() -> None:
    school, other = await a_school(), await a_school(2025)
    coming = await a_year(2027)
    closed = await a_class(school.program, branch=school.branch, active=False)
    await enrolled_students(2, school.school_class, school.year)
    for refusal, said in (
        (SchoolClassNotFound, {"from_class_id": new_id()}),
        (SchoolClassNotFound, {"to_class_id": other.school_class.id}),
        (SchoolClassNotFound, {"repeat_class_id": new_id()}),
        (SchoolClassClosed, {"to_class_id": closed.id}),
        (BadPromotion, {"to_class_id": school.school_class.id}),
        (BadPromotion, {"to_year_id": other.year.id}),
        (BadPromotion, {"to_year_id": school.year.id}),
        (BadPromotion, {"decisions": {new_id(): D.REPEAT for _ in range(1_001)}}),
        (BadPromotion, {"from_class_id": school.next_class.id, "decisions": {new_id(): D.PROMOTE}}),
        (AcademicYearNotFound, {"from_year_id": new_id()}),
    ):
        wanted = asked(school, coming, **said)
        async with nothing_happens():
            with pytest.raises(refusal):
                await promote_students(school.registrar, wanted=wanted)
    for role in (Role.TEACHER, Role.BURSAR, Role.GUARDIAN, Role.CASHIER):
        async with nothing_happens():
            with pytest.raises(Forbidden):
                await promote_students(somebody(role, branch=school.branch), wanted=asked(school, coming))
    assert clock.today() == date(2026, 12, 10)
