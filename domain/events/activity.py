"""The activity log: what rows were before and after each change, who changed them, when and from where.

The database writes it by itself (see ``audit_row()`` in the migrations), so it also knows of changes that no service made
and no event tells; those show nothing but the database user. Who may read it is asked one floor up, where actors are
known: see domain/identity/oversight.py.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from tortoise.expressions import Q, RawSQL
from tortoise.queryset import QuerySet

from domain.events import settings
from domain.events.models import Operation, RowChange
from domain.kit import clock
from domain.kit.database import execute, fetch
from domain.kit.errors import InvalidInput
from domain.kit.matching import matching
from domain.kit.paging import Page, PageRequest, page_of

MAX_SEARCH_LENGTH: Final = 100
SEARCHED_BACK: Final = timedelta(days=90)
"""How far back a text is searched for when nothing else narrows the search: texts are in no index, because that would
cost more at each write than searches are worth."""

CHANGES_OF_A_CALL: Final = 100
YEARS_AHEAD: Final = 2

# The first changes of each request, job or event; a step down an index for each.
_OF_CALLS: Final = """
select found.id from unnest($1::uuid[]) as call (id), lateral (
    select id from row_change where correlation_id = call.id order by id limit $2
) as found
"""

_PARTITIONS_BEFORE: Final = """
select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'row_change'::regclass and c.relname ~ '^row_change_[0-9]{4}$' and right(c.relname, 4)::int < $1
order by c.relname
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityFilter:
    """Which changes: those that fit all that is said. ``since`` is included, ``until`` is not. ``search`` finds a part of
    any value, in any case."""

    actor_id: UUID | None = None
    object_kind: str | None = None
    object_id: UUID | None = None
    operation: Operation | None = None
    correlation_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    search: str | None = None


async def row_changes(page: PageRequest, wanted: ActivityFilter) -> Page[RowChange]:
    """The log, the newest change first."""
    conditions = {
        "actor_id": wanted.actor_id,
        "object_kind": wanted.object_kind,
        "object_id": wanted.object_id,
        "operation": wanted.operation,
        "correlation_id": wanted.correlation_id,
        "recorded_at__gte": wanted.since,
        "recorded_at__lt": wanted.until,
    }
    said = {column: value for column, value in conditions.items() if value is not None}
    found = _with_images(RowChange.filter(matching(RowChange, **said)))
    text = searched(wanted.search)
    if text is not None:
        found = found.filter(Q(before_json__icontains=text) | Q(after_json__icontains=text))
        if said.keys() <= {"object_kind", "operation", "recorded_at__lt"}:
            found = found.filter(recorded_at__gte=(wanted.until or clock.now()) - SEARCHED_BACK)
    return await page_of(found, page, "-id")


def searched(search: str | None) -> str | None:
    """What to search for; None when nothing was said."""
    text = (search or "").strip()
    if len(text) > MAX_SEARCH_LENGTH or not text.isprintable():
        raise InvalidInput(f"search for at most {MAX_SEARCH_LENGTH} printable characters", field=("filter", "search"))
    return text or None


async def row_changes_by_id(change_ids: Collection[int]) -> dict[int, RowChange]:
    """Several changes by their numbers."""
    return {change.id: change for change in await _with_images(RowChange.filter(id__in=change_ids))}


async def row_changes_of(correlation_ids: Collection[UUID]) -> dict[UUID, list[RowChange]]:
    """What requests, jobs and events changed, in the order in which they did; of each the first hundred."""
    rows = await fetch(_OF_CALLS, list(correlation_ids), CHANGES_OF_A_CALL)
    of_call: dict[UUID, list[RowChange]] = {each: [] for each in correlation_ids}
    for change in await _with_images(RowChange.filter(id__in=[row["id"] for row in rows])).order_by("id"):
        assert change.correlation_id is not None, "found by it"
        of_call[change.correlation_id].append(change)
    return of_call


def _with_images(found: QuerySet[RowChange]) -> QuerySet[RowChange]:
    """The images as texts, because a number read as JSON is a float, and no longer what was in the row."""
    return found.annotate(before_json=RawSQL("before::text"), after_json=RawSQL("after::text"))


async def prepare_activity_partitions() -> None:
    """Have the partitions of this year and the next two."""
    for ahead in range(YEARS_AHEAD + 1):
        await execute("select ensure_row_change_partition($1)", clock.now().year + ahead)


async def forget_old_changes() -> list[str]:
    """Drop the years that lie wholly before the retention; returns their partitions."""
    years = settings.current().activity_years
    if years is None:
        return []
    dropped = [row["relname"] for row in await fetch(_PARTITIONS_BEFORE, clock.now().year - years)]
    for partition in dropped:
        # Whoever reads for long keeps this waiting, and this keeps everybody who writes: rather give up until tomorrow.
        await execute(f"set lock_timeout = '3s'; drop table {partition}; reset lock_timeout")
    return dropped
