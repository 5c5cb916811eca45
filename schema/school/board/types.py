"""The school at a glance as clients see it. Amounts are in one currency; a month is told by its first day."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from domain.school import models
from domain.school.queries.alerts import alerts_by_id
from domain.school.queries.fees import fees_by_id
from schema.kit import ID, CurrencyCode, Money, Node, attribute, global_id, node_type, object_type, relation
from schema.kit.fields import FieldRule
from schema.school.fees.types import SchoolFee
from schema.school.people.types import SchoolClass

_MONTHS = FieldRule(size=24, shared=True)
_CLASSES = FieldRule(size=30, shared=True)


@object_type(
    "The school at a glance: people, fees and books as they stand at this moment. Of one campus for those who see one, and "
    "of the whole school for those who see all."
)
class SchoolDashboard:
    branch_id: ID | None = global_id("Branch", "The campus that it is of; null for the whole school.")
    currency: CurrencyCode = attribute("The currency of the amounts.")
    total_students: int = attribute("Students who are enrolled, each once.")
    total_teachers: int = attribute("Teachers who are active.")
    fees_collected: Money | None = attribute("What is paid of all fees, what went back taken off; null without FEES_READ.")
    fees_outstanding: Money | None = attribute("What is still to be paid of all fees; null without FEES_READ.")
    total_income: Money | None = attribute("Income that stands in the books, of fees and other; null without FEES_READ.")
    total_expenses: Money | None = attribute("Expenses that stand in the books; null without FEES_READ.")
    calculated_at: datetime = attribute("When this was read. It includes every change that was made before.")


@object_type("Income and expenses of one month, as the books have them.")
class FinancialMonth:
    month: date = attribute("Its first day.")
    income: Money = attribute("Income of the month; what was reversed in it is taken off, whenever it was posted.")
    expenses: Money = attribute("Expenses of the month; what was reversed in it is taken off, whenever it was posted.")
    net: Money = attribute("Income less expenses; negative when more was spent.")


@object_type("Income and expenses of the school, altogether and by month.")
class FinancialStats:
    branch_id: ID | None = global_id("Branch", "The campus that it is of; null for the whole school.")
    currency: CurrencyCode = attribute("The currency of the amounts.")
    total_income: Money = attribute("Income of the months that were asked for.")
    total_expenses: Money = attribute("Expenses of these months.")
    net: Money = attribute("Income less expenses; negative when more was spent.")
    monthly: list[FinancialMonth] = attribute("Each month in which there is something, the earliest first.", rule=_MONTHS)
    calculated_at: datetime = attribute("When this was read. It includes every change that was made before.")


@object_type("The fees of one month: what is due in it, and what was collected in it whenever that was due.")
class FeeMonth:
    month: date = attribute("Its first day.")
    charged: Money = attribute("What fees ask for that are due in the month.")
    collected: Money = attribute("What came for fees in the month, what went back taken off.")
    outstanding: Money = attribute("What is still to be paid of the fees that are due in the month.")
    credit: Money = attribute("What was paid beyond the fees that are due in the month; it is the families'.")


@object_type("The fees of the school, altogether and by month. Deleted fees are not in it.")
class FeeStats:
    branch_id: ID | None = global_id("Branch", "The campus that it is of; null for the whole school.")
    currency: CurrencyCode = attribute("The currency of the amounts.")
    total_charged: Money = attribute("What fees ask for that are due in the months that were asked for.")
    total_collected: Money = attribute("What came for fees in these months, what went back taken off.")
    total_outstanding: Money = attribute("What is still to be paid of the fees that are due in these months.")
    total_credit: Money = attribute("What was paid beyond the fees that are due in these months; it is the families'.")
    monthly: list[FeeMonth] = attribute("Each month in which there is something, the earliest first.", rule=_MONTHS)
    calculated_at: datetime = attribute("When this was read. It includes every change that was made before.")


@object_type("A class, and how many students it has.")
class ClassEnrollment:
    class_id: ID = global_id("SchoolClass", "The class.")
    school_class: SchoolClass = attribute("The class.", name="class")
    count: int = attribute("Enrolments that stand in it.", name="students")


@object_type("How many students are enrolled, altogether and in each class.")
class EnrollmentStats:
    branch_id: ID | None = global_id("Branch", "The campus that it is of; null for the whole school.")
    total: int = attribute(
        "Students who are enrolled, each once; of the classes shown where one was asked for, or the viewer sees but some."
    )
    by_class: list[ClassEnrollment] = attribute("The classes that the viewer sees, by level and code.", rule=_CLASSES)
    calculated_at: datetime = attribute("When this was read. It includes every change that was made before.")


@object_type("A class, and how many assignments of teachers it has.")
class ClassTeachers:
    class_id: ID = global_id("SchoolClass", "The class.")
    school_class: SchoolClass = attribute("The class.", name="class")
    count: int = attribute("Assignments to it that have no end.", name="assignments")


@object_type("How many teachers there are, altogether and in each class.")
class TeacherStats:
    branch_id: ID | None = global_id("Branch", "The campus that it is of; null for the whole school.")
    total: int = attribute(
        "Teachers who are active, each once; assignments to the classes shown where one was asked for, or the viewer sees "
        "but some."
    )
    by_class: list[ClassTeachers] = attribute("The classes that the viewer sees, by level and code.", rule=_CLASSES)
    calculated_at: datetime = attribute("When this was read. It includes every change that was made before.")


@object_type("One figure that the school keeps, by its name.")
class StatisticsCacheEntry:
    metric_name: str = attribute(
        "Its name: a metric, and what narrows it, such as `students`, `class_students:<class>`, "
        "`attendance_late:<class>:2026-03-10`, `fees_collected:2026-03:GHS` or `fees_collected:GHS`."
    )
    metric_value: Decimal = attribute("How many, or how much in major units of the currency.")
    calculated_at: datetime = attribute("When this was read. It includes every change that was made before.")


@object_type("A figure that was kept otherwise than a recount says.")
class StatisticsDifference:
    metric_name: str = attribute("Its name.")
    kept: Decimal = attribute("What was kept, in major units where it is money.")
    counted: Decimal = attribute("What the recount says, and is kept now.")


@node_type(
    models.ArrearsAlert,
    alerts_by_id,
    "High arrears of a fee: somebody is told once when they rise above the threshold, and once when they are at it or below "
    "it again. Exactly the threshold is not high.",
)
class ArrearsAlert(Node):
    fee_id: ID = global_id("SchoolFee", "The fee.")
    arrears: Money = attribute("What was outstanding of the fee when the alert was raised.")
    threshold: Money = attribute("Above how much arrears were high then.")
    raised_at: datetime = attribute("When the alert was raised.")
    cleared_at: datetime | None = attribute("When it was cleared; null while it stands.")

    fee: SchoolFee = relation(fees_by_id, "fee_id", "The fee as it stands now.")
