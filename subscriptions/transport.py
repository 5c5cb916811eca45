"""The doorbell between processes: Redis publish and subscribe behind the interface of ``broadcaster``.

Messages may be lost here, and that is all right as long as it is noticed: after a connection was lost, and when a
subscriber was too slow, a :class:`Gap` is announced instead of what is missing, and whoever needs it reads the log.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from typing import Any, Final

import redis.asyncio as redis
import structlog
from broadcaster import Broadcast, BroadcastBackend, Event
from broadcaster._base import Subscriber
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from subscriptions.stepping import end_task

LOG_CHANNEL: Final = "daftari:log"
HINT_CHANNEL: Final = "daftari:hint"
LAST_NUMBERED: Final = "daftari:last-numbered"

_KEEP_ALIVE_CHANNEL: Final = "daftari:alive"
_CONNECT_TIMEOUT_S: Final = 2.0
_COMMAND_TIMEOUT_S: Final = 2.0
_QUIET_S: Final = 5.0
_ACKNOWLEDGE_S: Final = 2.0
_FIRST_DELAY_S: Final = 0.05
_LONGEST_DELAY_S: Final = 1.0
_QUEUE_BOUND: Final = 1_000

logger = structlog.get_logger(__name__)


class Gap(Event):
    """Messages of this channel may have been lost before this point."""

    def __init__(self, channel: str) -> None:
        super().__init__(channel, "")


def redis_client(url: str) -> redis.Redis:
    """A client that fails at once instead of retrying: every caller here has something better to do than to wait.

    It has no time limit on commands, which its callers set: redis-py's own can swallow a cancellation on Python 3.11.
    """
    return redis.from_url(
        url,
        decode_responses=True,
        retry=Retry(NoBackoff(), 0),
        socket_connect_timeout=_CONNECT_TIMEOUT_S,
        socket_timeout=None,
    )


class RedisBackend(BroadcastBackend):
    """A backend that survives its Redis: it reconnects with growing, jittered delays and says when it may have missed
    something."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._wanted: set[str] = set()
        self._awaited: dict[str, asyncio.Future[None]] = {}
        self._arrived: asyncio.Queue[Event] = asyncio.Queue(_QUEUE_BOUND)
        self._publisher = redis_client(url)
        self._listening: PubSub | None = None
        self._task: asyncio.Task[None] | None = None
        self._away = False
        self.connections = 0

    @property
    def connected(self) -> bool:
        return self._listening is not None

    @property
    def away(self) -> bool:
        """It was looked for and not found. A backend that has only just begun to look is neither away nor connected."""
        return self._away

    async def connect(self) -> None:
        self._task = asyncio.create_task(self._run(), name="redis-listener")

    async def disconnect(self) -> None:
        if self._task is not None:
            await end_task(self._task)
        await self._publisher.aclose()

    async def subscribe(self, channel: str) -> None:
        """Returns when Redis has acknowledged. If Redis is away it returns all the same: the channel stays wanted, and when
        Redis is back its first message is a :class:`Gap`."""
        self._wanted.add(channel)
        if self._away:
            return
        acknowledgement = self._awaited[channel] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(_ACKNOWLEDGE_S):
                if self._listening is not None:
                    with contextlib.suppress(redis.RedisError, ConnectionError):
                        await self._listening.subscribe(channel)
                await acknowledgement
        except TimeoutError:
            logger.warning("redis_subscription_unacknowledged", channel=channel)
        except BaseException:
            self._wanted.discard(channel)
            raise
        finally:
            self._awaited.pop(channel, None)

    async def unsubscribe(self, channel: str) -> None:
        self._wanted.discard(channel)
        if self._listening is not None:
            with contextlib.suppress(redis.RedisError, OSError):
                await self._listening.unsubscribe(channel)

    async def publish(self, channel: str, message: Any) -> None:
        """Raises RedisError or OSError when Redis is away; nothing is kept for later."""
        async with asyncio.timeout(_COMMAND_TIMEOUT_S):
            await self._publisher.publish(channel, message)

    async def remember(self, key: str, value: str) -> None:
        """Keep something for as long as Redis keeps anything. Raises as :meth:`publish` does."""
        async with asyncio.timeout(_COMMAND_TIMEOUT_S):
            await self._publisher.set(key, value)

    async def recall(self, key: str) -> str | None:
        """What was kept; None when there is nothing. Raises as :meth:`publish` does."""
        async with asyncio.timeout(_COMMAND_TIMEOUT_S):
            said = await self._publisher.get(key)
            return said.decode() if isinstance(said, bytes) else said

    async def next_published(self) -> Event:
        return await self._arrived.get()

    async def _run(self) -> None:
        delay = _FIRST_DELAY_S
        while True:
            client = redis_client(self._url)
            try:
                async with client.pubsub() as listening:
                    async with asyncio.timeout(_CONNECT_TIMEOUT_S + _COMMAND_TIMEOUT_S):
                        await self._subscribe_to_all(listening)
                    delay = _FIRST_DELAY_S
                    await self._listen(listening)
            except (redis.RedisError, OSError) as error:
                self._note_away(error)
            finally:
                self._listening = None
                with contextlib.suppress(redis.RedisError, OSError):
                    await client.aclose()
            await asyncio.sleep(delay * random.uniform(0.5, 1.5))
            delay = min(delay * 2, _LONGEST_DELAY_S)

    async def _subscribe_to_all(self, listening: PubSub) -> None:
        """What becomes wanted while the first request is under way is asked for in a second one."""
        asked: set[str] = set()
        while missing := {_KEEP_ALIVE_CHANNEL, *self._wanted} - asked:
            await listening.subscribe(*missing)
            asked |= missing
        self._listening = listening
        self._away = False
        self.connections += 1

    def _note_away(self, error: Exception) -> None:
        # Said once when it goes; that it is still away is no news.
        if not self._away:
            logger.warning("redis_away", error=str(error) or type(error).__name__)
        self._away = True
        for awaited in self._awaited.values():
            if not awaited.done():
                awaited.set_result(None)
        self._awaited.clear()

    async def _listen(self, listening: PubSub) -> None:
        """Until the connection breaks. A connection that is silent is asked whether it lives, and must answer."""
        asked = False
        while True:
            message = await listening.get_message(ignore_subscribe_messages=False, timeout=_QUIET_S)
            if message is None:
                if asked:
                    raise redis.ConnectionError("Redis does not answer")
                await listening.ping()
                asked = True
                continue
            asked = False
            if message["type"] == "message":
                self._arrive(Event(message["channel"], message["data"]))
            elif message["type"] == "subscribe":
                self._acknowledge(message["channel"])

    def _acknowledge(self, channel: str) -> None:
        """An acknowledgement that nobody waits for is that of a connection that replaces a lost one."""
        awaited = self._awaited.get(channel)
        if awaited is None:
            self._arrive(Gap(channel))
        elif not awaited.done():
            awaited.set_result(None)

    def _arrive(self, event: Event) -> None:
        if event.channel not in self._wanted:
            return
        if self._arrived.full():
            while not self._arrived.empty():
                self._arrived.get_nowait()
            for channel in self._wanted:
                self._arrived.put_nowait(Gap(channel))
        else:
            self._arrived.put_nowait(event)


