"""How many sockets one user has, over all processes: counted in Redis, and in each process for when Redis is away.

A process writes its own count of each user, absolutely and with a time by which it is worth nothing. So nothing drifts, and
what a killed process leaves behind is forgotten soon.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import redis.asyncio as redis
import structlog

from domain.identity.actor import Actor, Anonymous
from domain.kit.ids import new_id
from domain.kit.together import AskedTogether
from subscriptions.limits import SocketLimits
from subscriptions.stepping import start_task
from subscriptions.transport import redis_client

REFRESH_S: Final = 30
WORTH_S: Final = 90
LEFT_ALONE_S: Final = 5.0
"""After a failure Redis is not asked for so long, so that nobody waits for it again and again."""

_BATCH: Final = 500
_PREFIX: Final = "daftari:sockets:"

# A user's sockets are a hash from process to "count:worth until". Gives the count of all processes together, and writes
# that of this process unless this would exceed the limit (0 is no limit), in which case it gives -1.
_COUNT: Final = """
local me, mine, limit, worth = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local now = tonumber(redis.call('TIME')[1])
local total = mine
local known = redis.call('HGETALL', KEYS[1])
for i = 1, #known, 2 do
  if known[i] ~= me then
    local count, until_then = string.match(known[i + 1], '(%d+):(%d+)')
    if tonumber(until_then) < now then redis.call('HDEL', KEYS[1], known[i]) else total = total + tonumber(count) end
  end
end
if limit > 0 and total > limit then return -1 end
if mine == 0 then
  redis.call('HDEL', KEYS[1], me)
else
  redis.call('HSET', KEYS[1], me, mine .. ':' .. (now + worth))
  redis.call('EXPIRE', KEYS[1], worth)
end
return total
"""

logger = structlog.get_logger(__name__)


class _Question(NamedTuple):
    """Whether so many sockets of an owner here, with those elsewhere, are within the limit; 0 for no limit."""

    owner: str
    mine: int
    limit: int


class Place(NamedTuple):
    """Somebody, or something, that has so many sockets at most."""

    owner: str
    limit: int


def places_of(actor: Actor, address: str | None, limits: SocketLimits) -> tuple[Place, ...]:
    """Whom a socket is counted for: its user, and its API key where that has a limit of its own."""
    if isinstance(actor, Anonymous):
        return (Place(f"address:{address}", limits.strangers_per_address),)
    users = Place(f"user:{actor.id}", limits.sockets_per_user)
    of_key = None if actor.key_limits is None else actor.key_limits.max_sockets
    return (users,) if of_key is None else (users, Place(f"api_key:{actor.api_key_id}", of_key))


class SocketQuota:
    """``url`` of None counts in this process only."""

    def __init__(self, url: str | None) -> None:
        self._client = None if url is None else redis_client(url)
        self._count = None if self._client is None else self._client.register_script(_COUNT)
        self._process = new_id().hex
        self._counts: dict[str, int] = {}
        self._changed: set[str] = set()
        self._stir = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        # A thousand may come back at once, and a connection to Redis for each would be too many.
        self._asked: Final = AskedTogether(self._counted, most=_BATCH)
        self._ask_again_at = 0.0
        self._stopping = False

    async def admit_all(self, places: Sequence[Place]) -> bool:
        """Count one more socket of each of these owners, if all limits allow it; else of none."""
        for number, place in enumerate(places):
            if not await self.admit(place.owner, place.limit):
                self.release_all(places[:number])
                return False
        return True

    def release_all(self, places: Sequence[Place]) -> None:
        for place in places:
            self.release(place.owner)

    async def admit(self, owner: str, limit: int) -> bool:
        """Count one more socket of this owner, if the limit allows it."""
        mine = self._counts.get(owner, 0) + 1
        if mine > limit:
            return False
        self._counts[owner] = mine
        if await self._ask(owner, mine, limit) >= 0:
            if self._client is not None and self._keeper is None:
                self._keeper = start_task(self._keep(), name="socket-quota")
            return True
        self.release(owner)
        return False

    def release(self, owner: str) -> None:
        left = self._counts.get(owner, 0) - 1
        if left > 0:
            self._counts[owner] = left
        else:
            self._counts.pop(owner, None)
        self._changed.add(owner)
        self._stir.set()

    async def stop(self) -> None:
        """Take back what this process has written, if Redis is there."""
        self._stopping = True
        self._changed.update(self._counts)
        self._counts.clear()
        await self._asked.all_answered()
        if self._keeper is not None:
            # It is not cancelled, because the Redis client does not always survive that in the midst of a command.
            self._stir.set()
            await self._keeper
        if self._client is not None:
            await self._client.aclose()

    async def _ask(self, owner: str, mine: int, limit: int) -> int:
        if self._count is None or asyncio.get_running_loop().time() < self._ask_again_at:
            return 0
        return await self._asked(_Question(owner, mine, limit)) or 0

    async def _counted(self, questions: Sequence[_Question]) -> dict[_Question, int]:
        try:
            return dict(zip(questions, await self._told(questions), strict=True))
        except (redis.RedisError, OSError) as error:
            self._failed(error)
            return {}

    async def _told(self, questions: Sequence[_Question]) -> list[int]:
        assert self._client is not None and self._count is not None
        async with self._client.pipeline(transaction=False) as pipe:
            for each in questions:
                arguments: list[Any] = [self._process, each.mine, each.limit, WORTH_S]
                await self._count(keys=[_PREFIX + each.owner], args=arguments, client=pipe)
            return [int(count) for count in await pipe.execute()]

    async def _keep(self) -> None:
        """Write what has changed, and everything now and then, for as long as this process lives."""
        while not self._stopping:
            try:
                async with asyncio.timeout(REFRESH_S):
                    await self._stir.wait()
            except TimeoutError:
                self._changed.update(self._counts)
            self._stir.clear()
            changed, self._changed = list(self._changed), set()
            await self._tell(changed)

    async def _tell(self, owners: list[str]) -> None:
        try:
            for start in range(0, len(owners), _BATCH):
                some = owners[start : start + _BATCH]
                await self._told([_Question(owner, self._counts.get(owner, 0), 0) for owner in some])
        except (redis.RedisError, OSError) as error:
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        logger.warning("socket_quota_is_local", error=str(error) or type(error).__name__)
        self._ask_again_at = asyncio.get_running_loop().time() + LEFT_ALONE_S
