"""Dealing with what does not agree: somebody is to look at it, says what is to be done, and it is done at once.

A discrepancy that a person has dealt with stays so, unless it becomes worse or is about other figures. When money cannot be
given back after all, what it was about is open again.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.models import User
from domain.identity.permissions import Permission, permissions_of
from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.payments.errors import (
    DiscrepancyNotFound,
    DiscrepancyNotResolved,
    DiscrepancyResolved,
    PaymentNotFound,
    ReconcilerNotFound,
    ResolutionNotPossible,
)
from domain.payments.events import CommandFigures, DiscrepancyChanged, DiscrepancyFigures, DiscrepancyFound
from domain.payments.models import Discrepancy, MpesaCommand, Payment
from domain.payments.rules.redaction import redacted
from domain.payments.rules.resolving import Effect, effect_of, possible
from domain.payments.service.resolutions import Act, carry_out
from domain.payments.settling.telling import found_together
from domain.payments.states import CommandKind, CommandState, DiscrepancyStatus, DiscrepancyType, Resolution

PAYMENT: Final = ("input", "paymentId")
MAX_NOTE: Final = 500

_NEVER_DONE: Final = (CommandState.REFUSED, CommandState.FAILED)

# In the order in which settling locks: payments by their ids, what a purpose has, receipts, and then what does not agree.
_LOCK_PAYMENTS: Final = "select id, transaction_id from payment where id = any ($1::uuid[]) order by id for no key update"
_LOCK_APPLICATION: Final = "select 1 from payment_application where payment_id = $1 for update"
_LOCK_RECEIPT: Final = "select 1 from mpesa_receipt where receipt = $1 for no key update"


@retried
async def assign_discrepancy(actor: Actor, *, discrepancy_id: UUID, assignee_id: UUID | None = None) -> Discrepancy:
    """Have somebody who reconciles look at it; oneself unless said otherwise.

    Refuses with DISCREPANCY_NOT_FOUND, DISCREPANCY_RESOLVED and RECONCILER_NOT_FOUND.
    """
    actor.require(Permission.PAYMENTS_RECONCILE)
    wanted = assignee_id or actor.id
    async with unit_of_work() as work:
        row = await _locked(work, await _seen(discrepancy_id))
        _require_open(row)
        await _require_reconciler(wanted)
        if row.assigned_to == wanted:
            return row
        row.status, row.assigned_to, row.assigned_at = DiscrepancyStatus.ASSIGNED, wanted, clock.now()
        await _save(work, row)
    return row


@retried
async def resolve_discrepancy(
    actor: Actor, *, discrepancy_id: UUID, resolution: Resolution, note: str, payment_id: UUID | None = None
) -> Discrepancy:
    """Deal with it, and do with the money what that means.

    Refuses with DISCREPANCY_NOT_FOUND, DISCREPANCY_RESOLVED, PAYMENT_NOT_FOUND, MPESA_NOT_CONFIGURED, and with
    RESOLUTION_NOT_POSSIBLE when this is no way out of such a discrepancy, or its money stands in the way.
    """
    actor.require(Permission.PAYMENTS_RECONCILE)
    note = _note_of(note)
    began_at = clock.now()
    seen = await _seen(discrepancy_id)
    effect = _effect_of(seen, resolution, payment_id)
    async with unit_of_work() as work:
        row = await _locked(work, seen, payment_id)
        _require_open(row)
        act = Act(
            work=work,
            actor=actor,
            row=row,
            receipt=await _receipt_of(row),
            resolution=resolution,
            note=note,
            payment_id=payment_id,
            began_at=began_at,
        )
        # A purpose that takes its money now says itself that it is over.
        if effect is not Effect.APPLY:
            await _resolve(work, act)
        await carry_out(effect, act)
        await row.refresh_from_db()
        if row.is_open:
            await _resolve(work, act)
    return row


@retried
async def reopen_discrepancy(actor: Actor, *, discrepancy_id: UUID, note: str) -> Discrepancy:
    """Look at it again; what was done with the money stays done (DISCREPANCY_NOT_FOUND, DISCREPANCY_NOT_RESOLVED)."""
    actor.require(Permission.PAYMENTS_RECONCILE)
    note = _note_of(note)
    async with unit_of_work() as work:
        row = await _locked(work, await _seen(discrepancy_id))
        if row.is_open:
            raise DiscrepancyNotResolved(f"{row.number} is open")
        await _reopen(work, row, note)
    return row


@retried
async def reopen_what_was_not_refunded(command: CommandFigures) -> None:
    """The provider did not give money back: what it was to go back for is open again, and told anew."""
    if command.kind is not CommandKind.REVERSAL or command.state not in _NEVER_DONE or command.discrepancy_id is None:
        return
    async with unit_of_work() as work:
        row = await _locked(work, await _seen(command.discrepancy_id))
        others = MpesaCommand.filter(discrepancy_id=row.id).exclude(state__in=_NEVER_DONE)
        if row.is_open or row.resolution is not Resolution.REFUNDED or await others.exists():
            return
        why = command.result_text or command.result_code or "M-Pesa did not say why"
        await _reopen(work, row, f"it could not be given back: {redacted(why)}"[:MAX_NOTE])
        work.record(await _found_again(row))


async def _seen(discrepancy_id: UUID) -> Discrepancy:
    row = await Discrepancy.get_or_none(id=discrepancy_id)
    if row is None:
        raise DiscrepancyNotFound
    return row


async def _locked(work: Work, seen: Discrepancy, to_payment_id: UUID | None = None) -> Discrepancy:
    """The discrepancy as it is now, locked, with all that may move because of it."""
    payment_ids = {each for each in (seen.payment_id, to_payment_id) if each is not None}
    payments = {row["id"]: row for row in await work.fetch(_LOCK_PAYMENTS, sorted(payment_ids))}
    if payments.keys() != payment_ids:
        raise PaymentNotFound(field=PAYMENT)
    if seen.type is DiscrepancyType.PURPOSE_REFUSED:
        await work.fetch(_LOCK_APPLICATION, seen.payment_id)
    receipt = seen.receipt or (payments[seen.payment_id]["transaction_id"] if seen.payment_id else None)
    await work.fetch(_LOCK_RECEIPT, receipt)
    return await Discrepancy.filter(id=seen.id).select_for_update(no_key=True).get()


async def _receipt_of(row: Discrepancy) -> str | None:
    """The receipt whose money it is about: of a payment as a whole, the one that paid it."""
    if row.receipt is not None:
        return row.receipt
    assert row.payment_id is not None, "it is about something"
    return (await Payment.get(id=row.payment_id)).transaction_id


def _effect_of(row: Discrepancy, resolution: Resolution, payment_id: UUID | None) -> Effect:
    effect = effect_of(row.type, resolution)
    if effect is None:
        ways = ", ".join(each.value for each in possible(row.type))
        raise ResolutionNotPossible(f"of a discrepancy of type {row.type.value} the ways out are {ways}")
    if (payment_id is not None) != (effect is Effect.ASSIGN):
        said = "say which payment it belongs to" if effect is Effect.ASSIGN else "this names no other payment"
        raise InvalidInput(said, field=PAYMENT)
    return effect


def _require_open(row: Discrepancy) -> None:
    if not row.is_open:
        raise DiscrepancyResolved(f"{row.number} has been dealt with already")


async def _require_reconciler(user_id: UUID) -> None:
    user = await User.get_or_none(id=user_id, active=True)
    if user is None or Permission.PAYMENTS_RECONCILE not in permissions_of(frozenset(user.roles)):
        raise ReconcilerNotFound


def _note_of(written: str) -> str:
    """Why, as it is kept: a telephone number in it is masked."""
    note = written.strip()
    if not 1 <= len(note) <= MAX_NOTE or not note.replace("\n", "").replace("\t", "").isprintable():
        raise InvalidInput(f"this takes 1 to {MAX_NOTE} printable characters", field=("input", "note"))
    return redacted(note)[:MAX_NOTE]


async def _resolve(work: Work, act: Act) -> None:
    row = act.row
    row.status, row.resolution, row.note = DiscrepancyStatus.RESOLVED, act.resolution, act.note
    row.resolved_by, row.resolved_at = act.actor.id, clock.now()
    await _save(work, row)


async def _reopen(work: Work, row: Discrepancy, note: str) -> None:
    row.status, row.note = DiscrepancyStatus.OPEN, note
    row.update_from_dict(dict.fromkeys(("resolution", "resolved_by", "resolved_at", "assigned_to", "assigned_at")))
    await _save(work, row)


async def _save(work: Work, row: Discrepancy) -> None:
    row.version += 1
    columns = ("status", "resolution", "note", "resolved_by", "resolved_at", "assigned_to", "assigned_at", "version")
    await row.save(update_fields=columns)
    work.record(DiscrepancyChanged(discrepancy=DiscrepancyFigures.of(row)))


async def _found_again(row: Discrepancy) -> DiscrepancyFound:
    number = None if row.payment_id is None else (await Payment.get(id=row.payment_id)).number
    return found_together([row], number, clock.now())
