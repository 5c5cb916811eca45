"""Above how much arrears are high, and the alerts that another threshold raises and clears.

A fee that changes is looked at in its own unit of work, against the threshold of then. When the threshold itself changes,
every fee that stands on the other side of it is looked at in the background, each in a unit of work of its own.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.identity.actor import SYSTEM, Actor
from domain.identity.permissions import Permission
from domain.jobs.queue import Attempt, Payload, enqueue, queued
from domain.kit.database import fetch
from domain.kit.errors import InvalidInput
from domain.kit.money import Money
from domain.kit.unit_of_work import retried, unit_of_work
from domain.school import settings
from domain.school.activities import note_activity
from domain.school.errors import BadThreshold, FeeDeleted
from domain.school.events import ThresholdChanged
from domain.school.fees import locked_fee, look_at_arrears
from domain.school.models.kept import TOUCHED
from domain.school.models.money import THE_SETTING
from domain.school.queries.alerts import REASSESS, thresholds_now
from domain.school.rules.arrears import threshold_in
from domain.school.rules.refusals import BadFigure
from domain.school.service.setting import locked_setting

BATCH: Final = 500

# Fees in a currency ($1) whose alert does not fit the threshold ($2), after one of them ($3).
MISTAKEN: Final = """
select id from (
    select f.id from school_fee f
    where f.currency = $1 and f.status in ('UNPAID', 'PARTIALLY_PAID') and f.arrears_minor > $2 and not f.arrears_alerted
    union all
    select f.id from school_fee f where f.currency = $1 and f.arrears_alerted and f.arrears_minor <= $2
) mistaken
where id > $3 order by id limit $4
"""

CURRENCIES: Final = "select distinct currency from school_fee order by currency"


@retried
async def set_arrears_threshold(actor: Actor, *, amount: Decimal, currency: str) -> Money:
    """Say above how much arrears in a currency are high; exactly as much is not. Refuses with BAD_THRESHOLD.

    Fees that stand on the other side of it are looked at in the background.
    """
    actor.require(Permission.FEES_MANAGE)
    threshold = _checked(amount, currency)
    async with unit_of_work() as work:
        setting = await locked_setting(work)
        before = settings.threshold_of(setting.thresholds, currency)
        if threshold == before:
            return threshold
        setting.thresholds = {**setting.thresholds, currency: threshold.amount_minor}
        setting.touch()
        await setting.save(update_fields=["thresholds", *TOUCHED])
        work.record(ThresholdChanged(threshold=threshold, before=before, changed_by_id=actor.id))
        await note_activity(
            work,
            actor,
            "threshold_set",
            subject_kind="school_setting",
            subject_id=THE_SETTING,
            title=f"Arrears are high above {threshold}",
            data={"threshold": threshold, "before": before},
        )
        await enqueue(work, reassess, {"currency": currency})
    return threshold


def _checked(amount: Decimal, currency: str) -> Money:
    try:
        return threshold_in(currency, amount)
    except (BadFigure, InvalidInput) as error:
        raise BadThreshold(str(error)) from error


@queued(
    REASSESS,
    purpose="Raise and clear alerts of high arrears after the threshold has changed.",
    concurrency=1,
    timeout_s=1_800.0,
)
async def reassess(payload: Payload, attempt: Attempt) -> int:
    """Returns how many alerts were raised or cleared. Whoever is done is not found again, so it may begin anew any time."""
    return await reassess_arrears(payload["currency"])


async def reassess_arrears(currency: str) -> int:
    """Look at every fee whose alert does not fit the threshold as it is now."""
    moved, after = 0, UUID(int=0)
    while True:
        threshold = settings.threshold_of(await thresholds_now(), currency)
        rows = await fetch(MISTAKEN, currency, threshold.amount_minor, after, BATCH)
        for row in rows:
            moved += await _look_at(row["id"])
        if len(rows) < BATCH:
            return moved
        after = rows[-1]["id"]


async def reassess_all() -> int:
    """In every currency: what changed in the same moment as the threshold is found here."""
    return sum([await reassess_arrears(row["currency"]) for row in await fetch(CURRENCIES)])


@retried
async def _look_at(fee_id: UUID) -> bool:
    async with unit_of_work() as work:
        try:
            desk = await locked_fee(work, SYSTEM, fee_id, Permission.FEES_READ)
        except FeeDeleted:
            return False
        return await look_at_arrears(work, desk) is not None
