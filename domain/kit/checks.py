"""Invariants that anybody may ask to have recomputed: the parts of the integrity report.

Each room registers the checks of its own tables; a check is one read that returns a row for every violation, so an empty
report is a proof and a full one says where to look.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from domain.kit.database import connection

MAX_VIOLATIONS_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Check:
    """``sql`` selects one text column: a sentence for each violation."""

    domain: str
    name: str
    promise: str
    sql: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    check: Check
    violations: list[str]

    @property
    def holds(self) -> bool:
        return not self.violations


_checks: dict[tuple[str, str], Check] = {}


@dataclass(frozen=True, slots=True)
class Proof:
    """An invariant that takes more than one statement to recompute: ``prove`` answers a sentence for each violation.

    It may take minutes, so it is no part of the integrity report; `daftari verify-ledger` runs it.
    """

    domain: str
    name: str
    promise: str
    prove: Callable[[], Awaitable[list[str]]]


_proofs: dict[tuple[str, str], Proof] = {}


def register_proof(proof: Proof) -> None:
    _proofs[proof.domain, proof.name] = proof


def every_proof() -> list[Proof]:
    return sorted(_proofs.values(), key=lambda proof: (proof.domain, proof.name))


def register(*checks: Check) -> None:
    for check in checks:
        _checks[check.domain, check.name] = check


def every_check() -> list[Check]:
    return sorted(_checks.values(), key=lambda check: (check.domain, check.name))


async def recompute(progress: Callable[[Check], object] = lambda check: None) -> list[CheckResult]:
    """Recompute every invariant in one snapshot of the database, so that concurrent work cannot look like damage."""
    results = []
    async with connection() as c, c.transaction(isolation="repeatable_read", readonly=True):
        for check in every_check():
            progress(check)
            rows = await c.fetch(f"select * from ({check.sql}) as violation limit {MAX_VIOLATIONS_SHOWN}", timeout=600)
            results.append(CheckResult(check, [str(row[0]) for row in rows]))
    return results
