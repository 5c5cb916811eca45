"""Asking the provider what became of prompts: when somebody wants to know, and now and then for payments that are stuck.

A question may be asked again, so whoever is killed halfway is followed by another who asks once more; the answer becomes
evidence, and the payment is settled with all there is of it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.jobs.queue import Attempt, Payload, queued
from domain.kit import clock
from domain.kit.context import as_part_of
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.payments import access, provider, settings
from domain.payments.errors import MpesaNotConfigured, PromptNotFound
from domain.payments.intake.evidence import Claim, write_evidence
from domain.payments.models import PaymentPrompt, Reconciliation
from domain.payments.models.payments import shown_checkout
from domain.payments.provider import ProviderError, ProviderRefused, StkPending
from domain.payments.rules.backoff import next_attempt_at
from domain.payments.rules.evidence import Evidence
from domain.payments.rules.results import outcome_of
from domain.payments.service.desk import leave_question, queue_reconciliation, require_account
from domain.payments.settling import ASK, Wanted, settle_payments
from domain.payments.states import Channel, Outcome, PromptState, ReconStatus, ReconTrigger

OPEN: Final = (ReconStatus.QUEUED, ReconStatus.ACTIVE, ReconStatus.UNVERIFIED)

logger = structlog.get_logger(__name__)

# The prompts of a payment of which the provider has not answered how they ended; unless it is to be verified ($2), a
# callback that says so whole will do.
_UNANSWERED: Final = """
select checkout_request_id from payment_prompt prompt
where payment_id = $1 and state = 'ACCEPTED'
  and not exists (select from payment_evidence claim
                  where claim.prompt = prompt.checkout_request_id and claim.outcome <> 'PENDING'
                    and (claim.channel = 'QUERY' or not $2 and (claim.receipt is not null or claim.outcome <> 'PAID')))
order by attempt_no
"""

_BEGIN: Final = """
update reconciliation set status = 'ACTIVE', attempts = attempts + 1, started_at = coalesce(started_at, $2),
                          next_attempt_at = null
where id = $1 and status in ('QUEUED', 'ACTIVE', 'UNVERIFIED')
returning payment_id, trigger, attempts, requested_by
"""

_BACK: Final = """
update reconciliation set status = 'QUEUED', next_attempt_at = $2, error = $3 where id = $1 and status = 'ACTIVE'
returning id
"""

# Payments that are stuck since before a moment ($1), and of which nobody is to ask already: never asked first, then asked
# longest ago, and of those the oldest. Whom somebody else is at work on is left out.
_STUCK: Final = """
select id, correlation_id from payment
where status in ('CREATED', 'STK_SENT', 'PROCESSING') and status_at <= $1
  and not exists (select from reconciliation open
                  where open.payment_id = payment.id and open.trigger in ('PERIODIC', 'STATUS_QUERY')
                    and open.status in ('QUEUED', 'ACTIVE', 'UNVERIFIED'))
order by checked_at nulls first, created_at, id limit $2
for no key update skip locked
"""


@dataclass(frozen=True, slots=True)
class Question:
    """A reconciliation that was begun, and the prompts that are asked about."""

    reconciliation_id: UUID
    payment_id: UUID
    trigger: ReconTrigger
    attempts: int
    requested_by: UUID | None
    prompts: Sequence[str]
    began_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider says of a prompt."""

    prompt: str
    outcome: Outcome
    result_code: int | None = None
    """None while it has not ended."""


@retried
async def query_mpesa_status(actor: Actor, *, checkout_request_id: str, payment_id: UUID | None = None) -> Reconciliation:
    """Have the provider asked what became of a prompt; while it is to be asked already, that is the answer.

    With the payment the id may be the one that is shown, in which digits are masked. Refuses with MPESA_NOT_CONFIGURED,
    PAYMENT_NOT_FOUND and PROMPT_NOT_FOUND.
    """
    actor.require(Permission.SIGNED_IN)
    require_account()
    async with unit_of_work() as work:
        prompt = await _prompt_of(actor, checkout_request_id.strip(), payment_id)
        await access.locked_payment(actor, prompt.payment_id)
        under_way = await Reconciliation.filter(
            payment_id=prompt.payment_id, trigger=ReconTrigger.STATUS_QUERY, status__in=OPEN
        ).first()
        if under_way is not None:
            return under_way
        return await queue_reconciliation(
            work,
            prompt.payment_id,
            ReconTrigger.STATUS_QUERY,
            due_at=clock.now(),
            requested_by=actor.id,
            asks=True,
        )


