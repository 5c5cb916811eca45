"""Requests that the provider answers later, by a message: give money back, say what a receipt is.

As with prompts, that we ask is written down before we ask. A reversal that was being asked for when somebody died is not
asked for again; a question is. What came of either is read from the provider's message; see :mod:`domain.payments.intake`.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.jobs.queue import Attempt, Payload, Retry, enqueue, queued
from domain.kit import clock
from domain.kit.context import current_call
from domain.kit.errors import CurrencyMismatch, InvalidAmount, InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.payments import access, provider, settings
from domain.payments.errors import MpesaNotConfigured, ReceiptNotFound, ReversalNotPossible
from domain.payments.events import CommandChanged, CommandFigures
from domain.payments.models import MpesaCommand, MpesaReceipt, PaymentCredit, SuspenseDisposal
from domain.payments.provider import (
    MAX_REMARKS,
    MINOR_IN_SHILLING,
    CommandAccepted,
    FateUnknown,
    ProviderAway,
    ProviderBusy,
    ProviderRefused,
    Reversal,
    StatusInquiry,
)
from domain.payments.rules.backoff import delay_s
from domain.payments.rules.phones import scrubbed
from domain.payments.rules.wire import plain, receipt_of
from domain.payments.states import CommandKind, CommandState

REVERSE: Final = "payments.reverse"
INQUIRE: Final = "payments.inquire"

INTERRUPTED: Final = "INTERRUPTED"
ANSWERED_WITHIN: Final = timedelta(minutes=5)
"""A question that was answered, or not, longer ago may be asked again."""

MAX_TEXT: Final = 200
MAX_CODE: Final = 20

AMOUNT: Final = ("input", "amount")
RECEIPT: Final = ("input", "receipt")

_QUEUES: Final = {CommandKind.REVERSAL: REVERSE, CommandKind.STATUS: INQUIRE}
_UNDER_WAY: Final = (CommandState.WAITING, CommandState.ASKED, CommandState.ACCEPTED, CommandState.UNKNOWN)


@retried
async def reverse_payment(
    actor: Actor, *, payment_id: UUID, remarks: str, receipt: str | None = None, amount: Money | None = None
) -> MpesaCommand:
    """Have the provider give money of a payment back: of the receipt that paid it unless another of its receipts is named,
    and all of it unless an amount is said.

    Refuses with MPESA_NOT_CONFIGURED, SESSION_NOT_FOUND, RECEIPT_NOT_FOUND, CURRENCY_MISMATCH, INVALID_AMOUNT and
    REVERSAL_NOT_POSSIBLE where nothing, or less, is left of it, or another reversal is under way.
    """
    payment = await access.session_of(actor, payment_id, field=("input", "paymentId"))
    require_commands()
    async with unit_of_work() as work:
        named = payment.transaction_id if receipt is None else read_receipt(receipt)
        credit = None if named is None else await PaymentCredit.get_or_none(receipt=named, payment_id=payment.id)
        if credit is None and receipt is not None:
            raise ReceiptNotFound
        if credit is None or credit.receipt is None:
            raise ReversalNotPossible("no receipt is known with which this was paid", field=RECEIPT)
        return await leave_reversal(work, receipt=credit.receipt, amount=amount, remarks=remarks, requested_by=actor.id)


@retried
async def check_mpesa_receipt(actor: Actor, *, receipt: str) -> MpesaCommand:
    """Have the provider say what a receipt is; while it is asked already, that is the answer.

    Refuses with MPESA_NOT_CONFIGURED and INVALID_INPUT.
    """
    actor.require(Permission.PAYMENTS_RECONCILE)
    require_commands()
    wanted = read_receipt(receipt)
    async with unit_of_work() as work:
        await work.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"{INQUIRE}:{wanted}")
        under_way = await MpesaCommand.filter(
            kind=CommandKind.STATUS,
            receipt=wanted,
            state__in=_UNDER_WAY,
            created_at__gt=clock.now() - ANSWERED_WITHIN,
        ).first()
        if under_way is not None:
            return under_way
        known = await MpesaReceipt.get_or_none(receipt=wanted)
        return await _leave(
            work,
            CommandKind.STATUS,
            wanted,
            payment_id=None if known is None else known.payment_id,
            remarks="What became of it",
            requested_by=actor.id,
        )


def require_commands() -> None:
    if not settings.current().takes_commands:
        raise MpesaNotConfigured("this installation has no operator at M-Pesa who may reverse and look up receipts")


def read_receipt(written: str) -> str:
    found = receipt_of(written)
    if found is None:
        raise InvalidInput("an M-Pesa receipt has ten letters and digits", field=RECEIPT)
    return found


async def leave_reversal(
    work: Work,
    *,
    receipt: str,
    amount: Money | None,
    remarks: str,
    requested_by: UUID,
    discrepancy_id: UUID | None = None,
) -> MpesaCommand:
    """Have so much of a receipt given back, or all that is left, once this unit of work has committed."""
    locked = await work.fetchrow("select payment_id from mpesa_receipt where receipt = $1 for update", receipt)
    if locked is None:
        raise ReceiptNotFound
    if await MpesaCommand.filter(receipt=receipt, kind=CommandKind.REVERSAL, state__in=_UNDER_WAY).exists():
        raise ReversalNotPossible("a reversal of this receipt is under way", field=RECEIPT)
    credit = await PaymentCredit.get_or_none(receipt=receipt)
    if credit is None or credit.net_minor <= 0:
        raise ReversalNotPossible("nothing is left that could be given back")
    if await SuspenseDisposal.filter(receipt=receipt).exists():
        raise ReversalNotPossible("the money of this receipt was taken out of suspense", field=RECEIPT)
    return await _leave(
        work,
        CommandKind.REVERSAL,
        receipt,
        payment_id=locked["payment_id"],
        amount=_reversible(credit, amount),
        remarks=_remarks(remarks),
        requested_by=requested_by,
        discrepancy_id=discrepancy_id,
    )


def _reversible(credit: PaymentCredit, said: Money | None) -> Money:
    left = credit.net_amount
    amount = left if said is None else said
    if amount.currency != left.currency:
        raise CurrencyMismatch(f"this was paid in {left.currency}", field=AMOUNT)
    if amount.amount_minor <= 0:
        raise InvalidAmount("an amount must be greater than zero", field=AMOUNT)
    if amount > left:
        raise ReversalNotPossible(f"only {left} is left of it")
    if amount.amount_minor % MINOR_IN_SHILLING:
        raise InvalidAmount(f"M-Pesa moves whole shillings, not {amount}", field=AMOUNT)
    return amount


def _remarks(written: str) -> str:
    """The reason, as the provider keeps it: short, and without anybody's number."""
    text = scrubbed(plain(written))
    if not text or len(written) > MAX_REMARKS:
        raise InvalidInput(f"a reason has 1 to {MAX_REMARKS} characters", field=("input", "reason"))
    return text[:MAX_REMARKS]


