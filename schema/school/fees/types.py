"""Fees, the money that came for them, receipts and statements.

A fee inside a live event is shown by the same type as one that is read: it is as it stood at the event, and what needs a
look into the database is of now.
"""

from __future__ import annotations

from datetime import date, datetime

from domain.identity.permissions import Permission
from domain.identity.queries import people
from domain.school import models
from domain.school.queries import families
from domain.school.queries import fees as queries
from domain.school.queries.calendar import classes_by_id
from domain.school.queries.families import StatementKind
from domain.school.queries.people import students_by_id
from domain.school.queries.transactions import transactions_of_fees
from domain.school.states import FeePaymentKind, FeePaymentMethod, FeeStatus, GuardianRelation, PlanKind
from schema.identity.types import User
from schema.kit import ID, CurrencyCode, Info, Money, Node, Parent, attribute, field, global_id, node_type, object_type
from schema.kit.fields import FieldRule
from schema.kit.relations import relation, relations
from schema.school import enums  # noqa: F401  describes the enums that are used here
from schema.school.money.types import FinancialTransaction
from schema.school.people.types import SchoolClass, Student

ABOUT_SO_MANY_LINES = 6


@object_type("What a fee asks for one category with one instalment. What is paid goes to the oldest first.")
class FeeLine:
    instalment_no: int = attribute("Which instalment it is of, from 1.")
    due_on: date = attribute("When it is due.")
    category_code: str = attribute("The code of the category.", name="category")
    category_title: str = attribute("What the category is called.")
    amount: Money = attribute("What it asks for.")
    paid: Money = attribute("What of it is paid.")
    unpaid: Money = attribute("What of it is still to be paid.")


@object_type("How much of a payment went to one category of one instalment.")
class FeeReceiptLine:
    instalment_no: int = attribute("Which instalment, from 1.")
    due_on: date = attribute("When that was due.")
    category_code: str = attribute("The code of the category.", name="category")
    amount: Money = attribute("How much went there.")


@object_type("A receipt as it was given, with the names and the figures of then.")
class FeeReceipt:
    number: str = attribute("Its number, such as `RCT-2026-000042`; each is given once.")
    fee_id: ID | None = global_id("SchoolFee", "The fee; null for money that came in advance, for no fee yet.")
    fee_number: str | None = attribute("The number of the fee.")
    title: str = attribute("What the fee was called.")
    student_name: str = attribute("How the student was called.")
    paid_on: date = attribute("The day on which the money came.")
    method: FeePaymentMethod = attribute("By which way it came.")
    reference: str = attribute("The receipt of mobile money, or the number of a slip; empty when there is none.")
    amount: Money = attribute("How much came.")
    lines: list[FeeReceiptLine] = attribute(
        "Where it went; with `beyond` it sums to the amount.", rule=FieldRule(size=ABOUT_SO_MANY_LINES, shared=True)
    )
    beyond: Money = attribute("What was paid beyond the fee; it is the family's.")
    paid_in_all: Money | None = attribute("What was paid of the fee with it; null for money in advance.")
    outstanding: Money | None = attribute("What was still to be paid then; null for money in advance.")
    credit: Money | None = attribute("What had been paid beyond the fee by then; null for money in advance.")
    taken_back: bool = attribute("Whether the payment was taken back as a whole since.")


@node_type(
    models.FeePayment,
    queries.payments_by_id,
    "Money that came for a fee, or went back. It is written once; what was wrong is undone by another one.",
)
class FeePayment(Node):
    fee_id: ID = global_id("SchoolFee", "The fee.")
    kind: FeePaymentKind = attribute("What it is.")
    method: FeePaymentMethod = attribute("By which way the money came, or went.")
    amount: Money = attribute("How much came; under zero when it went back.")
    reference: str = attribute("The receipt of mobile money, or the number of a slip; empty when there is none.")
    paid_on: date = attribute("The day on which the money came or went, in the books.")
    receipt_number: str | None = attribute("The number of its receipt; null for all but payments.")
    payment_id: ID | None = global_id("Payment", "The payment from outside that it came by.")
    undoes_id: ID | None = global_id("FeePayment", "What it undoes as a whole.")
    entry_id: ID = global_id("JournalEntry", "The entry in the books that moved the money.")
    created_at: datetime = attribute("When it was written down.")

    @field(str | None, "What staff had to say about it; null to the family.")
    def note(self, payment: Parent[models.FeePayment], info: Info) -> str | None:
        return payment.note if Permission.FEES_READ in info.context.actor.staff_permissions else None

    created_by: User | None = relation(people, "created_by_id", "Who wrote it down; null when it came by itself.")
    receipt: FeeReceipt | None = relation(
        queries.receipts_of_payments, "id", "Its receipt, as it was given; null for all but payments."
    )


