"""The story of two users, each with a client of their own, over the whole schema and by the canonical operations alone."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest_asyncio

from domain.identity.permissions import Role
from domain.kit import clock
from subscriptions.cursor import CursorCodec
from subscriptions.relay import Relay
from tests.protocol.clients import Following, graphql_ws
from tests.support.happenings import assert_integrity, nothing_happens
from tests.support.operations import money, operation
from tests.support.people import PASSWORD
from tests.support.servers import settings_for_tests
from tests.support.whole_server import a_server

SELLERS_FEEDS = ["InvoiceFunded", "InvoiceUpdated"]
INVESTORS_FEEDS = ["NewInvoiceListed", "InvestmentSuccess", "MarketplaceUpdated"]
OFFER = {
    "number": "INV-2041",
    "debtorName": "Big Bazaar",
    "faceValue": money("100000.00"),
    "advanceRate": "80.00",
    "idempotencyKey": "offer",
}


def document(name: str) -> str:
    room = "wallets" if "Wallet" in name else "identity" if name in ("Login", "RegisterUser") else "invoice_finance"
    return operation(f"{room}/{name}")


class Somebody:
    """A user at work: HTTP for what they do, a socket for what they hear."""

    def __init__(self, http: httpx.AsyncClient, following: Following) -> None:
        self._http = http
        self._following = following
        self._heard: dict[str, deque[dict[str, Any]]] = defaultdict(deque)

    async def does(self, name: str, **variables: Any) -> Any:
        return await _ask(self._http, name, **variables)

    async def hears(self, feed: str) -> dict[str, Any]:
        """The next thing that this feed tells the user; what other feeds tell meanwhile is kept."""
        while not self._heard[feed]:
            found, item = await self._following.next()
            self._heard[found].append(item)
        return self._heard[feed].popleft()

    async def balance(self) -> str:
        wallet = await self.does("Wallet")
        return str(wallet["balance"]["amount"])


async def _ask(http: httpx.AsyncClient, name: str, **variables: Any) -> Any:
    response = await http.post("/graphql", json={"query": document(name), "variables": variables})
    body = response.json()
    assert response.status_code == 200 and "errors" not in body, body
    value = next(value for field, value in body["data"].items() if field != "asOf")
    assert value.get("errors", []) == []
    return value


@pytest_asyncio.fixture
async def address(relay: Relay, database_url: str, redis_url: str) -> AsyncIterator[str]:
    """A server with all that production has."""
    async with a_server(settings_for_tests(database_url=database_url, redis_url=redis_url)) as address:
        yield address


@asynccontextmanager
async def at_work(address: str, name: str, role: Role, feeds: list[str]) -> AsyncIterator[Somebody]:
    """Somebody who has registered and signed in, and hears these feeds on one socket."""
    known_by = {"email": f"{role.value.lower()}@daftari.example", "password": PASSWORD}
    async with httpx.AsyncClient(base_url=address) as http:
        await _ask(http, "RegisterUser", input={"name": name, "roles": [role.value], **known_by})
        signed_in = await _ask(http, "Login", input=known_by)
        http.headers["authorization"] = f"Bearer {signed_in['accessToken']}"
        documents = [document(name) for name in feeds]
        async with graphql_ws(address, signed_in["accessToken"], *documents) as following:
            for _ in feeds:
                _, item = await following.next()
                assert (item["__typename"], item["recovered"]) == ("Ready", False)
            yield Somebody(http, following)


def place_of(item: dict[str, Any]) -> int:
    return CursorCodec(settings_for_tests().cursor_secret).decode(item["cursor"]).position


async def test_an_invoice_is_offered_and_funded_in_two_parts(address: str) -> None:
    async with (
        at_work(address, "Sita Mills", Role.SELLER, SELLERS_FEEDS) as seller,
        at_work(address, "Ravi Kapoor", Role.INVESTOR, INVESTORS_FEEDS) as investor,
    ):
        before = Decimal(await seller.balance()), Decimal(await investor.balance())
        offered = await seller.does(
            "CreateInvoice", input=OFFER | {"dueOn": (clock.today() + timedelta(days=60)).isoformat()}
        )
        invoice_id = offered["invoice"]["id"]
        listed = await investor.hears("newInvoiceListed")
        assert (listed["invoice"]["id"], listed["invoice"]["sellerName"]) == (invoice_id, "Sita Mills")
        assert listed["invoice"]["requestedAmount"]["amount"] == "80000.00"
        assert (await investor.hears("marketplaceUpdated"))["action"] == "ADDED"
        assert await _on_the_marketplace(investor) == [invoice_id]

        first = {"invoiceId": invoice_id, "amount": money("30000.00"), "idempotencyKey": "first part"}
        rest = {"invoiceId": invoice_id, "amount": money("50000.00"), "idempotencyKey": "the rest"}
        for funding, status in ((first, "PARTIALLY_FUNDED"), (rest, "FUNDED")):
            done = await investor.does("FundInvoice", input=funding)
            assert (done["replayed"], done["invoice"]["status"]) == (False, status)
            told = [
                await seller.hears("invoiceFunded"),
                await investor.hears("investmentSuccess"),
                await seller.hears("invoiceUpdated"),
            ]
            assert [place_of(item) for item in told] == sorted(place_of(item) for item in told), "in this order"
            assert {item["invoice"]["status"] for item in told} == {status}
            assert {item["invoice"]["id"] for item in told} == {invoice_id}
            assert told[0]["amount"]["amount"] == told[1]["amount"]["amount"] == funding["amount"]["amount"]
        assert [(await investor.hears("marketplaceUpdated"))["action"] for _ in range(2)] == ["CHANGED", "REMOVED"]
        assert await _on_the_marketplace(investor) == []

        after = Decimal(await seller.balance()), Decimal(await investor.balance())
        assert (after[0] - before[0], after[1] - before[1]) == (Decimal("80000.00"), Decimal("-80000.00"))
        async with nothing_happens():
            again = await investor.does("FundInvoice", input=rest)
        assert again["replayed"] is True
        assert again["invoice"]["status"] == "FUNDED"
    await assert_integrity()


async def _on_the_marketplace(investor: Somebody) -> list[str]:
    return [node["id"] for node in (await investor.does("Marketplace"))["nodes"]]
