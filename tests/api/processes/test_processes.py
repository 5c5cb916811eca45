"""Two servers and a worker on one database and one Redis, all of which die now and then: nobody misses anything."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import asyncpg
import httpx
import pytest

from api.demo import people
from tests.api.processes.installation import (
    PATIENCE_S,
    TRANSFER,
    Follower,
    Installation,
    an_installation,
    ask,
    free_port,
    position_of,
    positions_for_admin,
    signed_in,
    stop,
)

EVENTS = """subscription($after: Cursor) { events(after: $after) {
    __typename ... on FeedItem { cursor } ... on DomainEvent { name } } }"""
WALLETS = "{ wallet { id balance { amount } } }"


async def wallet_of(http: httpx.AsyncClient) -> str:
    return str((await ask(http, WALLETS))["wallet"]["id"])


@pytest.mark.fault("a server, the worker with the relay that leads, and Redis are killed under load")
@pytest.mark.timeout(180)
async def test_everything_dies_now_and_then_and_nobody_misses_anything(told_home: Path) -> None:
    rng = random.Random(2026)
    async with an_installation(told_home) as place:
        one, two = await asyncio.gather(place.start_server("one"), place.start_server("two"))
        await place.start_worker()
        _, token = await signed_in(one, people.ADMIN)
        followers = [Follower(address, token, EVENTS) for address in (one, two, one, two)]
        following = [asyncio.create_task(follower.run()) for follower in followers]
        await asyncio.wait_for(asyncio.gather(*(follower.began.wait() for follower in followers)), PATIENCE_S)
        writing = asyncio.create_task(_write(rng, [one, two]))
        await asyncio.sleep(1)
        await place.kill("worker")
        await asyncio.sleep(0.5)
        await place.start_worker()
        await place.lose_redis_for(10)
        await place.kill("one")
        await asyncio.sleep(0.3)
        await place.start_server("one")
        await writing
        expected = await _what_happened(place, followers)
        await stop(following)
        for follower, positions in zip(followers, expected, strict=True):
            assert [position_of(item["cursor"]) for item in follower.items] == positions
        assert max(follower.cuts for follower in followers) >= 1
        code, said = await place.daftari("verify-ledger")
        assert code == 0, said


async def _write(rng: random.Random, addresses: list[str], acts: int = 250) -> None:
    """Send money both ways through both servers. What a dying server does not answer is sent again with its key."""
    clients = [[(await signed_in(address, who))[0] for address in addresses] for who in (people.INVESTOR, people.SELLER)]
    wallets = [await wallet_of(of_person[0]) for of_person in clients]
    for number in range(acts):
        giver = rng.randrange(2)
        act = {
            "fromWalletId": wallets[giver],
            "toWalletId": wallets[1 - giver],
            "amount": {"amount": f"{rng.randrange(1, 500)}.00", "currency": "INR"},
            "idempotencyKey": f"act-{number}",
        }
        await _until_answered(rng, clients[giver], act)
        await asyncio.sleep(rng.random() * 0.05)


async def _until_answered(rng: random.Random, clients: list[httpx.AsyncClient], act: dict[str, object]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                answer = await ask(rng.choice(clients), TRANSFER, input=act)
            except httpx.HTTPError:
                await asyncio.sleep(0.05)
                continue
            errors = [error["code"] for error in answer["transferFunds"]["errors"]]
            assert errors in ([], ["IN_PROGRESS"])
            if not errors:
                return


async def _what_happened(place: Installation, followers: list[Follower]) -> list[list[int]]:
    """For each follower the positions that an administrator may see since it began, once all of it has arrived."""
    connection = await asyncpg.connect(place.servers.database_url)
    try:
        async with asyncio.timeout(PATIENCE_S):
            while await connection.fetchval("select exists (select from outbox)"):  # noqa: ASYNC110  Others empty it.
                await asyncio.sleep(0.05)
            positions = await positions_for_admin(connection)
            for follower in followers:
                while follower.cursor is None or position_of(follower.cursor) < positions[-1]:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
    finally:
        await connection.close()
    began = [position_of(str(follower.started_at)) for follower in followers]
    return [[position for position in positions if position > start] for start in began]


@pytest.mark.timeout(180)
async def test_a_server_that_is_asked_to_stop_sends_its_clients_away_and_exits_cleanly(told_home: Path) -> None:
    async with an_installation(told_home, cold=True) as place:
        address = await place.start_server("one")
        watched = free_port()
        await place.start_worker(DAFTARI_WORKER_PORT=str(watched))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{watched}", timeout=PATIENCE_S) as http:
            assert (await http.get("/health/ready")).json()["checks"]["database"] == "ok"
            assert "daftari_outbox_age_seconds" in (await http.get("/metrics")).text
        _, token = await signed_in(address, people.ADMIN)
        follower = Follower(address, token, EVENTS)
        following = asyncio.create_task(follower.run())
        await asyncio.wait_for(follower.began.wait(), PATIENCE_S)
        assert await place.stop("one") == 0
        assert await place.stop("worker") == 0
        assert follower.cuts >= 1
        await stop([following])
