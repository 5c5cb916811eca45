"""Facts about fees: what is due and paid of them, receipts, high arrears, advances and what fees are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from domain.events.event import Event, event
from domain.identity.actor import staff_of
from domain.identity.permissions import Permission
from domain.kit.money import Money
from domain.school.events.topics import Figures, class_topic, fee_topic, school_topics, student_topic, ward_topic
from domain.school.states import DiscountKind, FeeChange, FeePaymentKind, FeePaymentMethod, FeeStatus, PlanKind, SchoolChange


@dataclass(frozen=True, kw_only=True)
class FeeFigures(Figures):
    """A fee as it stood. ``student`` is called as on that day."""

    id: UUID
    number: str
    student_id: UUID
    student: str
    enrolment_id: UUID | None
    class_id: UUID | None
    branch_id: UUID | None
    structure_id: UUID | None
    schedule_id: UUID | None
    title: str
    due: Money
    paid: Money
    refunded: Money
    arrears: Money
    outstanding: Money
    credit: Money
    status: FeeStatus
    due_on: date
    plan_kind: PlanKind | None
    left_on: date | None
    voided_at: datetime | None
    arrears_alerted: bool
    created_at: datetime
    version: int


@dataclass(frozen=True, kw_only=True)
class FeePaymentFigures(Figures):
    """Money that came for a fee, or went back: signed."""

    id: UUID
    kind: FeePaymentKind
    method: FeePaymentMethod
    amount: Money
    paid_on: date
    receipt_number: str | None
    payment_id: UUID | None
    undoes_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class OfAFee(Event):
    """Something about a fee: for the staff who read fees where it is charged, and the student's guardians."""

    fee: FeeFigures
    guardian_ids: Sequence[UUID]

    def topics(self) -> Iterable[str]:
        fee = self.fee
        found = [*school_topics(fee.branch_id), fee_topic(fee.id), student_topic(fee.student_id)]
        if fee.class_id is not None:
            found.append(class_topic(fee.class_id))
        return [*found, *map(ward_topic, self.guardian_ids)]

    def audience(self) -> Iterable[str]:
        return [*staff_of(Permission.FEES_READ, self.fee.branch_id), *(f"user:{each}" for each in self.guardian_ids)]


@dataclass(frozen=True, kw_only=True)
class DiscountFigures(Figures):
    """A student's discount as it stood: an amount or a percentage."""

    id: UUID
    student_id: UUID
    structure_id: UUID | None
    title: str
    kind: DiscountKind
    percent: Decimal | None
    amount: Money | None
    category_code: str | None
    valid_from: date | None
    valid_until: date | None
    active: bool
    created_at: datetime
    version: int


@event("school.student_discount_changed")
@dataclass(frozen=True, kw_only=True)
class StudentDiscountChanged(Event):
    """A student was given a discount, or it was withdrawn: what is charged from then on is less, or no less any more.

    For the staff who read fees where the student is, and the guardians.
    """

    discount: DiscountFigures
    student: str
    branch_id: UUID | None
    guardian_ids: Sequence[UUID]

    def topics(self) -> Iterable[str]:
        about = [*school_topics(self.branch_id), student_topic(self.discount.student_id)]
        return [*about, *map(ward_topic, self.guardian_ids)]

    def audience(self) -> Iterable[str]:
        return [*staff_of(Permission.FEES_READ, self.branch_id), *(f"user:{each}" for each in self.guardian_ids)]


@event("school.fee_changed")
@dataclass(frozen=True, kw_only=True)
class FeeChanged(OfAFee):
    """A fee was charged, changed, paid or deleted. ``payments`` is the money that moved by it.

    Why staff did so is in the log of activities, for families hear of this as well.
    """

    change: FeeChange
    status_before: FeeStatus | None
    payments: Sequence[FeePaymentFigures]


@event("school.fee_receipt_given")
@dataclass(frozen=True, kw_only=True)
class FeeReceiptGiven(OfAFee):
    """Money came for a fee, and there is a receipt for it."""

    payment: FeePaymentFigures
    receipt_number: str
    payer_id: UUID | None


@event("school.arrears_alert_raised")
@dataclass(frozen=True, kw_only=True)
class ArrearsAlertRaised(OfAFee):
    """The arrears of a fee rose above the threshold."""

    alert_id: UUID
    threshold: Money
    raised_at: datetime


@event("school.arrears_alert_cleared")
@dataclass(frozen=True, kw_only=True)
class ArrearsAlertCleared(OfAFee):
    """The arrears of a fee are at the threshold or below it again, or the fee is gone."""

    alert_id: UUID
    threshold: Money
    cleared_at: datetime


@event("school.advance_changed")
@dataclass(frozen=True, kw_only=True)
class AdvanceChanged(Event):
    """Money of a student came in advance, was used or was given back. ``unused`` is what there is of it now."""

    id: UUID
    student_id: UUID
    branch_id: UUID | None
    guardian_ids: Sequence[UUID]
    amount: Money
    unused: Money
    paid_on: date
    receipt_number: str | None
    fee_payment_id: UUID | None

    def topics(self) -> Iterable[str]:
        return [*school_topics(self.branch_id), student_topic(self.student_id), *map(ward_topic, self.guardian_ids)]

    def audience(self) -> Iterable[str]:
        return [*staff_of(Permission.FEES_READ, self.branch_id), *(f"user:{each}" for each in self.guardian_ids)]


@dataclass(frozen=True, kw_only=True)
class FeeStructureFigures(Figures):
    """A fee structure as it stood."""

    id: UUID
    title: str
    class_id: UUID | None
    program_id: UUID | None
    year_id: UUID
    term_id: UUID | None
    branch_id: UUID | None
    total: Money
    active: bool
    version: int


@event("school.fee_structure_changed")
@dataclass(frozen=True, kw_only=True)
class FeeStructureChanged(Event):
    """A fee structure was made or changed; fees that were charged by it before stay as they are."""

    structure: FeeStructureFigures
    change: SchoolChange

    def topics(self) -> Iterable[str]:
        return [*school_topics(self.structure.branch_id), f"fee_structure:{self.structure.id}"]

    def audience(self) -> Iterable[str]:
        return staff_of(Permission.FEES_READ, self.structure.branch_id)


@event("school.fee_category_changed")
@dataclass(frozen=True, kw_only=True)
class FeeCategoryChanged(Event):
    """A category of fees was made or changed."""

    id: UUID
    code: str
    title: str
    income_code: str
    active: bool
    revision: int
    change: SchoolChange

    def topics(self) -> Iterable[str]:
        return school_topics(None)

    def audience(self) -> Iterable[str]:
        return [f"permission:{Permission.FEES_READ.value}"]
