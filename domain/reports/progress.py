"""How far a report has come, told now and then: not at each row, but often enough for a bar that moves."""

from __future__ import annotations

from time import monotonic
from typing import Final

from domain.jobs.queue import Attempt
from domain.kit import clock
from domain.kit.unit_of_work import retried, unit_of_work
from domain.reports.events import ReportProgressed
from domain.reports.models import Report, ReportState

STEP_PERCENT: Final = 5
LONGEST_SILENCE_S: Final = 5.0
SHORTEST_SILENCE_S: Final = 0.25


class Progress:
    """The progress of one attempt. While nobody has said how many rows there will be, the percentage stays at 0."""

    def __init__(self, report: Report, attempt: Attempt) -> None:
        self._report = report
        self._attempt = attempt
        self.rows_done = 0
        self._rows_total: int | None = None
        self._told_percent = 0
        self._told_at = monotonic()

    async def begin(self) -> None:
        await self._tell(begins=True)

    async def expect(self, rows: int) -> None:
        """So many more rows will come."""
        self._rows_total = (self._rows_total or 0) + rows

    async def advance(self, rows: int) -> None:
        """So many more rows are written."""
        self.rows_done += rows
        silence = monotonic() - self._told_at
        stepped = self.percent >= self._told_percent + STEP_PERCENT and silence >= SHORTEST_SILENCE_S
        if stepped or silence >= LONGEST_SILENCE_S:
            await self._tell()

    @property
    def percent(self) -> int:
        """At most 99: a hundred is when the file is there."""
        if not self._rows_total:
            return 0
        return min(99, 100 * self.rows_done // self._rows_total)

    @retried
    async def _tell(self, *, begins: bool = False) -> None:
        """Write the progress down and announce it, if the task is still ours."""
        self._told_percent, self._told_at = self.percent, monotonic()
        changed: dict[str, object] = {
            "state": ReportState.RUNNING,
            "progress_percent": self.percent,
            "rows_done": self.rows_done,
            "rows_total": self._rows_total,
        }
        if begins:
            changed |= {"started_at": clock.now(), "finished_at": None, "error_code": None, "error": None}
        async with unit_of_work() as work:
            await self._attempt.hold(work)
            await Report.filter(id=self._report.id).update(**changed)
            work.record(
                ReportProgressed(
                    report_id=self._report.id,
                    requested_by=self._report.requested_by,
                    kind=self._report.kind,
                    state=ReportState.RUNNING,
                    progress_percent=self.percent,
                    rows_done=self.rows_done,
                    rows_total=self._rows_total,
                )
            )
