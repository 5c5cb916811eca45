"""More is asked than the pool of connections bears: who waits too long is told so, and it passes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
import pytest

from domain.kit.database import PoolLimits, pool, pool_client, tortoise_config
from domain.kit.models_on_pool import PooledClient
from domain.kit.money import Money
from domain.wallets.queries import balances_of
from domain.wallets.service import wallet_of
from schema.kit.ids import encode_id
from tests.faults.house import until
from tests.support.happenings import assert_integrity
from tests.support.people import a_user, signed_in
from tests.support.servers import settings_for_tests
from tests.support.whole_server import a_server
from tests.trust.recording import Figures

ASKING = 24
NARROW = PoolLimits(min_size=2, max_size=2, acquire_timeout_s=0.3)
TRANSFER = """mutation($input: TransferFundsInput!) { transferFunds(input: $input) { replayed errors { code } } }"""


@asynccontextmanager
async def pool_of(url: str, limits: PoolLimits) -> AsyncIterator[None]:
    """Whoever asks the database in this process does so over another pool."""
    (connection,) = tortoise_config(url, limits)["connections"].values()
    other = PooledClient(connection_name="other", **connection["credentials"])
    await other.create_connection(with_db=True)
    ours = pool_client()
    before, ours._pool = ours._pool, other._pool
    try:
        yield
    finally:
        ours._pool = before
        await other.close()


@pytest.mark.usefixtures("database")
@pytest.mark.fault("the pool of database connections is exhausted by slow requests")
async def test_who_waits_too_long_for_a_connection_may_come_again(
    database_url: str, redis_url: str, figures: Figures
) -> None:
    payer, payee = await a_user(name="Ravi Kapoor"), await a_user(name="Sita Mills")
    sending, receiving = await wallet_of(payer.id, "INR"), await wallet_of(payee.id, "INR")
    token = (await signed_in(payer)).access_token
    settings = settings_for_tests(database_url=database_url, redis_url=redis_url, points_per_minute=0)
    before = (await balances_of([receiving.id]))[receiving.id].balance
    holder = await asyncpg.connect(database_url)
    async with (
        pool_of(database_url, NARROW),
        a_server(settings) as address,
        httpx.AsyncClient(base_url=address, headers={"authorization": f"Bearer {token}"}, timeout=30) as client,
    ):

        async def transfer(number: int) -> str:
            act = {
                "fromWalletId": encode_id("Wallet", sending.id),
                "toWalletId": encode_id("Wallet", receiving.id),
                "amount": {"amount": "1.00", "currency": "INR"},
                "idempotencyKey": f"crowded {number}",
            }
            return _said(await client.post("/graphql", json={"query": TRANSFER, "variables": {"input": act}}))

        holding = holder.transaction()
        await holding.start()
        await holder.execute("select from ledger_account for update")
        asking = [asyncio.create_task(transfer(number)) for number in range(ASKING)]
        await until(lambda: sum(task.done() for task in asking) == ASKING - NARROW.max_size)
        told = Counter(task.result() for task in asking if task.done())
        assert told == {"UNAVAILABLE": ASKING - NARROW.max_size}
        ready = await client.get("/health/ready")
        assert (ready.status_code, (await client.get("/health/live")).status_code) == (503, 200)
        read = await client.post("/graphql", json={"query": "{ wallet { id } }"})
        assert _said(read) == "UNAVAILABLE"
        await holding.rollback()
        assert {await task for task in asking[: NARROW.max_size]} == {"done"}
        again = Counter([await transfer(number) for number in range(ASKING)])
        assert again == {"replayed": NARROW.max_size, "done": ASKING - NARROW.max_size}
        assert (await client.get("/health/ready")).status_code == 200
        assert pool().get_size() <= NARROW.max_size
    await holder.close()
    figures.add("refused", told["UNAVAILABLE"])
    assert (await balances_of([receiving.id]))[receiving.id].balance == before + Money.of(ASKING, "INR")
    await assert_integrity()


def _said(response: httpx.Response) -> str:
    answer: dict[str, Any] = response.json()
    if answer.get("errors"):
        return str(answer["errors"][0]["extensions"]["code"])
    payload = answer["data"].get("transferFunds")
    if payload is None:
        return "read"
    return payload["errors"][0]["code"] if payload["errors"] else "replayed" if payload["replayed"] else "done"
