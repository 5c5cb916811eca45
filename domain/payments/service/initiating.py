"""Asking somebody for money: a payment for what is due, and a prompt on a telephone."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.database import fetchrow, fetchval
from domain.kit.errors import CurrencyMismatch, InvalidAmount
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.payments import access, settings
from domain.payments.errors import AlreadyPaid, PaymentEnded, PromptNotFound, PromptPending, TooManyPrompts
from domain.payments.models import Payment, PaymentPrompt
from domain.payments.opening import open_payment
from domain.payments.provider import CURRENCY, MINOR_IN_SHILLING
from domain.payments.purposes import Due, purpose_kind
from domain.payments.rules.phones import mask
from domain.payments.service.desk import (
    ANSWERABLE,
    NOT_NEEDED,
    keep_payment,
    leave_prompt,
    phone_of,
    prompt_changed,
    require_account,
)
from domain.payments.states import PaymentStatus, PromptState, Purpose

AMOUNT: Final = ("input", "amount")
MOST_PROMPTS: Final = 5
"""Of one payment."""

LATELY: Final = timedelta(minutes=10)
"""The time in which prompts are counted, so that nobody is pestered."""

# What is asked for at a target ($1, $2) and may still come, and what came and has not arrived there yet.
_ON_ITS_WAY: Final = """
select coalesce(sum(amount_minor) filter (
           where status in ('CREATED', 'STK_SENT', 'PROCESSING') and expires_at > $3), 0)::bigint as asked,
       coalesce(sum(greatest(purpose_minor - coalesce(there.had_minor, 0), 0)), 0)::bigint as came
from payment left join lateral (
    select case when refused_code is null then amount_minor else payment.purpose_minor end as had_minor
    from payment_application where payment_id = payment.id
) as there on true
where target_id = $2 and purpose = $1
"""

# Whether the telephone ($3) may show a prompt for the same target at the moment ($4); those whose fate nobody knows are
# waited for since a moment ($5).
_SHOWS_ONE: Final = """
select exists (
    select from payment join payment_prompt prompt on prompt.payment_id = payment.id
    where target_id = $2 and purpose = $1 and phone = $3 and status in ('CREATED', 'STK_SENT', 'PROCESSING')
      and (state in ('WAITING', 'ASKED') or (state = 'ACCEPTED' and callback_due_at > $4)
           or (state = 'UNKNOWN' and asked_at > $5)))
"""

# How often a telephone ($1) was prompted since a moment ($3), and how often somebody ($2) had any prompted.
_LATELY: Final = """
select (select count(*) from payment_prompt where phone = $1 and created_at > $3) as of_phone,
       (select count(*) from payment_prompt where requested_by = $2 and created_at > $3) as by_person
