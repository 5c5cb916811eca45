"""Reading what people did at the school: the latest of it, the log, and the archive behind it.

Who reads the school reads of its people, and of its money who reads that. Staff of a campus read of their own, and a teacher
what they did themselves.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tortoise.expressions import Q

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import Wanted, read, source
from domain.school.access import NOBODY
from domain.school.models import ArchivedActivity, UserActivity
from domain.school.rules.activity import MAX_ACTIVITIES, MAX_DAYS, BadWindow, Window

OF_MONEY: Final = frozenset(
    {
        "school_fee",
        "fee_payment",
        "school_transaction",
        "student_advance",
        "fee_category",
        "fee_structure",
        "fee_schedule",
        "student_discount",
        "arrears_alert",
        "school_run",
        "school_setting",
    }
)
"""The kinds of things that are about money."""

MAX_WORD: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityFilter:
    """Which activities; what is not said does not narrow. ``since`` is included, ``until`` is not. With ``archived`` those
    that have left the log, instead of those in it."""

    actor_id: UUID | None = None
    activity: str | None = None
    subject_id: UUID | None = None
    student_id: UUID | None = None
    correlation_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    archived: bool = False

    def __post_init__(self) -> None:
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise InvalidInput("this ends before it begins", field=("filter", "to"))
        if self.activity is not None and not (0 < len(self.activity) <= MAX_WORD and self.activity.isprintable()):
            raise InvalidInput(f"an activity is a word of up to {MAX_WORD} characters", field=("filter", "activity"))

    @property
    def condition(self) -> Q:
        said: dict[str, Any] = {
            "actor_id": self.actor_id,
            "activity": self.activity,
            "subject_id": self.subject_id,
            "student_id": self.student_id,
            "correlation_id": self.correlation_id,
            "at__gte": self.since,
            "at__lt": self.until,
        }
        return Q(**{name: value for name, value in said.items() if value is not None})


async def user_activity_log(actor: Actor, page: PageRequest, wanted: ActivityFilter | None = None) -> Page[UserActivity]:
    """The log, or the archive, as far as the actor may read it; the latest first."""
    actor.require(Permission.SCHOOL_READ)
    wanted = wanted or ActivityFilter()
    if not wanted.archived:
        return await page_of(UserActivity.filter(wanted.condition, _seen(actor)), page, "-at", "-id")
    found = await page_of(ArchivedActivity.filter(wanted.condition, _seen(actor)), page.of_whole_rows, "-at", "-id")
    return found.showing([_as_it_was(row) for row in found.rows])


async def recent_activities(actor: Actor, *, days: int = MAX_DAYS, limit: int = MAX_ACTIVITIES) -> list[UserActivity]:
    """The latest of the last days, the newest first. INVALID_INPUT beyond seven days or fifty activities."""
    actor.require(Permission.SCHOOL_READ)
    try:
        window = Window(days, limit)
    except BadWindow as refused:
        raise InvalidInput(str(refused), field=("limit",) if 1 <= days <= MAX_DAYS else ("days",)) from None
    now = clock.now()
    recent = UserActivity.filter(_seen(actor), at__gte=window.since(now), at__lte=now)
    return await read(recent.order_by("-at", "-id").limit(window.limit))


@source
async def activities_by_id(actor: Actor, ids: Collection[UUID], wanted: Wanted) -> dict[UUID, UserActivity]:
    """Several activities, in the log or in the archive, as far as the actor may read them."""
    found = {row.id: row for row in await read(UserActivity.filter(_seen(actor), id__in=list(ids)), wanted)}
    gone = [each for each in ids if each not in found]
    if gone:
        found |= {row.id: _as_it_was(row) for row in await read(ArchivedActivity.filter(_seen(actor), id__in=gone))}
    return found


def _seen(actor: Actor) -> Q:
    """The condition on activities."""
    rights, scope = actor.staff_permissions, actor.branch_scope
    if Permission.SCHOOL_READ not in rights:
        return NOBODY
    found = Q() if scope is None else Q(branch_id=scope)
    if Permission.ALL_CLASSES not in rights:
        found &= Q(actor_id=actor.id)
    return found if Permission.FEES_READ in rights else found & ~Q(subject_kind__in=list(OF_MONEY))


def _as_it_was(row: ArchivedActivity) -> UserActivity:
    """An archived activity as the log had it."""
    return UserActivity._init_from_db(**{name: getattr(row, name) for name in row._meta.db_fields})
