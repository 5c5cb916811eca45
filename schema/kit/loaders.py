"""Loaders: many fields ask for one row each, and the database is asked once.

They live for one operation, or for one event of a feed, so that nothing they remember can be stale.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from strawberry.dataloader import DataLoader

from domain.identity.actor import Actor

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

LoadForAnyone = Callable[[Sequence[K]], Awaitable[Mapping[K, V]]]
LoadForActor = Callable[[Actor, Sequence[K]], Awaitable[Mapping[K, V]]]
Load = LoadForAnyone[K, V] | LoadForActor[K, V]
"""A query that answers many keys at once, for anybody or for an actor; keys that it leaves out have no value."""

MAX_BATCH = 1000


class Loaders:
    """The loaders of one operation, each made when it is first needed."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._loaders: dict[Any, DataLoader[Any, Any]] = {}

    async def one(self, load: Load[K, V], key: K) -> V | None:
        """What ``load`` gives for ``key``, None when it gives nothing."""
        return await self._given(load, key)

    async def many(self, load: Load[K, Sequence[V]], key: K) -> Sequence[V]:
        """The rows that ``load`` gives for ``key``, none when it gives nothing."""
        return await self._given(load, key) or ()

    async def _given(self, load: Load[K, V], key: K) -> V | None:
        # Whoever is cancelled alone gives up: graphql-core cancels the neighbours of a field that fails, and others may
        # wait for the same row.
        return await asyncio.shield(self.get(load).load(key))

    def get(self, load: Load[K, V]) -> DataLoader[K, V | None]:
        found = self._loaders.get(load)
        if found is None:
            found = self._loaders[load] = DataLoader(self._batched(load), max_batch_size=MAX_BATCH)
        return found

    def _batched(self, load: Load[K, V]) -> Callable[[list[K]], Awaitable[list[V | None]]]:
        async def batch(keys: list[K]) -> list[V | None]:
            found = await (load(self._actor, keys) if wants_actor(load) else load(keys))  # type: ignore[call-arg,arg-type]
            return [found.get(key) for key in keys]

        return batch


@cache
def wants_actor(load: Callable[..., Any]) -> bool:
    """Whether a load function's first parameter is the actor."""
    return next(iter(inspect.signature(load).parameters)) == "actor"
