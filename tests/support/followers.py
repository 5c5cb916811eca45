"""Clients that follow a dashboard, each through its own subscription to one hub at work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from domain.identity.actor import Actor
from domain.kit.context import CallContext
from schema.kit.context import Context
from schema.pipeline import Request
from subscriptions.feed import Subscription
from subscriptions.hub import Hub
from subscriptions.relay import Relay
from subscriptions.stepping import end_task
from tests.subscriptions.listening import Listener, a_hub, broadcasting, until
from tests.support.graphql import pipeline


@pytest_asyncio.fixture
async def hub(database: None, database_url: str, redis_url: str) -> AsyncIterator[Hub]:
    """A hub at work, with a relay that tells it of everything."""
    async with broadcasting(redis_url) as broadcast, a_hub(database_url, redis_url) as hub:
        work = asyncio.create_task(Relay(database_url, broadcast, poll_s=0.02).run())
        yield hub
        await end_task(work)


async def subscription_to(actor: Actor, document: str, **variables: Any) -> Subscription:
    request = Request(query=document, variables=variables)
    context = Context(actor, CallContext(actor_id=actor.id), pipeline().services)
    return await pipeline().subscribe(pipeline().prepare(request), request, context)


async def follow(hub: Hub, actor: Actor, document: str, **variables: Any) -> Listener:
    listener = Listener(hub, actor)
    await hub.open(listener, "1", await subscription_to(actor, document, **variables))
    await until(lambda: states(listener))
    return listener


def states(listener: Listener) -> list[Any]:
    """The states that a client was shown."""
    items = [item for message in listener.messages for item in message["data"].values()]
    return [item["state"] for item in items if "state" in item]
