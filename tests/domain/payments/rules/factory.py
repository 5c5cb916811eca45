"""A payment of 2,500.00 and what may be said of it, so that a test says only what matters to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from domain.kit.money import Money
from domain.payments.rules.evidence import Evidence
from domain.payments.rules.matching import Decision, Period
from domain.payments.rules.phones import Sender
from domain.payments.rules.receipts import Intent
from domain.payments.states import Channel, DiscrepancyType, Outcome, PaymentStatus, Severity

SENT_AT: Final = datetime(2025, 3, 5, 7, 15, 30, tzinfo=UTC)
DUE_AT: Final = SENT_AT + timedelta(minutes=2)
EXPIRES_AT: Final = SENT_AT + timedelta(minutes=10)
SOON: Final = SENT_AT + timedelta(seconds=20)
LATER: Final = SENT_AT + timedelta(hours=2)
PROMPT: Final = "ws_CO_1"
RECEIPT: Final = "TC51ABCD2E"
OTHER: Final = "TC61QWER3T"
BACK: Final = "TC51ZZZZ9K"
THE_DAY: Final = Period(SENT_AT - timedelta(hours=8), SENT_AT + timedelta(hours=16))


def kes(amount: int) -> Money:
    return Money(amount * 100, "KES")


ASKED: Final = kes(2_500)


def intent(status: PaymentStatus = PaymentStatus.PROCESSING, **other: Any) -> Intent:
    """A prompt that was sent."""
    known: dict[str, Any] = {
        "amount": ASKED,
        "status": status,
        "reference": "FEE-42",
        "sender": Sender.read("0700000001"),
        "prompted_at": SENT_AT,
        "callback_due_at": DUE_AT,
        "expires_at": EXPIRES_AT,
    }
    return Intent(**(known | other))


def unprompted(status: PaymentStatus = PaymentStatus.CREATED, **other: Any) -> Intent:
    """A payment that the payer begins."""
    return intent(status, **({"prompted_at": None, "callback_due_at": None, "expires_at": None} | other))


def said(channel: Channel, outcome: Outcome = Outcome.PAID, *, after_s: int = 14, **other: Any) -> Evidence:
    """A claim heard so many seconds after the prompt; a payment is by default the right one."""
    at = SENT_AT + timedelta(seconds=after_s)
    claim = Evidence(channel=channel, outcome=outcome, received_at=at)
    if outcome is Outcome.PAID and channel is not Channel.QUERY:
        claim = replace(claim, receipt=RECEIPT, amount=ASKED, transacted_at=SENT_AT + timedelta(seconds=10))
    if channel in (Channel.CALLBACK, Channel.QUERY):
        claim = replace(claim, prompt=PROMPT)
    return replace(claim, **other)


def callback(outcome: Outcome = Outcome.PAID, **other: Any) -> Evidence:
    return said(Channel.CALLBACK, outcome, **other)


def answer(outcome: Outcome = Outcome.PAID, **other: Any) -> Evidence:
    return said(Channel.QUERY, outcome, **other)


def confirmation(**other: Any) -> Evidence:
    return said(Channel.C2B, **other)


def row(**other: Any) -> Evidence:
    return said(Channel.STATEMENT, **({"after_s": 20 * 3600} | other))


def taken_back(
    amount: Money | None = None, receipt: str = RECEIPT, *, channel: Channel = Channel.STATEMENT, **other: Any
) -> Evidence:
    claim = {"receipt": BACK, "reverses": receipt, "amount": amount or ASKED, "after_s": 3_600}
    return said(channel, Outcome.REVERSED, **(claim | other))


def applied(before: Intent, decision: Decision) -> Intent:
    """The intent after a service has done what was decided."""
    return replace(before, status=decision.status, booked=decision.credits)


def told(decision: Decision) -> dict[DiscrepancyType, Severity]:
    assert len({(issue.type, issue.receipt) for issue in decision.issues}) == len(decision.issues)
    return {issue.type: issue.severity for issue in decision.issues}
