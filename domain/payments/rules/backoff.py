"""When something that failed is tried again: after 1, 2, 4 ... seconds up to a cap, never all at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

BASE_S: Final = 1.0
CAP_S: Final = 300.0
JITTER: Final = 0.5
"""The part of a delay that chance may take away, so that what failed together does not come back together."""


def full_delay_s(attempts: int, *, cap_s: float = CAP_S) -> float:
    """The delay after so many failed attempts, before chance: 1, 2, 4 ... and never more than the cap."""
    assert attempts >= 1, "only what failed is tried again"
    doublings = min(attempts - 1, 64)
    return min(BASE_S * 2.0**doublings, cap_s)


def delay_s(attempts: int, chance: Callable[[], float], *, cap_s: float = CAP_S) -> float:
    """The delay with jitter; ``chance`` gives numbers from 0 up to 1."""
    return full_delay_s(attempts, cap_s=cap_s) * (1 - JITTER * chance())


def next_attempt_at(failed_at: datetime, attempts: int, chance: Callable[[], float]) -> datetime:
    return failed_at + timedelta(seconds=delay_s(attempts, chance))
