"""Who may see whom at the school.

Staff who read all classes see those of their campus, whoever sees every branch all of them. Another teacher sees the classes
that they teach, and who was in them on the days of the assignment, as long as it is not over. A guardian sees the wards.
What lies outside of that does not exist for the caller, and is refused in the same words. The calendar, programmes and
subjects are the whole school's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.database import fetch, fetchval
from domain.kit.reading import RowsWith
from domain.school.errors import SchoolClassClosed, SchoolClassNotFound, StudentNotFound, TeacherNotFound
from domain.school.models import (
    Attendance,
    Enrolment,
    EnrolmentStay,
    SchoolClass,
    SchoolFee,
    SchoolTransaction,
    Student,
    StudentGuardian,
    TaughtClass,
    TaughtStudent,
    Teacher,
    Teaching,
)

READ: Final = Permission.SCHOOL_READ
NOBODY: Final = Q(id__isnull=True)
EVERYBODY: Final = Q(id__isnull=False)
"""Not the empty condition, which would vanish from an alternative."""


def reads_all_classes(actor: Actor) -> bool:
    """Whether the actor sees every class of the campus, and not the own ones only."""
    return {READ, Permission.ALL_CLASSES} <= actor.staff_permissions


def _on_campus(actor: Actor) -> Q:
    scope = actor.branch_scope
    return EVERYBODY if scope is None else Q(branch_id=scope)


def _not_over() -> Q:
    return Q(until_on__isnull=True) | Q(until_on__gte=clock.today())


def _own_classes(actor: Actor) -> RowsWith:
    return RowsWith(TaughtClass, _not_over(), Q(user_id=actor.id), column="class_id")


def _taught(actor: Actor) -> RowsWith:
    return RowsWith(TaughtStudent, _not_over(), Q(user_id=actor.id), column="student_id")


def seen_classes(actor: Actor) -> Q:
    """The condition on classes; every read of them starts here."""
    if reads_all_classes(actor):
        return _on_campus(actor)
    return Q(id__in=_own_classes(actor)) if READ in actor.staff_permissions else NOBODY


def seen_students(actor: Actor) -> Q:
    """The condition on students as staff and teachers see them; deleted ones are for staff alone."""
    if reads_all_classes(actor):
        return _on_campus(actor)
    if READ not in actor.staff_permissions:
        return NOBODY
    return Q(deleted_at__isnull=True, id__in=_taught(actor))


def own_wards(actor: Actor) -> Q:
    """The condition on students that they are wards of the actor."""
    return Q(deleted_at__isnull=True, id__in=_wards(actor)) if actor.may(Permission.WARDS_READ) else NOBODY


def about_wards(actor: Actor) -> Q:
    """The condition on rows about a student that it is a ward of the actor."""
    return Q(student_id__in=_wards(actor)) if actor.may(Permission.WARDS_READ) else NOBODY


def _wards(actor: Actor) -> RowsWith:
    return RowsWith(StudentGuardian, Q(user_id=actor.id), column="student_id")


def known_students(actor: Actor) -> Q:
    """The condition on students that the actor sees them as staff, as their teacher, or as their guardian."""
    return seen_students(actor) | own_wards(actor)


def visible_classes(actor: Actor) -> QuerySet[SchoolClass]:
    return SchoolClass.filter(seen_classes(actor))


def visible_students(actor: Actor) -> QuerySet[Student]:
    return Student.filter(known_students(actor))


def visible_teachers(actor: Actor) -> QuerySet[Teacher]:
    """Teachers of the campus; a teacher sees themselves in any case."""
    return Teacher.filter(_seen_teachers(actor))


def _seen_teachers(actor: Actor) -> Q:
    if reads_all_classes(actor):
        return _on_campus(actor)
    return Q(user_id=actor.id) if READ in actor.staff_permissions else NOBODY


def visible_teaching(actor: Actor) -> QuerySet[Teaching]:
    """Who teaches what, in classes that the actor sees."""
    return Teaching.filter(in_seen_classes(actor))


def seen_enrolments(actor: Actor) -> Q:
    """The condition on enrolments that they are on the campus, of own classes, or of wards."""
    as_staff = _on_campus(actor) if reads_all_classes(actor) else in_seen_classes(actor)
    return as_staff | about_wards(actor)


def visible_enrolments(actor: Actor) -> QuerySet[Enrolment]:
    return Enrolment.filter(seen_enrolments(actor))


def seen_marks(actor: Actor) -> Q:
    """The condition on attendance that it is in classes that the actor sees, or of wards."""
    return in_seen_classes(actor) | about_wards(actor)


def visible_attendance(actor: Actor) -> QuerySet[Attendance]:
    return Attendance.filter(seen_marks(actor))


def in_seen_classes(actor: Actor) -> Q:
    """The condition on rows about a class that the actor sees it."""
    if not reads_all_classes(actor):
        return Q(class_id__in=_own_classes(actor)) if READ in actor.staff_permissions else NOBODY
    scope = actor.branch_scope
    return EVERYBODY if scope is None else Q(class_id__in=RowsWith(SchoolClass, Q(branch_id=scope)))


def seen_money(actor: Actor) -> Q:
    """The condition on rows about money that the actor reads them as staff."""
    return _on_campus(actor) if Permission.FEES_READ in actor.staff_permissions else NOBODY


def seen_fees(actor: Actor) -> Q:
    """The condition on fees, and on money in advance, that the actor reads them as staff or as a guardian."""
    return seen_money(actor) | about_wards(actor)


def visible_fees(actor: Actor) -> QuerySet[SchoolFee]:
    return SchoolFee.filter(seen_fees(actor))


def visible_transactions(actor: Actor) -> QuerySet[SchoolTransaction]:
    """Income and expenses, which are for staff alone."""
    return SchoolTransaction.filter(seen_money(actor))


async def class_of(
    actor: Actor, class_id: UUID, *, field: tuple[str, ...] = ("input", "classId"), closed: bool = False
) -> SchoolClass:
    """A class that the actor sees, or SCHOOL_CLASS_NOT_FOUND; SCHOOL_CLASS_CLOSED unless a closed one will do."""
    return _open(await visible_classes(actor).get_or_none(id=class_id), field, closed)


async def locked_class(actor: Actor, class_id: UUID, *, closed: bool = False) -> SchoolClass:
    """The same, locked until the end of the unit of work: for who changes it, or counts its places."""
    row = await visible_classes(actor).select_for_update(no_key=True).get_or_none(id=class_id)
    return _open(row, ("input", "classId"), closed)


def _open(row: SchoolClass | None, field: tuple[str, ...], closed: bool) -> SchoolClass:
    if row is None:
        raise SchoolClassNotFound(field=field)
    if not row.active and not closed:
        raise SchoolClassClosed(f"{row.title} is not taught any more", field=field)
    return row


async def student_of(
    actor: Actor, student_id: UUID, *, field: tuple[str, ...] = ("input", "studentId"), deleted: bool = False
) -> Student:
    """A student whom the actor sees, or STUDENT_NOT_FOUND; one that was deleted is not there either, unless asked for."""
    return _present(await visible_students(actor).get_or_none(id=student_id), field, deleted)


async def locked_student(actor: Actor, student_id: UUID) -> Student:
    """The same as staff or teachers see them, locked until the end of the unit of work."""
    row = await Student.filter(seen_students(actor)).select_for_update(no_key=True).get_or_none(id=student_id)
    return _present(row, ("input", "studentId"), deleted=False)


def _present(row: Student | None, field: tuple[str, ...], deleted: bool) -> Student:
    if row is None or (row.deleted and not deleted):
        raise StudentNotFound(field=field)
    return row


async def locked_teacher(actor: Actor, teacher_id: UUID) -> Teacher:
    """A teacher whom the actor sees, locked until the end of the unit of work, or TEACHER_NOT_FOUND."""
    row = await visible_teachers(actor).select_for_update(no_key=True).get_or_none(id=teacher_id)
    if row is None:
        raise TeacherNotFound(field=("input", "teacherId"))
    return row


async def is_ward(actor: Actor, student_id: UUID) -> bool:
    """Whether the actor is a guardian of the student."""
    return actor.may(Permission.WARDS_READ) and bool(
        await fetchval(
            "select exists (select from student_guardian where user_id = $1 and student_id = $2)", actor.id, student_id
        )
    )


async def guardians_of(student_ids: Sequence[UUID]) -> Mapping[UUID, list[UUID]]:
    """The users who answer for each student, the primary guardian first; nobody has an empty list."""
    rows = await fetch(
        """select student_id, user_id from student_guardian
           where student_id = any($1) order by student_id, is_primary desc, since_at, id""",
        list(student_ids),
    )
    found: dict[UUID, list[UUID]] = {student_id: [] for student_id in student_ids}
    for row in rows:
        found[row["student_id"]].append(row["user_id"])
    return found


async def teachers_of(class_ids: Sequence[UUID], day: date | None = None) -> list[UUID]:
    """The users who teach one of the classes on a day (today, unless it is said), for whom what happens there is news."""
    rows = await fetch(
        """select distinct teacher.user_id from teaching join teacher on teacher.id = teacher_id
           where class_id = any($1) and from_on <= $2 and (until_on is null or until_on >= $2)
             and teacher.user_id is not null
           order by teacher.user_id""",
        list(class_ids),
        day or clock.today(),
    )
    return [row["user_id"] for row in rows]


async def teaches(actor: Actor, class_id: UUID, day: date) -> bool:
    """Whether the actor is a teacher who is assigned to the class on a day, for whatever it is."""
    return bool(
        await fetchval(
            """select exists (
                 select from teaching join teacher on teacher.id = teacher_id
                 where teacher.user_id = $1 and class_id = $2 and from_on <= $3 and (until_on is null or until_on >= $3))""",
            actor.id,
            class_id,
            day,
        )
    )


def known_classes(actor: Actor) -> Q:
    """The condition on classes that the actor comes across: those they see, those of their wards, and for who reads fees the
    campus's."""
    of_wards = RowsWith(EnrolmentStay, about_wards(actor), column="class_id")
    return seen_classes(actor) | seen_money(actor) | Q(id__in=of_wards)


def known_teachers(actor: Actor) -> Q:
    """The condition on teachers that the actor sees them, or that they teach a class that the actor sees or has wards in."""
    if reads_all_classes(actor) and actor.branch_scope is None:
        return EVERYBODY
    in_known_classes = Q(class_id__in=RowsWith(SchoolClass, known_classes(actor)))
    return _seen_teachers(actor) | Q(id__in=RowsWith(Teaching, in_known_classes, column="teacher_id"))


def reads_calendar(actor: Actor) -> bool:
    """Whoever has to do with the school knows its years, terms, programmes and subjects."""
    return bool({READ, Permission.FEES_READ, Permission.WARDS_READ} & actor.permissions)