async def _leave(
    work: Work,
    kind: CommandKind,
    receipt: str,
    *,
    payment_id: UUID | None,
    remarks: str,
    requested_by: UUID,
    amount: Money | None = None,
    discrepancy_id: UUID | None = None,
) -> MpesaCommand:
    command = MpesaCommand(
        id=new_id(),
        kind=kind,
        receipt=receipt,
        payment_id=payment_id,
        amount_minor=amount and amount.amount_minor,
        currency=amount and amount.currency,
        remarks=remarks,
        state=CommandState.WAITING,
        discrepancy_id=discrepancy_id,
        requested_by=requested_by,
        created_at=clock.now(),
        correlation_id=current_call().correlation_id,
        version=1,
    )
    await command.save(force_create=True)
    await enqueue(work, _QUEUES[kind], {"command_id": str(command.id)}, dedupe_key=str(command.id))
    work.record(CommandChanged(command=CommandFigures.of(command)))
    return command


@queued(
    REVERSE,
    purpose="Have M-Pesa give money back.",
    concurrency=2,
    max_attempts=20,
    retry_delay_s=1,
    max_retry_delay_s=300,
    timeout_s=120,
)
async def give_back(payload: Payload, attempt: Attempt) -> str:
    """Returns the state in which the request is now."""

    async def ask(command: MpesaCommand) -> CommandAccepted | FateUnknown:
        assert command.amount is not None, "a reversal says of how much"
        return await provider.current().reverse(
            Reversal(receipt=command.receipt, amount=command.amount, remarks=command.remarks)
        )

    return await _carry_out(payload, attempt, ask)


