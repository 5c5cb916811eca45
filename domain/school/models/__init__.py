"""The tables of the school. Sums, days and arrows are guarded in the database as well; see the migrations."""

from domain.school.models.attendance import Attendance, AttendanceCorrection
from domain.school.models.calendar import AcademicYear, SchoolHoliday, Term
from domain.school.models.enrolment import Enrolment, EnrolmentStay
from domain.school.models.people import Program, SchoolClass, Student, StudentGuardian, Subject, Teacher, Teaching
from domain.school.models.runs import SchoolRun, SchoolRunResult

__all__ = [
    "AcademicYear",
    "Attendance",
    "AttendanceCorrection",
    "Enrolment",
    "EnrolmentStay",
    "Program",
    "SchoolClass",
    "SchoolHoliday",
    "SchoolRun",
    "SchoolRunResult",
    "Student",
    "StudentGuardian",
    "Subject",
    "Teacher",
    "Teaching",
    "Term",
]
