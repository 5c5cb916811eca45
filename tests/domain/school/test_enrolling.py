"""Enrolling: applications, places under a crowd, the same twice, other classes with their stays, leaving, other campuses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import product
from uuid import UUID

import pytest

from domain.identity.actor import staff_of
from domain.identity.permissions import Permission, Role
from domain.kit import clock
from domain.kit.clock import clock_set_to
from domain.kit.errors import Forbidden, InvalidInput
from domain.kit.ids import new_id
from domain.school.errors import (
    AcademicYearNotFound,
    AttendanceInTheWay,
    ClassFull,
    EnrolledTwice,
    EnrolmentDayRefused,
    EnrolmentNotFound,
    EnrolmentRefused,
    EnrolmentStatusRefused,
    RecordChanged,
    SchoolClassClosed,
    SchoolClassNotFound,
    StudentNotFound,
    TermNotFound,
)
from domain.school.events import EnrolmentChanged, StudentChanged, StudentEnrolled
from domain.school.models import Attendance, Enrolment, EnrolmentStay, Student
from domain.school.service.enrolling import end_enrolment, enroll_student, move_student
from domain.school.states import AttendanceStatus, EnrolmentStatus
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.people import somebody
from tests.support.races import outcomes_of
from tests.support.school import (
    School,
    a_branch_row,
    a_class,
    a_guardian,
    a_pupil,
    a_school,
    a_student,
    a_teaching_actor,
    a_year,
    enrol,
    terms_of,
)

pytestmark = pytest.mark.usefixtures("database")

E = EnrolmentStatus


async def stays_of(enrolment_id: UUID) -> list[tuple[UUID, date, date]]:
    rows = await EnrolmentStay.filter(enrolment_id=enrolment_id).order_by("from_on")
    return [(row.class_id, row.from_on, row.until_on) for row in rows]


async def enrolled(school: School, student: Student, **said: object) -> Enrolment:
    asked = {"student_id": student.id, "class_id": school.school_class.id, "year_id": school.year.id}
    return (await enroll_student(school.registrar, **(asked | said))).enrolment  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def in_march() -> Iterator[None]:
    with clock_set_to(datetime(2026, 3, 10, 8, tzinfo=UTC)):
        yield


async def test_a_student_is_enrolled_and_everybody_concerned_is_told() -> None:
    school = await a_school()
    student = await a_student("Akua Addo", branch=school.branch)
    mother = await a_guardian(student)
    teacher = await a_teaching_actor(school.school_class, branch=school.branch)
    row = await enrolled(school, student)
    assert (row.status, row.class_id, row.branch_id) == (E.ENROLLED, school.school_class.id, school.branch.id)
    assert await stays_of(row.id) == [(school.school_class.id, date(2026, 3, 10), date(2026, 12, 31))]
    assert (await Student.get(id=student.id)).enrolled_count == 1
    [logged] = [each for each in await events_so_far() if each.name == "school.student_enrolled"]
    fact = logged.fact
    assert isinstance(fact, StudentEnrolled)
    assert (fact.status_before, fact.enrolment.student, fact.students_total) == (None, "Akua Addo", 1)
    assert [(count.class_id, count.students) for count in fact.class_counts] == [(school.school_class.id, 1)]
    assert {f"user:{mother.id}", f"user:{teacher.id}"} <= set(fact.audience())
    assert {f"ward:{mother.id}", f"class:{school.school_class.id}"} <= set(fact.topics())
    await assert_integrity()


async def test_an_applicant_has_no_class_until_there_is_a_place() -> None:
    school = await a_school(capacity=1)
    student = await a_student(branch=school.branch)
    asked = await enrolled(school, student, up_to=E.APPLIED)
    assert (asked.status, asked.class_id, await stays_of(asked.id)) == (E.APPLIED, None, [])
    async with nothing_happens():
        with pytest.raises(EnrolledTwice):
            await enrolled(school, student, up_to=E.APPLIED)
    got = await enrolled(school, student, on=date(2026, 4, 1))
    assert (got.id, got.status, got.version) == (asked.id, E.ENROLLED, 2)
    assert [each.fact.status_before for each in await events_so_far() if each.name == "school.student_enrolled"] == [
        E.APPLIED
    ]
    other = await enrolled(school, await a_student(branch=school.branch), up_to=E.APPLIED)
    gone = (await end_enrolment(school.registrar, enrolment_id=other.id, status=E.WITHDRAWN)).enrolment
    assert (gone.status, gone.class_id) == (E.WITHDRAWN, None)
    await assert_integrity()


async def test_twenty_at_once_into_ten_places() -> None:
    school = await a_school(capacity=10)
    students = [await a_student(branch=school.branch) for _ in range(20)]
    outcomes = await outcomes_of(enrolled(school, student) for student in students)
    full = [each for each in outcomes if isinstance(each, ClassFull)]
    assert [(each.capacity, each.free) for each in full] == [(10, 0)] * 10
    assert sum(isinstance(each, Enrolment) for each in outcomes) == 10
    assert await Enrolment.filter(class_id=school.school_class.id, status=E.ENROLLED).count() == 10
    await assert_integrity()


async def test_one_enrolment_for_a_programme_and_a_period_whoever_is_quicker() -> None:
    school = await a_school()
    student = await a_student(branch=school.branch)
    first, second, _ = await terms_of(school.year)
    outcomes = await outcomes_of(enrolled(school, student, term_id=first.id) for _ in range(4))
    assert sum(isinstance(each, Enrolment) for each in outcomes) == 1
    assert sum(isinstance(each, EnrolledTwice) for each in outcomes) == 3
    await enrolled(school, student, term_id=second.id)
    for term_id in (None, second.id):
        async with nothing_happens():
            with pytest.raises(EnrolledTwice):
                await enrolled(school, student, term_id=term_id, class_id=school.next_class.id)
    elsewhere = await a_class(branch=school.branch)
    await enrolled(school, student, class_id=elsewhere.id)
    assert (await Student.get(id=student.id)).enrolled_count == 3
    await assert_integrity()


async def test_what_is_left_over_of_last_year_ends_by_the_new_enrolment() -> None:
    school = await a_school()
    last_year = await a_year(2025)
    moves, repeats = [await a_student(branch=school.branch) for _ in range(2)]
    old = await enrol(moves, school.school_class, last_year)
    again = await enrol(repeats, school.school_class, last_year)
    new = await enrolled(school, moves, class_id=school.next_class.id)
    twice = await enrolled(school, repeats)
    assert (await Enrolment.get(id=old.id)).status is E.PROMOTED
    assert (await Enrolment.get(id=again.id)).status is E.REPEATED
    assert (new.from_enrolment_id, twice.from_enrolment_id) == (old.id, again.id)
    coming = await a_year(2027)
    await enrolled(school, moves, class_id=school.next_class.id, year_id=coming.id)
    assert (await Enrolment.get(id=new.id)).status is E.ENROLLED
    await assert_integrity()


async def test_what_cannot_be_is_refused_and_leaves_no_trace() -> None:
    school, other = await a_school(), await a_school(2027)
    student = await a_student(branch=school.branch)
    closed = await a_class(school.program, branch=school.branch, active=False)
    [term, *_] = await terms_of(other.year)
    for refusal, said in (
        (StudentNotFound, {"student_id": new_id()}),
        (StudentNotFound, {"student_id": (await a_student(branch=other.branch)).id}),
        (SchoolClassNotFound, {"class_id": other.school_class.id}),
        (SchoolClassClosed, {"class_id": closed.id}),
        (AcademicYearNotFound, {"year_id": new_id()}),
        (TermNotFound, {"term_id": term.id}),
        (EnrolmentDayRefused, {"on": date(2025, 12, 31)}),
        (EnrolmentDayRefused, {"on": date(2027, 1, 1)}),
        (InvalidInput, {"up_to": E.GRADUATED}),
    ):
        async with nothing_happens():
            with pytest.raises(refusal):
                await enrolled(school, student, **said)
    for role in (Role.TEACHER, Role.BURSAR, Role.GUARDIAN):
        async with nothing_happens():
            with pytest.raises(Forbidden):
                await enroll_student(
                    somebody(role), student_id=student.id, class_id=school.school_class.id, year_id=school.year.id
                )


async def test_another_class_begins_a_new_stay_and_a_second_change_on_the_day_replaces_the_first() -> None:
    school = await a_school(capacity=2)
    a, b = school.school_class, await a_class(school.program, branch=school.branch, capacity=1)
    student = await a_student(branch=school.branch)
    row = await enrolled(school, student, on=date(2026, 1, 5))
    moved = await move_student(school.registrar, enrolment_id=row.id, class_id=b.id, expected_version=1)
    assert (moved.class_id, moved.version) == (b.id, 2)
    assert await stays_of(row.id) == [
        (a.id, date(2026, 1, 5), date(2026, 3, 9)),
        (b.id, date(2026, 3, 10), date(2026, 12, 31)),
    ]
    elsewhere = await a_class(branch=school.branch)
    async with nothing_happens():
        with pytest.raises(RecordChanged):
            await move_student(school.registrar, enrolment_id=row.id, class_id=a.id, expected_version=1)
        with pytest.raises(EnrolmentRefused):
            await move_student(school.registrar, enrolment_id=row.id, class_id=b.id)
        with pytest.raises(EnrolmentRefused, match="another programme"):
            await move_student(school.registrar, enrolment_id=row.id, class_id=elsewhere.id)
        with pytest.raises(EnrolmentDayRefused):
            await move_student(school.registrar, enrolment_id=row.id, class_id=a.id, on=date(2026, 3, 1))
    await move_student(school.registrar, enrolment_id=row.id, class_id=a.id)
    assert await stays_of(row.id) == [(a.id, date(2026, 1, 5), date(2026, 12, 31))]
    await a_pupil(School(**{**_fields(school), "school_class": b}))
    async with nothing_happens():
        with pytest.raises(ClassFull):
            await move_student(school.registrar, enrolment_id=row.id, class_id=b.id)
    changes = [each.fact for each in await events_so_far() if isinstance(each.fact, EnrolmentChanged)]
    assert [(fact.class_before, fact.enrolment.class_id) for fact in changes] == [(a.id, b.id), (b.id, a.id)]
    assert {count.class_id: count.students for count in changes[0].class_counts} == {a.id: 0, b.id: 1}
    await assert_integrity()


def _fields(school: School) -> dict[str, object]:
    return {name: getattr(school, name) for name in School.__dataclass_fields__}


async def test_a_class_on_another_campus_takes_the_student_there() -> None:
    school, there = await a_school(), await a_branch_row("Hill")
    hill = await a_class(school.program, branch=there)
    student = await a_student(branch=school.branch)
    row = await enrolled(school, student)
    async with nothing_happens():
        with pytest.raises(SchoolClassNotFound):
            await move_student(school.registrar, enrolment_id=row.id, class_id=hill.id)
    await move_student(somebody(Role.ADMIN), enrolment_id=row.id, class_id=hill.id)
    assert (await Student.get(id=student.id)).branch_id == there.id
    happened = [each.fact for each in await events_so_far()]
    [fact] = [each for each in happened if isinstance(each, EnrolmentChanged)]
    [brought] = [each for each in happened if isinstance(each, StudentChanged)]
    for told, campus in product((fact, brought), (school.branch, there)):
        assert f"school:{campus.id}" in told.topics()
        assert set(staff_of(Permission.ALL_CLASSES, campus.id)) <= set(told.audience())
    async with nothing_happens():
        with pytest.raises(EnrolmentNotFound):
            await end_enrolment(school.registrar, enrolment_id=row.id, status=E.WITHDRAWN)
    await assert_integrity()


async def test_leaving_frees_the_place_and_the_student_may_come_back() -> None:
    school = await a_school(capacity=1)
    student = await a_student(branch=school.branch)
    row = await enrolled(school, student, on=date(2026, 1, 5))
    await marked(row, date(2026, 3, 9))
    async with nothing_happens():
        with pytest.raises(AttendanceInTheWay):
            await end_enrolment(school.registrar, enrolment_id=row.id, status=E.TRANSFERRED, last_on=date(2026, 3, 6))
        with pytest.raises(EnrolmentDayRefused):
            await end_enrolment(school.registrar, enrolment_id=row.id, status=E.TRANSFERRED, last_on=date(2027, 3, 6))
        with pytest.raises(InvalidInput):
            await end_enrolment(school.registrar, enrolment_id=row.id, status=E.PROMOTED)
    left = await end_enrolment(school.registrar, enrolment_id=row.id, status=E.TRANSFERRED, reason="  Moves to\nKumasi ")
    assert (left.enrolment.status, await stays_of(row.id)) == (
        E.TRANSFERRED,
        [(school.school_class.id, date(2026, 1, 5), date(2026, 3, 10))],
    )
    assert (await Student.get(id=student.id)).enrolled_count == 0
    async with nothing_happens():
        with pytest.raises(EnrolmentStatusRefused):
            await end_enrolment(school.registrar, enrolment_id=row.id, status=E.WITHDRAWN)
        with pytest.raises(EnrolmentStatusRefused):
            await move_student(school.registrar, enrolment_id=row.id, class_id=school.next_class.id)
        with pytest.raises(EnrolmentDayRefused):
            await enrolled(school, student, on=date(2026, 3, 10))
    back = await enrolled(school, student, on=date(2026, 3, 11))
    assert back.id != row.id
    never_came = (await end_enrolment(school.registrar, enrolment_id=back.id, status=E.WITHDRAWN)).enrolment
    assert (never_came.class_id, await stays_of(back.id)) == (None, [])
    await assert_integrity()


async def marked(enrolment: Enrolment, on: date) -> None:
    """A mark, past the services."""
    await Attendance.create(
        id=new_id(),
        student_id=enrolment.student_id,
        on_date=on,
        class_id=enrolment.class_id,
        status=AttendanceStatus.PRESENT,
        marked_by_id=new_id(),
        marked_at=clock.now(),
        updated_at=clock.now(),
    )
