"""What each channel claims of one payment, in one form: the same claim reads the same whoever brought it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from domain.kit.money import Money
from domain.payments.rules.messages import C2BPayment, Result, StkCallback
from domain.payments.rules.phones import Sender
from domain.payments.rules.statements import RowKind, StatementRow
from domain.payments.states import Channel, Outcome

_ONCE: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One claim, when we heard it, and what it says. A reversal says which receipt it takes back."""

    channel: Channel
    outcome: Outcome
    received_at: datetime
    prompt: str | None = None
    """The CheckoutRequestID, where the channel knows of prompts."""
    receipt: str | None = None
    reverses: str | None = None
    amount: Money | None = None
    transacted_at: datetime | None = None
    sender: Sender | None = None
    reference: str | None = None
    result_code: int | None = field(default=None, compare=False)
    """How the provider says that a prompt ended: why, and nothing by which two claims would differ."""


def distinct(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Each claim once, as it was first heard: what is said again is nothing new. That it is still pending is, each time."""
    first: dict[Evidence, Evidence] = {}
    for claim in sorted(evidence, key=_when):
        first.setdefault(claim if claim.outcome is Outcome.PENDING else replace(claim, received_at=_ONCE), claim)
    return list(first.values())


def _when(claim: Evidence) -> tuple[datetime, Channel, Outcome, str, str, int]:
    ids = claim.prompt or "", claim.receipt or ""
    return claim.received_at, claim.channel, claim.outcome, *ids, claim.result_code or 0


def of_callback(callback: StkCallback, received_at: datetime) -> Evidence:
    return Evidence(
        channel=Channel.CALLBACK,
        outcome=callback.outcome,
        received_at=received_at,
        prompt=callback.checkout_request_id,
        receipt=callback.receipt,
        amount=callback.amount,
        transacted_at=callback.transacted_at,
        sender=callback.sender,
        result_code=callback.result_code,
    )


def of_c2b(payment: C2BPayment, received_at: datetime) -> Evidence:
    """A confirmation. A validation is about a payment that may still not happen, and is no evidence."""
    return Evidence(
        channel=Channel.C2B,
        outcome=Outcome.PAID,
        received_at=received_at,
        receipt=payment.receipt,
        amount=payment.amount,
        transacted_at=payment.transacted_at,
        sender=payment.sender,
        reference=payment.reference,
    )


def of_reversal(result: Result, receipt: str, received_at: datetime) -> Evidence | None:
    """The reversal of ``receipt`` that we asked for, when it was made."""
    if not result.is_success:
        return None
    return Evidence(
        channel=Channel.QUERY,
        outcome=Outcome.REVERSED,
        received_at=received_at,
        receipt=result.transaction_id,
        reverses=receipt,
        amount=result.amount,
        transacted_at=result.transacted_at,
    )


def of_transaction_status(result: Result, received_at: datetime) -> Evidence | None:
    """What the provider knows of a receipt that we asked about; nothing when it does not answer for a completed one."""
    if not result.is_success or result.receipt is None or (result.status or "").lower() != "completed":
        return None
    return Evidence(
        channel=Channel.QUERY,
        outcome=Outcome.PAID,
        received_at=received_at,
        receipt=result.receipt,
        amount=result.amount,
        transacted_at=result.transacted_at,
    )


def of_row(row: StatementRow, received_at: datetime) -> list[Evidence]:
    """What a row of a statement claims: nothing of our payments when it is a charge, or money that we sent.

    A payment that its own row calls reversed was made, and taken back whole.
    """
    common = Evidence(
        channel=Channel.STATEMENT,
        outcome=row.outcome,
        received_at=received_at,
        receipt=row.receipt,
        amount=row.amount,
        transacted_at=row.completed_at,
        sender=row.sender,
        reference=row.reference,
    )
    if row.kind is RowKind.REVERSAL and row.outcome is Outcome.PAID and not row.came_in:
        return [replace(common, outcome=Outcome.REVERSED, reverses=row.reverses)]
    if row.kind is not RowKind.PAYMENT_IN:
        return []
    if row.outcome is Outcome.REVERSED:
        return [
            replace(common, outcome=Outcome.PAID),
            replace(common, outcome=Outcome.REVERSED, receipt=None, reverses=row.receipt),
        ]
    return [common]
