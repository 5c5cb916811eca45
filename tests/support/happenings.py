"""Asserting what happened, and above all that nothing did."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

from domain.events import log
from domain.events.event import LoggedEvent
from domain.kit import database
from domain.kit.checks import every_check, recompute

_counted: dict[str, str] = {}
"""How the rows of each table are counted, and what else is compared."""


async def events_so_far() -> list[LoggedEvent]:
    """Everything announced since the test began that is not archived, numbered now if it was not yet."""
    while await log.sequence(database):
        pass
    try:
        return await log.read_after(0, limit=100_000)
    except log.GapInLog as gap:
        return await log.read_after(gap.first - 1, limit=100_000)


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
    if not _counted:
        tables = await database.fetch(
            """select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
               and not relispartition"""
        )
        _counted.update({row["relname"]: f'(select count(*) from "{row["relname"]}")' for row in tables})
        _counted["balances"] = "(select coalesce(sum(balance_minor * 31 + held_minor), 0)::bigint from ledger_account)"
    # One statement for all tables, and one row: a test asks this around every refusal.
    numbers = await database.fetchval(f"select array[{', '.join(_counted.values())}]")
    counts = dict(zip(_counted, numbers, strict=True))
    counts["announced"] = counts.pop("outbox") + counts.pop("event_log")
    return counts


async def assert_integrity(*domains: str) -> None:
    """Every invariant recomputed: of every room, or of some where a test builds only the lower floors."""
    checks = tuple(check.sql for check in every_check() if not domains or check.domain in domains)
    if not any([await database.fetchval(question) for question in _questions(checks)]):
        return
    results = [result for result in await recompute() if not domains or result.check.domain in domains]
    broken = {result.check.name: result.violations for result in results if not result.holds}
    assert broken == {}


@cache
def _questions(checks: tuple[str, ...]) -> list[str]:
    """Whether any of the checks finds something, in a few questions: short enough for the driver to keep them prepared."""
    questions = [""]
    for check in checks:
        found = f"exists (select from ({check}) as violation)"
        if len(questions[-1]) + len(found) > database.LONGEST_KEPT_BYTES:
            questions.append("")
        questions[-1] += f" or {found}" if questions[-1] else f"select {found}"
    return questions
