"""What lending does by the clock. Each loan is its own short transaction: one that fails holds up no other, and a worker
that dies in the midst leaves loans that are brought up to the day, and loans that the next run takes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import structlog

from domain.kit import clock
from domain.kit.database import fetch, fetchval
from domain.kit.jobs import job
from domain.lending.service.delinquency import bring_up_to_date
from domain.lending.service.reminding import DAYS_BEFORE, remind_of_due, remind_of_overdue

BATCH: Final = 500

logger = structlog.get_logger(__name__)

# Loans for which the day ($2) changes something: an instalment falls due or is late, or a fact's day has come.
TOUCHED_BY_THE_DAY: Final = """
select l.id from loan l
where l.status = 'ACTIVE' and l.id > $1 and l.replayed_on < $2
  and (l.next_due_on <= $2
       or exists (select from loan_fact f where f.loan_id = l.id and f.reversed_at is null
                                            and f.happened_on > l.replayed_on and f.happened_on <= $2))
order by l.id limit $3
"""

# Loans whose next instalment falls due from $2 to $4, or has passed $2, of which nobody was told yet.
DUE_SOON: Final = """
select id from loan where status = 'ACTIVE' and id > $1 and next_due_on between $2 and $4
  and due_soon_told_on is distinct from next_due_on order by id limit $3
"""
OVERDUE: Final = """
select id from loan where status = 'ACTIVE' and id > $1 and next_due_on < $2 and not delinquency_paused
  and overdue_told_on is distinct from next_due_on order by id limit $3
"""


@job("lending.new_day", schedule="7 * * * *", purpose="Book what falls due, charge penalties, and see how late loans are.")
async def new_day() -> object:
    return await _each(TOUCHED_BY_THE_DAY, bring_up_to_date)


@job("lending.remind", schedule="27 * * * *", purpose="Tell borrowers of instalments that come and of those that passed.")
async def remind() -> object:
    until = clock.today() + timedelta(days=DAYS_BEFORE)
    return await _each(DUE_SOON, remind_of_due, until) + await _each(OVERDUE, remind_of_overdue)


@job("lending.fold_days", schedule="* * * * *", purpose="Keep the tail of changes short that dashboards read one by one.")
async def fold_days() -> object:
    return await fetchval("select fold_loan_days()")


async def _each(sql: str, act: Callable[[UUID], Awaitable[bool]], *more: Any) -> int:
    """Act on every loan that the query names, a batch after another in the order of their ids; returns on how many."""
    acted, after = 0, UUID(int=0)
    while True:
        rows = await fetch(sql, after, clock.today(), BATCH, *more)
        for row in rows:
            try:
                acted += await act(row["id"])
            except Exception:
                logger.exception("loan_job_failed", loan_id=str(row["id"]), act=act.__name__)
        if len(rows) < BATCH:
            return acted
        after = rows[-1]["id"]
