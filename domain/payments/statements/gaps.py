"""What a statement lacks: payments of which we have a receipt of its time, and that it does not tell.

They are settled anew, in batches, now that the statement covers their time. One that is found missing is not looked at
again, so whoever takes over goes on where the other stopped.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from domain.jobs.queue import Attempt
from domain.kit import clock
from domain.kit.unit_of_work import retried, unit_of_work
from domain.payments.models import StatementImport
from domain.payments.settling import Wanted, settle_payments
from domain.payments.states import ImportStatus, ReconTrigger

BATCH: Final = 200

# Payments after $3 with a receipt of a time ($1 to $2) that no statement tells, and of which that is not known yet; $4 at
# most.
_UNTOLD: Final = """
select distinct told.payment_id
from payment_evidence told
where told.transacted_at >= $1 and told.transacted_at < $2 and told.outcome = 'PAID' and told.receipt is not null
  and told.channel <> 'STATEMENT' and told.payment_id > $3
  and not exists (select from payment_evidence stated
                  where stated.receipt = told.receipt and stated.channel = 'STATEMENT' and stated.outcome = 'PAID')
  and not exists (select from discrepancy known
                  where known.payment_id = told.payment_id and known.receipt = told.receipt
                    and known.type = 'MISSING_IN_STATEMENT')
order by told.payment_id limit $4
"""
_NOBODY: Final = UUID(int=0)


async def look_for_missing(import_id: UUID, attempt: Attempt) -> str:
    """Settle whatever the period of an import should tell and does not."""
    found = await StatementImport.get(id=import_id)
    if found.status is not ImportStatus.DONE or found.from_at is None:
        return "nothing to do"
    settled, last = 0, _NOBODY
    while batch := await _settle_batch(found, attempt, last):
        settled, last = settled + len(batch), batch[-1]
    return f"{settled} payments"


@retried
async def _settle_batch(found: StatementImport, attempt: Attempt, after: UUID) -> list[UUID]:
    """The payments that were settled; none when there are no more."""
    async with unit_of_work() as work:
        await attempt.hold(work)
        rows = await work.fetch(_UNTOLD, found.from_at, found.until_at, after, BATCH)
        payments = [row["payment_id"] for row in rows]
        now = clock.now()
        await settle_payments(
            work,
            [
                Wanted(
                    payment_id=payment_id,
                    trigger=ReconTrigger.PERIODIC,
                    requested_by=found.requested_by,
                    started_at=now,
                )
                for payment_id in payments
            ],
        )
    return payments
