"""Prompting telephones: the provider is asked once for each prompt, and never while a transaction is open.

That we ask is written down before we ask. Whoever finds a prompt that was being asked for when somebody died does not ask
again: the telephone may show it already, and the payer would pay twice. What became of it then comes to be known by a
callback, a statement, or not at all.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.jobs.queue import Attempt, Payload, queued
from domain.kit import clock
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.payments import provider, settings
from domain.payments.errors import MpesaNotConfigured
from domain.payments.models import Payment, PaymentPrompt
from domain.payments.provider import (
    FateUnknown,
    ProviderAway,
    ProviderBusy,
    ProviderError,
    ProviderRefused,
    StkAccepted,
    StkPush,
)
from domain.payments.rules.backoff import delay_s
from domain.payments.rules.phones import scrubbed
from domain.payments.service.desk import ANSWERABLE, NOT_NEEDED, PROMPT, keep_payment, prompt_changed, queue_reconciliation
from domain.payments.states import PaymentStatus, PromptState, Purpose, ReconTrigger

ASK_FOR_S: Final = 45.0
"""So long a provider that is away is asked again: whoever waits at the counter waits no longer."""

LONGEST_PAUSE_S: Final = 8.0
INTERRUPTED: Final = "INTERRUPTED"
MAX_CODE: Final = 40
MAX_TEXT: Final = 200

DESCRIPTIONS: Final = {
    Purpose.SERVICE_SESSION: "Session",
    Purpose.LOAN_INSTALMENT: "Loan payment",
    Purpose.SCHOOL_FEE: "School fee",
    Purpose.INVOICE_SETTLEMENT: "Invoice",
    Purpose.WALLET_TOP_UP: "Wallet top-up",
    Purpose.MILL_SALE: "Mill sale",
}
"""What the telephone shows that it is for."""


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Why no telephone was prompted, in the provider's code and in words for the payer."""

    code: str
    reason: str


@queued(
    PROMPT,
    purpose="Have M-Pesa prompt a payer's telephone.",
    concurrency=8,
    max_attempts=4,
    retry_delay_s=1,
    max_retry_delay_s=10,
    timeout_s=150,
)
async def prompt_telephone(payload: Payload, attempt: Attempt) -> str:
    """Returns the state in which the prompt is now."""
    prompt_id = UUID(payload["prompt_id"])
    push = await _begin(prompt_id, attempt)
    if push is None:
        return "nothing to ask"
    match await _ask(push):
        case StkAccepted() as accepted:
            state = await _keep_accepted(prompt_id, accepted)
        case FateUnknown() as fate:
            state = await _keep_unknown(prompt_id, fate.code, fate.reason)
        case _Refusal() as refusal:
            state = await _keep_refused(prompt_id, refusal)
    return state.value


@retried
async def _begin(prompt_id: UUID, attempt: Attempt) -> StkPush | None:
    """Write down that we ask, and what; None when there is nothing to ask any more, or no asking again."""
    async with unit_of_work() as work:
        await attempt.hold(work)
        payment, prompt = await _locked(prompt_id)
        if prompt.state is PromptState.ASKED:
            await _become_unknown(work, payment, prompt, INTERRUPTED, "whoever asked was stopped before the answer came")
            return None
        if prompt.state is not PromptState.WAITING:
            return None
        if not payment.is_undecided:
            await _become_refused(work, payment, prompt, _Refusal(NOT_NEEDED, "there is nothing to pay any more"))
            return None
        prompt.state, prompt.asked_at = PromptState.ASKED, clock.now()
        await prompt.save(update_fields=["state", "asked_at"])
        return StkPush(
            phone=prompt.phone,
            amount=prompt.amount,
            reference=payment.reference,
            description=DESCRIPTIONS[payment.purpose],
        )


async def _ask(push: StkPush) -> StkAccepted | FateUnknown | _Refusal:
    """What the provider answers. While it is away, or takes no more, nothing was done and it is asked again for a while."""
    give_up_at, failures = clock.now().timestamp() + ASK_FOR_S, 0
    while True:
        try:
            return await provider.current().stk_push(push)
        except MpesaNotConfigured as missing:
            return _Refusal(missing.code, missing.message)
        except (ProviderAway, ProviderBusy) as error:
            failures += 1
            pause_s = max(error.after_s or 0.0, delay_s(failures, random.random, cap_s=LONGEST_PAUSE_S))
            if clock.now().timestamp() + pause_s > give_up_at:
                return _Refusal(error.code, _why(error))
            await asyncio.sleep(pause_s)
        except ProviderRefused as refused:
            return _Refusal(refused.code, _why(refused))


