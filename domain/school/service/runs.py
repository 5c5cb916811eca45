"""Runs: work on many students or fees, one after the other, of whom each can fail alone.

How a process has one. At import it declares what is done with one subject; who may ask for it is in ``RUN_READERS``::

    async def _bill_one(part: Part) -> Done:
        ...                             # lock, decide, write, part.work.record(...); a DomainError fails this one alone
        return Done("CHARGED", record_id=fee.id)

    run_type(SchoolRunKind.BILLING, act=_bill_one)

and starts it in a unit of work, after refusing what nothing could come of::

    async with unit_of_work() as work:
        run = await start_run(work, actor, SchoolRunKind.BILLING, subjects=student_ids, parameters={...}, branch_id=...)

Whatever module declares a kind is imported by ``domain.school.jobs``, so that every worker knows it.

What comes of it. Up to :data:`AT_ONCE` subjects are worked on at once in the caller's unit of work, each behind a savepoint,
and the run that is returned is over. More are left for a worker, which takes each in a unit of work of its own, with the
rights that whoever asked has by then. Subjects have their turn in the order in which they were given, under the run's own
lock, and the result of each is written in the transaction that does it: so wherever a worker is killed, the next one goes on
with those who have no result yet, and nobody has two. What the rules refuse is the result of that subject: FAILED, with the
refusal's code as its reason. Whatever else goes wrong is tried again by the queue, after all others have had their turn, and
is FAILED with the reason ERROR once no attempt is left.

A run is followed by ``school.run_changed``: when it is asked for, when it begins and ends, and with each twentieth of it
that is done. ``counts`` are how many results have each outcome. A run that has failed as a whole can be taken up again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import structlog

from domain.identity import directory
from domain.identity.actor import SYSTEM, SYSTEM_ID, Actor
from domain.jobs.queue import Attempt, Retry, enqueue
from domain.kit import clock
from domain.kit.context import current_call
from domain.kit.database import fetch
from domain.kit.errors import DomainError
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.school.errors import RunNotOpen, SchoolRunNotFound
from domain.school.events import RUN_READERS, RunChanged, SchoolRunFigures
from domain.school.models import SchoolRun
from domain.school.queries.runs import may_see_run
from domain.school.states import SchoolRunKind, SchoolRunStatus

QUEUE: Final = "school.run"
AT_ONCE: Final = 10
STEPS: Final = 20
BATCH: Final = 100
PAUSE_S: Final = 2.0
MAX_MESSAGE: Final = 300
MAX_FAILURE: Final = 500

FAILED: Final = "FAILED"
ERROR: Final = "ERROR"

_S = SchoolRunStatus
OPEN: Final = frozenset({_S.QUEUED, _S.RUNNING})
TO_BE_DONE: Final = OPEN | {_S.FAILED}
"""Somebody who has the dead task of a run tried again takes the run up by it."""

SUBJECTS: Final = """
insert into school_run_subject (run_id, position, subject_id)
select $1, position, subject_id from unnest($2::uuid[]) with ordinality as wanted (subject_id, position)
"""

# Those after a place ($2) who have no result yet.
WAITING: Final = """
select s.position, s.subject_id from school_run_subject s
where s.run_id = $1 and s.position > $2
  and not exists (select from school_run_result r where r.run_id = s.run_id and r.subject_id = s.subject_id)
