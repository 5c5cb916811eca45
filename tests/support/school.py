"""A school for tests: made as rows, past the services, so that a story begins with what it is about."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from domain.identity.actor import SYSTEM_ID, Actor
from domain.identity.models import Branch, Password, User
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.errors import DomainError
from domain.kit.ids import new_id
from domain.kit.unit_of_work import unit_of_work
from domain.school.models import (
    AcademicYear,
    Attendance,
    Enrolment,
    EnrolmentStay,
    Program,
    SchoolClass,
    SchoolHoliday,
    Student,
    StudentGuardian,
    Subject,
    Teacher,
    Teaching,
    Term,
)
from domain.school.states import AttendanceStatus, EnrolmentStatus, GuardianRelation
from tests.support.happenings import nothing_happens

_numbers = count(1)

EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]
TERMS = (("Term 1", 1, 4), ("Term 2", 5, 8), ("Term 3", 9, 12))
"""Title, first and last month."""


def cases(*each: tuple[Any, type[DomainError]]) -> tuple[tuple[Any, type[DomainError]], ...]:
    """What is refused, and how."""
    return each


async def all_refused(acts: Iterable[tuple[Awaitable[Any], type[DomainError]]]) -> None:
    """Assert that each act is refused in its way, and that all together have done nothing."""
    async with nothing_happens():
        for act, refusal in acts:
            with pytest.raises(refusal) as caught:
                await act
            assert type(caught.value) is refusal


def _kept(**more: Any) -> dict[str, Any]:
    now = clock.now()
    return {"id": new_id(), "created_by_id": SYSTEM_ID, "created_at": now, "updated_at": now, **more}


async def a_branch_row(name: str = "Main Campus") -> Branch:
    """A campus, without the events of opening a branch."""
    number = next(_numbers)
    return await Branch.create(
        id=new_id(), code=f"CAMPUS-{number}", name=f"{name} {number}", active=True, created_at=clock.now()
    )


async def known(*roles: Role, name: str = "Ama Mensah", branch: Branch | None = None) -> Actor:
    """Somebody signed in with these roles, whom the table of users knows, too."""
    user = await User.create(
        id=new_id(),
        name=name,
        email=f"school{next(_numbers)}@daftari.example",
        roles=list(roles),
        active=True,
        rights_version=1,
        created_at=clock.now(),
        branch_id=branch and branch.id,
    )
    await Password.create(user_id=user.id, hash="$argon2id$nobody signs in with it", changed_at=user.created_at)
    return Actor(id=user.id, name=name, roles=frozenset(roles), version=1, branch_id=user.branch_id)


async def a_year(number: int | None = None, *, terms: bool = True, **changes: Any) -> AcademicYear:
    """A calendar year (this one, unless said) of three terms without a gap, with school from Monday to Friday."""
    number = number or clock.today().year
    stated = _kept(title=f"{number}", starts_on=date(number, 1, 1), ends_on=date(number, 12, 31), weekdays=[1, 2, 3, 4, 5])
    year = await AcademicYear.create(**(stated | changes))
    if terms:
        await Term.bulk_create(
            Term(
                id=new_id(),
                year_id=year.id,
                title=title,
                position=position,
                starts_on=date(number, first, 1),
                ends_on=date(number + last // 12, last % 12 + 1, 1) - timedelta(days=1),
            )
            for position, (title, first, last) in enumerate(TERMS, 1)
        )
    return year


async def terms_of(year: AcademicYear) -> list[Term]:
    return await Term.filter(year_id=year.id).order_by("position")


async def a_holiday(year: AcademicYear, on: date, until: date | None = None, title: str = "Founders' Day") -> SchoolHoliday:
    return await SchoolHoliday.create(id=new_id(), year_id=year.id, title=title, starts_on=on, ends_on=until or on)


async def a_program(**changes: Any) -> Program:
    number = next(_numbers)
    return await Program.create(**(_kept(code=f"PRG-{number}", title=f"Programme {number}") | changes))


async def a_subject(**changes: Any) -> Subject:
    number = next(_numbers)
    return await Subject.create(**(_kept(code=f"SUB-{number}", title=f"Subject {number}") | changes))


async def a_class(program: Program | None = None, *, branch: Branch | None = None, **changes: Any) -> SchoolClass:
    """A class without a limit of places, whose roll is called once a day."""
    number = next(_numbers)
    program = program or await a_program()
    stated = _kept(
        code=f"CLASS-{number}", title=f"Class {number}", program_id=program.id, level=1, branch_id=branch and branch.id
    )
    return await SchoolClass.create(**(stated | changes))


def _student(branch_id: UUID | None, changes: dict[str, Any]) -> Student:
    number = next(_numbers)
    return Student(
        **(_kept(admission_number=f"ADM/{number:05}", full_name=f"Student {number}", branch_id=branch_id) | changes)
    )


async def a_student(full_name: str | None = None, *, branch: Branch | None = None, **changes: Any) -> Student:
    student = _student(branch.id if branch else None, changes | ({"full_name": full_name} if full_name else {}))
    await student.save(force_create=True)
    return student


async def a_guardian(
    student: Student,
    guardian: Actor | None = None,
    *,
    relation: GuardianRelation = GuardianRelation.MOTHER,
    primary: bool = True,
    name: str = "Efua Mensah",
) -> Actor:
    """Somebody who answers for the student: the primary guardian, unless it is said otherwise."""
    guardian = guardian or await known(Role.GUARDIAN, name=name)
    await StudentGuardian.create(
        id=new_id(),
        student_id=student.id,
        user_id=guardian.id,
        relation=relation,
        is_primary=primary,
        since_at=clock.now(),
    )
    return guardian


async def a_teacher(full_name: str = "Kofi Owusu", *, user: Actor | None = None, branch: Branch | None = None) -> Teacher:
    number = next(_numbers)
    return await Teacher.create(
        **_kept(
            number=f"T-{number:05}",
            full_name=full_name,
            user_id=user and user.id,
            branch_id=branch and branch.id,
            active=True,
        )
    )


async def teaching(
    teacher: Teacher,
    school_class: SchoolClass,
    subject: Subject | None = None,
    *,
    from_on: date | None = None,
    **changes: Any,
) -> Teaching:
    """The teacher is responsible for the class, or teaches the subject in it, from the first day of this year."""
    stated = _kept(
        teacher_id=teacher.id,
        class_id=school_class.id,
        subject_id=subject and subject.id,
        from_on=from_on or clock.today().replace(month=1, day=1),
    )
    return await Teaching.create(**(stated | changes))


async def a_teaching_actor(school_class: SchoolClass, *, name: str = "Kofi Owusu", branch: Branch | None = None) -> Actor:
    """A teacher who signs in, and is responsible for the class."""
    actor = await known(Role.TEACHER, name=name, branch=branch)
    await teaching(await a_teacher(name, user=actor, branch=branch), school_class)
    return actor


async def enrol(
    student: Student,
    school_class: SchoolClass,
    year: AcademicYear,
    *,
    term: Term | None = None,
    from_on: date | None = None,
    until_on: date | None = None,
    status: EnrolmentStatus = EnrolmentStatus.ENROLLED,
) -> Enrolment:
    """The student is in the class from the first day of the period to the last, unless other days are said."""
    async with unit_of_work():
        return (await _enrolled([student], school_class, year, term, from_on, until_on, status))[0]


async def an_applicant(student: Student, program: Program, year: AcademicYear, *, term: Term | None = None) -> Enrolment:
    return await Enrolment.create(
        **_kept(
            student_id=student.id,
            program_id=program.id,
            year_id=year.id,
            term_id=term and term.id,
            status=EnrolmentStatus.APPLIED,
            applied_on=clock.today(),
            branch_id=student.branch_id,
        )
    )


async def enrolled_students(
    number: int, school_class: SchoolClass, year: AcademicYear, *, term: Term | None = None, **changes: Any
) -> list[Student]:
    """So many new students in the class, in the order of their names."""
    students = [_student(school_class.branch_id, dict(changes)) for _ in range(number)]
    async with unit_of_work():
        await Student.bulk_create(students)
        await _enrolled(students, school_class, year, term, None, None, EnrolmentStatus.ENROLLED)
    return await Student.filter(id__in=[student.id for student in students]).order_by("serial")


async def _enrolled(
    students: list[Student],
    school_class: SchoolClass,
    year: AcademicYear,
    term: Term | None,
    from_on: date | None,
    until_on: date | None,
    status: EnrolmentStatus,
) -> list[Enrolment]:
    period = term or year
    enrolments = [
        Enrolment(
            **_kept(
                student_id=student.id,
                program_id=school_class.program_id,
                year_id=year.id,
                term_id=term and term.id,
                class_id=school_class.id,
                branch_id=school_class.branch_id,
                status=EnrolmentStatus.ENROLLED,
                applied_on=from_on or period.starts_on,
            )
        )
        for student in students
    ]
    await Enrolment.bulk_create(enrolments)
    await EnrolmentStay.bulk_create(
        EnrolmentStay(
            id=new_id(),
            enrolment_id=enrolment.id,
            student_id=enrolment.student_id,
            program_id=enrolment.program_id,
            class_id=school_class.id,
            from_on=from_on or period.starts_on,
            until_on=until_on or period.ends_on,
        )
        for enrolment in enrolments
    )
    if status is not EnrolmentStatus.ENROLLED:
        await Enrolment.filter(id__in=[enrolment.id for enrolment in enrolments]).update(status=status)
        for enrolment in enrolments:
            enrolment.status = status
    return enrolments


@dataclass(frozen=True, slots=True)
class School:
    """One campus with a year, a programme of two classes, and the people who run it."""

    branch: Branch
    year: AcademicYear
    program: Program
    school_class: SchoolClass
    next_class: SchoolClass
    registrar: Actor
    bursar: Actor


async def a_school(number: int | None = None, **changes: Any) -> School:
    """``changes`` are of both classes."""
    branch, program = await a_branch_row(), await a_program()
    year = await a_year(number)
    next_class = await a_class(program, branch=branch, title="Primary 2", level=2, **changes)
    school_class = await a_class(program, branch=branch, title="Primary 1", next_class_id=next_class.id, **changes)
    registrar = await known(Role.REGISTRAR, name="Abena Boateng", branch=branch)
    bursar = await known(Role.BURSAR, name="Yaw Asante", branch=branch)
    return School(branch, year, program, school_class, next_class, registrar, bursar)


async def a_pupil(school: School, full_name: str | None = None, **changes: Any) -> Student:
    """A student of the school, enrolled in its first class for this year."""
    student = await a_student(full_name, branch=school.branch, **changes)
    await enrol(student, school.school_class, school.year)
    return await Student.get(id=student.id)


async def a_mark(
    student: Student,
    school_class: SchoolClass,
    on: date,
    status: AttendanceStatus = AttendanceStatus.PRESENT,
    *,
    lesson: int | None = None,
) -> Attendance:
    """A mark on the roll, made at the end of its day."""
    return await Attendance.create(
        id=new_id(),
        student_id=student.id,
        class_id=school_class.id,
        on_date=on,
        lesson=lesson,
        status=status,
        marked_by_id=SYSTEM_ID,
        marked_at=datetime(on.year, on.month, on.day, 16, tzinfo=UTC),
        updated_at=datetime(on.year, on.month, on.day, 16, tzinfo=UTC),
    )
