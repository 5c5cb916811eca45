"""Asserting what happened, and above all that nothing did."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from domain.events import log
from domain.events.event import LoggedEvent
from domain.kit import database
from domain.kit.checks import recompute


async def events_so_far() -> list[LoggedEvent]:
    """Everything announced since the test began, numbered now if it was not yet."""
    while await log.sequence(database):
        pass
    return await log.read_after(0, limit=100_000)


async def names_of_events() -> list[str]:
    return [logged.name for logged in await events_so_far()]


@asynccontextmanager
async def nothing_happens() -> AsyncIterator[None]:
    """Assert that the block leaves no row, no entry, no event."""
    before = await _everything()
    yield
    after = await _everything()
    assert after == before, "a refusal must not leave a trace"


async def _everything() -> dict[str, int]:
    """The number of rows of every table, the log and outbox together, and the sum of all balances."""
    rows = await database.fetch(
        """select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
           and not relispartition"""
    )
    # One statement for all tables: a test asks this around every refusal.
    every = " union all ".join(f"""select '{row["relname"]}' as name, count(*) from "{row["relname"]}\"""" for row in rows)
    counts = {row["name"]: row["count"] for row in await database.fetch(every)}
    counts["announced"] = counts.pop("outbox") + counts.pop("event_log")
    counts["balances"] = await database.fetchval(
        "select coalesce(sum(balance_minor * 31 + held_minor), 0)::bigint from ledger_account"
    )
    return counts


async def assert_integrity(*domains: str) -> None:
    """Every invariant recomputed: of every room, or of some where a test builds only the lower floors."""
    results = [result for result in await recompute() if not domains or result.check.domain in domains]
    broken = {result.check.name: result.violations for result in results if not result.holds}
    assert broken == {}
