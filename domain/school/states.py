"""The words that the school is described with, and which state may follow which."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class SchoolChange(StrEnum):
    """What happened to a record of the school. DELETED: it stays where something is said of it, and is shown no more."""

    CREATED = "CREATED"
    EDITED = "EDITED"
    DEACTIVATED = "DEACTIVATED"
    REACTIVATED = "REACTIVATED"
    DELETED = "DELETED"


class Sex(StrEnum):
    """As a register of pupils has it."""

    FEMALE = "FEMALE"
    MALE = "MALE"


class EnrolmentStatus(StrEnum):
    """Where a student's enrolment stands.

    APPLIED: there is no place yet. PROMOTED, REPEATED: the period is over, and the next one is another enrolment.
    TRANSFERRED: to another school. WITHDRAWN: left before the end, or the application was not taken up. GRADUATED: done with
    the school.
    """

    APPLIED = "APPLIED"
    ENROLLED = "ENROLLED"
    PROMOTED = "PROMOTED"
    REPEATED = "REPEATED"
    TRANSFERRED = "TRANSFERRED"
    WITHDRAWN = "WITHDRAWN"
    GRADUATED = "GRADUATED"


_E = EnrolmentStatus

ENROLMENT_TRANSITIONS: Final[Mapping[EnrolmentStatus, frozenset[EnrolmentStatus]]] = {
    _E.APPLIED: frozenset({_E.ENROLLED, _E.WITHDRAWN}),
    _E.ENROLLED: frozenset({_E.PROMOTED, _E.REPEATED, _E.TRANSFERRED, _E.WITHDRAWN, _E.GRADUATED}),
    # Who comes back is enrolled anew, so that the days away are nobody's.
    _E.PROMOTED: frozenset(),
    _E.REPEATED: frozenset(),
    _E.TRANSFERRED: frozenset(),
    _E.WITHDRAWN: frozenset(),
    _E.GRADUATED: frozenset(),
}

LEFT_EARLY: Final = frozenset({_E.TRANSFERRED, _E.WITHDRAWN})
"""The student may be enrolled for the same programme and period again; after all others it would be twice."""


class PromotionDecision(StrEnum):
    """What is to become of a student when the class moves on. LEAVE_OUT: it is decided another time."""

    PROMOTE = "PROMOTE"
    REPEAT = "REPEAT"
    GRADUATE = "GRADUATE"
    LEAVE_OUT = "LEAVE_OUT"


class PromotionOutcome(StrEnum):
    """What became of a student when the class moved on. FAILED: it was meant to happen and could not."""

    PROMOTED = "PROMOTED"
    REPEATED = "REPEATED"
    GRADUATED = "GRADUATED"
    LEFT_OUT = "LEFT_OUT"
    FAILED = "FAILED"


class PromotionReason(StrEnum):
    """Why a student was left out, or the promotion failed.

    DONE_BEFORE: a promotion has moved the student already. PLACED_OTHERWISE: the student has a place for the coming period
    that no promotion gave, so that a person decides which of the two holds.
    """

    ASKED_FOR = "ASKED_FOR"
    DONE_BEFORE = "DONE_BEFORE"
    NOT_ENROLLED = "NOT_ENROLLED"
    NOT_OF_THE_CLASS = "NOT_OF_THE_CLASS"
    PLACED_OTHERWISE = "PLACED_OTHERWISE"
    CLASS_FULL = "CLASS_FULL"


class AttendanceStatus(StrEnum):
    """What is marked for a student on the roll. LATE: came, after the beginning. LEAVE: away with permission."""

    PRESENT = "PRESENT"
    LATE = "LATE"
    ABSENT = "ABSENT"
    LEAVE = "LEAVE"


CAME: Final = frozenset({AttendanceStatus.PRESENT, AttendanceStatus.LATE})
"""The student was there."""


class DayKind(StrEnum):
    """What a day is in the calendar of the school. A holiday counts before the day of the week does."""

    SCHOOL_DAY = "SCHOOL_DAY"
    HOLIDAY = "HOLIDAY"
    WEEKEND = "WEEKEND"
    BETWEEN_TERMS = "BETWEEN_TERMS"
    OUTSIDE_YEAR = "OUTSIDE_YEAR"


class GuardianRelation(StrEnum):
    """What a guardian is to a student."""

    MOTHER = "MOTHER"
    FATHER = "FATHER"
    GRANDPARENT = "GRANDPARENT"
    SIBLING = "SIBLING"
    RELATIVE = "RELATIVE"
    LEGAL_GUARDIAN = "LEGAL_GUARDIAN"
    SPONSOR = "SPONSOR"
    OTHER = "OTHER"


class TeachingRole(StrEnum):
    """Whether a teacher is responsible for a class, or teaches one subject in it."""

    CLASS_TEACHER = "CLASS_TEACHER"
    SUBJECT_TEACHER = "SUBJECT_TEACHER"


class SchoolRunKind(StrEnum):
    """What is done for many, one after the other, in the background when they are very many."""

    PROMOTION = "PROMOTION"
    BILLING = "BILLING"
    LATE_FEES = "LATE_FEES"
    CARRY_OVER = "CARRY_OVER"
    RESYNC = "RESYNC"


class SchoolRunStatus(StrEnum):
    """Where a run stands. DONE: everybody has a result, though it may be that some could not be helped. FAILED: it was
    given up before that, and can be taken up again."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


