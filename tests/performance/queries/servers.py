"""The servers that answer queries, all over one book of loans, and the proof that they say the same."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import orjson

from api.embedded import EmbeddedServers
from api.processes.foundation import database_of
from domain.identity.models import User
from domain.identity.permissions import Role
from domain.kit.database import fetch
from domain.kit.migrations import migrate
from schema.kit.ids import encode_id
from tests.performance.contest import Rounds
from tests.performance.lending_book import Kind, Size, write_book
from tests.performance.load import http_request
from tests.performance.programs import Server, a_server, share_out_cores
from tests.performance.queries.documents import DOCUMENTS, ONE_LOAN, SIZES, Asked
from tests.performance.row_ids import id_of
from tests.support.homes import open_home
from tests.support.people import a_user, signed_in
from tests.support.servers import NODE, settings_for_tests

HERE: Final = Path(__file__).parents[1]
BOOK: Final = Size(loans=5_000, branches=5, officers=5, applications=0)
POOL_SIZE: Final = 8
DIFFERENT_LOANS: Final = 500
"""Q1 asks for these in turn."""

OURS, HELLO = "Daftari", "uvicorn that says hello"
STOCK, TORTOISE, BARE = "Strawberry, asyncpg rows", "Strawberry, Tortoise", "no GraphQL, bare ASGI"
MERCURIUS, YOGA = "mercurius with jit", "graphql-yoga with JIT"

PEERS: Final[dict[str, Sequence[str | Path]]] = {
    STOCK: (sys.executable, "-m", "tests.performance.peers.strawberry_queries"),
    TORTOISE: (sys.executable, "-m", "tests.performance.peers.tortoise_queries"),
    MERCURIUS: (NODE, HERE / "node" / "queries" / "mercurius.mjs"),
    YOGA: (NODE, HERE / "node" / "queries" / "yoga.mjs"),
    BARE: (sys.executable, "-m", "tests.performance.peers.bare_queries"),
    HELLO: (sys.executable, "-m", "tests.performance.peers.hello"),
}
SETTINGS_OF_OURS: Final = {
    "DAFTARI_DATABASE_POOL_SIZE": str(POOL_SIZE),
    # One person of flesh and blood never asks as much: the budget is kept, and large.
    "DAFTARI_POINTS_PER_MINUTE": str(10**12),
    "DAFTARI_ACCESS_TOKEN_MINUTES": "600",
}


@dataclass
class Contestant:
    """A server at work, the requests that it gets for each document, and what its rounds showed."""

    name: str
    server: Server
    requests: dict[str, list[bytes]]
    rounds: dict[str, Rounds] = field(default_factory=dict)

    def sign(self, asked: Asked) -> bytes:
        """What is in the first part of each right answer."""
        return b"hello" if self.name == HELLO else asked.begins


@asynccontextmanager
async def contestants() -> AsyncIterator[tuple[list[Contestant], int]]:
    """All servers at work, and the process of their database."""
    core = share_out_cores()
    async with AsyncExitStack() as stack:
        home = stack.enter_context(open_home())
        servers = stack.enter_context(EmbeddedServers.start(home, postgres_options={"shared_buffers": "512MB"}))
        await migrate(servers.database_url)
        settings = settings_for_tests(database_url=servers.database_url, redis_url=servers.redis_url)
        async with database_of(settings):
            await write_book(BOOK)
            branch = id_of(Kind.BRANCH, 1)
            viewer = await a_user(Role.BRANCH_MANAGER, name="Branch manager", branch_id=branch)
            bodies = await _bodies()
            environment = {
                "DATABASE_URL": servers.database_url,
                "REDIS_URL": servers.redis_url,
                "POOL_SIZE": str(POOL_SIZE),
                "VIEWER_ID": str(viewer.id),
                "BRANCH_ID": str(branch),
            }
            ours = await stack.enter_async_context(
                a_server((sys.executable, "-m", "tests.performance.daftari"), core, {**environment, **SETTINGS_OF_OURS})
            )
            everybody = [Contestant(OURS, ours, _requests(bodies, await _token(viewer)))]
        for name, command in PEERS.items():
            server = await stack.enter_async_context(a_server(command, core, environment))
            everybody.append(Contestant(name, server, _requests(bodies, None)))
        await _require_same_answers([each for each in everybody if each.name != HELLO], bodies)
        yield everybody, servers.postgres.pid


async def _token(viewer: User) -> str:
    return (await signed_in(viewer)).access_token


async def _bodies() -> dict[str, list[bytes]]:
    """The requests of each document, as JSON."""
    sql = "select id from loan where branch_id = $1 order by number limit $2"
    loans = [encode_id("Loan", row["id"]) for row in await fetch(sql, id_of(Kind.BRANCH, 1), DIFFERENT_LOANS)]
    assert len(loans) == DIFFERENT_LOANS
    different: dict[str, list[dict[str, Any]]] = {ONE_LOAN.name: [{"id": loan} for loan in loans]}
    return {
        asked.name: [
            orjson.dumps({"query": asked.text, "operationName": asked.operation, "variables": variables})
            for variables in different.get(asked.name, [dict(asked.variables)])
        ]
        for asked in (*DOCUMENTS, *SIZES.values())
    }


def _requests(bodies: dict[str, list[bytes]], token: str | None) -> dict[str, list[bytes]]:
    return {name: [http_request(body, token) for body in each] for name, each in bodies.items()}


async def _require_same_answers(everybody: Sequence[Contestant], bodies: dict[str, list[bytes]]) -> None:
    """Whoever answers otherwise than Daftari is not compared with it."""
    async with httpx.AsyncClient(trust_env=False) as client:
        for name, requests in bodies.items():
            for body in requests[:20]:
                answers = {}
                for each in everybody:
                    headers = {"content-type": "application/json"}
                    if each.name == OURS:
                        headers["authorization"] = _authorization(each.requests[name][0])
                    response = await client.post(
                        f"http://127.0.0.1:{each.server.port}/graphql", content=body, headers=headers
                    )
                    told = response.json()
                    assert response.status_code == 200 and told.get("data") and not told.get("errors"), (each.name, told)
                    answers[each.name] = orjson.dumps(told["data"], option=orjson.OPT_SORT_KEYS)
                for rival, answer in answers.items():
                    assert answer == answers[OURS], f"{name}: {rival} says {answer[:600]!r}, we say {answers[OURS][:600]!r}"


def _authorization(request: bytes) -> str:
    return request.partition(b"authorization: ")[2].partition(b"\r\n")[0].decode()
