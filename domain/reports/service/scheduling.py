"""Reports that are made again and again: who has them made, when, and who gets them.

A due report is asked for in its owner's name and with the rights that the owner has then. Asking for it and moving the
schedule on are one transaction, so that each due time brings one report, whoever is killed when; of times that passed while
nobody was at work, one is made up for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from domain.identity import directory
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.context import CallContext, call_context
from domain.kit.database import Record
from domain.kit.errors import DomainError, NotFound
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.reports.access import may_be_told
from domain.reports.errors import (
    ReportReaderNotAllowed,
    ScheduledReportNotFound,
    TooManyReports,
    TooManyScheduledReports,
)
from domain.reports.events import ReportScheduleChanged, ScheduledReportRefused
from domain.reports.models import ReportFormat, ReportPeriod, ReportSchedule
from domain.reports.parameters import read_parameters
from domain.reports.periods import next_time, require_cron, with_period
from domain.reports.registry import ReportKind, kind_named
from domain.reports.service.making import MAX_ERROR_LENGTH
from domain.reports.service.requesting import Due, askable, generate_report

MAX_SCHEDULES: Final = 50
MAX_READERS: Final = 20

# One schedule that is due ($1), other than those that were looked at ($2) and that somebody else is at.
NEXT_DUE: Final = """
select id from report_schedule where next_at <= $1 and id <> all ($2::uuid[])
order by next_at, id limit 1 for update skip locked
"""


@retried
async def schedule_report(
    actor: Actor,
    *,
    kind: str,
    format: ReportFormat,
    parameters: Mapping[str, Any],
    cron: str,
    period: ReportPeriod | None = None,
    mailed_to: Sequence[UUID] = (),
) -> ReportSchedule:
    """Have a report made whenever ``cron`` says. What could not be made today is refused today.

    Refuses as :func:`generate_report` does, and with BAD_REPORT_SCHEDULE, REPORT_READER_NOT_ALLOWED and
    TOO_MANY_SCHEDULED_REPORTS.
    """
    wanted = askable(actor, kind, format)
    now, cron = clock.now(), require_cron(cron)
    next_at = next_time(cron, now)
    given = read_parameters(wanted.parameters, with_period(wanted.parameters, parameters, period, now.date()))
    fixed = {name for name, value in parameters.items() if value is not None}
    async with unit_of_work() as work:
        readers = await _readers(actor, wanted, mailed_to)
        await _require_modesty(work, actor)
        schedule = await ReportSchedule.create(
            id=new_id(),
            kind=wanted.name,
            title=wanted.title,
            parameters=given.model_dump(mode="json", include=fixed),
            period=period,
            format=format,
            cron=cron,
            owner_id=actor.id,
            mailed_to=readers,
            next_at=next_at,
            created_at=now,
        )
        _tell(work, schedule)
    return schedule


@retried
async def cancel_scheduled_report(actor: Actor, *, schedule_id: UUID) -> ReportSchedule:
    """Have it made no more: one's own, or anybody's for those who look after the work in the background.

    Doing it again is harmless. Refuses with SCHEDULED_REPORT_NOT_FOUND.
    """
    actor.require(Permission.SIGNED_IN)
    async with unit_of_work() as work:
        schedule = await ReportSchedule.filter(id=schedule_id).select_for_update(no_key=True).get_or_none()
        if schedule is None or (schedule.owner_id != actor.id and not actor.may(Permission.JOBS_READ)):
            raise ScheduledReportNotFound("there is no such schedule of yours")
        if schedule.cancelled_at is None:
            schedule.next_at, schedule.cancelled_at, schedule.cancelled_by = None, clock.now(), actor.id
            await schedule.save(update_fields=["next_at", "cancelled_at", "cancelled_by"])
            _tell(work, schedule)
    return schedule


async def ask_for_due_reports() -> int:
    """Ask for every report that is due; returns how many were asked for."""
    looked_at: list[UUID] = []
    asked = 0
    while (found := await _ask_for_next(looked_at)) is not None:
        schedule_id, is_asked = found
        looked_at.append(schedule_id)
        asked += is_asked
    return asked


@retried
async def _ask_for_next(looked_at: Sequence[UUID]) -> tuple[UUID, bool] | None:
    async with unit_of_work() as work:
        rows: list[Record] = await work.fetch(NEXT_DUE, clock.now(), list(looked_at))
        if not rows:
            return None
        schedule = await ReportSchedule.get(id=rows[0]["id"])
        with call_context(CallContext(correlation_id=new_id(), actor_id=schedule.owner_id)):
            return schedule.id, await _ask(work, schedule)


async def _ask(work: Work, schedule: ReportSchedule) -> bool:
    """Ask for the report and move on; a refusal is told, and is no reason not to try the next time."""
    assert schedule.next_at is not None, "it is due"
    now, due_at = clock.now(), schedule.next_at
    refusal: DomainError | None = None
    try:
        async with work.savepoint():
            schedule.last_report_id = await _asked(schedule)
    except TooManyReports:
        # The owner's others will be done soon; it stays due until then.
        return False
    except DomainError as refused:
        refusal = refused
    schedule.last_at, schedule.next_at = due_at, next_time(schedule.cron, now)
    schedule.last_error_code = None if refusal is None else refusal.code
    schedule.last_error = None if refusal is None else refusal.message[:MAX_ERROR_LENGTH]
    await schedule.save(update_fields=["last_report_id", "last_at", "next_at", "last_error_code", "last_error"])
    if refusal is not None:
        work.record(_refused(schedule, refusal))
    return refusal is None


async def _asked(schedule: ReportSchedule) -> UUID:
    """In the owner's name, by the owner's rights of now, for those readers who may still read it."""
    assert schedule.next_at is not None, "it is due"
    owner = await directory.actor_of_user(schedule.owner_id)
    kind = kind_named(schedule.kind)
    readers = [reader for reader in schedule.mailed_to if await _may_read(reader, owner, kind)]
    parameters = with_period(kind.parameters, schedule.parameters, schedule.period, schedule.next_at.date())
    due = Due(schedule.id, schedule.next_at, readers)
    report = await generate_report(owner, kind=kind.name, format=schedule.format, parameters=parameters, due=due)
    return report.id


async def _readers(owner: Actor, kind: ReportKind, wanted: Sequence[UUID]) -> list[UUID]:
    """Whom it is mailed to besides, each once; the owner hears of it anyway."""
    readers = [reader for reader in dict.fromkeys(wanted) if reader != owner.id]
    if len(readers) > MAX_READERS:
        raise ReportReaderNotAllowed(f"a report is mailed to {MAX_READERS} others at most")
    for reader in readers:
        if not await _may_read(reader, owner, kind):
            raise ReportReaderNotAllowed("somebody whom it is to be mailed to may not read what it shows")
    return readers


async def _may_read(reader_id: UUID, owner: Actor, kind: ReportKind) -> bool:
    try:
        return may_be_told(await directory.actor_of_user(reader_id), owner, kind.requires)
    except NotFound:
        return False


async def _require_modesty(work: Work, actor: Actor) -> None:
    await work.execute("select pg_advisory_xact_lock(hashtextextended('schedules of ' || $1::text, 0))", str(actor.id))
    if await ReportSchedule.filter(owner_id=actor.id, cancelled_at__isnull=True).count() >= MAX_SCHEDULES:
        raise TooManyScheduledReports(f"you have {MAX_SCHEDULES} schedules; cancel one of them")


def _tell(work: Work, schedule: ReportSchedule) -> None:
    work.record(
        ReportScheduleChanged(
            schedule_id=schedule.id,
            owner_id=schedule.owner_id,
            kind=schedule.kind,
            title=schedule.title,
            format=schedule.format,
            period=schedule.period,
            cron=schedule.cron,
            mailed_to=schedule.mailed_to,
            next_at=schedule.next_at,
        )
    )


def _refused(schedule: ReportSchedule, refusal: DomainError) -> ScheduledReportRefused:
    assert schedule.last_at is not None and schedule.next_at is not None, "it was due, and will be"
    return ScheduledReportRefused(
        schedule_id=schedule.id,
        owner_id=schedule.owner_id,
        kind=schedule.kind,
        title=schedule.title,
        due_at=schedule.last_at,
        next_at=schedule.next_at,
        error_code=refusal.code,
        error=refusal.message[:MAX_ERROR_LENGTH],
    )
