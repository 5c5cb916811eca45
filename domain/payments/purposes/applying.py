"""Bringing money to what it was paid for: out of transit when it came, and back when the provider took it back.

How much a purpose has is brought to how much there is for it, whatever happened in between; so it does not matter how often
this is asked for. A business undoes and applies whole amounts: a part that is taken back is all undone and the rest applied.
What a business refuses waits in transit, and a person is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from domain.kit import clock
from domain.kit.context import CallContext, call_context
from domain.kit.errors import DomainError
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.ledger.service import post_entry
from domain.payments import accounts
from domain.payments.errors import ResolutionNotPossible
from domain.payments.events import PaymentApplied, PaymentFigures, PurposeRefused
from domain.payments.models import Payment, PaymentApplication
from domain.payments.purposes.locking import in_order_of_locks
from domain.payments.purposes.refusals import LOCK_REFUSALS, settle_refusal, tell_refusal
from domain.payments.purposes.registry import PaidFor, purpose_kind
from domain.payments.rules.phones import scrubbed
from domain.payments.settling.columns import columns
from domain.payments.states import DiscrepancyType

MAX_REASON: Final = 300

# Payments whose money reached its purpose for the first time. What is in suspense alone never did.
BEGIN: Final = """
insert into payment_application (payment_id, currency, tried_at)
select id, currency, $2 from payment where id = any($1) and purpose_minor > 0 order by id
on conflict do nothing
returning *
"""

# What came of it, for any number of payments.
END: Final = """
update payment_application a
set amount_minor = n.amount_minor, record_id = n.record_id, refused_code = n.refused_code,
    refused_reason = n.refused_reason, tried_at = n.tried_at, version = n.version
from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::int[])
     as n (payment_id, amount_minor, record_id, refused_code, refused_reason, tried_at, version)
