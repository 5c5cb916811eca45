"""When payments are looked at: two seconds after a callback, and every fifteen minutes those that are stuck."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

CALLBACK_DELAY: Final = timedelta(seconds=2)
"""A callback can be quicker than the commit of the request that it answers."""

RECON_INTERVAL: Final = timedelta(minutes=15)
RECON_BATCH: Final = 10

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


def callback_work_due_at(received_at: datetime) -> datetime:
    """The moment before which a callback is not reconciled."""
    return received_at + CALLBACK_DELAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """A payment that is being processed, since when, and when a check last asked about it."""

    payment_id: UUID
    since_at: datetime
    checked_at: datetime | None = None


def to_check(stuck: Iterable[Stuck], *, limit: int = RECON_BATCH) -> list[Stuck]:
    """Which of them the next check asks about: never asked first, then asked longest ago, and of those the oldest.

    So an old payment that nobody can answer for does not keep others from their turn, and gets its own again.
    """
    return sorted(stuck, key=lambda each: (each.checked_at or _NEVER, each.since_at, each.payment_id))[:limit]
