"""Calling a production off, or taking it back as if it had never been."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.unit_of_work import retried, unit_of_work
from domain.milling.errors import AlreadyCancelled
from domain.milling.models import Production
from domain.milling.service.desk import MAX_TEXT, prose
from domain.milling.service.production_desk import PRODUCTION, Milling, locked
from domain.milling.states import ProductionChange, ProductionStatus
from domain.milling.stock import cancel

STANDING: Final = """
select m.id from stock_movement m
where m.document_id = $1 and not exists (select from stock_cancellation c where c.movement_id = m.id)
order by m.seq
"""


@retried
async def cancel_production(actor: Actor, *, production_id: UUID, reason: str) -> Production:
    """Call off what is planned, or take back the movements of what was begun: inputs return, outputs vanish, at their own
    moments, and whatever they have cost since is recomputed.

    What was begun takes the permission to back-date. Refuses with INSUFFICIENT_STOCK when some of the output was used or
    sold already, and with ALREADY_CANCELLED.
    """
    actor.require(Permission.MILL_PRODUCE)
    reason = _reason(reason)
    async with unit_of_work() as work:
        milling = await locked(work, actor, production_id, past=True)
        before = milling.production.status
        if before is ProductionStatus.CANCELLED:
            raise AlreadyCancelled("this production was cancelled before", field=PRODUCTION)
        if before is not ProductionStatus.PLANNED:
            actor.require(Permission.MILL_BACKDATE)
            await _take_back(milling, reason)
        production = milling.production
        production.cancelled_at, production.cancelled_by_id = clock.now(), actor.id
        production.cancel_reason = reason
        production.become(ProductionStatus.CANCELLED)
        await milling.keep(ProductionChange.CANCELLED, before)
    return production


async def _take_back(milling: Milling, reason: str) -> None:
    movements = [row["id"] for row in await milling.work.fetch(STANDING, milling.production.id)]
    await cancel(milling.work, milling.document, movements, reason=reason)
    await milling.settle()


def _reason(text: str) -> str:
    reason = prose(text, "reason", limit=MAX_TEXT)
    if not reason:
        raise InvalidInput("say why", field=("input", "reason"))
    return reason
