"""The tables of the school. Sums, days and arrows are guarded in the database as well; see the migrations."""

from domain.school.models.activity import ArchivedActivity, UserActivity
from domain.school.models.attendance import Attendance, AttendanceCorrection
from domain.school.models.calendar import AcademicYear, SchoolHoliday, Term
from domain.school.models.enrolment import Enrolment, EnrolmentStay
from domain.school.models.fees import (
    FeeCategory,
    FeeLateCharge,
    FeeLine,
    FeeSchedule,
    FeeScheduleLine,
    FeeStructure,
    FeeStructureLine,
    SchoolFee,
    StudentDiscount,
)
from domain.school.models.money import ArrearsAlert, FeePayment, SchoolSetting, SchoolTransaction, StudentAdvance
from domain.school.models.people import (
    Program,
    SchoolClass,
    Student,
    StudentGuardian,
    Subject,
    TaughtClass,
    TaughtStudent,
    Teacher,
    Teaching,
)
from domain.school.models.runs import SchoolRun, SchoolRunResult

__all__ = [
    "AcademicYear",
    "ArchivedActivity",
    "ArrearsAlert",
    "Attendance",
    "AttendanceCorrection",
    "Enrolment",
    "EnrolmentStay",
    "FeeCategory",
    "FeeLateCharge",
    "FeeLine",
    "FeePayment",
    "FeeSchedule",
    "FeeScheduleLine",
    "FeeStructure",
    "FeeStructureLine",
    "Program",
    "SchoolClass",
    "SchoolFee",
    "SchoolHoliday",
    "SchoolRun",
    "SchoolRunResult",
    "SchoolSetting",
    "SchoolTransaction",
    "Student",
    "StudentAdvance",
    "StudentDiscount",
    "StudentGuardian",
    "Subject",
    "TaughtClass",
    "TaughtStudent",
    "Teacher",
    "Teaching",
    "Term",
    "UserActivity",
]
