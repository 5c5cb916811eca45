"""The doorbell of the log: the relay rings when events were numbered, and whoever waits for them looks."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Collection
from typing import NoReturn

from broadcaster import Broadcast

from subscriptions.transport import LOG_CHANNEL


async def ring(broadcast: Broadcast, doorbells: Collection[asyncio.Event]) -> NoReturn:
    """Set all of them whenever the relay rings."""
    async with broadcast.subscribe(LOG_CHANNEL) as messages:
        while True:
            await messages.get()
            for doorbell in doorbells:
                doorbell.set()


async def rung(doorbell: asyncio.Event, *, within_s: float) -> None:
    """Return when it is set, or when that takes too long: a bell may be missed."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(within_s):
            await doorbell.wait()
