"""Refusals about the calendar, classes, students, guardians and teachers."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from domain.kit.errors import Conflict, DomainError, InvalidInput, NotFound


class NoSuch(NotFound):
    """There is no such object of the school, or the caller may not know of it."""

    code = "SCHOOL_OBJECT_NOT_FOUND"
    words: ClassVar[str] = "there is nothing like this"

    def __init__(self, message: str | None = None, *, field: tuple[str, ...] | None = None) -> None:
        super().__init__(message or self.words, field=field)


class CampusMissing(DomainError):
    """The caller belongs to no campus and does not see all of them, so there are no figures to show."""

    code = "CAMPUS_MISSING"

    def __init__(self) -> None:
        super().__init__("you belong to no campus yet; whoever manages users says to which")


class AcademicYearNotFound(NoSuch):
    """There is no such academic year."""

    code = "ACADEMIC_YEAR_NOT_FOUND"
    field = ("input", "yearId")
    words = "there is no such academic year"


class TermNotFound(NoSuch):
    """The academic year has no such term."""

    code = "TERM_NOT_FOUND"
    field = ("input", "termId")
    words = "the academic year has no such term"


class HolidayNotFound(NoSuch):
    """The academic year has no such holiday."""

    code = "HOLIDAY_NOT_FOUND"
    field = ("input", "holidayId")
    words = "the academic year has no such holiday"


class ProgramNotFound(NoSuch):
    """There is no such programme."""

    code = "PROGRAM_NOT_FOUND"
    field = ("input", "programId")
    words = "there is no such programme"


class SubjectNotFound(NoSuch):
    """There is no such subject."""

    code = "SUBJECT_NOT_FOUND"
    field = ("input", "subjectId")
    words = "there is no such subject"


class SchoolClassNotFound(NoSuch):
    """There is no such class, or the caller may not know of it."""

    code = "SCHOOL_CLASS_NOT_FOUND"
    field = ("input", "classId")
    words = "there is no such class"


class StudentNotFound(NoSuch):
    """There is no such student, or the caller may not know of them."""

    code = "STUDENT_NOT_FOUND"
    field = ("input", "studentId")
    words = "there is no such student"


class GuardianNotFound(NoSuch):
    """This is no guardian of the student."""

    code = "GUARDIAN_NOT_FOUND"
    field = ("input", "userId")
    words = "this is no guardian of the student"


class TeacherNotFound(NoSuch):
    """There is no such teacher, or the caller may not know of them."""

    code = "TEACHER_NOT_FOUND"
    field = ("input", "teacherId")
    words = "there is no such teacher"


class AssignmentNotFound(NoSuch):
    """There is no such assignment of a teacher, or the caller may not know of it."""

    code = "ASSIGNMENT_NOT_FOUND"
    field = ("input", "assignmentId")
    words = "there is no such assignment"


class RecordChanged(Conflict):
    """It was changed since the caller read it."""

    code = "RECORD_CHANGED"
    field = ("input", "expectedVersion")

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__(f"this is at version {version} by now")

    figures = ("version",)


class BadCalendar(InvalidInput):
    """A year, a term or a holiday lies where it cannot."""

    code = "BAD_CALENDAR"


class AcademicYearTaken(Conflict):
    """Another academic year has this title."""

    code = "ACADEMIC_YEAR_TAKEN"
    field = ("input", "title")


class AttendanceInTheWay(DomainError):
    """Somebody was marked on the days that are to change, and marks are only on days of school in the student's class."""

    code = "ATTENDANCE_IN_THE_WAY"
    figures = ("days",)

    def __init__(self, message: str, *, days: int, field: tuple[str, ...] | None = None) -> None:
        self.days = days
        super().__init__(message, field=field)


class EnrolmentsInTheWay(DomainError):
    """Students are in classes on days that would no longer be in the period they are enrolled for."""

    code = "ENROLMENTS_IN_THE_WAY"


class CodeTaken(Conflict):
    """Another class, subject or programme has this code."""

    code = "SCHOOL_CODE_TAKEN"
    field = ("input", "code")


class SchoolClassInUse(Conflict):
    """The class has students or a history that forbid this."""

    code = "SCHOOL_CLASS_IN_USE"


class SchoolClassClosed(DomainError):
    """The class is not taught any more."""

    code = "SCHOOL_CLASS_CLOSED"
    field = ("input", "classId")


class BadPerson(InvalidInput):
    """A name, a number, a title or a family cannot be kept like this."""

    code = "BAD_PERSON"


class AdmissionNumberTaken(Conflict):
    """Another student has this admission number."""

    code = "ADMISSION_NUMBER_TAKEN"
    field = ("input", "admissionNumber")


class StudentTaken(Conflict):
    """This user is another student."""

    code = "STUDENT_TAKEN"
    field = ("input", "userId")


class StudentEnrolled(Conflict):
    """The student has an enrolment or an application that stands."""

    code = "STUDENT_ENROLLED"
    field = ("input", "studentId")


class TeacherTaken(Conflict):
    """Another teacher has this number, or is this user."""

    code = "TEACHER_TAKEN"


class TeacherInactive(DomainError):
    """The teacher does not teach here any more."""

    code = "TEACHER_INACTIVE"
    field = ("input", "teacherId")


class BadAssignment(InvalidInput):
    """A teacher cannot be assigned on these days."""

    code = "BAD_ASSIGNMENT"


class AssignedTwice(Conflict):
    """The teacher has this assignment already."""

    code = "ASSIGNED_TWICE"
    field = ("input", "teacherId")


class ClassHasTeacher(Conflict):
    """Another teacher is responsible for the class."""

    code = "CLASS_HAS_TEACHER"
    field = ("input", "classId")
    figures = ("teacher_id",)

    def __init__(self, message: str, *, teacher_id: UUID) -> None:
        self.teacher_id = teacher_id
        super().__init__(message)
