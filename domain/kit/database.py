"""The one connection pool of a process, and raw access to it.

Models use it through Tortoise. Statements that the ORM cannot say well run on :func:`fetch` and its siblings, which join
the unit of work in progress if there is one.
"""

from __future__ import annotations

import json
from contextlib import AbstractAsyncContextManager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import asyncpg
from tortoise import Tortoise
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.connection import get_connections

from domain.kit import models_on_pool
from domain.kit.attribution import AttributedConnection
from domain.kit.pool import Pool
from domain.kit.prepared import Prepared

Record = asyncpg.Record
Connection = AttributedConnection
"""A raw connection, as the pool lends it."""

ALIAS = "default"

APPS = (
    "events",
    "jobs",
    "identity",
    "ledger",
    "wallets",
    "files",
    "reports",
    "webhooks",
    "approvals",
    "payments",
    "invoice_finance",
    "lending",
    "milling",
    "school",
    "accounting",
    "privacy",
    "notifications",
)
"""The rooms of the domain that have tables, lowest floor first; each has ``models`` and ``migrations``."""


LONGEST_KEPT_BYTES: Final = 40_000
"""Statements up to this length stay prepared. The checks of a room are longer than what the driver keeps by itself."""


@dataclass(frozen=True, slots=True)
class PoolLimits:
    min_size: int = 2
    max_size: int = 20
    acquire_timeout_s: float = 10.0
    connect_timeout_s: float = 10.0
    statement_timeout_s: float = 30.0
    prepared_statements: int = 100
    """How many a connection keeps. Each costs the server tens of kilobytes, of every connection."""


def tortoise_config(url: str, limits: PoolLimits | None = None) -> dict[str, Any]:
    """Tortoise's configuration for a ``postgres://`` URL. As everywhere with PostgreSQL, ``?host=`` may name the directory
    of a Unix socket. The driver has the URL too, and reads from it what else it says, such as ``?sslmode=``."""
    limits = limits or PoolLimits()
    parts = urlsplit(url)
    hosts = parse_qs(parts.query).get("host", [parts.hostname or "127.0.0.1"])
    credentials: dict[str, Any] = {
        "dsn": url,
        "host": hosts[0],
        "port": parts.port or 5432,
        "user": parts.username or "postgres",
        "password": parts.password or "",
        "database": parts.path.lstrip("/") or "postgres",
        "minsize": limits.min_size,
        "maxsize": limits.max_size,
        "acquire_timeout_s": limits.acquire_timeout_s,
        "timeout": limits.connect_timeout_s,
        "init": prepare_connection,
        "connection_class": AttributedConnection,
        "statement_cache_size": limits.prepared_statements,
        "max_cacheable_statement_size": LONGEST_KEPT_BYTES,
        "command_timeout": limits.statement_timeout_s,
        "server_settings": {
            "timezone": "UTC",
            "datestyle": "ISO",
            "idle_in_transaction_session_timeout": "60000",
            # Statements here are short and many: starting helper processes for one costs more than they save.
            "max_parallel_workers_per_gather": "0",
        },
    }
    return {
        "connections": {ALIAS: {"engine": models_on_pool.ENGINE, "credentials": credentials}},
        "apps": {
            app: {
                "models": [f"domain.{app}.models"],
                "migrations": f"domain.{app}.migrations",
                "default_connection": ALIAS,
            }
            for app in APPS
        },
        "use_tz": True,
        "timezone": "UTC",
    }


async def prepare_connection(connection: asyncpg.Connection) -> None:
    """jsonb columns travel as Python values in raw statements."""
    await connection.set_type_codec("jsonb", encoder=_to_json, decoder=json.loads, schema="pg_catalog")


def _to_json(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


_opened: AsyncpgDBClient | None = None


async def open_database(url: str, limits: PoolLimits | None = None) -> None:
    """Connect this process to its database; models and raw statements work from here on in every task."""
    global _opened
    await Tortoise.init(config=tortoise_config(url, limits), _enable_global_fallback=True)
    _opened = pool_client()
    if _opened._pool is None:
        await _opened.create_connection(with_db=True)


async def close_database() -> None:
    await Tortoise.close_connections()


def pool_client() -> AsyncpgDBClient:
    """The Tortoise client that owns the pool, whatever transaction is in progress."""
    client = get_connections().get(ALIAS)
    while isinstance(client, TransactionWrapper):
        client = client._parent
    assert isinstance(client, AsyncpgDBClient)
    return client


def pool() -> Pool:
    found: object = None if _opened is None else _opened._pool
    assert isinstance(found, Pool), "open_database() first"
    return found


in_unit_of_work: Final[ContextVar[Connection | None]] = ContextVar("daftari_connection", default=None)
"""The connection that the unit of work in progress has for itself."""


def pool_if_open() -> Pool | None:
    """The pool, for who looks on; None in a process that has no database, or none yet."""
    found: object = None if _opened is None else _opened._pool
    return found if isinstance(found, Pool) and not found.is_closing() else None


class connection(AbstractAsyncContextManager[Connection]):
    """The raw connection of the unit of work in progress, or one borrowed from the pool for the block."""

    __slots__ = ("_borrowed",)

    async def __aenter__(self) -> Connection:
        self._borrowed: tuple[Connection, Pool] | None = None
        joined = in_unit_of_work.get()
        if joined is not None:
            return joined
        lender = pool()
        self._borrowed = await lender.acquire(), lender
        return self._borrowed[0]

    async def __aexit__(self, *raised: object) -> None:
        if self._borrowed is not None:
            borrowed, lender = self._borrowed
            await lender.release(borrowed)


async def fetch(sql: str, *args: Any) -> list[Record]:
    async with connection() as c:
        rows: list[Record] = await c.fetch(sql, *args)
        return rows


async def fetch_as(record: type[Record], sql: str, *args: Any) -> list[Any]:
    """The rows as records of a class of their own."""
    async with connection() as c:
        if c.prepared is None:
            c.prepared = Prepared(c)
        rows: list[Any] = await c.prepared.fetch(sql, record, args)
        return rows


async def fetchrow(sql: str, *args: Any) -> Record | None:
    async with connection() as c:
        row: Record | None = await c.fetchrow(sql, *args)
        return row


async def fetchval(sql: str, *args: Any) -> Any:
    async with connection() as c:
        return await c.fetchval(sql, *args)


async def execute(sql: str, *args: Any) -> str:
    async with connection() as c:
        status: str = await c.execute(sql, *args)
        return status
