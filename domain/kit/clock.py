"""What time it is, for everything that follows the clock: due dates, expiry, tokens.

Code asks :func:`now` and :func:`today` and never the operating system, so that a test can stand at the day after a due
date. Instants are UTC; a date is a date in UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime


def _system_time() -> datetime:
    return datetime.now(UTC)


_sources: list[Callable[[], datetime]] = [_system_time]
"""What the process goes by is the last one."""


def now() -> datetime:
    return _sources[-1]()


def today() -> date:
    return now().date()


@contextmanager
def clock_set_to(moment: datetime | Callable[[], datetime]) -> Iterator[None]:
    """Let the whole process believe it is ``moment`` (fixed, or read from a function) inside the block.

    Blocks of tasks that run at once may end in any order: each takes back its own moment alone.
    """
    source = _Moment(moment)
    _sources.append(source)
    try:
        yield
    finally:
        _sources.remove(source)


class _Moment:
    """Itself alone equal to itself, so that of two blocks with one moment each takes back its own."""

    def __init__(self, moment: datetime | Callable[[], datetime]) -> None:
        self._moment = moment

    def __call__(self) -> datetime:
        return self._moment() if callable(self._moment) else self._moment
