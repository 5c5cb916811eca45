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


_source: Callable[[], datetime] = _system_time


def now() -> datetime:
    return _source()


def today() -> date:
    return _source().date()


@contextmanager
def clock_set_to(moment: datetime | Callable[[], datetime]) -> Iterator[None]:
    """Let the whole process believe it is ``moment`` (fixed, or read from a function) inside the block."""
    global _source
    before = _source
    _source = moment if callable(moment) else lambda: moment
    try:
        yield
    finally:
        _source = before