class Messages(Subscriber):
    """The messages of one channel, as they come; each is told to one who asks."""

    def next_waiting(self) -> Event | None:
        """The next one that is here already."""
        return None if self._queue.empty() else self._queue.get_nowait()


class ResilientBroadcast(Broadcast):
    """``Broadcast`` with bounded queues, and without the race between two first subscribers of one channel."""

    def __init__(self, backend: RedisBackend, *, queue_bound: int = _QUEUE_BOUND) -> None:
        super().__init__(backend=backend)
        self.backend = backend
        self._queue_bound = queue_bound
        self._open_channels: set[str] = set()
        self._changing = asyncio.Lock()

    async def disconnect(self) -> None:
        await end_task(self._listener_task)
        await self._backend.disconnect()

    @contextlib.asynccontextmanager
    async def subscribe(self, channel: str) -> AsyncIterator[Messages]:
        """A subscriber's queue is bounded; one that was too slow finds a :class:`Gap` in place of what it missed."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue(self._queue_bound)
        # The queue is in place before the channel is asked for, so that nothing falls between the two.
        subscribers = self._subscribers.setdefault(channel, set())
        subscribers.add(queue)
        try:
            async with self._changing:
                if channel not in self._open_channels:
                    await self._backend.subscribe(channel)
                    self._open_channels.add(channel)
            yield Messages(queue)
        finally:
            subscribers.discard(queue)
            await asyncio.shield(self._close_if_deserted(channel))

    async def _close_if_deserted(self, channel: str) -> None:
        async with self._changing:
            if channel in self._open_channels and not self._subscribers.get(channel):
                self._open_channels.discard(channel)
                await self._backend.unsubscribe(channel)

    async def _listener(self) -> None:
        while True:
            event = await self._backend.next_published()
            for queue in self._subscribers.get(event.channel, ()):
                if queue.full():
                    while not queue.empty():
                        queue.get_nowait()
                    queue.put_nowait(Gap(event.channel))
                else:
                    queue.put_nowait(event)
