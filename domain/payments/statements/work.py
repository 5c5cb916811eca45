"""Working through a statement: batch after batch, each in one unit of work with how far the import has come.

So whoever is killed in the midst of it has either booked a batch and said so, or has done neither; who takes over goes on
after the last row that was booked. Batches of different imports wait for each other, so that what two files tell is told
once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import islice
from typing import Final
from uuid import UUID

from domain.files.models import StoredFile
from domain.files.queries import content_of
from domain.jobs.queue import Attempt, enqueue
from domain.kit import clock
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.payments.models import StatementImport, StatementRowError
from domain.payments.rules.statements import RowError, RowProblem, StatementRow, decoded, read_statement, rows_in
from domain.payments.service.statements import OPEN, end, tell
from domain.payments.statements.rows import Counts, book_rows
from domain.payments.states import ImportStatus

BATCH: Final = 300
MAX_ROWS: Final = 200_000
"""What a business has in a quarter, and more than fits into a file that is taken when each row says something."""

TOO_MANY_ROWS: Final = f"it has more than {MAX_ROWS:,} rows; hand it in in parts"
LOOK_FOR_MISSING: Final = "payments.statement_gaps"

# Batches of statements go one after the other, in the whole installation.
_IN_TURN: Final = "select pg_advisory_xact_lock(hashtextextended('rows of statements', 0))"

# The first and the last movement of an import, and whether a row between them could not be read: then something of that time
# may be missing for no other reason.
_PERIOD: Final = """
select min(completed_at) as from_at, max(completed_at) as until_at,
       exists (select from statement_row_error bad where bad.import_id = $1
               and bad.number between min(movement.number) and max(movement.number)) as has_holes
from statement_row movement where import_id = $1
"""
HAS_HOLES: Final = "rows in the midst of it cannot be read, so nobody is told that a payment is missing in it"

Row = StatementRow | RowError


async def work_through(import_id: UUID, attempt: Attempt) -> str:
    """Work through what is left of an import."""
    found = await StatementImport.get_or_none(id=import_id)
    if found is None or found.status not in OPEN:
        return "nothing to do"
    file = await StoredFile.get(id=found.file_id)
    text = decoded(await content_of(file))
    rows_total = await asyncio.to_thread(rows_in, text, at_most=MAX_ROWS + 1)
    if rows_total > MAX_ROWS:
        await give_up(import_id, TOO_MANY_ROWS)
        return "too many rows"
    await _begin(import_id, attempt, rows_total)
    rows = read_statement(text, after=found.last_row)
    while batch := list(islice(rows, BATCH)):
        if not await _book(import_id, attempt, batch):
            return "called off"
    await _finish(import_id, attempt)
    return "done"


@retried
async def _begin(import_id: UUID, attempt: Attempt, rows_total: int) -> None:
    async with unit_of_work() as work:
        found = await _held(work, import_id, attempt)
        if found is None:
            return
        found.status, found.rows_total = ImportStatus.RUNNING, rows_total
        found.started_at = found.started_at or clock.now()
        found.version += 1
        await found.save(update_fields=["status", "rows_total", "started_at", "version"])
        tell(work, found)


@retried
async def _book(import_id: UUID, attempt: Attempt, batch: Sequence[Row]) -> bool:
    """Book one batch; False when the import was called off."""
    async with unit_of_work() as work:
        await work.execute(_IN_TURN)
        found = await _held(work, import_id, attempt)
        if found is None:
            return False
        assert batch[0].number > found.last_row, "nobody but the holder of the task books rows of this import"
        _count(found, await book_rows(work, import_id, batch, by=found.requested_by))
        found.last_row = batch[-1].number
        found.version += 1
        await found.save()
        tell(work, found)
    return True


def _count(found: StatementImport, counts: Counts) -> None:
    found.rows_done += counts.rows
    found.payments_in += counts.payments_in
    found.reversals += counts.reversals
    found.others += counts.others
    found.known += counts.known
    found.matched += counts.matched
    found.orphans += counts.orphans
    found.bad_rows += counts.bad_rows


@retried
async def _finish(import_id: UUID, attempt: Attempt) -> None:
    """The import is over; if it tells all of its time, whose money is not in it is looked for next."""
    async with unit_of_work() as work:
        found = await _held(work, import_id, attempt)
        if found is None:
            return
        await attempt.complete(work)
        if await _is_unreadable(found):
            await end(work, found, ImportStatus.FAILED, RowProblem.NO_HEADINGS.value)
            return
        period = await work.fetchrow(_PERIOD, import_id)
        assert period is not None
        if not period["has_holes"]:
            found.from_at, found.until_at = period["from_at"], period["until_at"]
        await end(work, found, ImportStatus.DONE, HAS_HOLES if period["has_holes"] else None)
        if found.from_at is not None:
            await enqueue(work, LOOK_FOR_MISSING, {"import_id": str(import_id)}, dedupe_key=str(import_id))


async def _is_unreadable(found: StatementImport) -> bool:
    """Whether the file is no statement at all."""
    if found.rows_done != 1 or found.bad_rows != 1:
        return False
    return await StatementRowError.filter(import_id=found.id, problem=RowProblem.NO_HEADINGS.value).exists()


async def _held(work: Work, import_id: UUID, attempt: Attempt) -> StatementImport | None:
    """The import, locked, as long as the task is ours and nobody has called it off."""
    await attempt.hold(work)
    found = await StatementImport.select_for_update().get(id=import_id)
    return found if found.status in OPEN else None


@retried
async def give_up(import_id: UUID, problem: str) -> None:
    """An import goes no further: its task died or was discarded, or it is too long."""
    async with unit_of_work() as work:
        found = await StatementImport.select_for_update().get(id=import_id)
        if found.status in OPEN:
            await end(work, found, ImportStatus.FAILED, problem)
