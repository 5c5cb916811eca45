"""Questions that come at once are asked at once: one statement about many things instead of many about one each.

Thousands of clients may come back in the same second, and each has something to ask. Nobody waits for company: the first
question goes out alone, and those that come while it is under way go out together when it is answered.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Final, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

MOST: Final = 1_000


class AskedTogether(Generic[K, V]):
    """``ask`` answers for many keys; a key that it leaves out has no answer (None). It is asked outside of the caller's
    context, and so outside of any transaction."""

    def __init__(self, ask: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]], *, most: int = MOST) -> None:
        self._ask, self._most = ask, most
        self._waiting: dict[K, list[asyncio.Future[V | None]]] = {}
        self._asking: asyncio.Task[None] | None = None

    async def __call__(self, key: K) -> V | None:
        answer: asyncio.Future[V | None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, []).append(answer)
        # A task of a loop that has gone (a test's, say) will not answer any more.
        if self._asking is None or self._asking.done() or self._asking.get_loop() is not asyncio.get_running_loop():
            self._asking = asyncio.create_task(self._ask_all(), name="ask-together", context=contextvars.Context())
        return await answer

    async def all_answered(self) -> None:
        """Returns when nobody waits for an answer."""
        if self._asking is not None:
            await self._asking

    async def _ask_all(self) -> None:
        while self._waiting:
            keys = list(self._waiting)[: self._most]
            await self._answer({key: self._waiting.pop(key) for key in keys})

    async def _answer(self, waiting: Mapping[K, Sequence[asyncio.Future[V | None]]]) -> None:
        try:
            found = await self._ask(list(waiting))
        except BaseException as error:
            for answer in _still_awaited(waiting):
                answer.set_exception(error)
            if not isinstance(error, Exception):
                raise
            return
        for key, answers in waiting.items():
            for answer in answers:
                if not answer.done():
                    answer.set_result(found.get(key))


def _still_awaited(waiting: Mapping[K, Sequence[asyncio.Future[V | None]]]) -> list[asyncio.Future[V | None]]:
    return [answer for answers in waiting.values() for answer in answers if not answer.done()]
