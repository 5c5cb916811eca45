"""The book of loans as the peers in Python read it: the statements of ``sql/``, and a pool of asyncpg.

Who reads is told in the environment, because the peers know nobody: they have no sign-in and no rights, only the condition
on rows that is part of the statements.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import asyncpg

SQL: Final = Path(__file__).parents[1] / "sql"
LOAN, LOANS, PEOPLE, INSTALMENTS = ((SQL / f"{name}.sql").read_text() for name in ("loan", "loans", "people", "instalments"))
VIEWER: Final = UUID(os.environ.get("VIEWER_ID", UUID(int=0).hex))
BRANCH: Final = UUID(os.environ.get("BRANCH_ID", UUID(int=0).hex))
POOL_SIZE: Final = int(os.environ.get("POOL_SIZE", "8"))


class Book:
    """Reads over a pool."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool

    async def loan(self, loan_id: UUID) -> asyncpg.Record | None:
        return await self.pool.fetchrow(LOAN, [loan_id], VIEWER, BRANCH)

    async def loans(self, first: int) -> list[asyncpg.Record]:
        return await self.pool.fetch(LOANS, VIEWER, BRANCH, first)

    async def people(self, ids: Sequence[UUID]) -> list[asyncpg.Record | None]:
        """One for each id, in that order: as a DataLoader wants them."""
        found = {row["id"]: row for row in await self.pool.fetch(PEOPLE, ids)}
        return [found.get(each) for each in ids]

    async def schedules(self, loan_ids: Sequence[UUID]) -> list[list[asyncpg.Record]]:
        """A list for each loan, in that order."""
        found: dict[UUID, list[asyncpg.Record]] = {each: [] for each in loan_ids}
        for row in await self.pool.fetch(INSTALMENTS, loan_ids, VIEWER, BRANCH):
            found[row["loan_id"]].append(row)
        return list(found.values())


@asynccontextmanager
async def open_book() -> AsyncIterator[Book]:
    """Decimals come as text without the zeros that their columns have room for, as they are to be shown."""

    async def prepare(connection: Any) -> None:
        await connection.set_type_codec("numeric", schema="pg_catalog", encoder=str, decoder=_plain, format="text")

    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=POOL_SIZE, max_size=POOL_SIZE, init=prepare) as pool:
        yield Book(pool)


def _plain(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number


def global_id(kind: str, row_id: UUID) -> str:
    return urlsafe_b64encode(f"{kind}:{row_id}".encode()).decode().rstrip("=")


def row_id_of(given: str) -> UUID:
    return UUID(urlsafe_b64decode(given + "=" * (-len(given) % 4)).decode().partition(":")[2])


def major(minor: int) -> str:
    """An amount in major units; all of this book is in a currency with two decimals."""
    return f"{minor // 100}.{minor % 100:02}"
