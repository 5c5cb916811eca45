"""An installation of separate processes: servers and a worker on one PostgreSQL and one Valkey, each of which may die."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import asyncpg
import httpx
from gql import Client, gql
from gql.transport.exceptions import TransportError
from gql.transport.websockets import WebsocketsTransport

from api.choices import DEVELOPMENT_SECRET
from api.demo.people import ADMIN, PASSWORD, DemoPerson
from api.embedded import EmbeddedServers, start_valkey
from domain.events.listeners import every_listener
from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.rooms import open_all
from subscriptions.cursor import CursorCodec
from tests.api.processes import nursery
from tests.api.processes.nursery import Process, end_of
from tests.support.homes import open_home
from tests.support.servers import settings_for_tests

PATIENCE_S = 30.0
_ADDRESS: Final = re.compile(r"http://127\.0\.0\.1:\d+")
WORKED_OFF = """
select not exists (select from outbox)
   and not exists (select from job_task where state in ('QUEUED', 'RUNNING', 'RETRYING') and run_after <= now())
   and $1 = (select count(*) from event_checkpoint, event_log_head as head where event_checkpoint.position = head.position)
"""
TOKEN = "mutation($input: LoginInput!) { login(input: $input) { accessToken user { id } errors { code message } } }"
TRANSFER = """mutation($input: TransferFundsInput!) { transferFunds(input: $input) { replayed errors { code message } } }"""


@dataclass
class Installation:
    """Addresses and processes. A process is a name such as ``server1``; starting it again is a restart. ``chosen`` is what
    all of them find in their environment."""

    home: Path
    servers: EmbeddedServers
    cold: bool = False
    processes: dict[str, Process] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    redis_is_away: bool = False
    _said_before: list[bytes] = field(default_factory=list)

    def environment(self, **more: str) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", ""),
            "DATABASE_URL": self.servers.database_url,
            "REDIS_URL": self.servers.redis_url,
            "DAFTARI_HOME": str(self.home),
            "DAFTARI_LOG_LEVEL": "ERROR",
            **self.chosen,
            **more,
        }

    async def daftari(self, *arguments: str) -> tuple[int, str]:
        """Run a command to its end; its exit code and what it said."""
        code = await end_of(await self._start("command", *arguments))
        return code, self._said("command").read_text()

    async def start_server(self, name: str, **environment: str) -> str:
        """Start a server, on the port that it had before if it is a restart; returns its address once it is ready."""
        address = self.address_of(name)
        self.processes[name] = await self._start(name, "serve", PORT=str(self.ports[name]), **environment)
        async with httpx.AsyncClient() as http, asyncio.timeout(PATIENCE_S):
            while True:
                with suppress(httpx.HTTPError):
                    if (await http.get(f"{address}/health/ready")).status_code == 200:
                        return address
                await asyncio.sleep(0.05)

    def address_of(self, name: str) -> str:
        """Where a server answers, or will once it is started."""
        return f"http://127.0.0.1:{self.ports.setdefault(name, free_port())}"

    async def start_worker(self, name: str = "worker", *, module: str = "api.cli", **environment: str) -> None:
        worker = self.processes[name] = await self._start(name, "worker", module=module, **environment)
        async with asyncio.timeout(PATIENCE_S):
            while "Working" not in (said := self._said(name).read_text()) and worker.poll() is None:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        assert "Working" in said, said

    async def start_simulator(self, *arguments: str) -> str:
        """Start a simulated M-Pesa; returns its address."""
        simulator = self.processes["simulator"] = await self._start(
            "simulator", "mpesa-simulator", "--port", "0", *arguments
        )
        async with asyncio.timeout(PATIENCE_S):
            while not (told := _ADDRESS.search(self._said("simulator").read_text())) and simulator.poll() is None:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        assert told is not None, self._said("simulator").read_text()
        return told[0]

    async def kill(self, name: str) -> None:
        process = self.processes.pop(name)
        process.kill()
        await end_of(process)

    async def stop(self, name: str) -> int:
        """Ask a process to stop, as a supervisor does; its exit code."""
        process = self.processes.pop(name)
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE_S):
            return await end_of(process)

    async def lose_redis_for(self, seconds: float) -> None:
        """Kill Valkey as a crash would, and bring it back at the same address."""
        self.kill_redis()
        await asyncio.sleep(seconds)
        await self.wake_redis()

    def kill_redis(self) -> None:
        os.kill(self.servers.valkey.pid, signal.SIGKILL)
        self.redis_is_away = True

    async def wake_redis(self) -> None:
        """At the address where it was killed."""
        port = int(self.servers.redis_url.rsplit(":", 1)[1].split("/")[0])
        self.servers.valkey = await asyncio.to_thread(start_valkey, self.home / "valkey", port=port)
        self.redis_is_away = False

    async def start_module(self, name: str, module: str, *arguments: str, until_it_says: str) -> None:
        """Start a program of a test's own, and wait until it has said something."""
        process = self.processes[name] = await self._start(name, *arguments, module=module)
        async with asyncio.timeout(PATIENCE_S):
            while until_it_says not in self.said_by(name) and process.poll() is None:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        assert process.poll() is None, self.said_by(name)

    def said_by(self, name: str) -> str:
        return self._said(name).read_text()

    async def _start(self, name: str, *arguments: str, module: str = "api.cli", **environment: str) -> Process:
        said = self._said(name)
        if said.exists():
            self._said_before.append(said.read_bytes())
        said.write_bytes(b"")
        return await asyncio.to_thread(
            nursery.start, module, arguments, self.environment(**environment), said, cold=self.cold
        )

    def all_said(self) -> bytes:
        """What all processes have written, also those that were killed."""
        return b"\n".join([*self._said_before, *(said.read_bytes() for said in sorted(self.home.glob("*.said")))])

    def _said(self, name: str) -> Path:
        """What a process has written since it was started last."""
        return self.home / f"{name}.said"


