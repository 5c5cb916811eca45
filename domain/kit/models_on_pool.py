"""The driver through which models reach PostgreSQL: Tortoise's own, on this project's pool. Tortoise loads it by name."""

from __future__ import annotations

from typing import Any, Final

from tortoise.backends.asyncpg.client import AsyncpgDBClient

from domain.kit.pool import open_pool

ENGINE: Final = __name__


class PooledClient(AsyncpgDBClient):
    """Borrows connections from our pool, and so waits in the same queue as raw statements do."""

    async def create_pool(self, **kwargs: Any) -> Any:
        return await open_pool(**kwargs)


client_class = PooledClient
