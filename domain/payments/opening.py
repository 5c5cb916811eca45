"""A payment begins: what is to be paid becomes a row with a reference of its own."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.kit import clock
from domain.kit.context import current_call
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import Work
from domain.payments.events import PaymentChanged, PaymentFigures
from domain.payments.models import Payment
from domain.payments.purposes import Due
from domain.payments.rules.references import fresh
from domain.payments.states import PaymentStatus

# Whoever makes payments of receipts: in one order, so that two who want several never wait in a circle.
_OF_RECEIPTS: Final = """
select pg_advisory_xact_lock(hashtextextended(receipt, 5))
from (select unnest($1::text[]) as receipt order by 1) as sorted
"""

_OWNERS: Final = "select receipt, payment_id from mpesa_receipt where receipt = any($1::text[])"
_BY_REFERENCE: Final = "select reference, id from payment where reference = any($1::text[])"

LONGEST_TITLE: Final = 140
LONGEST_NAME: Final = 120


async def open_payment(
    work: Work,
    due: Due,
    amount: Money,
    *,
    created_by: UUID | None,
    phone_masked: str | None = None,
    expires_at: datetime | None = None,
) -> Payment:
    """The payment of this amount for what is due, in the unit of work; it is announced."""
    now = clock.now()
    payment = Payment(
        id=new_id(),
        reference=await _free_reference(),
        purpose=due.purpose,
        target_id=due.target_id,
        title=due.title[:LONGEST_TITLE].strip(),
        client_id=due.client_id,
        client_name=due.client_name[:LONGEST_NAME],
        payee_id=due.payee_id,
        payee_name=due.payee_name[:LONGEST_NAME],
        branch_id=due.branch_id,
        amount_minor=amount.amount_minor,
        currency=amount.currency,
        phone_masked=phone_masked,
        status=PaymentStatus.CREATED,
        status_at=now,
        expires_at=expires_at,
        purpose_minor=0,
        suspense_minor=0,
        accepted=[],
        created_by=created_by,
        created_at=now,
        updated_at=now,
        correlation_id=current_call().correlation_id,
        version=1,
    )
    await payment.save(force_create=True)
    await payment.refresh_from_db(fields=["serial", "number"])
    work.record(PaymentChanged(payment=PaymentFigures.of(payment), before=None))
    return payment


async def one_at_a_time(work: Work, receipts: Collection[str]) -> None:
    """Let nobody else make payments of these receipts until this unit of work has ended: whoever looks after this whose they
    are finds the payment that another channel, or the same one told twice, has made of them."""
    if receipts:
        await work.execute(_OF_RECEIPTS, list(receipts))


async def _free_reference() -> str:
    """There are more references than payments will ever be, so a second try is rare, and a third unheard of."""
    while True:
        reference = fresh(secrets.choice)
        if not await Payment.exists(reference=reference):
            return reference


async def owners_of_receipts(work: Work, receipts: Collection[str]) -> dict[str, UUID | None]:
    """The receipts of these that are known, and whose they are; None for those that are nobody's."""
    rows = await work.fetch(_OWNERS, sorted(set(receipts))) if receipts else []
    return {row["receipt"]: row["payment_id"] for row in rows}


async def payments_by_reference(work: Work, typed: Collection[str]) -> dict[str, UUID]:
    """Payments by the references that we gave out, bare as they were typed."""
    rows = await work.fetch(_BY_REFERENCE, sorted(typed)) if typed else []
    return {row["reference"]: row["id"] for row in rows}
