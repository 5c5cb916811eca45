"""The relay: numbers committed events and tells all processes of them.

Any number of relays may run; the one that holds an advisory lock of the database leads, the others stand by. Should two
ever believe that they lead, the row lock on the head of the log still keeps the numbers in order, so leadership only
saves work. Redis may come and go: events are numbered all the same, and the hubs read from the log what they did not hear.

Whoever leads from now on looks whether the log still has what was numbered last, which this process knows, or Redis. If it
does not, a backup was restored: a new epoch begins before any position is given out a second time.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import deque
from dataclasses import dataclass
from typing import Any, Final

import asyncpg
import redis.asyncio as redis
import structlog

from domain.events import log
from domain.events.event import LoggedEvent, batch_to_wire
from domain.events.log import Place, place_of
from domain.kit import clock, tracing
from subscriptions.reading import BROKEN, CONNECT_TIMEOUT_S
from subscriptions.stepping import end_task
from subscriptions.transport import HINT_CHANNEL, LAST_NUMBERED, LOG_CHANNEL, ResilientBroadcast

POLL_S: Final = 0.1
STAND_BY_S: Final = 0.5
MAX_UNPUBLISHED_BATCHES: Final = 100

_LEADER_LOCK: Final = 0x64616674_6C6F67  # "daft" "log"
_COMMAND_TIMEOUT_S: Final = 30.0
SILENT_S: Final = 10.0
"""A leader that PostgreSQL has not heard of for so long is gone, whatever the network says: its session ends, and with it
its hold on the leadership."""
_FIRST_DELAY_S: Final = 0.05
_LONGEST_DELAY_S: Final = 2.0

logger = structlog.get_logger(__name__)


@dataclass(slots=True)
class RelayStatus:
    """What the relay has done, for the metrics. ``lag_s`` is the age of the oldest event of the last batch when it got its
    number; an idle relay has none."""

    leads: bool = False
    position: int = 0
    sequenced: int = 0
    published: int = 0
    unpublished: int = 0
    lag_s: float = 0.0
    failures: int = 0


class Relay:
    """Runs until it is cancelled; start as many as there are workers."""

    def __init__(
        self, database_url: str, broadcast: ResilientBroadcast, *, poll_s: float = POLL_S, silent_s: float = SILENT_S
    ) -> None:
        self._database_url = database_url
        self._broadcast = broadcast
        self._poll_s = poll_s
        self._silent_s = silent_s
        self._wake = asyncio.Event()
        self._unpublished: deque[bytes] = deque(maxlen=MAX_UNPUBLISHED_BATCHES)
        self._to_publish = asyncio.Event()
        self._last: Place | None = None
        self.status = RelayStatus()

    def wake(self) -> None:
        """There may be something to number: do not wait for the next poll."""
        self._wake.set()

    async def run(self) -> None:
        helpers = [asyncio.create_task(self._hear_hints()), asyncio.create_task(self._publish_batches())]
        try:
            await self._lead_again_and_again()
        finally:
            for helper in helpers:
                await end_task(helper)

    async def _lead_again_and_again(self) -> None:
        """A killed connection takes the advisory lock with it, so a new one begins from the beginning."""
        delay = _FIRST_DELAY_S
        while True:
            try:
                connection = await asyncpg.connect(
                    self._database_url,
                    timeout=CONNECT_TIMEOUT_S,
                    command_timeout=_COMMAND_TIMEOUT_S,
                    server_settings={
                        "application_name": "relay",
                        "idle_session_timeout": str(round(self._silent_s * 1_000)),
                        # In the midst of a question a session is not idle; then the network is asked.
                        "tcp_keepalives_idle": "10",
                        "tcp_keepalives_interval": "5",
                        "tcp_keepalives_count": "3",
                    },
                )
                try:
                    await self._become_leader(connection)
                    delay = _FIRST_DELAY_S
                    await self._sequence_forever(connection)
                finally:
                    self.status.leads = False
                    await _close(connection)
            except BROKEN as error:
                self.status.failures += 1
                logger.warning("relay_lost_the_database", error=str(error) or type(error).__name__)
                await asyncio.sleep(delay * random.uniform(0.5, 1.5))
                delay = min(delay * 2, _LONGEST_DELAY_S)

    async def _become_leader(self, connection: Any) -> None:
        # A blocking lock would save the polling, and would hide a dead connection.
        while not await connection.fetchval("select pg_try_advisory_lock($1)", _LEADER_LOCK):  # noqa: ASYNC110
            await asyncio.sleep(STAND_BY_S)
        await self._recognise_history(connection)
        self.status.leads = True
        logger.info("relay_leads")

    async def _recognise_history(self, connection: Any) -> None:
        # What is known is asked for first: another may lead still, and number on.
        remembered = await self._remembered()
        head = await log.head(connection)
        known = [place for place in (self._last, remembered) if place is not None and place.epoch == head.epoch]
        if not known:
            return
        last = max(known)
        if last.position <= head.position:
            stands = Place(head.epoch, last.position, await log.fingerprint_at(last.position, connection))
            if not last.contradicts(stands):
                return
        begun = await log.begin_new_epoch(connection)
        logger.error("history_was_replaced", known=last.position, position=begun.position, epoch=begun.epoch)

    async def _remembered(self) -> Place | None:
        """What Redis knows of the last event that anybody numbered; None if it is away, or new."""
        try:
            said = await self._broadcast.backend.recall(LAST_NUMBERED)
        except (redis.RedisError, OSError):
            return None
        parts = (said or "").split()
        return Place(*map(int, parts)) if len(parts) == 3 and all(map(str.isdecimal, parts)) else None

    async def _sequence_forever(self, connection: Any) -> None:
        while True:
            self._wake.clear()
            await self._work_off_outbox(connection)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._poll_s):
                    await self._wake.wait()

    async def _work_off_outbox(self, connection: Any) -> None:
        # An idle poll looks without touching the head, so that it writes nothing.
        if not await connection.fetchval("select exists (select from outbox)"):
            self.status.lag_s = 0.0
            return
        while batch := await log.sequence(connection):
            with tracing.about("relay", batch):
                self._note(batch)
                self._unpublished.append(batch_to_wire(batch))
                self._to_publish.set()
            if len(batch) < log.BATCH:
                return

    def _note(self, batch: list[LoggedEvent]) -> None:
        self.status.sequenced += len(batch)
        self.status.position = batch[-1].position
        self._last = place_of(batch[-1])
        self.status.lag_s = max(0.0, (clock.now() - batch[0].occurred_at).total_seconds())

    async def _publish_batches(self) -> None:
        """Beside the numbering, so that a Redis that hangs holds nothing up. What it does not take is not kept."""
        while True:
            await self._to_publish.wait()
            self._to_publish.clear()
            while self._unpublished:
                try:
                    await self._broadcast.publish(LOG_CHANNEL, self._unpublished.popleft())
                except (redis.RedisError, OSError):
                    self.status.unpublished += 1
                else:
                    self.status.published += 1
            await self._remember()

    async def _remember(self) -> None:
        if self._last is not None:
            said = f"{self._last.epoch} {self._last.position} {self._last.fingerprint}"
            with contextlib.suppress(redis.RedisError, OSError):
                await self._broadcast.backend.remember(LAST_NUMBERED, said)

    async def _hear_hints(self) -> None:
        async with self._broadcast.subscribe(HINT_CHANNEL) as hints:
            while True:
                await hints.get()
                self._wake.set()


async def _close(connection: Any) -> None:
    """Politely if it still answers; a broken connection is simply dropped."""
    with contextlib.suppress(*BROKEN):
        await connection.close(timeout=1.0)
