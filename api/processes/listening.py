"""Letting every listener of the domain hear the log: told by the relay, and looking for itself now and then."""

from __future__ import annotations

import asyncio
from typing import Final

from broadcaster import Broadcast

from api.processes.doorbell import ring, rung
from api.processes.supervision import keep_running
from domain.events.listeners import Listener, catch_up, every_listener

POLL_S: Final = 0.5


class Listening:
    """One task for each listener, so that a slow one holds up nobody else."""

    def __init__(self, broadcast: Broadcast) -> None:
        self._broadcast = broadcast
        self._doorbells = {listener.name: asyncio.Event() for listener in every_listener()}

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(ring(self._broadcast, self._doorbells.values()))
            for listener in every_listener():
                tasks.create_task(self._attend(listener))

    async def _attend(self, listener: Listener) -> None:
        async def listen() -> None:
            doorbell = self._doorbells[listener.name]
            while True:
                doorbell.clear()
                await catch_up(listener)
                await rung(doorbell, within_s=POLL_S)

        await keep_running(f"listener {listener.name}", listen)
