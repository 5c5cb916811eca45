"""Demo people at work in an installation: HTTP for what they do, a socket for each thing they hear."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from api.demo.people import DemoPerson
from tests.api.processes.installation import PATIENCE_S, Follower, ask, signed_in, stop
from tests.support.operations import operation


@dataclass
class Somebody:
    """A user at work. Canonical operations are named within ``room`` unless another one is named before a slash."""

    room: str
    http: httpx.AsyncClient
    feeds: dict[str, Follower]
    read: Counter[str] = field(default_factory=Counter)

    def move_to(self, address: str) -> None:
        """Ask another server from now on, as behind a balancer; feeds go there when they are cut."""
        self.http.base_url = address
        for follower in self.feeds.values():
            follower.address = address

    async def does(self, name: str, **variables: Any) -> Any:
        return await self.sees(name, input=variables)

    async def sees(self, name: str, **variables: Any) -> Any:
        answer = await ask(self.http, _document(self.room, name), **variables)
        value = next(value for field, value in answer.items() if field not in ("asOf", "unreadNotificationCount"))
        assert not isinstance(value, dict) or value.get("errors", []) == [], value
        return value

    async def hears(self, name: str, such: Callable[[dict[str, Any]], bool] = lambda item: True) -> dict[str, Any]:
        """The next item of a feed that is such; those before it are passed over."""
        follower = self.feeds[name]
        async with asyncio.timeout(PATIENCE_S):
            while True:
                while self.read[name] < len(follower.items):
                    item = follower.items[self.read[name]]
                    self.read[name] += 1
                    if such(item):
                        return item
                await asyncio.sleep(0.02)


def _document(room: str, name: str) -> str:
    return operation(name if "/" in name else f"{room}/{name}")


@asynccontextmanager
async def everybody_at_work(
    address: str, room: str, feeds: Mapping[DemoPerson, Sequence[str]]
) -> AsyncIterator[dict[DemoPerson, Somebody]]:
    """People who are signed in, and follow their feeds for good."""
    async with AsyncExitStack() as stack:
        running: list[asyncio.Task[None]] = []
        stack.push_async_callback(stop, running)
        cast = {}
        for person, names in feeds.items():
            http, token = await signed_in(address, person)
            stack.push_async_callback(http.aclose)
            followers = {name: Follower(address, token, _document(room, name)) for name in names}
            running += [asyncio.create_task(follower.run()) for follower in followers.values()]
            cast[person] = Somebody(room, http, followers)
        async with asyncio.timeout(PATIENCE_S):
            for somebody in cast.values():
                for follower in somebody.feeds.values():
                    await follower.began.wait()
        yield cast
