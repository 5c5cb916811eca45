"""The log of activities is kept short: what is old goes to the archive, in batches, so that nobody waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from domain.identity.actor import SYSTEM, Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.unit_of_work import retried, unit_of_work
from domain.kit.wording import counted
from domain.school.activities import note_activity
from domain.school.events import ActivityArchived, ArchivingChanged
from domain.school.models import SchoolSetting
from domain.school.models.kept import TOUCHED
from domain.school.models.money import THE_SETTING
from domain.school.service.setting import locked_setting

LEAST_DAYS: Final = 30
MOST_DAYS: Final = 36_500
BATCH: Final = 5_000
MAX_BATCHES: Final = 20

# The oldest activities from before a moment ($1), as many as a batch ($2); what somebody else archives now is left to them.
ARCHIVE: Final = """
with old as (
    select id from user_activity_log where at < $1 order by at, id limit $2 for update skip locked
), gone as (
    delete from user_activity_log l using old where l.id = old.id returning l.*
), kept as (
    insert into user_activity_archive select * from gone returning 1
)
select count(*)::int from kept
"""


@dataclass(frozen=True, slots=True)
class Archived:
    """How many activities went to the archive; ``more`` are old enough where an act ends at its limit."""

    archived: int
    more: bool
    older_than: datetime


async def archive_activity_log(actor: Actor, *, older_than_days: int | None = None) -> Archived:
    """Move what is older than so many days out of the log; as the school chose where nothing is said.

    Refuses with INVALID_INPUT what is not at least thirty days old.
    """
    actor.require(Permission.SCHOOL_REPAIR)
    days = await _chosen_days() if older_than_days is None else older_than_days
    _require_days(days, "olderThanDays")
    older_than = clock.now() - timedelta(days=days)
    archived = 0
    for _ in range(MAX_BATCHES):
        batch = await _archive_batch(older_than)
        archived += batch
        if batch < BATCH:
            return Archived(archived, more=False, older_than=older_than)
    return Archived(archived, more=True, older_than=older_than)


@retried
async def set_activity_archiving(actor: Actor, *, after_days: int) -> int:
    """Choose after how many days activities leave the log; what is kept from then on. Nothing happens when that is so.

    Refuses with INVALID_INPUT fewer than thirty days.
    """
    actor.require(Permission.SCHOOL_REPAIR)
    _require_days(after_days, "afterDays")
    async with unit_of_work() as work:
        setting = await locked_setting(work)
        before = setting.archive_after_days
        if after_days == before:
            return before
        setting.archive_after_days = after_days
        setting.touch()
        await setting.save(update_fields=["archive_after_days", *TOUCHED])
        work.record(ArchivingChanged(after_days=after_days, before_days=before, changed_by_id=actor.id))
        await note_activity(
            work,
            actor,
            "archiving_set",
            subject_kind="school_setting",
            subject_id=THE_SETTING,
            title=f"Activities leave the log after {counted(after_days, 'day')}",
            data={"afterDays": after_days, "beforeDays": before},
        )
    return after_days


def _require_days(days: int, name: str) -> None:
    if not LEAST_DAYS <= days <= MOST_DAYS:
        raise InvalidInput(f"activities of the last {LEAST_DAYS} days stay", field=("input", name))


async def archive_what_is_old() -> int:
    """As the school chose how long the log is."""
    return (await archive_activity_log(SYSTEM)).archived


async def _chosen_days() -> int:
    chosen = await SchoolSetting.get_or_none() or SchoolSetting()
    return chosen.archive_after_days


@retried
async def _archive_batch(older_than: datetime) -> int:
    async with unit_of_work() as work:
        archived: int = await work.fetchval(ARCHIVE, older_than, BATCH)
        if archived:
            work.record(ActivityArchived(older_than=older_than, archived=archived))
    return archived
