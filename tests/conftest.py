"""What every test may ask for: real PostgreSQL and Valkey, started once a session, and an empty database a test."""

from __future__ import annotations

import ast
import functools
import gc
import sys
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
import structlog

from api.embedded import EmbeddedServer, start_postgres, start_valkey
from domain import rooms
from domain.kit.database import PoolLimits, close_database, open_database
from domain.kit.migrations import migrate
from tests.support.cleaning import empty_all_tables, stop_cleaning
from tests.support.homes import alone, open_home, shared_home
from tests.support.people import configure_identity


def _undisturbed(parse: Callable[..., ast.AST]) -> Callable[..., ast.AST]:
    """Before 3.12, CPython fails to parse when a collection in the midst of it lets somebody else parse."""

    @functools.wraps(parse)
    def parse_without_collecting(*args: object, **options: object) -> ast.AST:
        collects = gc.isenabled()
        gc.disable()
        try:
            return parse(*args, **options)
        finally:
            if collects:
                gc.enable()

    return parse_without_collecting


if sys.version_info < (3, 12):
    ast.parse = _undisturbed(ast.parse)  # type: ignore[assignment]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """Modules and tests are made to stay: looking through them for garbage, then and later, takes seconds and finds none."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


# An exception that is logged is drawn with its code and its variables otherwise, which takes a third of a second.
structlog.configure(
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)


pytest_plugins = ("tests.trust.recording",)

FAST_AND_FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "200",
    "shared_buffers": "128MB",
}


@pytest.fixture(scope="session")
def servers_home() -> Iterator[Path]:
    with open_home() as home:
        yield home


@pytest.fixture(scope="session")
def sockets(servers_home: Path) -> Path:
    """Where PostgreSQL, which may be another user, puts its Unix socket."""
    directory = servers_home.parent / "sockets"
    directory.mkdir()
    directory.chmod(0o777)
    return directory


@pytest.fixture(scope="session")
def postgres(servers_home: Path, sockets: Path) -> Iterator[EmbeddedServer]:
    options = FAST_AND_FORGETFUL | {"unix_socket_directories": str(sockets)}
    server = start_postgres(servers_home / "postgres", options=options)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def valkey(servers_home: Path) -> Iterator[EmbeddedServer]:
    server = start_valkey(servers_home / "valkey")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def database_url(postgres: EmbeddedServer) -> str:
    return postgres.url


@pytest.fixture(scope="session")
def redis_url(valkey: EmbeddedServer) -> str:
    return valkey.url


@pytest_asyncio.fixture(scope="session")
async def open_pool(database_url: str, sockets: Path) -> AsyncIterator[None]:
    """The migrated database, and this process's pool to it: over a socket and with room for the statements of all tests,
    because tests are short and most of their time goes into the ways to the server and into preparing statements."""
    rooms.open_all()
    configure_identity()
    await migrate(database_url)
    limits = PoolLimits(min_size=2, max_size=20, prepared_statements=1000)
    await open_database(f"{database_url}?host={sockets}", limits)
    yield
    await stop_cleaning()
    await close_database()


@pytest_asyncio.fixture
async def database(open_pool: None) -> AsyncIterator[None]:
    """An empty database for one test."""
    yield
    await empty_all_tables()


@pytest_asyncio.fixture(scope="session")
async def told_home(testrun_uid: str) -> AsyncIterator[Path]:
    """A home whose servers are stopped, with the demo story told in it by `migrate` and `seed`: made once in a run, by
    whichever process of it needs it first, and copied for each installation of processes."""
    from tests.api.processes.installation import tell_demo_story

    with shared_home(testrun_uid) as home:
        with alone(home) as told:
            if not told.exists():
                await tell_demo_story(home)
                told.touch()
        yield home


@pytest.fixture(scope="session")
def repository() -> Path:
    return Path(__file__).resolve().parent.parent
