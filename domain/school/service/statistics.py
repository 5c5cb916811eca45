"""Keeping what the school counts: the tail of changes is folded, and all of it is recounted now and then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, Self

import structlog

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.database import fetchval
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.school.events import StatisticsRepaired
from domain.school.figures import ASTRAY, astray, differences_in, value_of
from domain.school.rules.statistics import Difference

TITLES_TOLD: Final = 20

logger = structlog.get_logger(__name__)

# Whoever changes a row waits from here on, so that what is compared, and what is counted anew, is of one moment.
_HOLD: Final = "lock table school_figure_change in exclusive mode"
_TAKE_TURNS: Final = "select pg_advisory_xact_lock(hashtextextended('school_figure', 0))"
_RETAKE: Final = "select retake_school_figures()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """A figure that was kept otherwise than counted, and is as counted now; money is in major units."""

    metric_name: str
    kept: Decimal
    counted: Decimal

    @classmethod
    def of(cls, found: Difference) -> Self:
        kept, counted = (value_of(found.key, amount) for amount in (found.kept, found.counted))
        return cls(metric_name=found.key.title, kept=kept, counted=counted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """What a recount found, and has put right; nothing, as long as nobody writes past the guards of the database."""

    differences: Sequence[Repaired]
    calculated_at: datetime

    @property
    def found(self) -> int:
        return len(self.differences)


async def fold_figures() -> int:
    """Bring the changes of the last minute into the sums, so that readers have few of them to add up; returns how many."""
    folded: int = await fetchval("select fold_school_figures()")
    return folded


async def refresh_statistics(actor: Actor) -> Refreshed:
    """Recount everything that the school counts, and keep what was counted where it differs from what is kept.

    The recount holds nobody up; only where something is to be put right, everybody waits until that is done.
    """
    actor.require(Permission.SCHOOL_REPAIR)
    if not await astray():
        return Refreshed(differences=(), calculated_at=clock.now())
    return await _repair()


@retried
async def _repair() -> Refreshed:
    async with unit_of_work() as work:
        found = await _retake(work)
        if found:
            titles = [each.key.title for each in found[:TITLES_TOLD]]
            work.record(StatisticsRepaired(found=len(found), titles=titles))
            logger.error("school_statistics_were_astray", found=len(found), titles=titles)
    return Refreshed(differences=[Repaired.of(each) for each in found], calculated_at=clock.now())


async def _retake(work: Work) -> list[Difference]:
    await work.execute(_TAKE_TURNS)
    await work.execute(_HOLD)
    found = differences_in(await work.fetch(ASTRAY))
    await work.execute(_RETAKE)
    return found
