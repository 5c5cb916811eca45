"""Choosing what comes, and the quiet hours of any night."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identity.actor import ANONYMOUS
from domain.kit import database
from domain.kit.errors import InvalidInput, Unauthenticated
from domain.notifications import queries
from domain.notifications.errors import InvalidQuietHours, NoSuchChoice, UnknownTimeZone
from domain.notifications.models import Category, Channel, Preferences
from domain.notifications.policy import POLICY
from domain.notifications.quiet import clock_time, end_of_quiet, minute_of
from domain.notifications.service import Choice, QuietHours, update_preferences
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.people import an_actor
from tests.support.races import at_once

NIGHT = QuietHours("22:00", "07:00")
NO_LOANS_BY_SMS = Choice(Category.LENDING, Channel.SMS, False)


def test_everything_that_is_told_can_be_chosen() -> None:
    assert {rule.category for rule in POLICY} <= set(Category)


@pytest.mark.usefixtures("database")
async def test_choices_are_kept_and_told() -> None:
    actor, other = await an_actor(), await an_actor()
    assert all(choice.enabled for choice in queries.choices_of(await queries.preferences(actor)))
    await update_preferences(actor, choices=[NO_LOANS_BY_SMS], quiet_hours=NIGHT, time_zone="Africa/Nairobi")
    chosen = await queries.preferences(actor)
    assert [choice for choice in queries.choices_of(chosen) if not choice.enabled] == [NO_LOANS_BY_SMS]
    assert (chosen.quiet_from, chosen.quiet_until, chosen.time_zone) == (22 * 60, 7 * 60, "Africa/Nairobi")
    await update_preferences(actor, choices=[Choice(Category.WALLETS, Channel.MAIL, False)])
    await update_preferences(actor, choices=[Choice(Category.LENDING, Channel.SMS, True)], without_quiet_hours=True)
    chosen = await queries.preferences(actor)
    assert (chosen.turned_off, chosen.quiet_from, chosen.time_zone) == (["WALLETS:MAIL"], None, "Africa/Nairobi")
    facts = [logged for logged in await events_so_far() if logged.name == "notifications.preferences_changed"]
    assert [logged.fact.quiet_from for logged in facts] == ["22:00", "22:00", None]
    assert all(logged.audience == {f"user:{actor.id}"} for logged in facts)
    async with nothing_happens():
        await update_preferences(actor)
        await update_preferences(actor, time_zone="Africa/Nairobi")
    assert (await queries.preferences(other)).turned_off == []
    await assert_integrity()


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"choices": [NO_LOANS_BY_SMS, NO_LOANS_BY_SMS]}, NoSuchChoice),
        ({"choices": [Choice(Category.LENDING, Channel.DATABASE, False)]}, NoSuchChoice),
        ({"quiet_hours": QuietHours("22:00", "22:00")}, InvalidQuietHours),
        ({"quiet_hours": QuietHours("24:00", "07:00")}, InvalidQuietHours),
        ({"quiet_hours": QuietHours("22:00", "7 o'clock")}, InvalidQuietHours),
        ({"quiet_hours": QuietHours("٢٢:00", "07:00")}, InvalidQuietHours),
        ({"quiet_hours": NIGHT, "without_quiet_hours": True}, InvalidQuietHours),
        ({"time_zone": "Mars/Olympus"}, UnknownTimeZone),
        ({"time_zone": "../etc/passwd"}, UnknownTimeZone),
        ({"time_zone": ""}, UnknownTimeZone),
    ],
)
async def test_what_makes_no_sense_changes_nothing(changes: dict[str, Any], error: type[InvalidInput]) -> None:
    actor = await an_actor()
    async with nothing_happens():
        with pytest.raises(Unauthenticated):
            await update_preferences(ANONYMOUS, **changes)
        with pytest.raises(error):
            await update_preferences(actor, **changes)


@pytest.mark.usefixtures("database")
async def test_choices_made_at_once_are_all_kept() -> None:
    actor = await an_actor()
    await at_once([update_preferences(actor, choices=[Choice(each, Channel.MAIL, False)]) for each in Category])
    assert len((await Preferences.get(user_id=actor.id)).turned_off) == len(Category)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    "change",
    ["turned_off = '{LENDING}'", "turned_off = '{LENDING:PIGEON}'", "turned_off = array[null]", "quiet_from = 1440",
     "quiet_until = null", "quiet_from = quiet_until", "time_zone = ''"],
)  # fmt: skip
async def test_the_table_refuses_what_cannot_be(change: str) -> None:
    await update_preferences(await an_actor(), quiet_hours=NIGHT)
    with pytest.raises(asyncpg.CheckViolationError):
        await database.execute(f"update notification_preferences set {change}")


def _at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2030-03-04T21:59:59", None),
        ("2030-03-04T22:00:00", "2030-03-05T07:00"),
        ("2030-03-04T23:59:59", "2030-03-05T07:00"),
        ("2030-03-05T06:59:59", "2030-03-05T07:00"),
        ("2030-03-05T07:00:00", None),
    ],
)
def test_a_night_runs_over_midnight(now: str, end: str | None) -> None:
    for zone in ("UTC", "Africa/Nairobi", "Asia/Kolkata", "America/St_Johns"):
        assert end_of_quiet(_at(now, zone), 22 * 60, 7 * 60, zone) == (end and _at(end, zone))


def test_a_night_in_which_the_clocks_change_ends_by_the_clock() -> None:
    berlin = "Europe/Berlin"
    assert end_of_quiet(_at("2030-03-31T00:30", berlin), 22 * 60, 7 * 60, berlin) == _at("2030-03-31T07:00", berlin)
    assert end_of_quiet(_at("2030-10-27T00:30", berlin), 22 * 60, 7 * 60, berlin) == _at("2030-10-27T07:00", berlin)


@given(
    st.datetimes(datetime(2029, 1, 1), datetime(2031, 1, 1)),  # noqa: DTZ001
    st.integers(0, 1439),
    st.integers(0, 1439),
    st.sampled_from(["UTC", "Africa/Nairobi", "Asia/Kathmandu"]),
)
def test_quiet_ends_when_it_says_and_not_before(moment: datetime, begins: int, ends: int, zone: str) -> None:
    now = moment.replace(tzinfo=UTC)
    end = end_of_quiet(now, begins, ends, zone) if begins != ends else None
    if end is not None:
        local = end.astimezone(ZoneInfo(zone))
        assert (local.hour * 60 + local.minute, local.second) == (ends, 0)
        assert now < end <= now + timedelta(days=1)
        assert end_of_quiet(end, begins, ends, zone) is None


def test_a_time_of_day_goes_there_and_back() -> None:
    assert [clock_time(minute_of(text)) for text in ("00:00", "07:05", "23:59")] == ["00:00", "07:05", "23:59"]
    assert clock_time(None) is None
    assert end_of_quiet(datetime.now(UTC), None, None, "UTC") is None
