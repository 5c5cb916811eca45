"""What the mill does by the clock, and how often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.kit import clock
from domain.kit.database import execute, fetchval
from domain.milling import settings
from domain.milling.jobs import fold_days, notification_check
from tests.support.happenings import assert_integrity
from tests.support.milling import a_warehouse, an_item, issue, open_alerts, q, stocked

pytestmark = pytest.mark.usefixtures("database")

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


async def test_alerts_are_looked_over_as_often_as_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    item, place = await an_item(reorder_level=q(5)), await a_warehouse()
    await stocked(item, place, 10, at=NOON - timedelta(days=1))
    await issue(item, place, 6, at=NOON - timedelta(hours=1))
    for minutes, looked in ((1, [0, 1, 2, 3]), (2, [0, 2]), (3, [0, 3])):
        chosen = settings.MillingSettings(notification_check=timedelta(minutes=minutes))
        monkeypatch.setattr(settings, "_settings", chosen)
        found = []
        for minute in range(4):
            await execute("delete from stock_alert")
            with clock.clock_set_to(NOON + timedelta(minutes=minute, seconds=7)):
                await notification_check.run()
            if await open_alerts() == ["LOW_STOCK"]:
                found.append(minute)
        assert found == looked


async def test_days_are_folded_and_say_the_same() -> None:
    item, place = await an_item(), await a_warehouse()
    await stocked(item, place, 10)
    for _ in range(3):
        await issue(item, place, 1)
    assert await fetchval("select count(*) from mill_day_change") == 7
    await fold_days.run()
    assert await fetchval("select count(*) from mill_day_change") == 0
    assert await fetchval("select count(*) from mill_day") == 3, "an opening, deliveries and what they cost"
    await assert_integrity("milling")
