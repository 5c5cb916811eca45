"""Races: many calls that truly run at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable
from typing import Any, TypeVar

from domain.kit.database import fetch

T = TypeVar("T")

CONNECTIONS = 20


async def at_once(acts: Iterable[Awaitable[T]]) -> list[T]:
    """Run all at once, on connections that are open already: opening them would let the calls in one by one."""
    await _open_connections()
    return await asyncio.gather(*acts)


async def outcomes_of(acts: Iterable[Awaitable[T]]) -> list[Any]:
    """As :func:`at_once`, with refusals among the results."""
    await _open_connections()
    return await asyncio.gather(*acts, return_exceptions=True)


async def _open_connections() -> None:
    await asyncio.gather(*(fetch("select pg_sleep(0.02)") for _ in range(CONNECTIONS)))
