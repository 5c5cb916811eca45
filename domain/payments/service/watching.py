"""Watching the figures: an alarm is raised once when a figure goes over its threshold, and cleared once when it is back."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from domain.kit import clock
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.payments.events import AlarmChanged
from domain.payments.figures.pipeline import IN_WINDOW, OPEN, SILENCE, totals_of
from domain.payments.models import AlertThresholds
from domain.payments.rules.statistics import Alarm, Totals, alarms, change
from domain.payments.service.thresholds import rules_of, thresholds_now

_LOOK: Final = f"select finished.*, open.* from ({IN_WINDOW}) as finished, ({OPEN}) as open"

_PULSE: Final = """
insert into pipeline_pulse (id, up_since, seen_at) values (1, $1, $1)
on conflict (id) do update
set up_since = case when pipeline_pulse.seen_at > $1 - $2::interval then pipeline_pulse.up_since else $1 end, seen_at = $1
where pipeline_pulse.seen_at < $1
"""

_RAISE: Final = "insert into alarm_state (alarm, raised_at, figure) values ($1, $2, $3)"
_STAND: Final = "update alarm_state set figure = $2 where alarm = $1"
_CLEAR: Final = "delete from alarm_state where alarm = $1"


@retried
async def say_at_work() -> None:
    """The pipeline is at work; a silence before means that it began anew."""
    async with unit_of_work() as work:
        await work.execute(_PULSE, clock.now(), SILENCE)


@retried
async def watch_figures() -> int:
    """Compare the figures of the last minutes with their thresholds; returns how many alarms began or ended."""
    async with unit_of_work() as work:
        # Two who look at once would both find an alarm new.
        await work.execute("lock table alarm_state in exclusive mode")
        before = [Alarm(row["alarm"]) for row in await work.fetch("select alarm from alarm_state")]
        thresholds, now = await thresholds_now(), clock.now()
        row = await work.fetchrow(_LOOK, now - timedelta(minutes=thresholds.window_minutes))
        assert row is not None
        totals, queued = totals_of(row), row["queued"]
        found = change(before, alarms(totals, queued, rules_of(thresholds)))
        for alarm in sorted(found.raised | found.cleared | found.standing):
            await _note(
                work, alarm, _figure(alarm, totals, queued), now, raised=alarm in found.raised, standing=found.standing
            )
        for alarm in sorted(found.raised | found.cleared):
            work.record(
                AlarmChanged(
                    alarm=alarm,
                    raised=alarm in found.raised,
                    figure=_figure(alarm, totals, queued),
                    threshold=_threshold(alarm, thresholds),
                    window_minutes=thresholds.window_minutes,
                    changed_at=now,
                )
            )
    return len(found.raised | found.cleared)


async def _note(
    work: Work, alarm: Alarm, figure: Decimal, now: datetime, *, raised: bool, standing: frozenset[Alarm]
) -> None:
    if raised:
        await work.execute(_RAISE, alarm.value, now, figure)
    elif alarm in standing:
        await work.execute(_STAND, alarm.value, figure)
    else:
        await work.execute(_CLEAR, alarm.value)


def _figure(alarm: Alarm, totals: Totals, queued: int) -> Decimal:
    """What is compared with the threshold; nothing counts as zero."""
    figures: dict[Alarm, Decimal | int] = {
        Alarm.DISCREPANCY_RATE: totals.discrepancy_rate or Decimal("0.00"),
        Alarm.ERROR_RATE: totals.error_rate or Decimal("0.00"),
        Alarm.PROCESSING_TIME: totals.average_processing_ms or 0,
        Alarm.QUEUE_LENGTH: queued,
    }
    return Decimal(figures[alarm])


def _threshold(alarm: Alarm, thresholds: AlertThresholds) -> Decimal:
    columns: dict[Alarm, Decimal | int] = {
        Alarm.DISCREPANCY_RATE: thresholds.discrepancy_rate,
        Alarm.ERROR_RATE: thresholds.error_rate,
        Alarm.PROCESSING_TIME: thresholds.processing_ms,
        Alarm.QUEUE_LENGTH: thresholds.queue_length,
    }
    return Decimal(columns[alarm])
