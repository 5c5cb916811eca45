"""Reading the log for delivery: a small pool of its own that waits for its database to come back."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from typing import Any, Final

import asyncpg
import structlog

_FIRST_DELAY_S: Final = 0.05
_LONGEST_DELAY_S: Final = 2.0
CONNECT_TIMEOUT_S: Final = 10.0
_COMMAND_TIMEOUT_S: Final = 30.0

BROKEN: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
"""What asyncpg and the network say of a connection of which nothing is known any more. When a connection is cut in the
midst of an answer, asyncpg may be confused about itself, and says so with an error of a family of its own."""

_AWAY: Final = (
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InterfaceError,
    OSError,
    TimeoutError,
)
"""What PostgreSQL and the network say when the same query will work later."""

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PoolFigures:
    """How a pool stands."""

    idle: int
    lent: int
    most: int


class PatientReader:
    """A :class:`domain.events.log.Reader` whose queries succeed in the end. It shares nothing with units of work."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool
        self.queries = 0
        self.failures = 0

    @classmethod
    async def open(cls, database_url: str, *, connections: int) -> PatientReader:
        """Raises if the database cannot be reached now; from then on it may come and go."""
        return cls(
            await asyncpg.create_pool(
                database_url,
                min_size=1,
                max_size=connections,
                timeout=CONNECT_TIMEOUT_S,
                command_timeout=_COMMAND_TIMEOUT_S,
                server_settings={"application_name": "hub"},
            )
        )

    def figures(self) -> PoolFigures:
        idle = self._pool.get_idle_size()
        return PoolFigures(idle=idle, lent=self._pool.get_size() - idle, most=self._pool.get_max_size())

    async def close(self) -> None:
        self._pool.terminate()

    async def fetch(self, query: str, /, *args: Any) -> Any:
        delay = _FIRST_DELAY_S
        while True:
            self.queries += 1
            try:
                return await self._pool.fetch(query, *args)
            except _AWAY as error:
                self.failures += 1
                logger.warning("log_not_readable", error=str(error) or type(error).__name__)
            await asyncio.sleep(delay * random.uniform(0.5, 1.5))
            delay = min(delay * 2, _LONGEST_DELAY_S)
