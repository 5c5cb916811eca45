"""The school: guardians of what concerns their wards, bursars of arrears that are high, whoever began something for many of
how it ended.

Guardians hear of receipts and absences even when it was their own act. Figures that were found wrong and put right are for
administrators, at once: it is no part of daily work.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from domain.events.event import LoggedEvent
from domain.identity.permissions import Permission, Role
from domain.kit.wording import day
from domain.notifications.recipients import Recipients, in_role, persons, who_may
from domain.notifications.rule import BY_MAIL, HIGH, LOW, MEDIUM, MONTH, QUARTER, WEEK, Rule, Subject
from domain.school.events import (
    AdvanceChanged,
    ArrearsAlertCleared,
    ArrearsAlertRaised,
    FeeChanged,
    FeeReceiptGiven,
    FinancialsResynced,
    RunChanged,
    StatisticsRepaired,
    StudentEnrolled,
    StudentPromoted,
    WardMarked,
)

_RUNS: Final = {
    "PROMOTION": "The promotion of a class",
    "BILLING": "The charging of fees",
    "LATE_FEES": "The run of late fees",
    "CARRY_OVER": "The carrying over of arrears",
    "RESYNC": "The comparison of fees and books",
}
_ENDS: Final = {"DONE": "is complete", "FAILED": "was given up and can be taken up again", "CANCELLED": "was cancelled"}
_OUTCOMES: Final = {
    "PROMOTED": "moves on to the next class",
    "REPEATED": "stays in the class for another year",
    "GRADUATED": "has finished school",
}


def bursars(fact: Any, logged: LoggedEvent) -> Recipients:
    """Those who answer for fees on the campus, even when it was their own act."""
    return who_may(Permission.FEES_MANAGE, fact.fee.branch_id)


def guardians(fact: Any, logged: LoggedEvent) -> Recipients:
    return persons(*fact.guardian_ids)


def administrators(fact: Any, logged: LoggedEvent) -> Recipients:
    return in_role(Role.ADMIN)


def whoever_began_it(fact: RunChanged, logged: LoggedEvent) -> Recipients:
    return persons(fact.run.requested_by_id)


def a_fee(fact: Any) -> Subject:
    owed = fact.fee.outstanding
    return Subject(
        "school_fee", fact.fee.id, {"number": fact.fee.number, "amount": str(owed.amount), "currency": owed.currency}
    )


def a_receipt(fact: FeeReceiptGiven) -> Subject:
    paid = fact.payment.amount
    data = {"receiptNumber": fact.receipt_number, "amount": str(paid.amount), "currency": paid.currency}
    return Subject("school_fee", fact.fee.id, data)


def an_enrolment(fact: Any) -> Subject:
    return Subject("enrolment", fact.enrolment.id, {"student": fact.enrolment.student})


def a_student(fact: WardMarked) -> Subject:
    data = {"student": fact.student, "status": fact.after.value, "date": fact.on_date.isoformat()}
    return Subject("student", fact.student_id, data)


def a_run(fact: RunChanged) -> Subject:
    return Subject("school_run", fact.run.id, {"number": fact.run.number, "kind": fact.run.kind.value})


def _change(change: str) -> Callable[[FeeChanged], bool]:
    return lambda fact: fact.change.value == change


def _absent(fact: WardMarked) -> bool:
    return fact.after.value == "ABSENT" and fact.before is not fact.after


def _no_longer_absent(fact: WardMarked) -> bool:
    return fact.before is not None and fact.before.value == "ABSENT" and fact.after is not fact.before


def _high(fact: ArrearsAlertRaised) -> str:
    fee = fact.fee
    return f"{fee.outstanding} of {fee.number}, {fee.title}, are unpaid by {fee.student}; told above {fact.threshold}."


def _to_pay(fact: ArrearsAlertRaised) -> str:
    fee = fact.fee
    return (
        f"{fee.outstanding} of {fee.title} for {fee.student} are unpaid, due on {day(fee.due_on)}. "
        f"The reference is {fee.number}."
    )


def _charged(fact: FeeChanged) -> str:
    fee = fact.fee
    return f"{fee.due} for {fee.student}, {fee.title}, due on {day(fee.due_on)}. The reference is {fee.number}."


def _received(fact: FeeReceiptGiven) -> str:
    fee = fact.fee
    left = f"{fee.outstanding} are still to be paid" if fee.outstanding else "nothing more is to be paid"
    return f"{fact.payment.amount} arrived for {fee.title} of {fee.student}, receipt {fact.receipt_number}; {left}."


def _given_back(fact: FeeChanged) -> str:
    fee = fact.fee
    back = [str(-payment.amount) for payment in fact.payments if payment.amount.amount_minor < 0]
    return f"{' and '.join(back) or 'Money'} of {fee.title} for {fee.student} were given back."


def _missed(fact: WardMarked) -> str:
    lesson = "" if fact.lesson is None else f" in lesson {fact.lesson}"
    return f"{fact.student} was marked absent{lesson} on {day(fact.on_date)}."


def _ended(fact: RunChanged) -> str:
    run = fact.run
    counts = ", ".join(f"{outcome.lower()} {count}" for outcome, count in sorted(run.counts.items()) if count)
    return f"{_RUNS[run.kind.value]} ({run.number}) {_ENDS[run.status.value]}: of {run.total} {counts or 'none was tried'}."


RULES: Final[tuple[Rule[Any], ...]] = (
    Rule(
        on=ArrearsAlertRaised,
        to=bursars,
        priority=HIGH,
        title="Arrears of a fee are high",
        body=_high,
        kept_for=MONTH,
        about=a_fee,
    ),
    Rule(
        on=ArrearsAlertRaised,
        to=guardians,
        type="FEE_ARREARS",
        priority=HIGH,
        channels=BY_MAIL,
        title="A school fee is to be paid",
        body=_to_pay,
        kept_for=QUARTER,
        about=a_fee,
    ),
    Rule(
        on=ArrearsAlertCleared,
        to=bursars,
        priority=LOW,
        title="Arrears of a fee are no longer high",
        body=lambda fact: f"{fact.fee.outstanding} of {fact.fee.number} are still unpaid by {fact.fee.student}.",
        kept_for=WEEK,
        about=a_fee,
    ),
    Rule(
        on=FeeReceiptGiven,
        to=guardians,
        type="FEE_PAID",
        priority=MEDIUM,
        title="A payment for school has arrived",
        body=_received,
        kept_for=QUARTER,
        about=a_receipt,
    ),
    Rule(
        on=FeeChanged,
        when=_change("CHARGED"),
        to=guardians,
        type="FEE_CHARGED",
        priority=MEDIUM,
        title="There is a new school fee",
        body=_charged,
        kept_for=QUARTER,
        about=a_fee,
    ),
    Rule(
        on=FeeChanged,
        when=_change("LATE_FEE_ADDED"),
        to=guardians,
        type="FEE_LATE",
        priority=MEDIUM,
        title="A school fee is late",
        body=lambda fact: f"{fact.fee.title} of {fact.fee.student} is {fact.fee.due} with what it costs to be late.",
        kept_for=QUARTER,
        about=a_fee,
    ),
    Rule(
        on=FeeChanged,
        when=_change("REFUNDED"),
        to=guardians,
        type="FEE_REFUNDED",
        priority=MEDIUM,
        title="Money of a school fee was given back",
        body=_given_back,
        kept_for=QUARTER,
        about=a_fee,
    ),
    Rule(
        on=AdvanceChanged,
        when=lambda fact: fact.receipt_number is not None and fact.amount.amount_minor > 0,
        to=guardians,
        type="FEE_ADVANCE",
        priority=MEDIUM,
        title="A payment in advance has arrived",
        body=lambda fact: f"{fact.amount} arrived in advance, receipt {fact.receipt_number}; {fact.unused} are unused.",
        kept_for=QUARTER,
        about=lambda fact: Subject("student", fact.student_id, {"receiptNumber": fact.receipt_number or ""}),
    ),
    Rule(
        on=StudentEnrolled,
        to=guardians,
        priority=MEDIUM,
        title="A place at school is yours",
        body=lambda fact: f"{fact.enrolment.student} is enrolled.",
        kept_for=MONTH,
        about=an_enrolment,
    ),
    Rule(
        on=StudentPromoted,
        when=lambda fact: fact.outcome.value in _OUTCOMES,
        to=guardians,
        priority=MEDIUM,
        title="The class moves on",
        body=lambda fact: f"{fact.enrolment.student} {_OUTCOMES[fact.outcome.value]}.",
        kept_for=MONTH,
        about=an_enrolment,
    ),
    Rule(
        on=WardMarked,
        when=_absent,
        to=guardians,
        type="WARD_ABSENT",
        priority=HIGH,
        title="Your child was not at school",
        body=_missed,
        kept_for=MONTH,
        about=a_student,
    ),
    Rule(
        on=WardMarked,
        when=_no_longer_absent,
        to=guardians,
        type="WARD_NOT_ABSENT",
        priority=MEDIUM,
        title="Your child was not absent after all",
        body=lambda fact: f"{fact.student} is marked as {fact.after.value.lower()} on {day(fact.on_date)}.",
        kept_for=MONTH,
        about=a_student,
    ),
    Rule(
        on=RunChanged,
        when=lambda fact: fact.run.status.value in _ENDS,
        to=whoever_began_it,
        type="SCHOOL_RUN_ENDED",
        priority=MEDIUM,
        title="What you began for many has ended",
        body=_ended,
        kept_for=MONTH,
        about=a_run,
    ),
    Rule(
        on=FinancialsResynced,
        when=lambda fact: fact.missing + fact.orphan + fact.different > 0,
        to=administrators,
        priority=HIGH,
        title="Fees and books did not agree",
        body=lambda fact: (
            f"{fact.missing} missing, {fact.orphan} without a fee, {fact.different} different; {fact.repaired} repaired."
        ),
        kept_for=QUARTER,
    ),
    Rule(
        on=StatisticsRepaired,
        to=administrators,
        priority=HIGH,
        title="Figures of the school were wrong",
        body=lambda fact: f"{fact.found} figures were kept otherwise than counted, and are as counted now.",
        kept_for=QUARTER,
    ),
)
