"""Sending webhooks: told by the relay that something has happened, and looking for itself now and then."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog
from broadcaster import Broadcast

from api.processes.doorbell import ring, rung
from api.processes.supervision import keep_running
from domain.webhooks.service import send_due

POLL_S: Final = 1.0
PLACES: Final = 16
"""So many endpoints one worker sends to at once."""

logger = structlog.get_logger(__name__)


class Sending:
    """The turns of endpoints, each a task of its own, so that a slow receiver holds up nobody else."""

    def __init__(self, broadcast: Broadcast) -> None:
        self._broadcast = broadcast
        self._doorbell = asyncio.Event()
        self._turns: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(ring(self._broadcast, [self._doorbell]))
                tasks.create_task(keep_running("webhooks look", self._look))
        finally:
            for turn in self._turns:
                turn.cancel()
            await asyncio.gather(*self._turns, return_exceptions=True)

    async def _look(self) -> None:
        while True:
            self._doorbell.clear()
            if len(self._turns) < PLACES:
                for turn in await send_due(places=PLACES - len(self._turns)):
                    self._begin(asyncio.ensure_future(turn))
            await rung(self._doorbell, within_s=POLL_S)

    def _begin(self, turn: asyncio.Task[None]) -> None:
        self._turns.add(turn)
        turn.add_done_callback(self._ended)

    def _ended(self, turn: asyncio.Task[None]) -> None:
        self._turns.discard(turn)
        if not turn.cancelled() and (problem := turn.exception()) is not None:
            # Nobody else takes the endpoint until the lease is over.
            logger.warning("webhook_turn_failed", exc_info=problem)
        # There may be more for it, or for one that found no place.
        self._doorbell.set()
