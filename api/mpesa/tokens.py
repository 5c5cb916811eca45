"""The access token: fetched once for everybody who waits for it, and renewed before it ends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

MARGIN: Final = 0.1
"""The last part of a token's life in which it is not used any more: a request must not arrive with a dead one."""


@dataclass(frozen=True, slots=True)
class Token:
    text: str = field(repr=False)
    lives_s: float


Fetch = Callable[[], Awaitable[Token]]


class TokenCache:
    """One fetch at a time, whose outcome, good or bad, is everybody's who asked meanwhile."""

    def __init__(self, fetch: Fetch, *, now: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._now = now
        self._token: str | None = None
        self._good_until = 0.0
        self._fetching: asyncio.Task[str] | None = None

    async def get(self) -> str:
        if self._token is not None and self._now() < self._good_until:
            return self._token
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._renew())
            self._fetching.add_done_callback(self._fetched)
        # One of those who wait may be cancelled; the others still want it.
        return await asyncio.shield(self._fetching)

    def drop(self, token: str) -> None:
        """The provider does not know this one any more. If another has come meanwhile, that one stays."""
        if self._token == token:
            self._token = None

    async def close(self) -> None:
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.gather(self._fetching, return_exceptions=True)

    async def _renew(self) -> str:
        began = self._now()
        token = await self._fetch()
        self._token = token.text
        self._good_until = began + token.lives_s * (1 - MARGIN)
        return token.text

    def _fetched(self, task: asyncio.Task[str]) -> None:
        self._fetching = None
        if not task.cancelled():
            # Whoever waited has raised it; when nobody did, it is no accident either.
            task.exception()
