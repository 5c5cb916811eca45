"""Choosing what reaches one out of the house, and when it is night."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.notifications import quiet
from domain.notifications.errors import InvalidQuietHours, NoSuchChoice
from domain.notifications.events import PreferencesChanged
from domain.notifications.models import OUTWARD, Category, Channel, Preferences
from domain.notifications.service.planning import choice

# Whoever has chosen nothing so far gets a row first, so that there is one to lock.
_FIRST_ROW: Final = """
insert into notification_preferences (user_id, turned_off, time_zone, updated_at) values ($1, '{}', $2, $3)
on conflict (user_id) do nothing
"""


@dataclass(frozen=True, slots=True)
class Choice:
    """Whether notifications of a business come by a way."""

    category: Category
    channel: Channel
    enabled: bool


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one time of day, such as ``22:00``, until another; over midnight when the second is earlier."""

    begins: str
    ends: str


@retried
async def update_preferences(
    actor: Actor,
    *,
    choices: Iterable[Choice] = (),
    quiet_hours: QuietHours | None = None,
    without_quiet_hours: bool = False,
    time_zone: str | None = None,
) -> Preferences:
    """Change some of one's own choices; what is not named stays as it is."""
    actor.require(Permission.SIGNED_IN)
    turned_on, turned_off = _sorted_out(list(choices))
    hours = _minutes(quiet_hours)
    if quiet_hours and without_quiet_hours:
        raise InvalidQuietHours("say quiet hours or none, not both")
    zone = None if time_zone is None else quiet.known_time_zone(time_zone)
    async with unit_of_work() as work:
        chosen = await _locked(work, actor)
        before = _as_told(chosen)
        chosen.turned_off = sorted({*chosen.turned_off, *turned_off} - turned_on)
        if hours is not None or without_quiet_hours:
            chosen.quiet_from, chosen.quiet_until = hours or (None, None)
        chosen.time_zone = zone or chosen.time_zone
        if _as_told(chosen) != before:
            chosen.updated_at = clock.now()
            await chosen.save()
            work.record(_as_told(chosen))
    return chosen


def _sorted_out(choices: list[Choice]) -> tuple[set[str], set[str]]:
    """What is turned on and what is turned off."""
    named = [choice(each.category, each.channel) for each in choices]
    if len(set(named)) < len(named):
        raise NoSuchChoice("each business and way can be chosen once")
    if any(each.channel not in OUTWARD for each in choices):
        raise NoSuchChoice("only MAIL and SMS can be chosen; the list and the screen show everything")
    turned_on = {name for name, each in zip(named, choices, strict=True) if each.enabled}
    return turned_on, set(named) - turned_on


def _minutes(hours: QuietHours | None) -> tuple[int, int] | None:
    if hours is None:
        return None
    begins = quiet.minute_of(hours.begins, "input", "quietHours", "begins")
    ends = quiet.minute_of(hours.ends, "input", "quietHours", "ends")
    if begins == ends:
        raise InvalidQuietHours("quiet hours begin and end at different times")
    return begins, ends


async def _locked(work: Work, actor: Actor) -> Preferences:
    await work.execute(_FIRST_ROW, actor.id, quiet.ANYWHERE, clock.now())
    return await Preferences.select_for_update().get(user_id=actor.id)


def _as_told(chosen: Preferences) -> PreferencesChanged:
    return PreferencesChanged(
        recipient_id=chosen.user_id,
        turned_off=chosen.turned_off,
        quiet_from=quiet.clock_time(chosen.quiet_from),
        quiet_until=quiet.clock_time(chosen.quiet_until),
        time_zone=chosen.time_zone,
    )