_R = SchoolRunStatus

RUN_TRANSITIONS: Final[Mapping[SchoolRunStatus, frozenset[SchoolRunStatus]]] = {
    _R.QUEUED: frozenset({_R.RUNNING, _R.DONE, _R.FAILED, _R.CANCELLED}),
    _R.RUNNING: frozenset({_R.DONE, _R.FAILED, _R.CANCELLED}),
    _R.FAILED: frozenset({_R.QUEUED, _R.RUNNING, _R.CANCELLED}),
    _R.DONE: frozenset(),
    _R.CANCELLED: frozenset(),
}


class TransactionKind(StrEnum):
    """Whether a financial transaction is money that came in, or money that was spent."""

    INCOME = "INCOME"
    EXPENSE = "EXPENSE"


class FeeStatus(StrEnum):
    """Where the fee of a student stands; it follows from its figures.

    OVERPAID: more was paid than is due, which is the family's. REFUNDED: what was paid went back, and nothing is owed. VOID:
    the fee was deleted; it has no money and no way back.
    """

    UNPAID = "UNPAID"
    PARTIALLY_PAID = "PARTIALLY_PAID"
    PAID = "PAID"
    OVERPAID = "OVERPAID"
    REFUNDED = "REFUNDED"
    VOID = "VOID"


_F = FeeStatus

OWING: Final = frozenset({_F.UNPAID, _F.PARTIALLY_PAID})
"""Something is still to be paid."""

# What is due can change as well as what is paid, so every figure can follow every other until the fee is deleted.
FEE_TRANSITIONS: Final[Mapping[FeeStatus, frozenset[FeeStatus]]] = {
    status: frozenset() if status is _F.VOID else frozenset(_F) - {status} for status in _F
}


class DiscountKind(StrEnum):
    """Whether a discount takes off an amount or a share."""

    FIXED = "FIXED"
    PERCENTAGE = "PERCENTAGE"


class DiscountBase(StrEnum):
    """What a percentage is taken of: the listed price, or what the discounts before it have left."""

    LISTED_PRICE = "LISTED_PRICE"
    WHAT_IS_LEFT = "WHAT_IS_LEFT"


class PlanKind(StrEnum):
    """How a fee is spread over the year: by months or terms that begin in it, or as the school says."""

    MONTHLY = "MONTHLY"
    QUARTERLY = "QUARTERLY"
    SEMI_ANNUAL = "SEMI_ANNUAL"
    TERM = "TERM"
    ANNUAL = "ANNUAL"
    CUSTOM = "CUSTOM"


class LateFeeKind(StrEnum):
    """Whether a late fee is charged once, as an amount or a share of what is unpaid, or for each day that is late."""

    FIXED = "FIXED"
    PERCENTAGE = "PERCENTAGE"
    FIXED_PER_DAY = "FIXED_PER_DAY"
    PERCENTAGE_PER_DAY = "PERCENTAGE_PER_DAY"


class ProrationUnit(StrEnum):
    """What a term is counted in when only a part of it is charged."""

    DAYS = "DAYS"
    WEEKS = "WEEKS"
    LESSONS = "LESSONS"


class RefundUnit(StrEnum):
    """What the steps of a refund are counted in, from the first day of the term."""

    CALENDAR_DAYS = "CALENDAR_DAYS"
    WEEKS = "WEEKS"
    TAUGHT_DAYS = "TAUGHT_DAYS"


class ArrearsMove(StrEnum):
    """What a change of arrears does to the alert: it is raised above the threshold, and cleared at it or below."""

    RAISED = "RAISED"
    CLEARED = "CLEARED"


class FeeChange(StrEnum):
    """What happened to a fee. EDITED: what is due, or when. COLLECTED: money came for it. CORRECTED: what had been recorded
    of money was wrong. MOVED: money went to it from another fee, or from it. REPAIRED: the books were brought in line."""

    CHARGED = "CHARGED"
    EDITED = "EDITED"
    COLLECTED = "COLLECTED"
    CORRECTED = "CORRECTED"
    REFUNDED = "REFUNDED"
    MOVED = "MOVED"
    LATE_FEE_ADDED = "LATE_FEE_ADDED"
    DELETED = "DELETED"
    REPAIRED = "REPAIRED"


class FeePaymentKind(StrEnum):
    """What money of a fee is. PAYMENT: it came, and there is a receipt. CORRECTION: a record was wrong. REFUND: it went back
    to the family. MOVED: it went to another fee or came from one."""

    PAYMENT = "PAYMENT"
    CORRECTION = "CORRECTION"
    REFUND = "REFUND"
    MOVED = "MOVED"


class FeePaymentMethod(StrEnum):
    """By which way money of a fee came or went. MPESA: by the provider, as the payments room tells. ADVANCE: out of what the
    school had of the student already. LOAN: paid out to the school by a loan."""

    CASH = "CASH"
    BANK = "BANK"
    MPESA = "MPESA"
    WALLET = "WALLET"
    ADVANCE = "ADVANCE"
    LOAN = "LOAN"


class TransactionChange(StrEnum):
    """What happened to a transaction that the school sees. UPDATED: it was reversed, and another took its place."""

    CREATED = "CREATED"
    UPDATED = "UPDATED"
    DELETED = "DELETED"