@retried
async def check_stuck_payments() -> int:
    """Have the provider asked about payments that are stuck, as many as one check may; returns how many."""
    chosen, now = settings.current(), clock.now()
    async with unit_of_work() as work:
        rows = await work.fetch(_STUCK, now - chosen.callback_within, chosen.recon_batch)
        await work.execute("update payment set checked_at = $2 where id = any ($1)", [row["id"] for row in rows], now)
        for row in rows:
            with as_part_of(row["correlation_id"]):
                await queue_reconciliation(work, row["id"], ReconTrigger.PERIODIC, due_at=now, asks=True)
    return len(rows)


@queued(
    ASK,
    purpose="Ask M-Pesa what became of prompts.",
    concurrency=8,
    max_attempts=8,
    retry_delay_s=1,
    max_retry_delay_s=300,
    timeout_s=150,
)
async def ask_provider(payload: Payload, attempt: Attempt) -> str:
    """Returns how the reconciliation stands now."""
    question = await _begin(UUID(payload["reconciliation_id"]), attempt)
    if question is None:
        return "nothing to ask"
    try:
        answers = [await _asked(prompt) for prompt in question.prompts]
    except (ProviderError, MpesaNotConfigured) as error:
        return await _put_back(question, error.code, attempt)
    return await _settle(question, [answer for answer in answers if answer is not None], attempt)


@retried
async def _begin(reconciliation_id: UUID, attempt: Attempt) -> Question | None:
    """Write down that we are at it; None when it has come to an end."""
    async with unit_of_work() as work:
        await attempt.hold(work)
        now = clock.now()
        row = await work.fetchrow(_BEGIN, reconciliation_id, now)
        if row is None:
            return None
        verifies = settings.current().confirm_callbacks or row["trigger"] == ReconTrigger.STATUS_QUERY
        prompts = await work.fetch(_UNANSWERED, row["payment_id"], verifies)
        return Question(
            reconciliation_id=reconciliation_id,
            payment_id=row["payment_id"],
            trigger=ReconTrigger(row["trigger"]),
            attempts=row["attempts"],
            requested_by=row["requested_by"],
            prompts=[each["checkout_request_id"] for each in prompts],
            began_at=now,
        )


async def _asked(prompt: str) -> Answer | None:
    """None when the provider knows nothing of the prompt, which says nothing of the payment."""
    try:
        said = await provider.current().stk_query(prompt)
    except ProviderRefused as refused:
        logger.info("mpesa_query_refused", prompt=shown_checkout(prompt), code=refused.code)
        return None
    if isinstance(said, StkPending):
        return Answer(prompt, Outcome.PENDING)
    return Answer(prompt, outcome_of(said.code), said.code)


@retried
async def _put_back(question: Question, code: str, attempt: Attempt) -> str:
    """The provider is away, or takes no more: the same question later, with pauses that double."""
    async with unit_of_work() as work:
        await attempt.complete(work)
        again_at = next_attempt_at(clock.now(), question.attempts, random.random)
        if await work.fetchval(_BACK, question.reconciliation_id, again_at, code) is not None:
            await leave_question(work, question.reconciliation_id, again_at)
    return ReconStatus.QUEUED.value


@retried
async def _settle(question: Question, answers: Sequence[Answer], attempt: Attempt) -> str:
    async with unit_of_work() as work:
        await attempt.complete(work)
        await _keep(work, question, answers)
        wanted = Wanted(
            payment_id=question.payment_id,
            trigger=question.trigger,
            reconciliation_id=question.reconciliation_id,
            requested_by=question.requested_by,
            started_at=question.began_at,
        )
        [settled] = await settle_payments(work, [wanted])
        return settled.reconciliation.status.value


async def _keep(work: Work, question: Question, answers: Sequence[Answer]) -> None:
    """What was answered, as evidence."""
    now = clock.now()
    said = [
        Evidence(
            channel=Channel.QUERY,
            outcome=answer.outcome,
            received_at=now,
            prompt=answer.prompt,
            result_code=answer.result_code,
        )
        for answer in answers
    ]
    await write_evidence(work, [Claim(evidence=each, payment_id=question.payment_id) for each in said])


async def _prompt_of(actor: Actor, checkout_request_id: str, payment_id: UUID | None) -> PaymentPrompt:
    """The prompt that an id means, as it is or as it is shown, of a payment that the actor may see."""
    if payment_id is not None:
        payment = await access.payment_of(actor, payment_id)
        prompts = await PaymentPrompt.filter(payment_id=payment.id, state=PromptState.ACCEPTED)
        for prompt in prompts:
            if checkout_request_id in (prompt.checkout_request_id, prompt.checkout_shown):
                return prompt
        raise PromptNotFound
    found = await PaymentPrompt.get_or_none(checkout_request_id=checkout_request_id[:80])
    if found is None or not await access.visible_payments(actor).filter(id=found.payment_id).exists():
        raise PromptNotFound
    return found
