"""Reconciliation over a whole server, by every transport: administrators hear it all, everybody else FORBIDDEN."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest_asyncio
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from api.sockets import SUBPROTOCOL
from domain.identity.permissions import Role
from domain.payments.figures.clients import connected_clients
from domain.payments.states import ReconStatus
from subscriptions.relay import Relay
from tests.api.sockets.talking import Talk
from tests.api.test_sse import STREAM, Streaming
from tests.subscriptions.listening import PATIENCE_S
from tests.support.operations import operation
from tests.support.people import a_user, signed_in
from tests.support.reconciled import AN_ISSUE, a_payment, reconciled
from tests.support.servers import settings_for_tests
from tests.support.whole_server import a_server

FEED, STATS, UPDATE, PURGE = (
    operation(f"payments/{name}")
    for name in ("ReconciliationFeed", "ReconciliationStats", "UpdateAlertThresholds", "PurgeReconciliationResults")
)
LIVE = [
    FEED,
    *(
        operation(f"payments/{name}")
        for name in ("ReconciliationStatsUpdated", "ReconciliationResult", "DiscrepancyAlert", "DiscrepancyRateAlert")
    ),
]
ACTS: list[tuple[str, dict[str, Any]]] = [
    (STATS, {}),
    (UPDATE, {"input": {"queueLength": 1}}),
    (PURGE, {"input": {"olderThan": "2026-01-01T00:00:00Z"}}),
]


@asynccontextmanager
async def serving(database_url: str, redis_url: str) -> AsyncIterator[str]:
    async with a_server(settings_for_tests(database_url=database_url, redis_url=redis_url)) as address:
        yield address


@pytest_asyncio.fixture
async def address(relay: Relay, database_url: str, redis_url: str) -> AsyncIterator[str]:
    async with serving(database_url, redis_url) as address:
        yield address


async def a_token(role: Role) -> str:
    return (await signed_in(await a_user(role))).access_token


async def asked(address: str, token: str, document: str, **variables: Any) -> Any:
    async with httpx.AsyncClient(base_url=address, headers={"authorization": f"Bearer {token}"}, verify=False) as http:
        return (await http.post("/graphql", json={"query": document, "variables": variables})).json()


@asynccontextmanager
async def a_socket(address: str, token: str) -> AsyncIterator[Talk]:
    url = address.replace("http", "ws") + "/graphql"
    async with connect(url, subprotocols=[Subprotocol(SUBPROTOCOL)], compression=None, ping_interval=None) as connection:
        talk = Talk(connection)
        await talk.say({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}})
        await talk.hear("connection_ack")
        yield talk


@asynccontextmanager
async def a_stream(address: str, token: str, document: str, **headers: str) -> AsyncIterator[Streaming]:
    sent = {**STREAM, "authorization": f"Bearer {token}", **headers}
    async with (
        httpx.AsyncClient(base_url=address, timeout=PATIENCE_S, verify=False) as http,
        http.stream("POST", "/graphql", json={"query": document}, headers=sent) as response,
    ):
        yield Streaming(response)


async def events_of(stream: Streaming, count: int) -> list[dict[str, Any]]:
    """So many items that are no statistics."""
    items: list[dict[str, Any]] = []
    while len(items) < count:
        item = await stream.item()
        if item["__typename"] != "ReconciliationStatsState":
            items.append(item)
    return items


async def test_others_are_forbidden_by_every_transport(address: str) -> None:
    token = await a_token(Role.ACCOUNTANT)
    for document, variables in ACTS:
        [error] = (await asked(address, token, document, **variables))["errors"]
        assert error["extensions"]["code"] == "FORBIDDEN"
    async with a_socket(address, token) as talk:
        for number, document in enumerate((*LIVE, STATS, UPDATE)):
            await talk.subscribe(str(number), document, **(ACTS[1][1] if document is UPDATE else {}))
            message = await talk.hear("error")
            assert [error["extensions"]["code"] for error in message["payload"]] == ["FORBIDDEN"]
    for document in LIVE:
        async with a_stream(address, token, document) as stream:
            told = await stream.next()
            assert told is not None and told.data["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert await connected_clients() == 0


async def test_an_administrator_hears_it_all_over_a_socket(address: str) -> None:
    token = await a_token(Role.ADMIN)
    payment = await a_payment()
    async with a_socket(address, token) as talk:
        await talk.subscribe("1", FEED)
        connected = await talk.item()
        assert (connected["__typename"], connected["message"]) == (
            "Connected",
            "Connected to real-time reconciliation service",
        )
        assert connected["clientId"] and connected["timestamp"]
        assert (await talk.item())["__typename"] == "Ready"
        stats = await talk.item()
        assert stats["__typename"] == "ReconciliationStatsState"
        assert (stats["state"]["totalProcessed"], stats["state"]["connectedClients"]) == (0, 1)
        await reconciled(payment, ReconStatus.DISCREPANCY, issues=[AN_ISSUE])
        heard: dict[str, Any] = {}
        while len(heard) < 3 or heard["ReconciliationStatsState"]["state"]["totalProcessed"] == 0:
            item = await talk.item()
            heard[item["__typename"]] = item
    assert heard["ReconciliationFinished"]["status"] == "DISCREPANCY"
    assert heard["ReconciliationFinished"]["sessionDetails"]["psychologist"] == "Dr. Smith"
    [issue] = heard["DiscrepancyAlert"]["issues"]
    assert (issue["type"], heard["DiscrepancyAlert"]["severity"]) == ("AMOUNT_MISMATCH", "HIGH")
    assert heard["ReconciliationStatsState"]["state"]["discrepanciesDetected"] == 1


async def test_an_event_stream_is_resumed_without_a_hole(address: str) -> None:
    token = await a_token(Role.ADMIN)
    payment = await a_payment()
    async with a_stream(address, token, FEED) as stream:
        assert [item["__typename"] for item in await events_of(stream, 2)] == ["Connected", "Ready"]
        await reconciled(payment)
        [first] = await events_of(stream, 1)
    await reconciled(payment, ReconStatus.FAILED)
    await reconciled(payment, ReconStatus.DISCREPANCY, issues=[AN_ISSUE])
    async with a_stream(address, token, FEED, **{"last-event-id": first["cursor"]}) as stream:
        items = await events_of(stream, 6)
    # What the relay has not passed on at the moment of resuming comes after CaughtUp: the order of the rest is the log's.
    told = [item for item in items if item["__typename"] != "CaughtUp"]
    assert [item["__typename"] for item in told] == [
        "Connected",
        "Ready",
        "ReconciliationFinished",
        "ReconciliationFinished",
        "DiscrepancyAlert",
    ]
    assert [item["status"] for item in told[2:4]] == ["FAILED", "DISCREPANCY"]


async def test_clients_of_all_servers_are_counted_and_requests_are_not(
    address: str, database_url: str, redis_url: str
) -> None:
    token = await a_token(Role.ADMIN)

    async def counted(at: str) -> int:
        count: int = (await asked(at, token, STATS))["data"]["reconciliationStats"]["connectedClients"]
        return count

    async with serving(database_url, redis_url) as other:
        assert await counted(address) == await counted(other) == 0
        async with (
            a_socket(address, token) as talk,
            a_stream(other, token, FEED) as stream,
            a_stream(other, token, LIVE[1]) as statistics,
        ):
            await talk.subscribe("2", LIVE[2])
            assert (await talk.hear("next"))["id"] == "2"
            await talk.subscribe("1", FEED)
            assert (await talk.hear("next"))["id"] == "1"
            assert (await stream.item())["__typename"] == "Connected"
            assert (await statistics.item())["__typename"] == "Ready"
            assert await counted(address) == await counted(other) == 2, "those who follow the feed itself"
            await talk.say({"id": "1", "type": "complete"})
            while await counted(other) != 1:
                pass
        while await counted(address) != 0:
            pass


async def test_nobody_is_left_when_a_server_stops(relay: Relay, database_url: str, redis_url: str) -> None:
    token = await a_token(Role.ADMIN)
    async with serving(database_url, redis_url) as address, a_stream(address, token, FEED) as stream:
        assert (await stream.item())["__typename"] == "Connected"
        assert await connected_clients() == 1
    assert await connected_clients() == 0