order by s.position limit $3
"""

# The result of a subject; nothing where there is one already.
RESULT: Final = """
insert into school_run_result (id, run_id, subject_id, position, outcome, reason, record_id, message, at)
select $1, s.run_id, s.subject_id, s.position, $4, $5, $6, $7, $8
from school_run_subject s where s.run_id = $2 and s.subject_id = $3
"""

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A subject whose turn it is, and the unit of work in which that is. Who acts has the rights of this moment."""

    work: Work
    actor: Actor
    run: SchoolRun
    subject_id: UUID


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a subject. ``record_id`` is what it has by this, such as an enrolment or a fee."""

    outcome: str
    reason: str | None = None
    record_id: UUID | None = None
    message: str = ""


Act = Callable[[Part], Awaitable[Done]]
Close = Callable[[Work, Actor, SchoolRun], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunType:
    """What a kind of run does with one of its subjects, and after the last."""

    act: Act
    close: Close | None = None


_types: dict[SchoolRunKind, RunType] = {}


def run_type(kind: SchoolRunKind, *, act: Act, close: Close | None = None) -> None:
    """Declare a kind of run; ``close`` is done in the transaction that ends it."""
    assert kind not in _types, f"two types of run are {kind}"
    _types[kind] = RunType(act=act, close=close)


async def start_run(
    work: Work,
    actor: Actor,
    kind: SchoolRunKind,
    *,
    subjects: Sequence[UUID],
    parameters: Mapping[str, Any],
    branch_id: UUID | None = None,
) -> SchoolRun:
    """A run for these subjects, each once, in their order. ``parameters`` are as JSON has them."""
    actor.require(RUN_READERS[kind])
    ordered = list(dict.fromkeys(subjects))
    run = await SchoolRun.create(
        id=new_id(),
        kind=kind,
        status=_S.QUEUED,
        parameters=dict(parameters),
        total=len(ordered),
        counts={},
        branch_id=branch_id,
        requested_by_id=actor.id,
        requested_at=clock.now(),
        correlation_id=current_call().correlation_id,
    )
    await run.refresh_from_db(fields=["serial", "number"])
    await work.execute(SUBJECTS, run.id, ordered)
    work.record(_changed(run))
    if len(ordered) > AT_ONCE:
        await enqueue(work, QUEUE, {"run_id": str(run.id)}, dedupe_key=str(run.id))
        return run
    run.started_at = run.requested_at
    for subject_id in ordered:
        part = Part(work=work, actor=actor, run=run, subject_id=subject_id)
        await _write(part, await _done_with(part))
    await _end(work, actor, run)
    return run


async def carry_out(run_id: UUID, attempt: Attempt) -> str:
    """Work on those who have no result yet; returns what the task's log says about it."""
    run = await SchoolRun.get_or_none(id=run_id)
    if run is None or run.status not in TO_BE_DONE:
        return "nothing to do"
    try:
        actor = SYSTEM if run.requested_by_id == SYSTEM_ID else await directory.actor_of_user(run.requested_by_id)
        actor.require(RUN_READERS[run.kind])
    except DomainError as refusal:
        await fail_run(run_id, refusal.message)
        return f"refused: {refusal.code}"
    in_trouble, place = 0, -1
    while waiting := await fetch(WAITING, run_id, place, BATCH):
        for row in waiting:
            place, subject_id = row["position"], row["subject_id"]
            try:
                if not await _take(actor, run_id, subject_id, _done_with):
                    return "stopped"
            except Exception:
                logger.exception("school_run_part_failed", run=run.number, subject=str(subject_id))
                in_trouble += 1
                if attempt.is_last:
                    await _take(actor, run_id, subject_id, _broken)
    if in_trouble and not attempt.is_last:
        raise Retry(PAUSE_S * attempt.number, f"{in_trouble} of {run.total} went wrong")
    await _finish(actor, run_id)
    return f"{run.total} done"


