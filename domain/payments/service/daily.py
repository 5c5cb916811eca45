"""The reconciliation of a day: what of its payments does not agree yet is settled once more, and its figures are kept.

It happens by itself after midnight in East Africa, and again whenever somebody asks: what came to be known since is in the
figures then.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.jobs.queue import enqueue
from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.unit_of_work import retried, unit_of_work
from domain.payments.figures.days import DayFigures, bounds_of, figures_on, kept, today
from domain.payments.models import DailyReconciliation
from domain.payments.settling import Wanted, settle_payments
from domain.payments.states import ReconTrigger

SETTLE_DAY: Final = "payments.day"
BATCH: Final = 200
MAKE_UP_FOR: Final = 7
"""So many days can pass without a worker, and have their reports in the end."""

_NOBODY: Final = UUID(int=0)

# Payments after $3 that were opened in a time ($1 to $2) and are undecided, or about which something does not agree yet; $4
# at most.
_UNSETTLED: Final = """
select payment.id from payment
where payment.created_at >= $1 and payment.created_at < $2 and payment.id > $3
  and (payment.status in ('CREATED', 'STK_SENT', 'PROCESSING')
       or exists (select from discrepancy where discrepancy.payment_id = payment.id and discrepancy.status <> 'RESOLVED'))
order by payment.id limit $4
"""

_KEEP: Final = """
insert into daily_reconciliation (on_date, figures, made_at) values ($1, $2, $3)
on conflict (on_date) do update set figures = excluded.figures, made_at = excluded.made_at
where excluded.made_at >= daily_reconciliation.made_at
"""


async def daily_reconciliation(actor: Actor, *, on_date: date) -> DailyReconciliation:
    """The report of a day as it stands now. What does not agree is settled in the background, and the report made again.

    Refuses with INVALID_INPUT a day that has not begun in East Africa.
    """
    actor.require(Permission.PAYMENTS_RECONCILE)
    if on_date > today() or on_date.year < 2000:
        raise InvalidInput("there is no such day to reconcile yet", field=("input", "date"))
    made = await _keep(await figures_on(on_date))
    await _leave(on_date, actor.id)
    return made


async def reconcile_ended_days() -> str:
    """The day that has ended last in East Africa, and those before of which nobody made a report after they had ended."""
    told = []
    for ago in range(MAKE_UP_FOR, 0, -1):
        on_date = today() - timedelta(days=ago)
        if not await DailyReconciliation.filter(on_date=on_date, made_at__gte=bounds_of(on_date)[1]).exists():
            told.append(await settle_day(on_date))
    return "; ".join(told) or "nothing to do"


async def settle_day(on_date: date, *, requested_by: UUID | None = None) -> str:
    """Settle what does not agree, batch by batch, and keep the figures. To be repeated as one likes."""
    settled, last = 0, _NOBODY
    while batch := await _settle_batch(on_date, last, requested_by):
        settled, last = settled + len(batch), batch[-1]
    await _keep(await figures_on(on_date))
    return f"{on_date.isoformat()}: {settled} payments"


@retried
async def _settle_batch(on_date: date, after: UUID, requested_by: UUID | None) -> list[UUID]:
    async with unit_of_work() as work:
        payments = [row["id"] for row in await work.fetch(_UNSETTLED, *bounds_of(on_date), after, BATCH)]
        now = clock.now()
        await settle_payments(
            work,
            [
                Wanted(payment_id=payment_id, trigger=ReconTrigger.PERIODIC, requested_by=requested_by, started_at=now)
                for payment_id in payments
            ],
        )
    return payments


@retried
async def _keep(figures: DayFigures) -> DailyReconciliation:
    async with unit_of_work() as work:
        await work.execute(_KEEP, figures.on_date, kept(figures), clock.now())
        return await DailyReconciliation.get(on_date=figures.on_date)


@retried
async def _leave(on_date: date, actor_id: UUID) -> None:
    async with unit_of_work() as work:
        payload = {"on_date": on_date.isoformat(), "requested_by": str(actor_id)}
        await enqueue(work, SETTLE_DAY, payload, dedupe_key=on_date.isoformat())
