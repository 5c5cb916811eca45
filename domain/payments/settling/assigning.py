"""Somebody says which payment a receipt belongs to: a person who knows, or a rule that was made to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.kit import clock
from domain.kit.unit_of_work import Work
from domain.payments.errors import PaymentNotFound, ReceiptNotFound, ReceiptTaken
from domain.payments.settling.batches import settle_payments
from domain.payments.settling.cases import Settled, Wanted
from domain.payments.settling.orphans import DISPOSED, LOCK, no_longer_orphans
from domain.payments.settling.reading import LOCK as LOCK_PAYMENTS
from domain.payments.settling.receipts import CLAIM, bring_along
from domain.payments.settling.telling import tell_of_discrepancies
from domain.payments.states import ReconTrigger, Resolution

ACCEPT: Final = """
update payment p set accepted = array(select distinct unnest(p.accepted || n.receipts) order by 1), updated_at = $3,
    version = p.version + 1
from (select payment_id, array_agg(receipt) as receipts from unnest($1::uuid[], $2::text[]) as n (payment_id, receipt)
      group by payment_id) n
where p.id = n.payment_id and not p.accepted @> n.receipts
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Whose a receipt is. With ``accept`` its money goes to the purpose although it is not what was asked for."""

    receipt: str
    payment_id: UUID
    accept: bool = False


async def assign_receipt(
    work: Work,
    receipt: str,
    payment_id: UUID,
    *,
    trigger: ReconTrigger,
    requested_by: UUID | None,
    accept: bool = False,
    started_at: datetime | None = None,
) -> Settled:
    """A receipt that was nobody's becomes a payment's, with all that was said of it and its money."""
    assignment = Assignment(receipt=receipt, payment_id=payment_id, accept=accept)
    [settled] = await assign_receipts(work, [assignment], trigger=trigger, requested_by=requested_by, started_at=started_at)
    return settled


async def assign_receipts(
    work: Work,
    assignments: Sequence[Assignment],
    *,
    trigger: ReconTrigger,
    requested_by: UUID | None,
    started_at: datetime | None = None,
) -> list[Settled]:
    """Many at once, all or none; RECEIPT_NOT_FOUND for one of which nobody told, RECEIPT_TAKEN for one that is another
    payment's, or whose money is not in suspense any more. One that is the payment's already is settled once more."""
    now = clock.now()
    await _lock_payments(work, assignments)
    free = await _free(work, assignments)
    if free:
        await work.execute(CLAIM, list(free), list(free.values()))
        await bring_along(work, free)
        resolution = Resolution.NO_ACTION if requested_by is None else Resolution.MATCHED_BY_HAND
        told = await no_longer_orphans(work, free, now, resolution=resolution, resolved_by=requested_by)
        tell_of_discrepancies(work, told, {}, now)
    accepted = [each for each in assignments if each.accept]
    if accepted:
        pairs = [each.payment_id for each in accepted], [each.receipt for each in accepted]
        await work.execute(ACCEPT, *pairs, now)
    wanted = [
        Wanted(payment_id=each.payment_id, trigger=trigger, requested_by=requested_by, started_at=started_at or now)
        for each in assignments
    ]
    return await settle_payments(work, wanted)


async def _lock_payments(work: Work, assignments: Sequence[Assignment]) -> None:
    ids = sorted({each.payment_id for each in assignments})
    if len(await work.fetch(LOCK_PAYMENTS, ids)) != len(ids):
        raise PaymentNotFound


async def _free(work: Work, assignments: Sequence[Assignment]) -> dict[str, UUID]:
    """Those that are nobody's yet, locked, and whose they become."""
    wanted: dict[str, UUID] = {}
    for each in assignments:
        if wanted.setdefault(each.receipt, each.payment_id) != each.payment_id:
            raise ReceiptTaken(f"{each.receipt} cannot be two payments'")
    owners = {row["receipt"]: row["payment_id"] for row in await work.fetch(LOCK, sorted(wanted))}
    if owners.keys() != wanted.keys():
        raise ReceiptNotFound
    if any(owner not in (None, wanted[receipt]) for receipt, owner in owners.items()):
        raise ReceiptTaken("the receipt is another payment's")
    free = {receipt: wanted[receipt] for receipt, owner in owners.items() if owner is None}
    if free and await work.fetch(DISPOSED, list(free)):
        raise ReceiptTaken("the money of the receipt was taken out of suspense")
    return free
