"""What the log tells of the school: who learns and teaches where, who was there, what is charged, paid, earned and spent.

Its figures are counted anew by the rules (:mod:`domain.school.rules.statistics`) from what each event says of one student,
mark, fee or posting.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Final
from uuid import UUID

from domain.identity.actor import SYSTEM
from domain.kit.database import fetch
from domain.kit.projections import Board, Facts, Heard, Projection, register_projection
from domain.school import figures
from domain.school.events import (
    AttendanceCorrected,
    AttendanceRecorded,
    ClassChanged,
    EnrolmentChanged,
    EnrolmentFigures,
    FeeChanged,
    FinancialTransactionChanged,
    RollMark,
    StudentChanged,
    StudentEnrolled,
    StudentPromoted,
    TeacherAssigned,
    TeacherAssignmentEnded,
    TeacherChanged,
)
from domain.school.queries.board import enrolment_stats, fee_stats, financial_stats, school_dashboard, teacher_stats
from domain.school.rules.fees import Figures
from domain.school.rules.statistics import (
    AssignmentFact,
    CollectionFact,
    EnrolmentFact,
    Fact,
    FeeFact,
    MarkFact,
    Metric,
    PostingFact,
    StudentFact,
    TeacherFact,
    recounted,
)
from domain.school.states import EnrolmentStatus

NOW: Final = ("calculated_at",)
"""The moment of asking."""

# Currencies in which anything is charged, paid or posted and comes to something; branches that have a class or such figures.
_STANDING: Final = """
select branch_id, currency from school_figures_now
group by metric, branch_id, class_id, on_date, currency having sum(amount) <> 0
"""
CURRENCIES: Final = f"select distinct currency from ({_STANDING}) f where currency is not null order by 1"
BRANCHES: Final = f"""
select b.id from branch b
where exists (select from school_class c where c.branch_id = b.id)
   or b.id in (select branch_id from ({_STANDING}) f where branch_id is not null) order by 1
