"""The contract's own client over a bad line: whatever is cut, and whenever, it misses nothing and hears nothing twice.

A hundred cuts here; ``CUTS=1000`` for as many as one likes. ``SEED`` tells the runs apart.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from domain.kit.money import Money
from domain.wallets.service import transfer_funds, wallet_of
from subscriptions.relay import Relay
from tests.subscriptions.listening import until
from tests.support.operations import OPERATIONS
from tests.support.people import PASSWORD, a_user, actor_for
from tests.support.servers import NODE, settings_for_tests
from tests.support.whole_server import a_server
from tests.support.wires import Line, Wire, a_wire_to

SCRIPT = Path(__file__).resolve().parents[2] / "frontend-contract" / "client" / "tests" / "cuts" / "follow.ts"

CUTS = int(os.environ.get("CUTS", "100"))
SEED = int(os.environ.get("SEED", "1"))
CLIENTS = 10
HUNDREDTH = Decimal("0.01")


class Heard:
    """What each client has heard: the amounts in their order, and how often it came back."""

    def __init__(self) -> None:
        self.amounts: list[list[int]] = [[] for _ in range(CLIENTS)]
        self.openings = [0] * CLIENTS
        self.losses: list[dict[str, Any]] = []

    async def listen(self, lines: asyncio.StreamReader) -> None:
        while line := await lines.readline():
            said = json.loads(line)
            if "amount" in said:
                self.amounts[said["client"]].append(int(Decimal(said["amount"]) / HUNDREDTH))
            elif "ready" in said:
                self.openings[said["client"]] += 1
                # Only the first opening begins at the present; every other goes on where it was.
                if said["ready"] != (self.openings[said["client"]] > 1):
                    self.losses.append(said)
            else:
                self.losses.append(said)


@asynccontextmanager
async def clients_at_work(address: str, email: str) -> AsyncIterator[Heard]:
    process = await asyncio.create_subprocess_exec(
        NODE,
        SCRIPT,
        address,
        email,
        PASSWORD,
        str(CLIENTS),
        OPERATIONS / "wallets" / "WalletBalanceChanged.graphql",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={"PATH": os.environ.get("PATH", "")},
    )
    assert process.stdin is not None and process.stdout is not None
    heard = Heard()
    listening = asyncio.create_task(heard.listen(process.stdout))
    try:
        yield heard
        process.stdin.close()
        async with asyncio.timeout(10):
            assert await process.wait() == 0
            await listening
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        listening.cancel()


async def cut_at_random(wire: Wire, rng: random.Random) -> None:
    """Cuts one socket after the other: while it is opened, replayed to, or at work. Before some cuts the line swallows for
    a moment what the server says, so that the server is wrong about what was heard."""

    async def fray(line: Line) -> None:
        line.swallows = True
        await asyncio.sleep(rng.random() * 0.03)
        line.cut()

    done = 0
    while done < CUTS:
        await asyncio.sleep(rng.random() * 0.05)
        lines = [line for line in wire.sockets if not line.swallows]
        # Who is cut again and again before anything was heard waits longer each time, and then nothing is left to cut.
        if len(lines) > CLIENTS / 2:
            line = rng.choice(lines)
            if rng.random() < 0.5:
                await fray(line)
            else:
                line.cut()
            done += 1


@pytest.mark.fault("the network between clients and the server is cut a hundred times")
@pytest.mark.timeout(600)
async def test_random_cuts_lose_nothing_and_repeat_nothing(relay: Relay, database_url: str, redis_url: str) -> None:
    rng = random.Random(SEED)
    payer, payee = await a_user(name="Ravi Kapoor"), await a_user(name="Sita Mills")
    sending, receiving = await wallet_of(payer.id, "INR"), await wallet_of(payee.id, "INR")
    ravi = await actor_for(payer)
    paid = 0

    async def pay_until(enough: asyncio.Event) -> None:
        nonlocal paid
        while not enough.is_set():
            amount = Money.of((paid + 1) * HUNDREDTH, "INR")
            await transfer_funds(ravi, from_wallet_id=sending.id, to_wallet_id=receiving.id, amount=amount)
            paid += 1
            await asyncio.sleep(rng.random() * 0.03)

    settings = settings_for_tests(database_url=database_url, redis_url=redis_url)
    async with (
        a_server(settings) as address,
        a_wire_to(address) as wire,
        clients_at_work(wire.address, payee.email) as heard,
    ):
        await until(lambda: all(heard.openings))
        enough = asyncio.Event()
        paying = asyncio.create_task(pay_until(enough))
        await cut_at_random(wire, rng)
        enough.set()
        await paying
        await until(lambda: all(amounts[-1:] == [paid] for amounts in heard.amounts), within_s=60)
    assert heard.losses == []
    assert heard.amounts == [list(range(1, paid + 1))] * CLIENTS
    assert paid > CUTS / 4 and sum(heard.openings) > CUTS / 4, "there was something to lose, and it was cut"
