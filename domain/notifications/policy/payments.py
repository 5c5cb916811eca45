"""Payments by M-Pesa: what became of one for who is to pay it, and what does not agree for administrators.

What is of high severity wants somebody at once: it goes by mail and text message, to the house's own address where it has
one, and when much goes wrong at once, as one letter a minute that lists it. Of the rest administrators see the live feeds.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from domain.events.event import LoggedEvent
from domain.identity.permissions import Permission
from domain.notifications.recipients import Recipients, persons, who_may
from domain.notifications.rule import EVERY_WAY, HIGH, LOW, MEDIUM, MONTH, QUARTER, WEEK, Rule, Subject
from domain.payments.events import (
    AlarmChanged,
    DiscrepancyFound,
    IssueFigures,
    PaidAfterFailure,
    PaymentChanged,
    PaymentFigures,
)

ONE_LETTER_EVERY: Final = timedelta(minutes=1)
MOST_NAMED: Final = 3

_ALARMS: Final = {
    "DISCREPANCY_RATE": ("The share of discrepancies", " %"),
    "ERROR_RATE": ("The share of failed reconciliations", " %"),
    "PROCESSING_TIME": ("The average time of a reconciliation", " ms"),
    "QUEUE_LENGTH": ("The queue of reconciliations", ""),
}


def administrators(fact: Any, logged: LoggedEvent) -> Recipients:
    """Everybody who reconciles, even when it was their own act that found it."""
    return who_may(Permission.PAYMENTS_RECONCILE, None)


def payer(fact: Any, logged: LoggedEvent) -> Recipients:
    return persons(fact.payment.client_id)


def a_payment(fact: Any) -> Subject:
    payment: PaymentFigures = fact.payment
    amount = {"amount": str(payment.amount.amount), "currency": payment.amount.currency}
    return Subject("payment", payment.id, {"number": payment.number, "status": payment.status.value, **amount})


def what_disagrees(fact: DiscrepancyFound) -> Subject | None:
    """The payment; of money of which no payment is known, what was found about it."""
    data = {"severity": fact.severity.value, "types": ", ".join(issue.type.value for issue in fact.issues)}
    if fact.session_id is not None:
        return Subject("payment", fact.session_id, data)
    return Subject("discrepancy", fact.discrepancy_ids[0], data) if fact.discrepancy_ids else None


def _came_to(*statuses: str) -> Callable[[PaymentChanged], bool]:
    """It stands so now, and did not before."""

    def holds(fact: PaymentChanged) -> bool:
        before = None if fact.before is None else fact.before.value
        return fact.payment.status.value in statuses and before != fact.payment.status.value

    return holds


def _disagreement(fact: DiscrepancyFound) -> str:
    said = [_issue(issue) for issue in fact.issues[:MOST_NAMED]]
    more = len(fact.issues) - len(said)
    about = f"Payment {fact.number}" if fact.number else "Money of which no payment is known"
    return f"{about}: {'; '.join(said) or 'it does not agree'}{f'; and {more} more' if more > 0 else ''}."


def _issue(issue: IssueFigures) -> str:
    details = [
        f"{word} {said}"
        for word, said in (("expected", issue.expected), ("received", issue.received), ("receipt", issue.receipt))
        if said
    ]
    return f"{issue.message} ({', '.join(details)})" if details else issue.message


def _arrived(fact: PaymentChanged) -> str:
    payment = fact.payment
    receipt = f" M-Pesa receipt {payment.transaction_id}." if payment.transaction_id else ""
    return f"Your payment for {payment.title} has arrived.{receipt}"


def _failed(fact: PaymentChanged) -> str:
    payment = fact.payment
    reason = f" {payment.status_reason.rstrip('.')}." if payment.status_reason else ""
    return f"{payment.amount} for {payment.title} were not paid.{reason} You can try again."


def _given_back(fact: PaymentChanged) -> str:
    payment = fact.payment
    part = "A part of your payment" if payment.status.value == "PARTIALLY_REVERSED" else "Your payment"
    return f"{part} for {payment.title} was given back to your M-Pesa account."


def _after_all(fact: PaidAfterFailure) -> str:
    payment = fact.payment
    receipt = f" with receipt {payment.transaction_id}" if payment.transaction_id else ""
    return f"Payment {payment.number} of {payment.client_name}, which was {fact.before.value}, is paid{receipt} after all."


def _over(fact: AlarmChanged) -> str:
    what, unit = _ALARMS[fact.alarm.value]
    window = "" if fact.alarm.value == "QUEUE_LENGTH" else f" in the last {fact.window_minutes} minutes"
    return f"{what} was {fact.figure.normalize():f}{unit}{window}; told above {fact.threshold.normalize():f}{unit}."


RULES: Final[tuple[Rule[Any], ...]] = (
    Rule(
        on=DiscrepancyFound,
        when=lambda fact: fact.severity.value == "HIGH",
        to=administrators,
        type="PAYMENT_DISCREPANCY",
        priority=HIGH,
        channels=EVERY_WAY,
        together=ONE_LETTER_EVERY,
        to_house=True,
        title="A payment does not agree",
        body=_disagreement,
        kept_for=QUARTER,
        about=what_disagrees,
    ),
    Rule(
        on=PaidAfterFailure,
        to=administrators,
        priority=HIGH,
        channels=EVERY_WAY,
        together=ONE_LETTER_EVERY,
        to_house=True,
        title="A failed payment was paid after all",
        body=_after_all,
        kept_for=QUARTER,
        about=a_payment,
    ),
    Rule(
        on=AlarmChanged,
        when=lambda fact: fact.raised,
        to=administrators,
        type="RECONCILIATION_ALARM",
        priority=HIGH,
        channels=EVERY_WAY,
        together=ONE_LETTER_EVERY,
        to_house=True,
        title="Reconciliation needs a look",
        body=_over,
        kept_for=MONTH,
    ),
    Rule(
        on=AlarmChanged,
        when=lambda fact: not fact.raised,
        to=administrators,
        type="RECONCILIATION_ALARM",
        priority=LOW,
        title="Reconciliation is back to normal",
        body=lambda fact: f"{_ALARMS[fact.alarm.value][0]} is no longer over its threshold.",
        kept_for=WEEK,
    ),
    Rule(
        on=PaymentChanged,
        when=_came_to("PAID"),
        to=payer,
        type="PAYMENT_PAID",
        priority=MEDIUM,
        title="Your payment has arrived",
        body=_arrived,
        kept_for=MONTH,
        about=a_payment,
    ),
    Rule(
        on=PaymentChanged,
        when=_came_to("FAILED", "EXPIRED"),
        to=payer,
        type="PAYMENT_FAILED",
        priority=MEDIUM,
        title="Your payment did not go through",
        body=_failed,
        kept_for=WEEK,
        about=a_payment,
    ),
    Rule(
        on=PaymentChanged,
        when=_came_to("REVERSED", "PARTIALLY_REVERSED"),
        to=payer,
        type="PAYMENT_REVERSED",
        priority=MEDIUM,
        title="Your payment was given back",
        body=_given_back,
        kept_for=MONTH,
        about=a_payment,
    ),
)