def _why(error: ProviderError) -> str:
    """For the payer."""
    match error:
        case ProviderAway():
            return "M-Pesa could not be reached"
        case ProviderBusy():
            return "M-Pesa takes no more requests now, or the telephone is busy with another one"
    return f"M-Pesa refused: {scrubbed(error.reason)}"


@retried
async def _keep_accepted(prompt_id: UUID, accepted: StkAccepted) -> PromptState:
    async with unit_of_work() as work:
        payment, prompt = await _locked(prompt_id)
        now, chosen = clock.now(), settings.current()
        prompt.state, prompt.accepted_at = PromptState.ACCEPTED, now
        prompt.callback_due_at, prompt.expires_at = now + chosen.callback_within, now + chosen.expires_after
        prompt.checkout_request_id = accepted.checkout_request_id
        prompt.merchant_request_id = accepted.merchant_request_id
        prompt.error_code = prompt.error_text = None
        await _keep_prompt(work, payment, prompt)
        if payment.is_undecided:
            sent = PaymentStatus.STK_SENT if payment.status is PaymentStatus.CREATED else None
            await keep_payment(work, payment, sent, expires_at=prompt.expires_at)
        # By then the callback came, or the provider is asked.
        await _look_later(work, payment, prompt.callback_due_at, asks=True)
    return prompt.state


@retried
async def _keep_unknown(prompt_id: UUID, code: str, reason: str) -> PromptState:
    async with unit_of_work() as work:
        payment, prompt = await _locked(prompt_id)
        if prompt.state is PromptState.ASKED:
            await _become_unknown(work, payment, prompt, code, reason)
    return prompt.state


@retried
async def _keep_refused(prompt_id: UUID, refusal: _Refusal) -> PromptState:
    async with unit_of_work() as work:
        payment, prompt = await _locked(prompt_id)
        if prompt.state is PromptState.ASKED:
            await _become_refused(work, payment, prompt, refusal)
    return prompt.state


async def _become_unknown(work: Work, payment: Payment, prompt: PaymentPrompt, code: str, reason: str) -> None:
    """The telephone may show it or not. The payment waits as long as for any other prompt, and ends then by itself."""
    prompt.state = PromptState.UNKNOWN
    prompt.error_code, prompt.error_text = code[:MAX_CODE], scrubbed(reason)[:MAX_TEXT]
    await _keep_prompt(work, payment, prompt)
    if payment.is_undecided:
        expires_at = clock.now() + settings.current().expires_after
        await keep_payment(work, payment, expires_at=expires_at)
        await _look_later(work, payment, expires_at)


async def _become_refused(work: Work, payment: Payment, prompt: PaymentPrompt, refusal: _Refusal) -> None:
    """No telephone was prompted. Without another prompt that may still be paid, the payment has failed."""
    prompt.state = PromptState.REFUSED
    prompt.error_code, prompt.error_text = refusal.code[:MAX_CODE], refusal.reason[:MAX_TEXT]
    await _keep_prompt(work, payment, prompt)
    others = PaymentPrompt.filter(payment_id=payment.id, state__in=ANSWERABLE)
    if payment.is_undecided and not await others.exists():
        await keep_payment(work, payment, PaymentStatus.FAILED, reason=refusal.reason[:MAX_TEXT])
        await _look_later(work, payment, clock.now())


async def _keep_prompt(work: Work, payment: Payment, prompt: PaymentPrompt) -> None:
    await prompt.save()
    work.record(prompt_changed(payment, prompt))


async def _look_later(work: Work, payment: Payment, due_at: datetime, *, asks: bool = False) -> None:
    trigger, asker = ReconTrigger.PAYMENT_INITIATION, payment.created_by
    await queue_reconciliation(work, payment.id, trigger, due_at=due_at, requested_by=asker, asks=asks)


async def _locked(prompt_id: UUID) -> tuple[Payment, PaymentPrompt]:
    """A prompt and its payment, locked: the payment first, as everywhere."""
    found = await PaymentPrompt.get(id=prompt_id)
    payment = await Payment.select_for_update(no_key=True).get(id=found.payment_id)
    return payment, await PaymentPrompt.select_for_update().get(id=prompt_id)