where a.payment_id = n.payment_id
"""


@retried
async def bring_to_purpose(payment_id: UUID, *, asked_by: UUID | None = None, note: str = "") -> PaymentApplication | None:
    """Let the purpose of a payment have what came for it, no more and no less; None when nothing ever came.

    The application says whether the purpose refused. ``asked_by`` is whoever had it tried again, and has accepted by that
    what was refused before.
    """
    async with unit_of_work() as work:
        for payment, application in await _locked(work, [payment_id]):
            if await _bring_one(work, payment, application, asked_by=asked_by, note=note):
                await _write(work, [application])
            return application
    return None


@retried
async def bring_all_to_purpose(payments: Mapping[UUID, CallContext]) -> None:
    """As :func:`bring_to_purpose`, for several payments, each as a part of its own call; all or none.

    What is asked and written of each takes as many statements for all as for one. Only the money moves one by one, in the
    order in which others lock what it moves into; what is for the same target keeps the order in which it was told.
    """
    async with unit_of_work() as work:
        brought = []
        for payment, application in await in_order_of_locks(work, await _locked(work, list(payments))):
            with call_context(payments[payment.id]):
                if await _bring_one(work, payment, application):
                    brought.append(application)
        if brought:
            await _write(work, brought)


async def _bring_one(
    work: Work, payment: Payment, application: PaymentApplication, *, asked_by: UUID | None = None, note: str = ""
) -> bool:
    """Whether the application has changed and is still to be written."""
    had, was_refused = application.amount_minor, application.refused_code is not None
    if had == _there_for(payment, application) and not was_refused:
        return False
    refusal = await _bring(work, payment, application)
    _note(application, refusal)
    _tell(work, payment, application, had)
    if refusal is None and not was_refused:
        return True
    await _write(work, [application])
    if refusal is not None:
        await tell_refusal(work, payment, application)
    else:
        await settle_refusal(work, payment, by=asked_by, note=note)
    return False


@retried
async def give_up_shortfall(payment_id: UUID) -> Money:
    """Let a purpose keep what was taken back of its payment: the house bears it. Returns how much that is.

    Refuses with RESOLUTION_NOT_POSSIBLE where the purpose has no more than there is for it.
    """
    async with unit_of_work():
        application = await PaymentApplication.filter(payment_id=payment_id).select_for_update().get_or_none()
        payment = await Payment.get(id=payment_id)
        short = 0 if application is None else application.amount_minor - _there_for(payment, application)
        if application is None or short <= 0:
            raise ResolutionNotPossible("what was paid for has no more of the money than there is")
        amount = Money(short, payment.currency)
        await post_entry(
            kind=accounts.ABSORBED,
            description=f"Payment {payment.number} was taken back, and what it paid for keeps it",
            lines=await accounts.absorbed(amount),
            reference=accounts.of_payment(payment.id),
            branch_id=payment.branch_id,
        )
        application.written_off_minor += short
        _note(application, None)
        await application.save()
    return amount


async def _locked(work: Work, payment_ids: Sequence[UUID]) -> list[tuple[Payment, PaymentApplication]]:
    """Those payments of which anything ever came, in their order, each with its application, the first one if need be."""
    begun = await work.fetch(BEGIN, payment_ids, clock.now())
    found = {row["payment_id"]: PaymentApplication._init_from_db(**row) for row in begun}
    rest = [each for each in payment_ids if each not in found]
    if rest:
        there = PaymentApplication.filter(payment_id__in=rest).order_by("payment_id").select_for_update()
        found |= {application.payment_id: application for application in await there}
        if len(rest) > 1:
            # Settling locks those of several payments in this order, and they are wanted one by one.
            await work.execute(LOCK_REFUSALS, rest, DiscrepancyType.PURPOSE_REFUSED.value)
    if not found:
        return []
    # Read under the lock: what is there now counts, and not what was there when somebody had it.
    payments = {payment.id: payment for payment in await Payment.filter(id__in=list(found))}
    return [(payments[each], found[each]) for each in payment_ids if each in found]


async def _write(work: Work, applications: Sequence[PaymentApplication]) -> None:
    await work.execute(
        END,
        *columns(
            [
                (a.payment_id, a.amount_minor, a.record_id, a.refused_code, a.refused_reason, a.tried_at, a.version)
                for a in applications
            ]
        ),
    )


def _there_for(payment: Payment, application: PaymentApplication) -> int:
    """What there is for the purpose: what came for it and was not taken back, and what the house has given up of that."""
    return int(payment.purpose_minor) + int(application.written_off_minor)


async def _bring(work: Work, payment: Payment, application: PaymentApplication) -> DomainError | None:
    had, there = application.amount_minor, _there_for(payment, application)
    if had == there:
        return None
    refusal = await _move(work, payment, application, there)
    if refusal is not None and there < had:
        # What is not there any more it must not keep, although it does not take the rest.
        return await _move(work, payment, application, 0) or refusal
    return refusal


async def _move(work: Work, payment: Payment, application: PaymentApplication, to_minor: int) -> DomainError | None:
    """Undo what is applied and apply another amount, both or neither; the refusal, if it is one."""
    record_id = None
    try:
        kind = purpose_kind(payment.purpose)
        async with work.savepoint():
            if application.record_id is not None:
                await kind.undo(_paid(payment, application.amount), application.record_id)
            if to_minor:
                record_id = await kind.apply(_paid(payment, Money(to_minor, payment.currency)))
    except DomainError as refusal:
        return refusal
    application.amount_minor, application.record_id = to_minor, record_id
    return None


def _paid(payment: Payment, amount: Money) -> PaidFor:
    assert payment.paid_at is not None, "money that reached its purpose came at some time"
    return PaidFor(
        payment_id=payment.id,
        purpose=payment.purpose,
        target_id=payment.target_id,
        amount=amount,
        receipt=payment.transaction_id,
        reference=payment.transaction_id or payment.reference,
        client_id=payment.client_id,
        paid_at=payment.paid_at,
    )


def _note(application: PaymentApplication, refusal: DomainError | None) -> None:
    application.refused_code = None if refusal is None else refusal.code
    application.refused_reason = None if refusal is None else scrubbed(refusal.message)[:MAX_REASON]
    application.tried_at = clock.now()
    application.version += 1


def _tell(work: Work, payment: Payment, application: PaymentApplication, had: int) -> None:
    figures = PaymentFigures.of(payment)
    if application.amount_minor != had:
        work.record(PaymentApplied(payment=figures, amount=application.amount, record_id=application.record_id))
    if application.refused_code is not None and application.refused_reason is not None:
        work.record(
            PurposeRefused(
                payment=figures,
                amount=payment.purpose_amount + application.written_off - application.amount,
                refused_code=application.refused_code,
                refused_reason=application.refused_reason,
            )
        )
