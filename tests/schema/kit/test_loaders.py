"""Loaders: what is read for several fields is there for each, whatever becomes of the others."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from domain.identity.actor import SYSTEM
from schema.kit.loaders import Loaders


async def test_one_that_gives_up_takes_nothing_from_the_others() -> None:
    asked: list[list[int]] = []

    async def doubled(keys: Sequence[int]) -> Mapping[int, int]:
        asked.append(list(keys))
        await asyncio.sleep(0)
        return {key: 2 * key for key in keys}

    loaders = Loaders(SYSTEM)
    first, second = (asyncio.ensure_future(loaders.one(doubled, 4)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    assert await second == 8
    assert first.cancelled()
    assert asked == [[4]], "they share what is read"
