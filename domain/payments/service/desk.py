"""What paying has in common: reading a telephone number, prompting it, and leaving questions for later."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from domain.jobs.queue import enqueue
from domain.kit import clock
from domain.kit.context import current_call
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work
from domain.payments import settings
from domain.payments.errors import InvalidPhone, MpesaNotConfigured
from domain.payments.events import PaymentChanged, PaymentFigures, PromptChanged, PromptFigures
from domain.payments.intake.storing import leave_drain
from domain.payments.models import Payment, PaymentPrompt, Reconciliation
from domain.payments.rules.phones import BadPhone, normalise
from domain.payments.settling import ASK
from domain.payments.states import PaymentStatus, PromptState, ReconStatus, ReconTrigger

PROMPT: Final = "payments.prompt"
NOT_NEEDED: Final = "NOT_NEEDED"
"""Why a prompt was not sent that nobody wants any more."""

ANSWERABLE: Final = (PromptState.ASKED, PromptState.ACCEPTED, PromptState.UNKNOWN)
"""A prompt that the provider was asked for and has not refused: it may still be paid."""


def require_account() -> None:
    """Somebody can be asked for money, or nothing is begun."""
    if not settings.current().has_account:
        raise MpesaNotConfigured


def phone_of(written: str) -> str:
    """The number as the provider wants it, or INVALID_PHONE."""
    try:
        return normalise(written)
    except BadPhone as bad:
        raise InvalidPhone(str(bad)) from None


async def leave_prompt(work: Work, payment: Payment, phone: str, *, requested_by: UUID, attempt_no: int) -> PaymentPrompt:
    """Have a telephone prompted for a payment that is locked, or new, once this unit of work has committed."""
    prompt = PaymentPrompt(
        id=new_id(),
        payment_id=payment.id,
        attempt_no=attempt_no,
        phone=phone,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        state=PromptState.WAITING,
        requested_by=requested_by,
        created_at=clock.now(),
    )
    await prompt.save(force_create=True)
    await enqueue(work, PROMPT, {"prompt_id": str(prompt.id)}, dedupe_key=str(prompt.id))
    work.record(prompt_changed(payment, prompt))
    return prompt


def prompt_changed(payment: Payment, prompt: PaymentPrompt) -> PromptChanged:
    return PromptChanged(payment=PaymentFigures.of(payment), prompt=PromptFigures.of(prompt))


async def keep_payment(
    work: Work,
    payment: Payment,
    status: PaymentStatus | None = None,
    *,
    reason: str | None = None,
    expires_at: datetime | None = None,
) -> None:
    """Write down that a locked payment stands elsewhere, or may take longer, and announce it."""
    before, now = payment.status, clock.now()
    if status is not None and status is not before:
        payment.become(status)
        payment.status_at, payment.status_reason = now, reason
    if expires_at is not None:
        payment.expires_at = expires_at
    payment.updated_at, payment.version = now, payment.version + 1
    await payment.save(update_fields=["status", "status_at", "status_reason", "expires_at", "updated_at", "version"])
    work.record(PaymentChanged(payment=PaymentFigures.of(payment), before=before))


async def queue_reconciliation(
    work: Work,
    payment_id: UUID,
    trigger: ReconTrigger,
    *,
    due_at: datetime,
    requested_by: UUID | None = None,
    asks: bool = False,
) -> Reconciliation:
    """Have a payment compared with what was said of it; ``asks``: after asking the provider what it says now."""
    queued = Reconciliation(
        id=new_id(),
        payment_id=payment_id,
        trigger=trigger,
        status=ReconStatus.QUEUED,
        asks=asks,
        due_at=due_at,
        queued_at=clock.now(),
        attempts=0,
        issues=[],
        requested_by=requested_by,
        correlation_id=current_call().correlation_id,
    )
    await queued.save(force_create=True)
    if asks:
        await leave_question(work, queued.id, due_at)
    else:
        await leave_drain(work, [due_at])
    return queued


async def leave_question(work: Work, reconciliation_id: UUID, at: datetime) -> None:
    """Have the provider asked for a reconciliation that is open."""
    await enqueue(work, ASK, {"reconciliation_id": str(reconciliation_id)}, run_after=at)