@retried
async def _take(actor: Actor, run_id: UUID, subject_id: UUID, act: Act) -> bool:
    """One subject in a unit of work of its own; False when the run is not open any more."""
    async with unit_of_work() as work:
        run = await _locked(run_id)
        if run.status not in TO_BE_DONE:
            return False
        has_result = "select 1 from school_run_result where run_id = $1 and subject_id = $2"
        if await work.fetchval(has_result, run_id, subject_id):
            return True
        part = Part(work=work, actor=actor, run=run, subject_id=subject_id)
        step = run.done_count * STEPS // run.total
        began = run.status is not _S.RUNNING
        if began:
            run.status, run.failure, run.finished_at = _S.RUNNING, "", None
            run.started_at = run.started_at or clock.now()
        await _write(part, await act(part))
        if began or (run.done_count < run.total and run.done_count * STEPS // run.total > step):
            work.record(_changed(run))
    return True


async def _done_with(part: Part) -> Done:
    """What becomes of the subject. What was written before a refusal is gone."""
    try:
        async with part.work.savepoint():
            return await _types[part.run.kind].act(part)
    except DomainError as refusal:
        return Done(FAILED, refusal.code, message=refusal.message)


async def _broken(part: Part) -> Done:
    return Done(FAILED, ERROR, message="it could not be done; somebody will look at it")


async def _write(part: Part, done: Done) -> None:
    run = part.run
    await part.work.execute(
        RESULT,
        new_id(),
        run.id,
        part.subject_id,
        done.outcome,
        done.reason,
        done.record_id,
        done.message[:MAX_MESSAGE],
        clock.now(),
    )
    run.counts = run.counts | {done.outcome: run.counts.get(done.outcome, 0) + 1}
    await run.save(update_fields=["status", "started_at", "finished_at", "failure", "counts"])


@retried
async def _finish(actor: Actor, run_id: UUID) -> None:
    async with unit_of_work() as work:
        run = await _locked(run_id)
        if run.status in TO_BE_DONE and run.done_count == run.total:
            await _end(work, actor, run)


async def _end(work: Work, actor: Actor, run: SchoolRun) -> None:
    close = _types[run.kind].close
    if close is not None:
        await close(work, actor, run)
    await _become(work, run, _S.DONE)


@retried
async def cancel_run(actor: Actor, *, run_id: UUID) -> SchoolRun:
    """What is done stays done, and nothing more is. SCHOOL_RUN_NOT_OPEN when the run is over."""
    async with unit_of_work() as work:
        run = await _locked_for(actor, run_id)
        if run.status not in TO_BE_DONE:
            raise RunNotOpen(f"the run is {run.status.lower()}")
        await _become(work, run, _S.CANCELLED)
    return run


@retried
async def resume_run(actor: Actor, *, run_id: UUID) -> SchoolRun:
    """Take up a run that has failed, with those who have no result yet. It is still in the name of who asked for it."""
    async with unit_of_work() as work:
        run = await _locked_for(actor, run_id)
        if run.status is not _S.FAILED:
            raise RunNotOpen(f"the run is {run.status.lower()}")
        await _become(work, run, _S.QUEUED)
        await enqueue(work, QUEUE, {"run_id": str(run.id)}, dedupe_key=str(run.id))
    return run


@retried
async def fail_run(run_id: UUID, why: str) -> None:
    """The work on a run has ended without it: whoever waits for it is told so."""
    async with unit_of_work() as work:
        run = await SchoolRun.filter(id=run_id).select_for_update(no_key=True).get_or_none()
        if run is not None and run.status in OPEN:
            await _become(work, run, _S.FAILED, why)


async def _become(work: Work, run: SchoolRun, status: SchoolRunStatus, failure: str = "") -> None:
    run.status, run.failure = status, failure[:MAX_FAILURE]
    run.finished_at = None if status in OPEN else clock.now()
    await run.save(update_fields=["status", "started_at", "finished_at", "failure"])
    work.record(_changed(run))


def _changed(run: SchoolRun) -> RunChanged:
    return RunChanged(run=SchoolRunFigures.of(run))


async def _locked(run_id: UUID) -> SchoolRun:
    return await SchoolRun.filter(id=run_id).select_for_update(no_key=True).get()


async def _locked_for(actor: Actor, run_id: UUID) -> SchoolRun:
    """The run, for somebody who could have asked for it."""
    run = await SchoolRun.filter(id=run_id).select_for_update(no_key=True).get_or_none()
    if run is None or not may_see_run(actor, run):
        raise SchoolRunNotFound
    actor.require(RUN_READERS[run.kind])
    return run
