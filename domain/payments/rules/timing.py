"""When payments are looked at: two seconds after a callback, and every fifteen minutes those that are stuck."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

CALLBACK_DELAY: Final = timedelta(seconds=2)
"""A callback can be quicker than the commit of the request that it answers."""

RECON_INTERVAL: Final = timedelta(minutes=15)
RECON_BATCH: Final = 10


def callback_work_due_at(received_at: datetime) -> datetime:
    """The moment before which a callback is not reconciled."""
    return received_at + CALLBACK_DELAY
