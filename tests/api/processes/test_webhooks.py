"""A worker sends events on as they happen, to a server that listens for real, and goes on where another was killed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from api.carriers import WebhookCarrier
from api.processes.webhooks import Sending
from domain.identity.actor import SYSTEM
from domain.identity.permissions import Role
from domain.identity.service import open_branch
from domain.kit.database import execute
from domain.webhooks import settings
from domain.webhooks.service import create_webhook_endpoint
from domain.webhooks.settings import WebhookSettings
from subscriptions.relay import Relay
from subscriptions.transport import RedisBackend, ResilientBroadcast
from tests.support.carriers import PostCatcher, listening
from tests.support.people import an_actor

PATIENCE_S = 20


@pytest.fixture
def reaching_loopback() -> Iterator[None]:
    before = settings.current()
    settings.configure(WebhookSettings(carrier=WebhookCarrier(public_only=False), public_only=False))
    yield
    settings.configure(before)


@asynccontextmanager
async def a_worker(database_url: str, redis_url: str) -> AsyncIterator[None]:
    broadcast = ResilientBroadcast(RedisBackend(redis_url))
    await broadcast.connect()
    parts = [asyncio.create_task(each.run()) for each in (Relay(database_url, broadcast), Sending(broadcast))]
    try:
        yield
    finally:
        for part in parts:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)
        await broadcast.disconnect()


async def until(receiver: PostCatcher, codes: list[str]) -> None:
    """A message that comes twice has the same id: whoever receives it knows it by that."""
    told: dict[str, str] = {}
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_S):
            while len(told) < len(codes):
                await asyncio.sleep(0.02)
                told = {post.body["id"]: post.body["data"]["code"] for post in receiver.posts}
    assert list(told.values()) == codes


@pytest.mark.fault("the worker is killed while it sends webhooks")
@pytest.mark.usefixtures("reaching_loopback")
async def test_what_happens_is_sent_on_and_goes_on_after_a_killed_worker(
    database: None, database_url: str, redis_url: str
) -> None:
    owner = await an_actor(Role.ACCOUNTANT)
    codes = [f"B{number}" for number in range(6)]
    async with listening(PostCatcher()) as receiver:
        await create_webhook_endpoint(owner, name="Our books", url=receiver.url, types=["identity.branch_opened"])
        async with a_worker(database_url, redis_url):
            for code in codes[:3]:
                await open_branch(SYSTEM, code=code, name=code)
            await until(receiver, codes[:3])
        for code in codes[3:]:
            await open_branch(SYSTEM, code=code, name=code)
        # As a worker leaves it that was killed in the midst of it, a minute ago.
        await execute("update webhook_endpoint set lease_id = gen_random_uuid(), leased_until = now() - interval '1 second'")
        async with a_worker(database_url, redis_url):
            await until(receiver, codes)
