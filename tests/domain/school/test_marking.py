"""Marking: whole rolls, in lessons, by two teachers at once; corrections, once each; what and who cannot be marked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from domain.identity.permissions import Role
from domain.kit.clock import clock_set_to
from domain.kit.errors import Forbidden, InvalidInput
from domain.kit.ids import new_id
from domain.kit.paging import PageRequest
from domain.school.errors import (
    AttendanceNotFound,
    BadMark,
    DayToCome,
    MarkedTwice,
    NotASchoolDay,
    NotInTheClass,
    NotYourClass,
    RecordChanged,
    SchoolClassNotFound,
)
from domain.school.events import AttendanceCorrected, AttendanceRecorded, WardMarked
from domain.school.models import Attendance, AttendanceCorrection, Enrolment
from domain.school.queries.attendance import AttendanceFilter, attendance, attendance_stats
from domain.school.service.enrolling import move_student
from domain.school.service.marking import CalledRoll, Said, correct_attendance, record_attendance
from domain.school.states import AttendanceStatus
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.people import somebody
from tests.support.races import outcomes_of
from tests.support.school import (
    a_branch_row,
    a_class,
    a_guardian,
    a_holiday,
    a_school,
    a_student,
    a_subject,
    a_teacher,
    a_teaching_actor,
    enrol,
    enrolled_students,
    known,
    teaching,
)

pytestmark = pytest.mark.usefixtures("database")

A = AttendanceStatus
MONDAY = date(2026, 3, 9)


@pytest.fixture(autouse=True)
def in_march() -> Iterator[None]:
    with clock_set_to(datetime(2026, 3, 10, 8, tzinfo=UTC)):
        yield


async def call(actor: Any, class_id: UUID, **said: Any) -> CalledRoll:
    return await record_attendance(actor, **({"class_id": class_id, "on": MONDAY, "default": A.PRESENT} | said))


async def facts_of(kind: type) -> list[Any]:
    return [each.fact for each in await events_so_far() if isinstance(each.fact, kind)]


async def test_a_whole_roll_is_called_and_families_hear_of_their_own() -> None:
    school = await a_school()
    pupils = await enrolled_students(4, school.school_class, school.year)
    mother = await a_guardian(pupils[1])
    teacher = await a_teaching_actor(school.school_class, branch=school.branch)
    said = [
        Said(student_id=pupils[1].id, status=A.ABSENT, note="  no word\nfrom home "),
        Said(student_id=pupils[2].id, status=A.LATE),
    ]
    called = await call(teacher, school.school_class.id, marks=said)
    counts = called.counts
    assert (counts.counts.present, counts.counts.late, counts.counts.absent, counts.on_roll) == (2, 1, 1, 4)
    assert {mark.student_id: mark.status for mark in called.marks} == {
        pupils[0].id: A.PRESENT,
        pupils[1].id: A.ABSENT,
        pupils[2].id: A.LATE,
        pupils[3].id: A.PRESENT,
    }
    assert (await Attendance.get(student_id=pupils[1].id)).note == "no word from home"
    [fact] = await facts_of(AttendanceRecorded)
    assert (len(fact.marks), fact.counts.absent, fact.counts.on_roll) == (4, 1, 4)
    assert f"user:{teacher.id}" in fact.audience()
    assert f"user:{mother.id}" not in fact.audience()
    [told] = await facts_of(WardMarked)
    assert (told.student_id, told.after, list(told.audience())) == (pupils[1].id, A.ABSENT, [f"user:{mother.id}"])
    async with nothing_happens():
        again = await call(school.registrar, school.school_class.id, marks=said)
    assert (again.marks, again.counts) == ([], counts)
    await assert_integrity()


async def test_a_correction_moves_the_figures_of_the_day_once_and_keeps_what_was() -> None:
    school = await a_school()
    pupils = await enrolled_students(3, school.school_class, school.year)
    await call(school.registrar, school.school_class.id, marks=[Said(student_id=pupils[0].id, status=A.ABSENT)])
    row = await Attendance.get(student_id=pupils[0].id)
    corrected = await correct_attendance(
        school.registrar, attendance_id=row.id, status=A.LEAVE, reason="A letter came", expected_version=1
    )
    assert (corrected.status, corrected.version) == (A.LEAVE, 2)
    async with nothing_happens():
        await correct_attendance(school.registrar, attendance_id=row.id, status=A.LEAVE)
        with pytest.raises(RecordChanged):
            await correct_attendance(school.registrar, attendance_id=row.id, status=A.LATE, expected_version=1)
    await call(school.registrar, school.school_class.id, marks=[Said(student_id=pupils[0].id, status=A.LATE, note="9:15")])
    await correct_attendance(school.registrar, attendance_id=row.id, status=A.PRESENT)
    kept = await AttendanceCorrection.filter(attendance_id=row.id).order_by("corrected_at", "id")
    assert [(each.before_status, each.after_status, each.reason) for each in kept] == [
        (A.ABSENT, A.LEAVE, "A letter came"),
        (A.LEAVE, A.LATE, ""),
        (A.LATE, A.PRESENT, ""),
    ]
    assert (await Attendance.get(id=row.id)).note == "9:15"
    stats = await attendance_stats(school.registrar, class_id=school.school_class.id, on=MONDAY)
    assert (stats.counts.present, stats.counts.marked, stats.counts.attendance_rate) == (3, 3, 100)
    facts = await facts_of(AttendanceCorrected)
    assert [(fact.mark.before, fact.mark.after, fact.counts.leave) for fact in facts] == [
        (A.ABSENT, A.LEAVE, 1),
        (A.LATE, A.PRESENT, 0),
    ]
    await assert_integrity()


async def test_two_who_call_the_same_roll_leave_one_mark_each() -> None:
    school = await a_school()
    pupils = await enrolled_students(5, school.school_class, school.year)
    outcomes = await outcomes_of(
        call(school.registrar, school.school_class.id, default=status) for status in (A.PRESENT, A.ABSENT, A.PRESENT, A.LATE)
    )
    assert sorted(len(each.marks) for each in outcomes) == [0, 0, 0, 5]
    assert await Attendance.all().count() == len(pupils)
    row = await Attendance.get(student_id=pupils[0].id)
    other = next(status for status in A if status is not row.status)
    corrections = [
        correct_attendance(school.registrar, attendance_id=row.id, status=other, expected_version=1) for _ in range(4)
    ]
    outcomes = await outcomes_of(corrections)
    assert sum(isinstance(each, RecordChanged) for each in outcomes) == 3
    assert await AttendanceCorrection.filter(attendance_id=row.id).count() == 1
    await assert_integrity()


async def test_a_class_that_is_marked_in_lessons() -> None:
    school = await a_school(lessons=2)
    await enrolled_students(2, school.school_class, school.year)
    for lesson in (1, 2):
        await call(school.registrar, school.school_class.id, lesson=lesson)
    for lesson in (None, 0, 3, 13):
        async with nothing_happens():
            with pytest.raises(BadMark):
                await call(school.registrar, school.school_class.id, lesson=lesson)
    stats = await attendance_stats(school.registrar, class_id=school.school_class.id, on=MONDAY, lesson=1)
    assert (stats.counts.marked, stats.on_roll) == (2, 2)
    day = await attendance_stats(school.registrar, class_id=school.school_class.id, on=MONDAY)
    assert (day.counts.marked, day.on_roll) == (4, 2)
    page = await attendance(school.registrar, PageRequest(), AttendanceFilter(lesson=2))
    assert {row.lesson for row in page.rows} == {2}


async def test_days_and_students_that_cannot_be_marked() -> None:
    school = await a_school()
    pupil, moved = await enrolled_students(2, school.school_class, school.year)
    stranger = await a_student(branch=school.branch)
    late = await a_student(branch=school.branch)
    await enrol(late, school.school_class, school.year, from_on=date(2026, 3, 10))
    await a_holiday(school.year, date(2026, 3, 6))
    enrolment = (await moved_enrolment(moved.id)).id
    await move_student(school.registrar, enrolment_id=enrolment, class_id=school.next_class.id, on=MONDAY)
    for refusal, said in (
        (DayToCome, {"on": date(2026, 3, 11)}),
        (DayToCome, {"on": date(2031, 3, 11)}),
        (NotASchoolDay, {"on": date(2026, 3, 6)}),
        (NotASchoolDay, {"on": date(2026, 3, 8)}),
        (NotASchoolDay, {"on": date(2025, 12, 31)}),
        (NotInTheClass, {"marks": [Said(student_id=stranger.id, status=A.PRESENT)]}),
        (NotInTheClass, {"marks": [Said(student_id=late.id, status=A.PRESENT)]}),
        (NotInTheClass, {"marks": [Said(student_id=moved.id, status=A.PRESENT)]}),
        (MarkedTwice, {"marks": [Said(student_id=pupil.id, status=A.PRESENT)] * 2}),
        (BadMark, {"marks": [Said(student_id=pupil.id, status=A.PRESENT, note="x" * 201)]}),
        (BadMark, {"marks": [Said(student_id=pupil.id, status=A.PRESENT, note="\u0007")]}),
        (BadMark, {"lesson": 1}),
    ):
        async with nothing_happens():
            with pytest.raises(refusal):
                await call(school.registrar, school.school_class.id, **said)
    called = await call(school.registrar, school.school_class.id)
    assert [mark.student_id for mark in called.marks] == [pupil.id]
    assert [mark.student_id for mark in (await call(school.registrar, school.next_class.id)).marks] == [moved.id]
    assert len((await call(school.registrar, school.school_class.id, on=date(2026, 3, 5))).marks) == 2


async def moved_enrolment(student_id: UUID) -> Any:
    return await Enrolment.get(student_id=student_id)


async def test_a_teacher_marks_the_classes_of_that_day_and_nobody_elses() -> None:
    school = await a_school()
    [pupil] = await enrolled_students(1, school.school_class, school.year)
    teacher, other = await known(Role.TEACHER, branch=school.branch), await a_teaching_actor(school.next_class)
    row = await a_teacher(user=teacher, branch=school.branch)
    await teaching(row, school.school_class, await a_subject(), from_on=MONDAY, until_on=date(2026, 3, 31))
    mark = (await call(teacher, school.school_class.id)).marks[0]
    async with nothing_happens():
        with pytest.raises(NotYourClass):
            await call(teacher, school.school_class.id, on=date(2026, 3, 6))
        for stranger in (other, somebody(Role.REGISTRAR)):
            with pytest.raises(SchoolClassNotFound):
                await call(stranger, school.school_class.id)
            with pytest.raises(AttendanceNotFound):
                await correct_attendance(stranger, attendance_id=mark.id, status=A.LATE)
        for role in (Role.BURSAR, Role.GUARDIAN, Role.ACCOUNTANT):
            with pytest.raises(Forbidden):
                await call(somebody(role, branch=school.branch), school.school_class.id)
        with pytest.raises(AttendanceNotFound):
            await correct_attendance(teacher, attendance_id=new_id(), status=A.LATE)
    assert (await correct_attendance(teacher, attendance_id=mark.id, status=A.LATE)).status is A.LATE
    assert (await Attendance.get(student_id=pupil.id)).marked_by_id == teacher.id
    # Whoever teaches now hears of days before, and nobody of days that were theirs.
    await call(school.registrar, school.school_class.id, on=date(2026, 3, 6))
    assert [fact.teacher_user_ids for fact in await facts_of(AttendanceRecorded)] == [[teacher.id], [teacher.id]]
    with clock_set_to(datetime(2026, 4, 1, 8, tzinfo=UTC)):
        await correct_attendance(school.registrar, attendance_id=mark.id, status=A.ABSENT)
    assert [fact.teacher_user_ids for fact in await facts_of(AttendanceCorrected)] == [[teacher.id], []]


async def test_everybody_reads_what_is_theirs() -> None:
    school, campus = await a_school(), await a_branch_row()
    [first, second] = await enrolled_students(2, school.school_class, school.year)
    mother = await a_guardian(first)
    teacher, elsewhere = await a_teaching_actor(school.school_class), await a_teaching_actor(await a_class(branch=campus))
    await call(school.registrar, school.school_class.id)

    async def seen(viewer: Any, **wanted: Any) -> set[UUID]:
        return {row.student_id for row in (await attendance(viewer, PageRequest(), AttendanceFilter(**wanted))).rows}

    everybody = {first.id, second.id}
    assert await seen(school.registrar) == await seen(teacher) == await seen(somebody(Role.ADMIN)) == everybody
    assert await seen(mother) == {first.id}
    assert await seen(mother, student_id=second.id) == set()
    assert await seen(elsewhere) == await seen(somebody(Role.REGISTRAR, branch=campus)) == set()
    assert await seen(school.registrar, student_id=second.id, until=MONDAY, statuses=[A.PRESENT]) == {second.id}
    assert await seen(school.registrar, since=date(2026, 3, 10)) == set()
    assert await seen(school.registrar, since=MONDAY, until=MONDAY) == everybody
    with pytest.raises(InvalidInput, match="ends before it begins"):
        AttendanceFilter(since=date(2026, 3, 10), until=MONDAY)
    for stranger in (elsewhere, mother):
        with pytest.raises(SchoolClassNotFound):
            await attendance_stats(stranger, class_id=school.school_class.id, on=MONDAY)
