"""Reading runs: for who asked for one, and for the staff of the campus who may ask for one like it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise.expressions import Q

from domain.identity.actor import Actor
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import read_one, rows_by_id
from domain.school.errors import SchoolRunNotFound
from domain.school.events import RUN_READERS
from domain.school.models import SchoolRun, SchoolRunResult
from domain.school.states import SchoolRunKind, SchoolRunStatus


def may_see_run(actor: Actor, run: SchoolRun) -> bool:
    """The same people as hear of it."""
    return run.requested_by_id == actor.id or actor.may_at(RUN_READERS[run.kind], run.branch_id)


def _seen(actor: Actor) -> Q:
    """The condition on runs."""
    kinds = [kind for kind, permission in RUN_READERS.items() if permission in actor.staff_permissions]
    scope = actor.branch_scope
    seen = Q(kind__in=kinds) if scope is None else Q(kind__in=kinds, branch_id=scope)
    own = Q(requested_by_id=actor.id)
    return seen | own if kinds else own


async def school_runs(
    actor: Actor,
    page: PageRequest,
    *,
    kinds: Sequence[SchoolRunKind] = (),
    statuses: Sequence[SchoolRunStatus] = (),
) -> Page[SchoolRun]:
    """Runs that the actor may see, the newest first."""
    found = SchoolRun.filter(_seen(actor))
    if kinds:
        found = found.filter(kind__in=list(kinds))
    if statuses:
        found = found.filter(status__in=list(statuses))
    return await page_of(found, page, "-requested_at", "-id")


async def school_run(actor: Actor, run_id: UUID) -> SchoolRun:
    """A run that the actor may see."""
    run = await read_one(SchoolRun.filter(_seen(actor), id=run_id))
    if run is None:
        raise SchoolRunNotFound(field=("runId",))
    return run


runs_by_id = rows_by_id(SchoolRun, _seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """What a run of a kind did for one."""

    kind: SchoolRunKind
    subject_id: UUID
    position: int
    outcome: str
    reason: str | None
    record_id: UUID | None
    message: str
    at: datetime


async def results_of_run(actor: Actor, run_id: UUID, page: PageRequest, *, outcomes: Sequence[str] = ()) -> Page[RunResult]:
    """What a run that the actor may see did for each, in the order in which they had their turn."""
    run = await school_run(actor, run_id)
    found = SchoolRunResult.filter(run_id=run_id)
    if outcomes:
        found = found.filter(outcome__in=list(outcomes))
    rows = await page_of(found, page.of_whole_rows, "position", "id")
    return rows.showing([RunResult(kind=run.kind, **_said(row)) for row in rows.rows])


def _said(row: SchoolRunResult) -> dict[str, Any]:
    return {each.name: getattr(row, each.name) for each in fields(RunResult) if each.name != "kind"}