@queued(
    INQUIRE,
    purpose="Have M-Pesa say what receipts are.",
    concurrency=2,
    max_attempts=20,
    retry_delay_s=1,
    max_retry_delay_s=300,
    timeout_s=120,
)
async def inquire(payload: Payload, attempt: Attempt) -> str:
    """Returns the state in which the request is now."""

    async def ask(command: MpesaCommand) -> CommandAccepted | FateUnknown:
        return await provider.current().transaction_status(StatusInquiry(receipt=command.receipt, remarks=command.remarks))

    return await _carry_out(payload, attempt, ask)


async def _carry_out(
    payload: Payload,
    attempt: Attempt,
    ask: Callable[[MpesaCommand], Awaitable[CommandAccepted | FateUnknown]],
) -> str:
    command = await _begin(UUID(payload["command_id"]), attempt)
    if command is None:
        return "nothing to ask"
    try:
        answer = await ask(command)
    except MpesaNotConfigured as missing:
        state = await _end(command.id, CommandState.REFUSED, missing.code, missing.message)
    except ProviderRefused as refused:
        state = await _end(command.id, CommandState.REFUSED, refused.code, refused.reason)
    except (ProviderAway, ProviderBusy) as away:
        state = await _away(command, attempt, away)
    else:
        state = await _keep(command.id, answer)
    return state.value


@retried
async def _begin(command_id: UUID, attempt: Attempt) -> MpesaCommand | None:
    """Write down that we ask. Whoever finds a reversal that was being asked for leaves it."""
    async with unit_of_work() as work:
        await attempt.hold(work)
        command = await _locked(command_id)
        if command.state is CommandState.ASKED and command.kind is CommandKind.REVERSAL and not _was_put_back(command):
            await _become(
                work, command, CommandState.UNKNOWN, INTERRUPTED, "whoever asked was stopped before the answer came"
            )
            return None
        if command.state not in (CommandState.WAITING, CommandState.ASKED):
            return None
        command.asked_at, command.result_code, command.result_text = clock.now(), None, None
        await _become(work, command, CommandState.ASKED, None, None)
        return command


def _was_put_back(command: MpesaCommand) -> bool:
    """Whether the provider certainly did nothing when it was asked last: that is written down when it is known."""
    return command.result_code is not None


async def _away(command: MpesaCommand, attempt: Attempt, away: ProviderAway | ProviderBusy) -> CommandState:
    """Nothing was done; the same again after a pause, unless this was the last attempt."""
    if attempt.is_last:
        return await _end(command.id, CommandState.REFUSED, away.code, away.reason)
    await _end(command.id, CommandState.ASKED, away.code, away.reason)
    raise Retry(max(away.after_s or 0.0, delay_s(attempt.number, random.random)), f"M-Pesa is away: {away.code}")


@retried
async def _end(command_id: UUID, state: CommandState, code: str, reason: str) -> CommandState:
    async with unit_of_work() as work:
        command = await _locked(command_id)
        if command.state is CommandState.ASKED:
            await _become(work, command, state, code, reason)
    return command.state


@retried
async def _keep(command_id: UUID, answer: CommandAccepted | FateUnknown) -> CommandState:
    async with unit_of_work() as work:
        command = await _locked(command_id)
        if command.state is not CommandState.ASKED:
            return command.state
        if isinstance(answer, FateUnknown):
            await _become(work, command, CommandState.UNKNOWN, answer.code, answer.reason)
        else:
            command.conversation_id = answer.conversation_id
            command.originator_conversation_id = answer.originator_conversation_id
            await _become(work, command, CommandState.ACCEPTED, None, None)
    return command.state


async def _become(work: Work, command: MpesaCommand, state: CommandState, code: str | None, reason: str | None) -> None:
    """Write down how the request stands; what is final has a time."""
    before = command.state
    command.state = state
    command.result_code = code and code[:MAX_CODE]
    command.result_text = reason and scrubbed(plain(reason))[:MAX_TEXT]
    command.finished_at = clock.now() if state is CommandState.REFUSED else None
    command.version += 1
    await command.save()
    if state is not before:
        work.record(CommandChanged(command=CommandFigures.of(command)))


async def _locked(command_id: UUID) -> MpesaCommand:
    return await MpesaCommand.select_for_update().get(id=command_id)
