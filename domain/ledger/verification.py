"""Recomputing every promise of the house, and remembering what came of it for those who watch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from domain.kit import clock
from domain.kit.checks import Check, CheckResult, recompute
from domain.kit.unit_of_work import retried, unit_of_work

# A promise that is no longer made is forgotten with the first verification that does not know it.
_FORGET: Final = """
delete from integrity_result known where not exists (
    select from unnest($1::text[], $2::text[]) as made (domain, name)
    where made.domain = known.domain and made.name = known.name)
"""

_REMEMBER: Final = """
insert into integrity_result (domain, name, verified_at, violations)
select domain, name, $4, violations from unnest($1::text[], $2::text[], $3::int[]) as made (domain, name, violations)
order by domain, name
on conflict (domain, name) do update set verified_at = excluded.verified_at, violations = excluded.violations
"""


async def verify_everything(progress: Callable[[Check], object] = lambda check: None) -> list[CheckResult]:
    """Recompute every promise of every room. It reads all of the books: for the night, or when somebody asks for it."""
    results = await recompute(progress)
    await _remember(results)
    return results


@retried
async def _remember(results: Sequence[CheckResult]) -> None:
    domains = [result.check.domain for result in results]
    names = [result.check.name for result in results]
    async with unit_of_work() as work:
        await work.execute(_FORGET, domains, names)
        await work.execute(_REMEMBER, domains, names, [len(result.violations) for result in results], clock.now())
