"""Who transfers money: Daftari's API, Strawberry over Tortoise statement by statement, and the limit. Each has a copy of the
same database, in one PostgreSQL."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg

from api.embedded import EmbeddedServers
from api.processes.foundation import database_of
from domain.identity.authentication import authenticate
from domain.identity.permissions import Role
from domain.kit import checks
from domain.kit.context import CallContext, call_context
from domain.kit.database import connection
from domain.kit.idempotency import once
from domain.kit.ids import new_id
from domain.kit.migrations import migrate
from domain.kit.money import Money
from domain.wallets.service import transfer_funds, wallet_of
from tests.performance.asking import asking
from tests.performance.programs import Server, a_server, share_out_cores
from tests.performance.writes.pgbench import Limit, script_of
from tests.performance.writes.transfers import CURRENCY, WALLETS, Owner, Transfers
from tests.support.homes import open_home
from tests.support.people import a_user, signed_in
from tests.support.servers import settings_for_tests

POOL_SIZE: Final = 16
OURS, TORTOISE = "Daftari", "Strawberry, Tortoise, statement by statement"
COMMANDS: Final[dict[str, Sequence[str | Path]]] = {
    OURS: (sys.executable, "-m", "tests.performance.daftari"),
    TORTOISE: (sys.executable, "-m", "tests.performance.peers.tortoise_transfers"),
}
SETTINGS_OF_OURS: Final = {
    "DAFTARI_DATABASE_POOL_SIZE": str(POOL_SIZE),
    "DAFTARI_POINTS_PER_MINUTE": str(10**12),
    "DAFTARI_ACCESS_TOKEN_MINUTES": "600",
}


@dataclass(frozen=True, slots=True)
class Contestant:
    """A server at work, and the transfers that it is sent."""

    name: str
    server: Server
    transfers: Transfers
    database_url: str


@dataclass(frozen=True, slots=True)
class Contest:
    servers: Sequence[Contestant]
    limit: Limit
    database_pid: int


@asynccontextmanager
async def contest() -> AsyncIterator[Contest]:
    core = share_out_cores()
    async with AsyncExitStack() as stack:
        home = stack.enter_context(open_home())
        servers = stack.enter_context(EmbeddedServers.start(home, postgres_options={"shared_buffers": "512MB"}))
        original = servers.database_url
        await migrate(original)
        owners = await _open_wallets(original, servers.redis_url)
        at_work = []
        for number, (name, command) in enumerate(COMMANDS.items()):
            url = await _copy(original, f"contestant_{number}")
            environment = _environment(url, servers.redis_url)
            server = await stack.enter_async_context(a_server(command, core, environment))
            at_work.append(Contestant(name, server, Transfers(owners), url))
        url = await _copy(original, "bench_limit")
        limit = await _limit(url, servers.redis_url, owners, home, core)
        yield Contest(at_work, limit, servers.postgres.pid)


def _environment(database_url: str, redis_url: str) -> Mapping[str, str]:
    return {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "POOL_SIZE": str(POOL_SIZE), **SETTINGS_OF_OURS}


async def _open_wallets(database_url: str, redis_url: str) -> list[Owner]:
    """People with a wallet each and its opening credit, all of them signed in."""
    settings = settings_for_tests(database_url=database_url, redis_url=redis_url, access_token_minutes=600)
    async with database_of(settings):
        owners = []
        for _ in range(WALLETS):
            user = await a_user(Role.INVESTOR)
            wallet = await wallet_of(user.id, CURRENCY)
            owners.append(Owner(wallet.id, (await signed_in(user)).access_token))
    return owners


async def _copy(url: str, name: str) -> str:
    """The same database again; nobody may be connected to the original."""
    server, _, original = url.rpartition("/")
    connection = await asyncpg.connect(f"{server}/postgres")
    try:
        await connection.execute(f"create database {name} template {original}")
    finally:
        await connection.close()
    return f"{server}/{name}"


async def _limit(url: str, redis_url: str, owners: Sequence[Owner], folder: Path, core: set[int]) -> Limit:
    """pgbench with the statements of a transfer that is made here, over the same database."""
    settings = settings_for_tests(database_url=url, redis_url=redis_url)
    async with database_of(settings):
        sender, recipient = owners[:2]
        key, actor = str(new_id()), await authenticate(sender.token)
        call = CallContext(actor_id=actor.id, address="127.0.0.1")
        amount = Money.of("0.05", CURRENCY)
        with asking() as recorded, call_context(call):
            done = await once(
                key,
                transfer_funds,
                actor,
                from_wallet_id=sender.wallet_id,
                to_wallet_id=recipient.wallet_id,
                amount=amount,
                description="Rent",
            )
        transfer = done.result
        drawn = {
            key: ":key",
            actor.id: ":owner",
            sender.wallet_id: ":sender",
            recipient.wallet_id: ":recipient",
            transfer.from_wallet.account_id: ":debited",
            transfer.to_wallet.account_id: ":credited",
            transfer.entry_id: ":entry",
            call.correlation_id: ":call",
        }
        async with connection() as own:
            return Limit(url, await script_of(own, recorded, drawn, folder), frozenset(core))


async def prove(at_work: Contest) -> None:
    """What Daftari's transfers have left keeps every promise of the ledger: money was neither made nor lost."""
    settings = settings_for_tests(database_url=at_work.servers[0].database_url, redis_url=os.environ.get("REDIS_URL"))
    async with database_of(settings):
        broken = [result for result in await checks.recompute() if result.violations]
        assert not broken, broken
        for proof in checks.every_proof():
            violations = await proof.prove()
            assert not violations, (proof.promise, violations[:3])