@node_type(
    models.SchoolFee,
    queries.fees_by_id,
    "What a student is charged. What is paid of it stands in the books under its number. Nobody writes its arrears: they "
    "are what is due less what is paid.",
)
class SchoolFee(Node):
    number: str = attribute("Its number, such as `FEE-42`: the reference of its money, and the account number of Paybill.")
    student_id: ID = global_id("Student", "The student.")
    enrolment_id: ID | None = global_id("Enrolment", "The enrolment that it is for, if it is for one.")
    class_id: ID | None = global_id("SchoolClass", "The class that the student was in when charged, and so it stays.")
    branch_id: ID | None = global_id("Branch", "The campus that it is of; null for the whole school.")
    structure_id: ID | None = global_id("FeeStructure", "The structure that it was charged by, if it was by one.")
    schedule_id: ID | None = global_id("FeeSchedule", "The one of its schedules that it was charged by, if it was by one.")
    title: str = attribute("What it is called.")
    currency: CurrencyCode = attribute("Its currency.")
    due: Money = attribute("What is due in all.", name="amountDue")
    paid: Money = attribute("What the school has of it.", name="amountPaid")
    refunded: Money = attribute("What went back to the family; it is no part of what is paid.", name="amountRefunded")
    arrears: Money = attribute("What is due less what is paid; under zero when more was paid than is due.")
    outstanding: Money = attribute("What is still to be paid; never under zero, and nothing of a deleted fee.")
    credit: Money = attribute("What was paid beyond what is due; it is the family's.")
    status: FeeStatus = attribute("Where it stands.")
    due_on: date = attribute("When it is due, or the first of its instalments.")
    plan_kind: PlanKind | None = attribute("How it is spread over its period, if a plan says so.")
    left_on: date | None = attribute(
        "The last day of who left, once what goes back was settled by it; that is done once. Null before."
    )
    arrears_alerted: bool = attribute("Whether its arrears are above the threshold, so that an alert is open.")
    voided_at: datetime | None = attribute("When it was deleted; null while it stands.", name="deletedAt")
    created_at: datetime = attribute("When it was charged.")
    version: int = attribute("How often it has changed, from 1; to be sent as `expectedVersion` by whoever changes it.")

    student: Student | None = relation(
        students_by_id, "student_id", "The student; null to those who read fees, and not of students."
    )
    school_class: SchoolClass | None = relation(
        classes_by_id, "class_id", "The class that it was charged in; null to those who read fees, and not of classes."
    )

    @field(str, "How the student is called; in a live event as then.", shared=True)
    async def student_name(self, fee: Parent[models.SchoolFee], info: Info) -> object:
        told: str | None = getattr(fee, "student", None)
        return told or await info.context.load(queries.student_names, fee.id)

    lines: list[FeeLine] = relations(
        queries.lines_of, "id", "What it asks for, in the order in which it is paid.", size=ABOUT_SO_MANY_LINES
    )
    payments: list[FeePayment] = relations(
        queries.payments_of, "id", "What came for it and went back, in the order in which it was written down.", size=4
    )
    financial_transaction: FinancialTransaction | None = relation(
        transactions_of_fees,
        "id",
        "What the books have of it: one row of all that is paid, null when nothing is, and to the family.",
    )


@object_type("What a student owes in one currency. Credit of one fee does not pay another, and is shown apart.")
class StudentBalance:
    currency: CurrencyCode = attribute("The currency.")
    outstanding: Money = attribute("What is still to be paid of all fees.")
    credit: Money = attribute("What was paid beyond fees; it is the family's.")
    advances: Money = attribute("What the school has of the student that is for no fee yet.")


@object_type("A student whom the viewer answers for.")
class Ward:
    student_id: ID = global_id("Student", "The student.")
    student_name: str = attribute("How the student is called.")
    relation: GuardianRelation = attribute("What the viewer is to the student.")
    is_primary: bool = attribute("Whether the viewer is the primary guardian, who gets the bills and is told first.")

    @field(Student, "The student.", shared=True)
    def student(self, ward: Parent[families.Ward]) -> models.Student:
        return ward.student

    fees: list[SchoolFee] = relations(
        queries.fees_of_students, "student_id", "The fees that stand, the latest due first; 100 at most.", size=10
    )
    balances: list[StudentBalance] = relations(families.balances_of, "student_id", "What is owed, by currency.", size=2)


@object_type("What changed what a student owes.")
class StudentStatementLine:
    kind: StatementKind = attribute("What it is.")
    on: date = attribute("The day on which the books have it.", name="date")
    fee_id: ID | None = global_id("SchoolFee", "The fee; null for money in advance.")
    reference: str = attribute("The number of the fee, or of the receipt of an advance.")
    text: str = attribute("What the fee is called, or what was written down with the advance.")
    receipt_number: str | None = attribute("The number of the receipt, where there is one.")
    charged: Money = attribute("What more is due; under zero for less.")
    paid: Money = attribute("What came; under zero for what went back.")
    balance: Money = attribute("What is owed after it; under zero it is the family's.")


@object_type(
    "What a student owed before a time, was charged and paid in it, and owes at its end, in one currency. Money in advance "
    "counts when it comes, and not again when it is used for a fee."
)
class StudentStatement:
    student_id: ID = global_id("Student", "The student.")
    student_name: str = attribute("How the student is called.")
    currency: CurrencyCode = attribute("The currency.")
    since: date = attribute("The first day.", name="from")
    until: date = attribute("The last day.", name="to")
    brought_forward: Money = attribute("What was owed before the first day.")
    lines: list[StudentStatementLine] = attribute(
        "What was charged and paid, in the order of the books.", rule=FieldRule(size=50, shared=True)
    )
    charged: Money = attribute("What was charged in the time.")
    paid: Money = attribute("What was paid in the time, what went back taken off.")
    closing: Money = attribute("What is owed at the end: what was before, and what was charged, less what was paid.")
