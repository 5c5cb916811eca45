"""Statistics of the school: sums that are kept by what each change makes of them.

A fact (a student, a mark, a fee, a posting of money) says what it counts for. A change of a fact is the difference of
what it counts for after and before, and nothing else is written; so all differences together are the same as a recount, in
whatever order and in however many places they are kept. Totals are never kept: they are the sum of months, or of classes, so
that two cashiers who take money do not both need the one row in which everything ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from domain.kit.money import Money
from domain.school.rules.fees import Figures
from domain.school.states import AttendanceStatus, EnrolmentStatus, TransactionKind


class Metric(StrEnum):
    """What is summed: numbers of people and of marks, and amounts in minor units."""

    STUDENTS = "STUDENTS"
    CLASS_STUDENTS = "CLASS_STUDENTS"
    TEACHERS = "TEACHERS"
    CLASS_TEACHERS = "CLASS_TEACHERS"
    ATTENDANCE_PRESENT = "ATTENDANCE_PRESENT"
    ATTENDANCE_LATE = "ATTENDANCE_LATE"
    ATTENDANCE_ABSENT = "ATTENDANCE_ABSENT"
    ATTENDANCE_LEAVE = "ATTENDANCE_LEAVE"
    INCOME = "INCOME"
    EXPENSES = "EXPENSES"
    FEES_CHARGED = "FEES_CHARGED"
    FEES_COLLECTED = "FEES_COLLECTED"
    FEES_OUTSTANDING = "FEES_OUTSTANDING"
    FEES_CREDIT = "FEES_CREDIT"


MONEY: Final = frozenset(
    {
        Metric.INCOME,
        Metric.EXPENSES,
        Metric.FEES_CHARGED,
        Metric.FEES_COLLECTED,
        Metric.FEES_OUTSTANDING,
        Metric.FEES_CREDIT,
    }
)
"""Sums of these are in minor units of a currency."""

ATTENDANCE: Final[Mapping[AttendanceStatus, Metric]] = {
    status: Metric(f"ATTENDANCE_{status}") for status in AttendanceStatus
}


@dataclass(frozen=True, slots=True)
class Key:
    """What one sum is about. ``on`` is a day of attendance, or the first day of a month; money has a currency."""

    metric: Metric
    class_id: UUID | None = None
    on: date | None = None
    currency: str = ""

    @property
    def title(self) -> str:
        """As statistics are named in the cache: ``fees_collected:2026-03:GHS``."""
        day = self.on and (self.on.isoformat() if self.metric in ATTENDANCE.values() else f"{self.on:%Y-%m}")
        parts = (self.metric.lower(), self.class_id and str(self.class_id), day, self.currency)
        return ":".join(part for part in parts if part)


Sums = Mapping[Key, int]
"""A sum that is missing is nothing, and one that is nothing is left out."""


class Fact(Protocol):
    """Something that is counted."""

    def sums(self) -> Sums: ...


@dataclass(frozen=True, slots=True)
class StudentFact:
    """A student is counted once, however many enrolments there are."""

    enrolled: bool

    def sums(self) -> Sums:
        return {Key(Metric.STUDENTS): int(self.enrolled)}


@dataclass(frozen=True, slots=True)
class EnrolmentFact:
    """An enrolment counts in the class that the student is in, or was in last."""

    class_id: UUID | None
    status: EnrolmentStatus

    def sums(self) -> Sums:
        if self.class_id is None:
            return {}
        return {Key(Metric.CLASS_STUDENTS, self.class_id): int(self.status is EnrolmentStatus.ENROLLED)}


@dataclass(frozen=True, slots=True)
class TeacherFact:
    active: bool

    def sums(self) -> Sums:
        return {Key(Metric.TEACHERS): int(self.active)}


@dataclass(frozen=True, slots=True)
class AssignmentFact:
    """A teacher's assignment to a class, as long as it is not over."""

    class_id: UUID
    standing: bool

    def sums(self) -> Sums:
        return {Key(Metric.CLASS_TEACHERS, self.class_id): int(self.standing)}


