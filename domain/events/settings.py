"""How long what happened is remembered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EventSettings:
    """``activity_years`` is for how many whole years the activity log keeps a change; None keeps all for ever."""

    activity_years: int | None = 7


_settings = EventSettings()


def configure(settings: EventSettings) -> None:
    global _settings
    _settings = settings


def current() -> EventSettings:
    return _settings
