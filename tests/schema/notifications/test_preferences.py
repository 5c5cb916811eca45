"""Choosing in the API: what is left out stays, what makes no sense is refused, and nobody chooses for others."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.graphql import ask, do, do_refused, refused_to_strangers
from tests.support.operations import operation
from tests.support.people import an_actor

pytestmark = pytest.mark.usefixtures("database")

PREFERENCES = operation("notifications/NotificationPreferences")
UPDATE = operation("notifications/UpdateNotificationPreferences")
OFF = {"category": "LENDING", "channel": "SMS", "enabled": False}


def off(preferences: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["category"], each["channel"]) for each in preferences["choices"] if not each["enabled"]]


async def test_one_chooses_for_oneself() -> None:
    await refused_to_strangers(PREFERENCES)
    await refused_to_strangers(UPDATE, input={"choices": [OFF]})
    actor, other = await an_actor(), await an_actor()
    chosen = await ask(actor, PREFERENCES)
    assert (chosen["timeZone"], chosen["quietHours"], off(chosen), len(chosen["choices"])) == ("UTC", None, [], 24)
    night = {"begins": "22:00", "ends": "07:00"}
    given = {"choices": [OFF], "quietHours": night, "timeZone": "Africa/Nairobi"}
    payload = await do(actor, UPDATE, input=given)
    chosen = await ask(actor, PREFERENCES)
    assert payload["preferences"] == chosen
    assert (chosen["timeZone"], chosen["quietHours"], off(chosen)) == ("Africa/Nairobi", night, [("LENDING", "SMS")])
    assert off(await ask(other, PREFERENCES)) == []
    await do(actor, UPDATE, input={"choices": [{**OFF, "enabled": True}]})
    assert (await ask(actor, PREFERENCES))["quietHours"] == night, "what is left out stays"
    await do(actor, UPDATE, input={"quietHours": None})
    chosen = await ask(actor, PREFERENCES)
    assert (chosen["quietHours"], off(chosen), chosen["timeZone"]) == (None, [], "Africa/Nairobi")


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"choices": [OFF, OFF]}, "INVALID_NOTIFICATION_CHOICE", ["choices"]),
        ({"choices": [{**OFF, "channel": "BROADCAST"}]}, "INVALID_NOTIFICATION_CHOICE", ["choices"]),
        ({"quietHours": {"begins": "7", "ends": "08:00"}}, "INVALID_QUIET_HOURS", ["quietHours", "begins"]),
        ({"quietHours": {"begins": "07:00", "ends": "25:00"}}, "INVALID_QUIET_HOURS", ["quietHours", "ends"]),
        ({"quietHours": {"begins": "07:00", "ends": "07:00"}}, "INVALID_QUIET_HOURS", ["quietHours"]),
        ({"timeZone": "Nairobi"}, "UNKNOWN_TIME_ZONE", ["timeZone"]),
    ],
)
async def test_what_makes_no_sense_is_refused(given: dict[str, Any], code: str, field: list[str]) -> None:
    assert await do_refused(await an_actor(), UPDATE, input=given) == (code, ["input", *field])
