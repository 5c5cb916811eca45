"""Making a report: the sheets are filled as the person who asked for it, written in a thread, and kept as one file.

The file, the end of the report, its announcement and the end of the task commit together, so that a worker that is killed
at any moment leaves a report that is made again, or one that is done, and never two files.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncGenerator, AsyncIterable, Iterator, Sequence
from contextlib import aclosing
from itertools import islice
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from domain.files.service import attach, store_made_file
from domain.identity import directory
from domain.jobs.queue import Attempt
from domain.kit import clock
from domain.kit.errors import DomainError
from domain.kit.unit_of_work import retried, unit_of_work
from domain.kit.wording import counted
from domain.reports.access import SUBJECT
from domain.reports.events import ReportFailed, ReportReady
from domain.reports.models import Report, ReportState
from domain.reports.parameters import read_parameters
from domain.reports.progress import Progress
from domain.reports.purpose import REPORT
from domain.reports.registry import kind_named
from domain.reports.sheets import Row, Rows, Sheet
from domain.reports.writers import ENDINGS, Writer, writer_of

BATCH: Final = 1_000
MAX_ERROR_LENGTH: Final = 500


async def make_report(report_id: UUID, attempt: Attempt) -> str:
    """Make the report that a task is about. What the rules refuse ends it; what goes wrong otherwise is tried again."""
    report = await Report.get_or_none(id=report_id)
    if report is None or report.state is ReportState.DONE:
        return "nothing to do"
    progress = Progress(report, attempt)
    try:
        await progress.begin()
        with tempfile.TemporaryDirectory(prefix="daftari-report-") as folder:
            path = Path(folder) / f"report{ENDINGS[report.format]}"
            await _write(report, path, progress)
            content = await asyncio.to_thread(path.read_bytes)
        await _finish(report, attempt, content, progress)
    except DomainError as refusal:
        await _refuse(report, attempt, refusal)
        return f"refused: {refusal.code}"
    return counted(progress.rows_done, "row")


async def _write(report: Report, path: Path, progress: Progress) -> None:
    kind = kind_named(report.kind)
    actor = await directory.actor_of_user(report.requested_by)
    actor.require(kind.requires)
    filled = await kind.fill(actor, read_parameters(kind.parameters, report.parameters), progress)
    sheets = filled if isinstance(filled, list) else [filled]
    writer = await asyncio.to_thread(_opened, report, path, sheets=len(sheets))
    try:
        for sheet in sheets:
            await _write_sheet(writer, sheet, progress)
        await asyncio.to_thread(writer.finish)
    finally:
        await asyncio.to_thread(writer.close)


def _opened(report: Report, path: Path, *, sheets: int) -> Writer:
    return writer_of(report.format)(path, sheets=sheets)


async def _write_sheet(writer: Writer, sheet: Sheet, progress: Progress) -> None:
    begun = False
    async with aclosing(_batches(sheet.rows)) as batches:
        async for batch in batches:
            if not begun:
                await asyncio.to_thread(writer.begin, sheet, batch)
                begun = True
            await asyncio.to_thread(writer.write, batch)
            await progress.advance(len(batch))
    if not begun:
        await asyncio.to_thread(writer.begin, sheet, [])
    await asyncio.to_thread(writer.end)


async def _batches(rows: Rows) -> AsyncGenerator[Sequence[Row], None]:
    if not isinstance(rows, AsyncIterable):
        for some in _sliced(iter(rows)):
            yield some
        return
    batch: list[Row] = []
    try:
        async for row in rows:
            batch.append(row)
            if len(batch) >= BATCH:
                yield batch
                batch = []
    finally:
        # What it reads from is let go of now, and not whenever it is collected.
        if isinstance(rows, AsyncGenerator):
            await rows.aclose()
    if batch:
        yield batch


def _sliced(rows: Iterator[Row]) -> Iterator[Sequence[Row]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


@retried
async def _finish(report: Report, attempt: Attempt, content: bytes, progress: Progress) -> None:
    actor = await directory.actor_of_user(report.requested_by)
    async with unit_of_work() as work:
        await attempt.complete(work)
        file = await store_made_file(
            work, owner_id=report.requested_by, purpose=REPORT, file_name=_file_name(report), content=content
        )
        await attach(work, file.id, SUBJECT, report.id, by=actor, kept=False)
        now = clock.now()
        await Report.filter(id=report.id).update(
            state=ReportState.DONE,
            progress_percent=100,
            rows_done=progress.rows_done,
            rows_total=progress.rows_done,
            file_id=file.id,
            finished_at=now,
        )
        work.record(
            ReportReady(
                report_id=report.id,
                requested_by=report.requested_by,
                kind=report.kind,
                title=report.title,
                format=report.format,
                file_id=file.id,
                file_name=file.file_name,
                size_bytes=file.size_bytes,
                rows=progress.rows_done,
                ready_at=now,
                mailed_to=report.shared_with,
            )
        )


def _file_name(report: Report) -> str:
    said = [str(report.parameters[name]) for name in ("from_date", "to_date", "as_of") if name in report.parameters]
    days = said or [report.created_at.date().isoformat()]
    return "-".join([report.kind.replace("_", "-"), *days]) + ENDINGS[report.format]


@retried
async def _refuse(report: Report, attempt: Attempt, refusal: DomainError) -> None:
    async with unit_of_work() as work:
        await attempt.complete(work)
        failed = await fail(report.id, refusal.code, refusal.message)
        work.record(*failed)


async def fail(report_id: UUID, code: str, message: str) -> list[ReportFailed]:
    """Write down that a report could not be made; the events to record, none when it has ended already."""
    report = await Report.select_for_update().get(id=report_id)
    if report.state not in (ReportState.QUEUED, ReportState.RUNNING):
        return []
    now, error = clock.now(), message[:MAX_ERROR_LENGTH]
    changed: dict[str, Any] = {"state": ReportState.FAILED, "error_code": code, "error": error, "finished_at": now}
    await Report.filter(id=report_id).update(**changed)
    return [
        ReportFailed(
            report_id=report.id,
            requested_by=report.requested_by,
            kind=report.kind,
            title=report.title,
            format=report.format,
            error_code=code,
            error=error,
            failed_at=now,
        )
    ]
