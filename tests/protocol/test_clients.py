"""Clients of others against a whole server: they follow a wallet, are cut off, and come back having lost nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from decimal import Decimal

import pytest
import pytest_asyncio

from domain.kit.money import Money
from domain.wallets.service import transfer_funds, wallet_of
from subscriptions.relay import Relay
from tests.protocol.clients import Following, graphql_sse, graphql_ws, python_gql
from tests.support.operations import operation
from tests.support.people import a_user, actor_for, signed_in
from tests.support.servers import settings_for_tests
from tests.support.whole_server import a_server
from tests.support.wires import Wire, a_wire_to


@pytest_asyncio.fixture
async def wire(relay: Relay, database_url: str, redis_url: str) -> AsyncIterator[Wire]:
    """A wire to a whole server."""
    settings = settings_for_tests(database_url=database_url, redis_url=redis_url)
    async with a_server(settings) as address, a_wire_to(address) as wire:
        yield wire


@pytest.mark.parametrize("connect", [graphql_ws, graphql_sse, python_gql])
async def test_a_cut_loses_nothing_and_repeats_nothing(
    wire: Wire, connect: Callable[[str, str, str], AbstractAsyncContextManager[Following]]
) -> None:
    payer, payee = await a_user(name="Ravi Kapoor"), await a_user(name="Sita Mills")
    sending, receiving = await wallet_of(payer.id, "INR"), await wallet_of(payee.id, "INR")
    ravi = await actor_for(payer)

    async def pay(*amounts: int) -> None:
        for amount in amounts:
            money = Money.of(amount, "INR")
            await transfer_funds(ravi, from_wallet_id=sending.id, to_wallet_id=receiving.id, amount=money)

    heard: list[int] = []
    token = (await signed_in(payee)).access_token
    async with connect(wire.address, token, operation("wallets/WalletBalanceChanged")) as client:

        async def hear_until(amount: int) -> list[bool]:
            """Hear what is told until the wallet got this amount; how often the client came back meanwhile."""
            recovered = []
            while not heard or heard[-1] != amount:
                _, item = await client.next()
                assert item["__typename"] != "ResyncRequired"
                if item["__typename"] == "Ready":
                    recovered.append(item["recovered"])
                elif item["__typename"] == "WalletBalanceChanged":
                    heard.append(int(Decimal(item["change"]["amount"])))
            return recovered

        assert (await client.next())[1]["__typename"] == "Ready"
        await pay(1, 2)
        assert await hear_until(2) == []
        for beginning in (3, 7):
            connections = wire.connections
            wire.cut()
            await pay(beginning, beginning + 1)
            wire.mend()
            await pay(beginning + 2, beginning + 3)
            comebacks = await hear_until(beginning + 3)
            assert comebacks and all(comebacks), "it came back, and all that it had missed was there"
            assert wire.connections > connections
    opening = [1_000_000] if heard[0] == 1_000_000 else []
    assert heard == [*opening, *range(1, 11)]
