"""How a worker works: how soon it notices another's death, how often it looks, how much it does at once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JobSettings:
    """A worker that is killed is noticed after ``lease_s``. ``places`` is how many tasks one worker does at once; asked to
    stop, it gives them ``grace_s`` to end."""

    lease_s: float = 10.0
    poll_s: float = 0.25
    places: int = 8
    grace_s: float = 5.0


_settings = JobSettings()


def configure(settings: JobSettings) -> None:
    global _settings
    _settings = settings


def current() -> JobSettings:
    return _settings