"""


@retried
async def initiate_mpesa_payment(
    actor: Actor, *, purpose: Purpose, target_id: UUID, phone: str, amount: Money | None = None
) -> Payment:
    """Begin a payment and have the telephone prompted; without an amount for what is owed now.

    Refuses with MPESA_NOT_CONFIGURED, INVALID_PHONE, PURPOSE_NOT_POSSIBLE, CURRENCY_MISMATCH, INVALID_AMOUNT, ALREADY_PAID,
    PROMPT_PENDING while as much is on its way already, TOO_MANY_PROMPTS, and with what the business itself refuses.
    """
    actor.require(Permission.SIGNED_IN)
    require_account()
    number = phone_of(phone)
    async with unit_of_work() as work:
        return await _begin(work, actor, purpose, target_id, number, amount)


@retried
async def resend_mpesa_prompt(actor: Actor, *, payment_id: UUID) -> Payment:
    """Prompt the same telephone again: for the same payment while it is open, for a new one like it when it has failed.

    Refuses with PAYMENT_NOT_FOUND, PROMPT_NOT_FOUND where none was ever prompted, ALREADY_PAID, PROMPT_PENDING while the
    telephone may still show the prompt before, PAYMENT_ENDED after too many, and as :func:`initiate_mpesa_payment` does.
    """
    actor.require(Permission.SIGNED_IN)
    require_account()
    async with unit_of_work() as work:
        payment = await access.locked_payment(actor, payment_id)
        last = await PaymentPrompt.filter(payment_id=payment.id).order_by("-attempt_no").first()
        if last is None:
            raise PromptNotFound(field=("input", "paymentId"))
        if payment.is_taken:
            raise AlreadyPaid("this is paid already")
        if not payment.is_undecided:
            return await _begin(work, actor, payment.purpose, payment.target_id, last.phone, payment.amount)
        if _may_be_answered(last):
            raise PromptPending("the telephone may still show the prompt; wait a moment")
        if last.attempt_no >= MOST_PROMPTS:
            raise PaymentEnded(f"a telephone is prompted at most {MOST_PROMPTS} times for one payment")
        await _require_patience(actor, last.phone)
        await leave_prompt(work, payment, last.phone, requested_by=actor.id, attempt_no=last.attempt_no + 1)
        await keep_payment(work, payment, expires_at=clock.now() + settings.current().expires_after)
    return payment


@retried
async def cancel_payment(actor: Actor, *, payment_id: UUID) -> Payment:
    """Give up a payment for which no telephone is being prompted and nothing came.

    Refuses with PAYMENT_NOT_FOUND, ALREADY_PAID, PAYMENT_ENDED, and PROMPT_PENDING while the payer can still pay: they
    decline on the telephone, or the prompt expires.
    """
    actor.require(Permission.SIGNED_IN)
    async with unit_of_work() as work:
        payment = await access.locked_payment(actor, payment_id)
        if payment.is_taken:
            raise AlreadyPaid("this is paid already")
        if not payment.is_undecided:
            raise PaymentEnded("the payment has ended already")
        prompts = await PaymentPrompt.filter(payment_id=payment.id).select_for_update()
        if any(_may_be_paid(prompt) for prompt in prompts) or await _anything_said(payment.id):
            raise PromptPending("the payer can still pay; the prompt is declined on the telephone, or expires")
        for prompt in prompts:
            if prompt.state is PromptState.WAITING:
                await _give_up(prompt)
                work.record(prompt_changed(payment, prompt))
        await keep_payment(work, payment, PaymentStatus.CANCELLED, reason="cancelled before anybody was asked to pay")
    return payment


async def _begin(work: Work, actor: Actor, purpose: Purpose, target_id: UUID, number: str, said: Money | None) -> Payment:
    kind = purpose_kind(purpose)
    named = await kind.due(actor, target_id)
    # Two who pay for the same thing come one after the other, so that the second sees what the first began.
    await work.execute("select pg_advisory_xact_lock($1)", _lock_of(purpose, named.target_id))
    due = await kind.due(actor, named.target_id)
    asked = _asked_for(due, said)
    await _require_silent(due, number)
    await _require_patience(actor, number)
    await _require_open(due, asked)
    expires_at = clock.now() + settings.current().expires_after
    payment = await open_payment(work, due, asked, created_by=actor.id, phone_masked=mask(number), expires_at=expires_at)
    await leave_prompt(work, payment, number, requested_by=actor.id, attempt_no=1)
    return payment


def _asked_for(due: Due, said: Money | None) -> Money:
    """How much the telephone is asked for: whole shillings, and no more than M-Pesa moves at once."""
    if due.currency != CURRENCY:
        raise CurrencyMismatch(f"M-Pesa moves {CURRENCY}, and this is paid in {due.currency}", field=AMOUNT)
    amount = _owed(due) if said is None else due.require(said)
    most = settings.current().most
    if amount.amount_minor % MINOR_IN_SHILLING:
        raise InvalidAmount(f"M-Pesa moves whole shillings, not {amount}", field=AMOUNT)
    if amount > most:
        raise InvalidAmount(f"M-Pesa moves at most {most} at once", field=AMOUNT)
    return amount


def _owed(due: Due) -> Money:
    """What is owed now, with the cents made a shilling where a little more is taken, or left for another time."""
    if due.amount is None:
        raise InvalidAmount("say how much is to be paid", field=AMOUNT)
    if due.amount.amount_minor <= 0:
        raise AlreadyPaid("nothing is owed")
    cents = due.amount.amount_minor % MINOR_IN_SHILLING
    if not cents or due.exact:
        return due.amount
    up = Money(due.amount.amount_minor - cents + MINOR_IN_SHILLING, due.currency)
    down = Money(due.amount.amount_minor - cents, due.currency)
    if due.expected(up) == up:
        return up
    if down.amount_minor == 0:
        raise InvalidAmount(f"M-Pesa moves whole shillings, and only {due.amount} is owed", field=AMOUNT)
    return down


async def _require_silent(due: Due, number: str) -> None:
    """A telephone shows one prompt at a time."""
    now = clock.now()
    since = now - settings.current().callback_within
    if await fetchval(_SHOWS_ONE, due.purpose.value, due.target_id, number, now, since):
        raise PromptPending("this telephone is being asked to pay already; wait for what becomes of it")


async def _require_patience(actor: Actor, number: str) -> None:
    """Whoever collects for the house may have many customers; but no telephone is prompted without end."""
    chosen = settings.current()
    lately = await fetchrow(_LATELY, number, actor.id, clock.now() - LATELY)
    assert lately is not None, "counts are a row"
    collects = Permission.PAYMENTS_COLLECT in actor.staff_permissions
    if lately["of_phone"] >= chosen.prompts_of_phone or (not collects and lately["by_person"] >= chosen.prompts_by_person):
        minutes = LATELY // timedelta(minutes=1)
        raise TooManyPrompts(f"too many prompts in {minutes} minutes; wait a while", retry_after_s=60 * minutes)


async def _require_open(due: Due, asked: Money) -> None:
    """Nothing is paid twice: what is on its way counts as if it was there."""
    if not due.exact and due.most is None:
        return
    found = await fetchrow(_ON_ITS_WAY, due.purpose.value, due.target_id, clock.now())
    assert found is not None, "sums are a row"
    on_its_way = found["asked"] + found["came"]
    if on_its_way and (due.exact or due.most is None or on_its_way + asked.amount_minor > due.most.amount_minor):
        if not found["asked"]:
            raise AlreadyPaid("this was paid a moment ago")
        raise PromptPending("somebody is being asked to pay this already; wait for what becomes of it")


def _may_be_answered(prompt: PaymentPrompt) -> bool:
    """Whether a telephone shows the prompt, or may be about to."""
    if prompt.state in (PromptState.WAITING, PromptState.ASKED):
        return True
    if prompt.state is PromptState.ACCEPTED:
        return prompt.callback_due_at is None or clock.now() < prompt.callback_due_at
    asked_at = prompt.asked_at or prompt.created_at
    return prompt.state is PromptState.UNKNOWN and clock.now() < asked_at + settings.current().callback_within


def _may_be_paid(prompt: PaymentPrompt) -> bool:
    """Whether the provider was asked, and has not said no."""
    return prompt.state in ANSWERABLE


async def _anything_said(payment_id: UUID) -> bool:
    return bool(await fetchval("select exists (select from payment_evidence where payment_id = $1)", payment_id))


async def _give_up(prompt: PaymentPrompt) -> None:
    prompt.state, prompt.error_code, prompt.error_text = PromptState.REFUSED, NOT_NEEDED, "given up before it was sent"
    await prompt.save(update_fields=["state", "error_code", "error_text"])


def _lock_of(purpose: Purpose, target_id: UUID) -> int:
    digest = hashlib.blake2b(purpose.value.encode() + target_id.bytes, digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
