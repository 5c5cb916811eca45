"""Students and their guardians: registered, changed, deleted. Whether and where a student is enrolled is another matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.models import User
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.school import access
from domain.school.activities import note_activity
from domain.school.errors import AdmissionNumberTaken, BadPerson, GuardianNotFound, StudentEnrolled, StudentTaken
from domain.school.events import GuardianFigures, StudentChanged, StudentFigures
from domain.school.models import Enrolment, EnrolmentStay, Student, StudentGuardian
from domain.school.rules import people as rules
from domain.school.service.desk import (
    Readers,
    campus_of,
    changed,
    new_row,
    read,
    refusals_of_tables,
    refuse_nothing,
    require_said,
    require_user,
    require_version,
)
from domain.school.states import EnrolmentStatus, GuardianRelation, SchoolChange

NEXT_SERIAL: Final = "select nextval('student_admission_serial')"


def _born_on(day: date) -> date:
    return rules.require_born_on(day, clock.today())


_READERS: Final[Readers] = {
    "full_name": rules.person_name,
    "admission_number": rules.number,
    "born_on": _born_on,
}


@retried
async def register_student(actor: Actor, *, said: Mapping[str, Any]) -> Student:
    """Register a student who is enrolled in nothing yet; ``said`` is by the columns. Who brings no admission number gets
    one of the year."""
    actor.require(Permission.SCHOOL_MANAGE)
    async with unit_of_work() as work:
        return await new_student(work, actor, said)


async def new_student(work: Work, actor: Actor, said: Mapping[str, Any]) -> Student:
    """A new student, as a part of an act that also does something else with them."""
    columns = read({name: value for name, value in said.items() if value is not None}, _READERS)
    require_said(columns, "full_name")
    columns["branch_id"] = await campus_of(work, actor, columns.get("branch_id"))
    if "user_id" in columns:
        await require_user(columns["user_id"])
    if "admission_number" not in columns:
        columns["admission_number"] = await _free_number(work)
    student = Student(**new_row(actor), **columns)
    with _taken():
        await student.save(force_create=True)
    await _tell(work, actor, student, SchoolChange.CREATED)
    return student


async def _free_number(work: Work) -> str:
    """The next number of the year that nobody has brought along."""
    while True:
        number = rules.admission_number(clock.today().year, await work.fetchval(NEXT_SERIAL))
        if not await Student.exists(admission_number=number):
            return number


@retried
async def change_student(
    actor: Actor, *, student_id: UUID, said: Mapping[str, Any], expected_version: int | None = None
) -> Student:
    """Change what is known of a student; ``said`` is by the columns, and what is not said stays.

    What was written before keeps the name of then. A student who is enrolled stays on the campus.
    """
    actor.require(Permission.SCHOOL_MANAGE)
    columns = read(said, _READERS)
    refuse_nothing(columns, "full_name", "admission_number")
    async with unit_of_work() as work:
        student = await access.locked_student(actor, student_id)
        require_version(student, expected_version)
        wanted = changed(student, columns)
        if not wanted:
            return student
        if "branch_id" in wanted:
            wanted["branch_id"] = await campus_of(work, actor, wanted["branch_id"])
            if student.enrolled and wanted["branch_id"] != student.branch_id:
                raise StudentEnrolled("the student is enrolled on the campus", field=("input", "branchId"))
        if wanted.get("user_id") is not None:
            await require_user(wanted["user_id"])
        before = student.branch_id
        student.update_from_dict(wanted)
        student.touch()
        with _taken():
            await student.save()
        await _tell(work, actor, student, SchoolChange.EDITED, branch_before=before)
    return student


async def bring_to_campus(work: Work, actor: Actor, student: Student, branch_id: UUID | None) -> None:
    """The student, locked, is of another campus from now on, as a part of an act that also does something else with them."""
    before, student.branch_id = student.branch_id, branch_id
    student.touch()
    await student.save(update_fields=["branch_id", "version", "updated_at"])
    await _tell(work, actor, student, SchoolChange.EDITED, branch_before=before)


@retried
async def delete_student(actor: Actor, *, student_id: UUID, expected_version: int | None = None) -> Student:
    """Delete a student, who is shown no more; what the school has of them stays in the books and the registers.

    Refuses with STUDENT_ENROLLED who has an enrolment or an application that stands.
    """
    actor.require(Permission.SCHOOL_MANAGE)
    async with unit_of_work() as work:
        student = await access.locked_student(actor, student_id)
        require_version(student, expected_version)
        stands = [EnrolmentStatus.APPLIED, EnrolmentStatus.ENROLLED]
        if await Enrolment.exists(student_id=student.id, status__in=stands):
            raise StudentEnrolled(f"{student.full_name} has an enrolment or an application that stands")
        student.deleted_at = clock.now()
        student.touch()
        with refusals_of_tables(
            {"student_deleted_is_not_enrolled": lambda: StudentEnrolled(f"{student.full_name} is enrolled")}
        ):
            await student.save(update_fields=["deleted_at", "version", "updated_at"])
        await _tell(work, actor, student, SchoolChange.DELETED)
    return student


@retried
async def set_guardian(
    actor: Actor, *, student_id: UUID, user_id: UUID, relation: GuardianRelation, is_primary: bool = False
) -> Student:
    """Somebody answers for a student, or does so otherwise than was known. The first is the primary guardian until another
    one is named."""
    actor.require(Permission.SCHOOL_MANAGE)
    async with unit_of_work() as work:
        student = await access.locked_student(actor, student_id)
        await require_user(user_id)
        known = await _family_rows(student.id)
        before = [_as_rule(row) for row in known]
        try:
            after = rules.with_guardian(before, rules.Guardian(user_id, relation, is_primary))
        except rules.BadPerson as refused:
            raise BadPerson(str(refused), field=("input", "userId")) from None
        await _write_family(work, actor, student, known, after)
    return student


@retried
async def remove_guardian(actor: Actor, *, student_id: UUID, user_id: UUID) -> Student:
    """Somebody does not answer for a student any more, and sees nothing of them from now on."""
    actor.require(Permission.SCHOOL_MANAGE)
    async with unit_of_work() as work:
        student = await access.locked_student(actor, student_id)
        known = await _family_rows(student.id)
        try:
            after = rules.without_guardian([_as_rule(row) for row in known], user_id)
        except rules.BadPerson:
            raise GuardianNotFound from None
        await _write_family(work, actor, student, known, after)
    return student


async def _family_rows(student_id: UUID) -> list[StudentGuardian]:
    return await StudentGuardian.filter(student_id=student_id).order_by("since_at", "id")


def _as_rule(row: StudentGuardian) -> rules.Guardian:
    return rules.Guardian(row.user_id, row.relation, row.is_primary)


async def _write_family(
    work: Work, actor: Actor, student: Student, known: Sequence[StudentGuardian], after: Sequence[rules.Guardian]
) -> None:
    """The rows that differ; who is primary no longer before who is now, for there is one at any moment."""
    rows = {row.user_id: row for row in known}
    if [_as_rule(row) for row in known] == list(after):
        return
    gone = rows.keys() - {guardian.user_id for guardian in after}
    await StudentGuardian.filter(student_id=student.id, user_id__in=list(gone)).delete()
    for guardian in sorted(after, key=lambda each: each.is_primary):
        row = rows.get(guardian.user_id)
        if row is None:
            row = StudentGuardian(id=new_id(), student_id=student.id, user_id=guardian.user_id, since_at=clock.now())
        elif _as_rule(row) == guardian:
            continue
        row.relation, row.is_primary = guardian.relation, guardian.is_primary
        await row.save()
    await _tell(work, actor, student, SchoolChange.EDITED)


async def _tell(
    work: Work, actor: Actor, student: Student, change: SchoolChange, *, branch_before: UUID | None = None
) -> None:
    work.record(
        StudentChanged(
            student=StudentFigures.of(student),
            guardians=await _guardian_figures(student.id),
            change=change,
            branch_before=branch_before,
            teacher_user_ids=await _teachers_of(student.id),
        )
    )
    await note_activity(
        work,
        actor,
        "student_changed",
        subject_kind="student",
        subject_id=student.id,
        student_id=student.id,
        branch_id=student.branch_id,
        title=f"Student {student.full_name} {_DONE[change]}",
        data={"number": student.number, "admission_number": student.admission_number, "change": change},
    )


_DONE: Final = {
    SchoolChange.CREATED: "registered",
    SchoolChange.EDITED: "changed",
    SchoolChange.DELETED: "deleted",
}


async def _guardian_figures(student_id: UUID) -> list[GuardianFigures]:
    rows = await _family_rows(student_id)
    users = {user.id: user.name for user in await User.filter(id__in=[row.user_id for row in rows])}
    return [GuardianFigures.of(row, full_name=users[row.user_id]) for row in rows]


async def _teachers_of(student_id: UUID) -> list[UUID]:
    """Those who teach a class that the student is in today, by name."""
    today = clock.today()
    stays = EnrolmentStay.filter(student_id=student_id, from_on__lte=today, until_on__gte=today)
    class_ids: list[UUID] = [stay.class_id for stay in await stays]
    return await access.teachers_of(class_ids, today) if class_ids else []


def _taken() -> Any:
    return refusals_of_tables(
        {
            "student_admission_number_is_unique": lambda: AdmissionNumberTaken("another student has this admission number"),
            "student_user_is_unique": lambda: StudentTaken("this user is another student"),
        }
    )
