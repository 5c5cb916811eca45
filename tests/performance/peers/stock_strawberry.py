"""Strawberry's own subscriptions on uvicorn, fed from Redis.

The best arrangement that needs nothing but Strawberry: one reader of Redis parses each event once and puts it into a
queue for each subscriber; no sign-in, no rights, no log.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import redis.asyncio as redis
import strawberry
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from strawberry.asgi import GraphQL

from tests.performance.listening import listening_socket


@strawberry.type
class Money:
    amount: str
    formatted: str


@strawberry.type
class Invoice:
    id: strawberry.ID
    number: str
    seller_name: str
    debtor_name: str
    industry: str
    face_value: Money
    requested_amount: Money
    min_investment: Money
    expected_yield: str
    due_on: str
    funding_deadline_at: str


@strawberry.type
class NewInvoiceListed:
    cursor: str
    occurred_at: str
    invoice: Invoice


_queues: set[asyncio.Queue[NewInvoiceListed]] = set()


@strawberry.type
class Query:
    ok: bool = True


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def new_invoice_listed(self) -> AsyncGenerator[NewInvoiceListed, None]:
        queue: asyncio.Queue[NewInvoiceListed] = asyncio.Queue()
        _queues.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            _queues.discard(queue)


def _read(message: bytes) -> NewInvoiceListed:
    event: dict[str, Any] = orjson.loads(message)
    invoice: dict[str, Any] = event["invoice"]
    return NewInvoiceListed(
        cursor=event["cursor"],
        occurred_at=event["occurredAt"],
        invoice=Invoice(
            id=invoice["id"],
            number=invoice["number"],
            seller_name=invoice["sellerName"],
            debtor_name=invoice["debtorName"],
            industry=invoice["industry"],
            face_value=Money(**invoice["faceValue"]),
            requested_amount=Money(**invoice["requestedAmount"]),
            min_investment=Money(**invoice["minInvestment"]),
            expected_yield=invoice["expectedYield"],
            due_on=invoice["dueOn"],
            funding_deadline_at=invoice["fundingDeadlineAt"],
        ),
    )


async def _hear(listening: Any) -> None:
    async for message in listening.listen():
        if message["type"] == "message":
            event = _read(message["data"])
            for queue in _queues:
                queue.put_nowait(event)


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    async with client.pubsub() as listening:
        await listening.subscribe(os.environ["CHANNEL"])
        hearing = asyncio.create_task(_hear(listening))
        yield
        hearing.cancel()
    await client.aclose()


def main() -> None:
    schema = strawberry.Schema(Query, subscription=Subscription)
    app = Starlette(routes=[Mount("/", GraphQL(schema, graphql_ide=None))], lifespan=_lifespan)
    # No pings: saturated, it would take its own subscribers for dead and close on them.
    config = uvicorn.Config(
        app,
        ws="websockets-sansio",
        ws_ping_interval=None,
        ws_per_message_deflate=False,
        log_config=None,
        access_log=False,
    )
    with listening_socket() as bound:
        print(bound.getsockname()[1], flush=True)
        uvicorn.Server(config).run([bound])


if __name__ == "__main__":
    main()
