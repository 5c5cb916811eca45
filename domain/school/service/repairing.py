"""Putting the books in line with the fees, should anybody ever have written past the guards of the database.

Fees and the money that came for them are what counts. What the books have of them is looked through; where a fee has no row
that it ought to have, a row has no fee, or the two say different things, the ledger is taken at its word: entries that no
row tells of get their row, rows that lie are reversed, and then the fee is settled anew. It is a run with a result for each,
and a second one finds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import asyncpg
from tortoise.exceptions import IntegrityError

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.database import connection
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.ledger.models import JournalEntry
from domain.school.activities import note_activity
from domain.school.errors import FeeNotRepairable
from domain.school.events import FinancialsResynced
from domain.school.fees import locked_fee, settle
from domain.school.fees.chain import chain_steps
from domain.school.fees.mending import mend_rows, take_off
from domain.school.models import SchoolFee, SchoolRun, SchoolTransaction
from domain.school.service.runs import FAILED, Done, Part, run_type, start_run
from domain.school.service.statistics import refresh_statistics
from domain.school.states import FeeChange, SchoolRunKind
from domain.school.verification import FEES, booked_of, income_of, rows_of

WHY: Final = "the books were brought in line"
DRY: Final = "DRY_RUN"
MOST_AT_ONCE: Final = 5_000
"""What is found beyond is for the next run."""


class Finding(StrEnum):
    """What is wrong with what the books have of a fee."""

    MISSING = "MISSING"
    ORPHAN = "ORPHAN"
    DIFFERENT = "DIFFERENT"


# Rows that stand for money of fees, and of which there is no fee to be found.
ORPHANS: Final = """
select t.id from school_transaction t
where t.reversed_at is null
  and case when t.fee_id is null then t.category = 'School Fees' or t.reference ~ '^FEE-[0-9]+$'
           else not exists (select from school_fee f where f.id = t.fee_id) end
order by t.serial
"""

# Fees with a row that its entry contradicts, or that stands although its entry was reversed; and with an entry that no row
# of theirs tells of.
CONTRADICTED: Final = """
select f.id from school_fee f join school_transaction t on t.fee_id = f.id and t.reversed_at is null
where not school_transaction_says_its_entry(t) or exists (select from journal_entry r where r.reverses_id = t.entry_id)
union
select f.id from school_fee f join journal_entry e on e.reference_kind = 'school_fee' and e.reference_id = f.id
where e.reverses_id is null and not exists (select from school_transaction t where t.entry_id = e.id and t.fee_id = f.id)
"""

# What came for a fee ($1), and what of it went back to the family.
CAME: Final = """
select coalesce(sum(amount_minor), 0)::bigint as paid,
       coalesce(-sum(amount_minor) filter (where kind = 'REFUND'), 0)::bigint as refunded
from fee_payment where fee_id = $1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resynced:
    """What was found, and of how much of it the books are in line now; a dry run puts nothing right."""

    run: SchoolRun
    missing: int
    orphan: int
    different: int
    repaired: int

    @classmethod
    def of(cls, run: SchoolRun) -> Resynced:
        found: Mapping[str, str] = run.parameters["findings"]
        counts = {kind: list(found.values()).count(kind.value) for kind in Finding}
        done = 0 if run.parameters["dry_run"] else run.done_count - run.counts.get(FAILED, 0)
        return cls(
            run=run,
            missing=counts[Finding.MISSING],
            orphan=counts[Finding.ORPHAN],
            different=counts[Finding.DIFFERENT],
            repaired=done,
        )


@retried
async def resync_financials(actor: Actor, *, dry_run: bool = False) -> Resynced:
    """Find what the books have of fees otherwise than fees have it, and put it right unless it is a dry run."""
    actor.require(Permission.SCHOOL_REPAIR)
    found = await _found()
    async with unit_of_work() as work:
        parameters = {"dry_run": dry_run, "findings": {str(subject): kind.value for subject, kind in found.items()}}
        run = await start_run(work, actor, SchoolRunKind.RESYNC, subjects=list(found), parameters=parameters)
    return Resynced.of(run)


