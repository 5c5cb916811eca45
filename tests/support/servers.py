"""Applications under uvicorn on a free port of this machine, inside the test's own event loop."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from api.app import create_app
from api.choices import Environment
from api.health import Health, Probe
from api.processes.shortcut import http_protocol
from api.settings import Settings
from domain.identity.actor import Actor
from domain.kit.errors import Unauthenticated
from schema.kit.context import Services
from schema.pipeline import Budget, Pipeline, TrustedDocuments
from tests.support.small_schema import small_schema

NODE = Path(__file__).resolve().parents[2] / ".venv" / "bin" / "node"
NODE_TESTS = Path(__file__).resolve().parents[1] / "protocol" / "node"


def settings_for_tests(**chosen: Any) -> Settings:
    """Settings that take nothing from the developer's own environment."""
    return Settings(_env_file=None, **{"environment": Environment.TEST, **chosen})


@asynccontextmanager
async def served(app: ASGIApp, **options: Any) -> AsyncIterator[str]:
    """The address (``http://127.0.0.1:<port>``) at which the application answers while the block runs."""
    # Of a socket that does not call itself TCP, asyncio's own loop leaves Nagle's algorithm on: 40 ms for each answer.
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            app, **{"log_config": None, "http": http_protocol(), "ws": "none", "proxy_headers": False, **options}
        )
        server = uvicorn.Server(config)
        # Not serve(): it takes the signals of the whole process, which are pytest's.
        running = asyncio.create_task(server._serve([listening]))
        try:
            while not server.started:
                assert not running.done(), "the server did not start"
                await asyncio.sleep(0.005)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await running


def authenticator(actors: dict[str, Actor]) -> Callable[[str], Awaitable[Actor]]:
    """Bearer tokens that are simply known, for tests of what comes after."""

    async def authenticate(bearer: str) -> Actor:
        if bearer == "expired":
            raise Unauthenticated("the access token has expired")
        try:
            return actors[bearer]
        except KeyError:
            raise Unauthenticated("this is not a token of this server") from None

    return authenticate


def small_app(
    *,
    settings: Settings | None = None,
    actors: dict[str, Actor] | None = None,
    budget: Budget | None = None,
    trusted: TrustedDocuments | None = None,
    services: Services | None = None,
    probes: Sequence[Probe] = (),
    **more: Any,
) -> ASGIApp:
    """The edge over the schema in miniature; ``more`` goes to :func:`api.app.create_app`."""
    settings = settings or settings_for_tests()
    pipeline = Pipeline(
        small_schema(),
        limits=settings.limits,
        budget=budget,
        trusted=trusted,
        services=services,
        introspection=settings.allows_introspection,
    )
    more.setdefault("health", Health(probes))
    return create_app(settings, pipeline=pipeline, authenticate=authenticator(actors or {}), **more)


async def run_node(script: str, *arguments: str) -> tuple[int, str, str]:
    """Run a script of ``tests/protocol/node``: its exit status, and what it wrote to stdout and stderr."""
    process = await asyncio.create_subprocess_exec(
        NODE,
        NODE_TESTS / script,
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"PATH": os.environ.get("PATH", "")},
    )
    try:
        out, err = await process.communicate()
    except BaseException:
        process.kill()
        await process.wait()
        raise
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()