@dataclass(frozen=True, slots=True)
class MarkFact:
    """A mark on the roll of a class. A correction of its note changes no sum."""

    class_id: UUID
    on: date
    status: AttendanceStatus

    def sums(self) -> Sums:
        return {Key(ATTENDANCE[self.status], self.class_id, self.on): 1}


@dataclass(frozen=True, slots=True)
class PostingFact:
    """Income or an expense as it is posted, in the month in which the posting is effective; a reversal is negative.

    It is written once. A transaction that was changed has two more postings, so that months are what the books say.
    """

    kind: TransactionKind
    on: date
    amount: Money

    def sums(self) -> Sums:
        metric = Metric.INCOME if self.kind is TransactionKind.INCOME else Metric.EXPENSES
        return {_money_key(metric, self.on, self.amount): self.amount.amount_minor}


@dataclass(frozen=True, slots=True)
class FeeFact:
    """What is charged and owed, by the month in which it is due. A deleted fee is nothing."""

    due_on: date
    figures: Figures

    def sums(self) -> Sums:
        if self.figures.void:
            return {}
        amounts = {
            Metric.FEES_CHARGED: self.figures.due,
            Metric.FEES_OUTSTANDING: self.figures.outstanding,
            Metric.FEES_CREDIT: self.figures.credit,
        }
        return {_money_key(metric, self.due_on, amount): amount.amount_minor for metric, amount in amounts.items()}


@dataclass(frozen=True, slots=True)
class CollectionFact:
    """Money that came for a fee, in the month in which it came; negative where it went back. It is written once."""

    on: date
    amount: Money

    def sums(self) -> Sums:
        return {_money_key(Metric.FEES_COLLECTED, self.on, self.amount): self.amount.amount_minor}


def _money_key(metric: Metric, on: date, amount: Money) -> Key:
    return Key(metric, None, month_of(on), amount.currency)


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def delta(before: Fact | None, after: Fact | None) -> dict[Key, int]:
    """What a change of one fact does to the sums. A new fact had nothing before it, and a deleted one has nothing after."""
    change = dict(after.sums()) if after is not None else {}
    for key, amount in (before.sums() if before is not None else {}).items():
        change[key] = change.get(key, 0) - amount
    return _present(change)


def added(*many: Sums) -> dict[Key, int]:
    """All of them together: differences one after the other, or parts of the sums that are kept in several places."""
    together: dict[Key, int] = {}
    for sums in many:
        for key, amount in sums.items():
            together[key] = together.get(key, 0) + amount
    return _present(together)


def recounted(facts: Iterable[Fact]) -> dict[Key, int]:
    """The sums of all facts that there are."""
    return added(*(fact.sums() for fact in facts))


def _present(sums: Mapping[Key, int]) -> dict[Key, int]:
    return {key: amount for key, amount in sums.items() if amount}


def total(sums: Sums, metric: Metric, currency: str = "") -> int:
    """Over all classes and months."""
    return sum(amount for key, amount in sums.items() if key.metric is metric and key.currency == currency)


def by_month(sums: Sums, metric: Metric, currency: str) -> dict[date, Money]:
    """Amounts of each month in which there is one, the earliest first."""
    found = {key.on: amount for key, amount in sums.items() if key.metric is metric and key.currency == currency}
    return {month: Money(found[month], currency) for month in sorted(month for month in found if month is not None)}


def by_class(sums: Sums, metric: Metric) -> dict[UUID, int]:
    return {key.class_id: amount for key, amount in sums.items() if key.metric is metric and key.class_id is not None}


@dataclass(frozen=True, slots=True)
class Difference:
    """A sum that is kept, and is not what a recount makes of it."""

    key: Key
    kept: int
    counted: int


def differences(kept: Sums, counted: Sums) -> list[Difference]:
    """None, as long as nobody has written past the services. In the order of their titles."""
    keys = sorted(kept.keys() | counted.keys(), key=lambda key: key.title)
    compared = (Difference(key, kept.get(key, 0), counted.get(key, 0)) for key in keys)
    return [each for each in compared if each.kept != each.counted]
