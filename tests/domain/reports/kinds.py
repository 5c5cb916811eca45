"""Kinds of reports for tests, and people who ask for them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.reports import registry
from domain.reports.models import Report, ReportFormat
from domain.reports.parameters import Parameters
from domain.reports.registry import Expecting, Fill, ReportKind
from domain.reports.service import generate_report
from domain.reports.sheets import Column, ColumnKind, Row, Sheet
from tests.domain.jobs.queues import a_runner

NAME = "tests_numbers"


class Numbers(Parameters):
    """A report that takes nothing."""


@contextmanager
def a_kind(fill: Fill, *, requires: Permission = Permission.LEDGER_READ) -> Iterator[ReportKind]:
    """A kind that exists inside the block."""
    declared = ReportKind(NAME, "Numbers", "Numbers.", requires, Numbers, frozenset(ReportFormat), fill)
    registry._kinds[NAME] = declared
    try:
        yield declared
    finally:
        del registry._kinds[NAME]


def counting(rows: int) -> Fill:
    """Fills a sheet with numbers as they come."""

    async def fill(actor: Actor, parameters: Numbers, progress: Expecting) -> Sheet:
        async def numbers() -> AsyncIterator[Row]:
            await progress.expect(rows)
            for number in range(rows):
                yield number, f"number {number}"

        columns = [Column("Number", ColumnKind.NUMBER, summed=True), Column("In words")]
        return Sheet(title="Numbers", subtitle=f"{rows} of them", columns=columns, rows=numbers())

    return fill


async def ask_for(actor: Actor, kind: str = NAME, format: ReportFormat = ReportFormat.CSV, **parameters: Any) -> Report:
    return await generate_report(actor, kind=kind, format=format, parameters=parameters)


async def made(report: Report) -> Report:
    """The report once all that is in the queue was done."""
    await a_runner().run_what_is_there()
    return await Report.get(id=report.id)