async def tell_demo_story(home: Path) -> None:
    """Migrate and seed with the commands that an operator uses, let a worker do what follows, and leave all stopped."""
    with EmbeddedServers.start(home) as servers:
        installation = Installation(home, servers)
        for command in ("migrate", "seed"):
            code, said = await installation.daftari(command)
            assert code == 0, said
        await installation.start_worker()
        await _worked_off(servers.database_url)
        assert await installation.stop("worker") == 0


async def _worked_off(database_url: str) -> None:
    """Everybody has heard of everything, and no task waits."""
    open_all()
    database = await asyncpg.connect(database_url)
    async with asyncio.timeout(2 * PATIENCE_S):
        while not await database.fetchval(WORKED_OFF, len(every_listener())):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    await database.close()


@asynccontextmanager
async def an_installation(told_home: Path, *, cold: bool = False) -> AsyncIterator[Installation]:
    """A copy of that home, with its servers; no server or worker of ours runs yet. What still runs at the end is killed."""
    with open_home() as home:
        # cp keeps the owners, who are not us when we are root.
        await asyncio.to_thread(lambda: subprocess.run(["cp", "-Rp", told_home, home], check=True))
        servers = await asyncio.to_thread(EmbeddedServers.start, home)
        installation = Installation(home, servers, cold)
        try:
            yield installation
        finally:
            for name in list(installation.processes):
                await installation.kill(name)
            await asyncio.to_thread(servers.stop)


async def signed_in(address: str, person: DemoPerson) -> tuple[httpx.AsyncClient, str]:
    """An HTTP client of a demo person, and the access token."""
    http = httpx.AsyncClient(base_url=address, timeout=PATIENCE_S)
    answer = await ask(http, TOKEN, input={"email": person.email, "password": PASSWORD})
    token = answer["login"]["accessToken"]
    http.headers["authorization"] = f"Bearer {token}"
    return http, token


async def ask(http: httpx.AsyncClient, document: str, **variables: Any) -> Any:
    answer = (await http.post("/graphql", json={"query": document, "variables": variables})).json()
    assert "errors" not in answer, answer
    return answer["data"]


@dataclass
class Follower:
    """Follows a feed for good: comes back after every cut, each time after the last cursor it was given."""

    address: str
    token: str
    document: str
    items: list[dict[str, Any]] = field(default_factory=list)
    began: asyncio.Event = field(default_factory=asyncio.Event)
    started_at: str | None = None
    cursor: str | None = None
    cuts: int = 0

    async def run(self) -> None:
        while True:
            with suppress(TransportError, OSError, asyncio.TimeoutError):
                await self._follow_once()
            self.cuts += 1
            await asyncio.sleep(0.1)

    async def _follow_once(self) -> None:
        transport = WebsocketsTransport(
            url=self.address.replace("http", "ws") + "/graphql",
            init_payload={"authorization": f"Bearer {self.token}"},
            subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
        )
        request = gql(self.document)
        request.variable_values = {"after": self.cursor}
        async with Client(transport=transport) as session:
            async for answer in session.subscribe(request):
                (item,) = answer.values()
                self._take(item)

    def _take(self, item: dict[str, Any]) -> None:
        assert item["__typename"] != "ResyncRequired"
        if item["__typename"] not in ("Ready", "CaughtUp"):
            self.items.append(item)
        elif self.started_at is None:
            self.started_at = item["cursor"]
        self.cursor = item["cursor"]
        self.began.set()


@cache
def _codec() -> CursorCodec:
    return CursorCodec(settings_for_tests(secret=DEVELOPMENT_SECRET).cursor_secret)


def position_of(cursor: str) -> int:
    """Where in the log a follower of an installation stands."""
    return _codec().decode(cursor).position


async def positions_for_admin(database: asyncpg.Connection) -> list[int]:
    """The positions of all events that the demo's administrator may see, in order."""
    admin_id = await database.fetchval("select id from app_user where email = $1", ADMIN.email)
    audiences = list(Actor(id=UUID(str(admin_id)), name="", roles=frozenset({Role.ADMIN})).audiences)
    rows = await database.fetch("select position from event_log where audience && $1::text[] order by position", audiences)
    return [row["position"] for row in rows]


async def stop(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel tasks until they end: a client that is cancelled while it says goodbye may wait for an answer for ever, and
    needs to be told again."""
    left = set(tasks)
    async with asyncio.timeout(PATIENCE_S):
        while left:
            for task in left:
                task.cancel()
            _, left = await asyncio.wait(left, timeout=1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