"""


def _class(facts: Facts, heard: Heard) -> None:
    told: ClassChanged = heard.fact
    row = told.school_class
    facts.put(
        "school_class",
        row.id,
        id=row.id,
        code=row.code,
        title=row.title,
        program_id=row.program_id,
        level=row.level,
        capacity=row.capacity,
        lessons=row.lessons,
        branch_id=row.branch_id,
        next_class_id=row.next_class_id,
        active=row.active,
        version=row.version,
    )


def _student(facts: Facts, heard: Heard) -> None:
    told: StudentChanged = heard.fact
    facts.put("student", told.student.id, branch_id=told.student.branch_id)


def _enrolled(facts: Facts, heard: Heard) -> None:
    told: StudentEnrolled | EnrolmentChanged | StudentPromoted = heard.fact
    _enrolment(facts, told.enrolment)
    if isinstance(told, StudentPromoted) and told.next_enrolment is not None:
        _enrolment(facts, told.next_enrolment)


def _enrolment(facts: Facts, told: EnrolmentFigures) -> None:
    if facts.get("enrolment", told.id).get("version", 0) <= told.version:
        facts.put(
            "enrolment",
            told.id,
            student_id=told.student_id,
            class_id=told.class_id,
            status=told.status,
            version=told.version,
        )


def _teacher(facts: Facts, heard: Heard) -> None:
    told: TeacherChanged = heard.fact
    facts.put("teacher", told.teacher.id, branch_id=told.teacher.branch_id, active=told.teacher.active)


def _assignment(facts: Facts, heard: Heard) -> None:
    told: TeacherAssigned | TeacherAssignmentEnded = heard.fact
    row = told.assignment
    facts.put("teaching", row.id, class_id=row.class_id, standing=row.until_on is None)


def _roll(facts: Facts, heard: Heard) -> None:
    told: AttendanceRecorded = heard.fact
    for mark in told.marks:
        _mark(facts, told, mark)


def _correction(facts: Facts, heard: Heard) -> None:
    told: AttendanceCorrected = heard.fact
    _mark(facts, told, told.mark)


def _mark(facts: Facts, told: AttendanceRecorded | AttendanceCorrected, mark: RollMark) -> None:
    facts.put("attendance", mark.attendance_id, class_id=told.class_id, on=told.on_date, status=mark.after)


def _fee(facts: Facts, heard: Heard) -> None:
    told: FeeChanged = heard.fact
    fee = told.fee
    if facts.get("school_fee", fee.id).get("version", 0) <= fee.version:
        standing = Figures(due=fee.due, paid=fee.paid, refunded=fee.refunded, void=fee.voided_at is not None)
        facts.put("school_fee", fee.id, branch_id=fee.branch_id, due_on=fee.due_on, figures=standing, version=fee.version)
    for payment in told.payments:
        facts.put("fee_payment", payment.id, fee_id=fee.id, on=payment.paid_on, amount=payment.amount)


def _transaction(facts: Facts, heard: Heard) -> None:
    told: FinancialTransactionChanged = heard.fact
    for row in (told.ended, told.live):
        if row is not None:
            facts.put("school_transaction", row.id, told=row)


def _counted(facts: Facts) -> None:
    """What all of it comes to, for each branch, by the rules."""
    by_branch: dict[UUID | None, list[Fact]] = defaultdict(list)
    for branch_id, fact in _facts_by_branch(facts):
        by_branch[branch_id].append(fact)
    for branch_id, counted in by_branch.items():
        for key, amount in recounted(counted).items():
            facts.put(
                "school_figures_now",
                (branch_id, key),
                metric=key.metric,
                branch_id=branch_id,
                class_id=key.class_id,
                on_date=key.on,
                currency=key.currency or None,
                amount=amount,
            )


def _facts_by_branch(facts: Facts) -> Iterator[tuple[UUID | None, Fact]]:
    """What is counted by class is wherever the class is."""
    enrolled = {row["student_id"] for row in facts.rows("enrolment") if row["status"] is EnrolmentStatus.ENROLLED}
    for student_id, row in facts.items("student"):
        yield row["branch_id"], StudentFact(student_id in enrolled)
    for row in facts.rows("enrolment"):
        yield None, EnrolmentFact(row["class_id"], row["status"])
    for row in facts.rows("teacher"):
        yield row["branch_id"], TeacherFact(row["active"])
    for row in facts.rows("teaching"):
        yield None, AssignmentFact(row["class_id"], row["standing"])
    for row in facts.rows("attendance"):
        yield None, MarkFact(row["class_id"], row["on"], row["status"])
    for row in facts.rows("school_fee"):
        yield row["branch_id"], FeeFact(row["due_on"], row["figures"])
    for row in facts.rows("fee_payment"):
        yield facts.get("school_fee", row["fee_id"])["branch_id"], CollectionFact(row["on"], row["amount"])
    for row in facts.rows("school_transaction"):
        told = row["told"]
        yield told.branch_id, PostingFact(told.kind, told.on_date, told.amount)
        if told.reversed_on is not None:
            yield told.branch_id, PostingFact(told.kind, told.reversed_on, -told.amount)


async def _boards() -> AsyncIterator[Board]:
    """Every figure by its name, and the boards of the school and of each of its branches."""
    sums = await figures.sums_of(Metric)
    yield Board("statistics", {key.title: amount for key, amount in sorted(sums.items(), key=lambda each: each[0].title)})
    currencies = [row["currency"] for row in await fetch(CURRENCIES)]
    branches: Iterable[UUID | None] = [None, *(row["id"] for row in await fetch(BRANCHES))]
    for branch_id in branches:
        where = branch_id or "school"
        yield Board(f"{where}.enrolments", await enrolment_stats(SYSTEM, branch_id=branch_id), NOW)
        yield Board(f"{where}.teachers", await teacher_stats(SYSTEM, branch_id=branch_id), NOW)
        for currency in currencies:
            yield Board(f"{where}.{currency}", await school_dashboard(SYSTEM, currency, branch_id), NOW)
            yield Board(f"{where}.{currency}.fees", await fee_stats(SYSTEM, currency, branch_id=branch_id), NOW)
            books = await financial_stats(SYSTEM, currency, branch_id=branch_id)
            yield Board(f"{where}.{currency}.books", books, NOW)


register_projection(
    Projection(
        name="school",
        tables=("school_class", "school_figures_now"),
        applies={
            ClassChanged: _class,
            StudentChanged: _student,
            StudentEnrolled: _enrolled,
            EnrolmentChanged: _enrolled,
            StudentPromoted: _enrolled,
            TeacherChanged: _teacher,
            TeacherAssigned: _assignment,
            TeacherAssignmentEnded: _assignment,
            AttendanceRecorded: _roll,
            AttendanceCorrected: _correction,
            FeeChanged: _fee,
            FinancialTransactionChanged: _transaction,
        },
        derive=_counted,
        boards=_boards,
    )
)
