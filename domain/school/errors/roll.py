"""Refusals about enrolments, promotions, attendance, and what is done for many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from domain.kit.errors import Conflict, DomainError, InvalidInput
from domain.school.errors.people import NoSuch
from domain.school.states import DayKind, EnrolmentStatus


class EnrolmentNotFound(NoSuch):
    """There is no such enrolment, or the caller may not know of it."""

    code = "ENROLMENT_NOT_FOUND"
    field = ("input", "enrolmentId")
    words = "there is no such enrolment"


class AttendanceNotFound(NoSuch):
    """There is no such mark, or the caller may not know of it."""

    code = "ATTENDANCE_NOT_FOUND"
    field = ("input", "attendanceId")
    words = "there is no such mark"


class SchoolRunNotFound(NoSuch):
    """There is no such run, or the caller may not know of it."""

    code = "SCHOOL_RUN_NOT_FOUND"
    field = ("input", "runId")
    words = "there is no such run"


class EnrolmentRefused(DomainError):
    """The student cannot be enrolled so, or the enrolment cannot change so."""

    code = "ENROLMENT_REFUSED"


class EnrolledTwice(Conflict):
    """The student has an enrolment for this programme and period."""

    code = "ENROLLED_TWICE"
    field = ("input", "studentId")


class ClassFull(DomainError):
    """The class has no place left."""

    code = "CLASS_FULL"
    field = ("input", "classId")
    figures = ("capacity", "free")

    def __init__(self, message: str, *, capacity: int, free: int) -> None:
        self.capacity, self.free = capacity, free
        super().__init__(message)


class EnrolmentStatusRefused(DomainError):
    """An enrolment does not go from where it stands to there."""

    code = "ENROLMENT_STATUS"
    figures = ("before", "after")

    def __init__(self, message: str, *, before: EnrolmentStatus, after: EnrolmentStatus) -> None:
        self.before, self.after = before.value, after.value
        super().__init__(message)


class EnrolmentDayRefused(DomainError):
    """The day is not one on which this can happen to the enrolment."""

    code = "ENROLMENT_DAY"
    field = ("input", "on")


class BadPromotion(InvalidInput):
    """The promotion could not be carried out for anybody."""

    code = "BAD_PROMOTION"


class NotASchoolDay(DomainError):
    """There was no school that day."""

    code = "NOT_A_SCHOOL_DAY"
    field = ("input", "on")
    figures = ("kind", "day")

    def __init__(self, message: str, *, day: date, kind: DayKind) -> None:
        self.day, self.kind = day.isoformat(), kind.value
        super().__init__(message)


class DayToCome(DomainError):
    """The day has not come yet."""

    code = "DAY_TO_COME"
    field = ("input", "on")


class NotInTheClass(DomainError):
    """Some of the students were not in the class that day."""

    code = "NOT_IN_THE_CLASS"
    field = ("input", "marks")
    figures = ("student_ids",)

    def __init__(self, message: str, *, student_ids: Sequence[UUID]) -> None:
        self.student_ids = " ".join(map(str, student_ids))
        super().__init__(message)


class MarkedTwice(InvalidInput):
    """A student is marked twice in one roll."""

    code = "MARKED_TWICE"
    field = ("input", "marks")


class BadMark(InvalidInput):
    """The lesson, or what is written beside a mark, cannot be kept."""

    code = "BAD_MARK"


class NotYourClass(DomainError):
    """The caller does not teach this class on that day."""

    code = "NOT_YOUR_CLASS"
    field = ("input", "classId")


class RunNotOpen(Conflict):
    """The run is over, or cannot be taken up as it stands."""

    code = "SCHOOL_RUN_NOT_OPEN"
    field = ("input", "runId")
