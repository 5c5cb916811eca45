"""Where live feeds are measured: a database, a Redis, people who may sign in, and an invoice that all events tell of."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg
import redis.asyncio as redis

from api.embedded import EmbeddedServers
from api.processes.foundation import database_of
from api.settings import Settings
from domain.events import log
from domain.identity.permissions import Role
from domain.invoice_finance.events import InvoiceState
from domain.kit.migrations import migrate
from tests.performance.events import ThroughTheLog, an_invoice
from tests.performance.programs import CORES, Server, a_server, share_out_cores
from tests.support.homes import open_home
from tests.support.operations import operation
from tests.support.people import a_user, signed_in
from tests.support.servers import NODE, settings_for_tests

USERS: Final = 60
"""So many sign in; a user has a limited number of sockets."""

DURABLE_ENOUGH: Final = {"synchronous_commit": "off"}
"""What is measured is delivery, not the disk of this machine."""

PEERS_OF_NODE: Final = Path(__file__).with_name("node") / "feeds"

DOCUMENT: Final = operation("invoice_finance/NewInvoiceListed")
_FIELDS: Final = DOCUMENT.partition("... on NewInvoiceListed {")[2].rsplit("}", 3)[0]
PLAIN_DOCUMENT: Final = f"subscription {{ newInvoiceListed {{ __typename cursor {_FIELDS} }} }}"
"""The fields of the canonical operation, for servers whose feeds tell nothing but events."""


@dataclass
class Stage:
    """``cores`` are those of the servers under measurement."""

    stack: AsyncExitStack
    cores: set[int]
    database_url: str
    redis_url: str
    tokens: Sequence[str]
    invoice: InvoiceState
    sequencer: asyncpg.Connection
    redis: redis.Redis

    @property
    def other_cores(self) -> set[int]:
        """For programs that take part in a measurement beside the server."""
        return set(CORES) - self.cores or set(CORES)

    @property
    def settings(self) -> Settings:
        return settings_for_tests(database_url=self.database_url, redis_url=self.redis_url)

    @property
    def environment(self) -> Mapping[str, str]:
        return {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}

    async def start(self, *command: str | Path, channel: str = "", cores: set[int] | None = None) -> Server:
        """A server that stays until the end; a peer hears what is published in ``channel``."""
        environment = {**self.environment, "CHANNEL": channel}
        return await self.stack.enter_async_context(a_server(command, cores or self.cores, environment))

    async def start_daftari(self, *more: str, cores: set[int] | None = None) -> Server:
        return await self.start(sys.executable, "-m", "tests.performance.daftari", *more, cores=cores)

    async def start_on_node(self, name: str, channel: str) -> Server:
        return await self.start(NODE, PEERS_OF_NODE / f"{name}.mjs", channel=channel)

    def through_the_log(self) -> ThroughTheLog:
        return ThroughTheLog(self.invoice, self.sequencer, self.redis)

    async def number_everything(self) -> None:
        """So that what setting up has left in the outbox is no part of a measurement."""
        while await log.sequence(self.sequencer):
            pass


@asynccontextmanager
async def a_stage(users: int = USERS) -> AsyncIterator[Stage]:
    cores = share_out_cores()
    async with AsyncExitStack() as stack:
        home = stack.enter_context(open_home())
        servers = stack.enter_context(EmbeddedServers.start(home, postgres_options=DURABLE_ENOUGH))
        await migrate(servers.database_url)
        settings = settings_for_tests(database_url=servers.database_url, redis_url=servers.redis_url)
        await stack.enter_async_context(database_of(settings))
        tokens = [(await signed_in(await a_user(Role.INVESTOR))).access_token for _ in range(users)]
        invoice = await an_invoice()
        sequencer = await asyncpg.connect(servers.database_url)
        stack.push_async_callback(sequencer.close)
        client = redis.Redis.from_url(servers.redis_url)
        stack.push_async_callback(client.aclose)
        stage = Stage(stack, cores, servers.database_url, servers.redis_url, tokens, invoice, sequencer, client)
        await stage.number_everything()
        yield stage
