"""Reading the audit trail. Who may, is asked one floor up, where actors are known: see domain/identity/oversight.py."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q, RawSQL

from domain.events.activity import SEARCHED_BACK, searched
from domain.events.models import AuditRecord
from domain.kit import clock
from domain.kit.database import fetch
from domain.kit.matching import matching
from domain.kit.paging import Page, PageRequest, page_of


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which records: those that fit all that is said. ``since`` is included, ``until`` is not. ``search`` finds a part
    of the event's name or of any value that it tells."""

    domain: str | None = None
    event_name: str | None = None
    actor_id: UUID | None = None
    correlation_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    search: str | None = None


async def audit_records(page: PageRequest, wanted: AuditFilter) -> Page[AuditRecord]:
    """The trail, the newest record first."""
    conditions = {
        "domain": wanted.domain,
        "event_name": wanted.event_name,
        "actor_id": wanted.actor_id,
        "correlation_id": wanted.correlation_id,
        "occurred_at__gte": wanted.since,
        "occurred_at__lt": wanted.until,
    }
    said = {column: value for column, value in conditions.items() if value is not None}
    found = AuditRecord.filter(matching(AuditRecord, **said))
    text = searched(wanted.search)
    if text is not None:
        found = found.annotate(payload_json=RawSQL("payload::text"))
        found = found.filter(Q(payload_json__icontains=text) | Q(event_name__icontains=text))
        if said.keys() <= {"domain", "event_name", "occurred_at__lt"}:
            found = found.filter(occurred_at__gte=(wanted.until or clock.now()) - SEARCHED_BACK)
    return await page_of(found, page, "-position")


# The last record of each kind, one step down an index for each.
_LAST_OF_EACH = """
select kind, last.occurred_at from unnest($1::text[]) as kind, lateral (
    select occurred_at from audit_record where event_name = kind order by position desc limit 1
) as last
"""


async def last_occurrences(event_names: Collection[str]) -> dict[str, datetime]:
    """When something of each kind last happened, as far as the trail has come; kinds that never did are left out."""
    rows = await fetch(_LAST_OF_EACH, list(event_names))
    return {row["kind"]: row["occurred_at"] for row in rows}