async def _found() -> dict[UUID, Finding]:
    """Each fee, or row without one, that something is wrong with; of one snapshot."""
    found: dict[UUID, Finding] = {}
    async with connection() as c, c.transaction(isolation="repeatable_read", readonly=True):
        # Rows without a fee go first: an entry that one of them holds on to may be what a fee is missing.
        for row in await c.fetch(ORPHANS):
            found[row["id"]] = Finding.ORPHAN
        async for row in rows_of(c, FEES):
            kind = _finding(row)
            if kind is not None:
                found[row["id"]] = kind
        for row in await c.fetch(CONTRADICTED):
            found.setdefault(row["id"], Finding.DIFFERENT)
    return dict(list(found.items())[:MOST_AT_ONCE])


def _finding(row: Any) -> Finding | None:
    wanted, booked = income_of(row), booked_of(row)
    if booked == ([wanted] if wanted else []):
        return None if row["paid_minor"] == row["came"] else Finding.DIFFERENT
    if not wanted:
        return Finding.ORPHAN
    return Finding.DIFFERENT if booked else Finding.MISSING


async def _repair_one(part: Part) -> Done:
    """A fee with all that the books have of it, or a row without a fee."""
    kind = part.run.parameters["findings"][str(part.subject_id)]
    if part.run.parameters["dry_run"]:
        return Done(kind, DRY)
    fee = await SchoolFee.get_or_none(id=part.subject_id)
    try:
        await (_repair_orphan(part) if fee is None else _repair_fee(part, fee))
        # What the guards say of it is heard here, where it is the refusal of this one alone.
        await part.work.execute("set constraints all immediate")
        await part.work.execute("set constraints all deferred")
    except (IntegrityError, asyncpg.IntegrityConstraintViolationError) as refused:
        cause = refused.__cause__ if isinstance(refused, IntegrityError) else refused
        raise FeeNotRepairable(getattr(cause, "constraint_name", None) or "the database") from refused
    return Done(kind, record_id=part.subject_id)


async def _repair_orphan(part: Part) -> None:
    row = await SchoolTransaction.filter(id=part.subject_id, reversed_at__isnull=True).select_for_update().get_or_none()
    if row is None:
        return
    entry = await JournalEntry.get(id=row.entry_id)
    fee = None if entry.reference_id is None else await SchoolFee.get_or_none(id=entry.reference_id)
    await (take_off(part.work, part.actor, row, WHY) if fee is None else _repair_fee(part, fee))


async def _repair_fee(part: Part, fee: SchoolFee) -> None:
    work, actor = part.work, part.actor
    await SchoolFee.filter(id=fee.id).select_for_update(no_key=True).get()
    mended = await mend_rows(work, actor, fee, WHY)
    if fee.void:
        for row in await SchoolTransaction.filter(fee_id=fee.id, reversed_at__isnull=True):
            await take_off(work, actor, row, WHY)
        return
    desk = await locked_fee(work, actor, fee.id, Permission.SCHOOL_REPAIR)
    came = await work.fetchrow(CAME, fee.id)
    assert came is not None, "sums are one row"
    right = (desk.fee.paid_minor, desk.fee.refunded_minor) == (came["paid"], came["refunded"])
    desk.fee.paid_minor, desk.fee.refunded_minor = came["paid"], came["refunded"]
    if mended or not right or await chain_steps(desk, clock.today()):
        await settle(work, desk, FeeChange.REPAIRED, on=clock.today(), why=WHY)


async def _close(work: Work, actor: Actor, run: SchoolRun) -> None:
    done = Resynced.of(run)
    if done.repaired:
        await refresh_statistics(actor)
    figures: dict[str, Any] = {
        "dry_run": bool(run.parameters["dry_run"]),
        "missing": done.missing,
        "orphan": done.orphan,
        "different": done.different,
        "repaired": done.repaired,
    }
    work.record(FinancialsResynced(run_id=run.id, **figures))
    await note_activity(
        work,
        actor,
        "financials_resynced",
        subject_kind="school_run",
        subject_id=run.id,
        title=f"{run.number}: fees and the books were compared, {run.total} found",
        data=figures,
    )


run_type(SchoolRunKind.RESYNC, act=_repair_one, close=_close)
