"""The quiet hours that somebody chose: by their own clock, also when they run over midnight."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from domain.notifications.errors import InvalidQuietHours, UnknownTimeZone

_CLOCK_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
ANYWHERE: Final = "UTC"


def minute_of(text: str, *field: str) -> int:
    """Minutes after midnight of a time such as ``22:30``."""
    found = _CLOCK_TIME.fullmatch(text)
    if found is None:
        raise InvalidQuietHours("a time of day has the form 22:30", field=field)
    return int(found[1]) * 60 + int(found[2])


def clock_time(minute: int | None) -> str | None:
    return None if minute is None else f"{minute // 60:02}:{minute % 60:02}"


def known_time_zone(name: str) -> str:
    if name not in available_timezones():
        raise UnknownTimeZone("the time zone has a name such as Africa/Nairobi")
    return name


def end_of_quiet(now: datetime, quiet_from: int | None, quiet_until: int | None, time_zone: str) -> datetime | None:
    """When the quiet hours end that ``now`` lies in; None when it lies in none.

    Every quarter of an hour is asked for by its own time of day, so an hour that a change of clocks skips or repeats is
    quiet exactly as long as the clock on the wall says so.
    """
    if quiet_from is None or quiet_until is None:
        return None
    zone, moment = ZoneInfo(time_zone), now
    while _is_quiet(moment.astimezone(zone), quiet_from, quiet_until):
        local = moment.astimezone(zone)
        left = (quiet_until - local.hour * 60 - local.minute) % (24 * 60)
        moment = (moment + min(timedelta(minutes=left), timedelta(minutes=15))).replace(second=0, microsecond=0)
    return moment if moment != now else None


def _is_quiet(local: datetime, quiet_from: int, quiet_until: int) -> bool:
    minute = local.hour * 60 + local.minute
    if quiet_from < quiet_until:
        return quiet_from <= minute < quiet_until
    return minute >= quiet_from or minute < quiet_until
