"""Statistics by their names: every figure that is kept, one by one or added up. See :mod:`domain.school.rules.titles`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.money import decimals_of
from domain.school import figures
from domain.school.queries.board import seen_branch
from domain.school.rules.statistics import ATTENDANCE, MONEY, Key, Metric
from domain.school.rules.titles import BadTitle, Title

MAX_NAMES: Final = 100
"""So many statistics are asked for by name at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistic:
    """One figure by its name; money is in major units."""

    metric_name: str
    metric_value: Decimal
    calculated_at: datetime


async def statistics(actor: Actor, currency: str, names: Sequence[str] | None = None) -> list[Statistic]:
    """Figures by their names, in the order of the names, or the totals of all that there is.

    What a name does not say is added up over, but amounts of several currencies cannot be: they are in ``currency`` then.
    """
    scope = await seen_branch(actor, Permission.SCHOOL_READ, None)
    if names is None:
        return await _all_totals(actor, currency, scope)
    titles = [_read_name(name) for name in _within(names)]
    if any(title.metric in MONEY for title in titles):
        actor.require(Permission.FEES_READ)
    wanted = [_in_currency(title, currency) for title in titles]
    amounts, now = await figures.titled(wanted, branch_id=scope), clock.now()
    return [
        Statistic(
            metric_name=name,
            metric_value=figures.value_of(title.key, amount),
            calculated_at=now,
        )
        for name, title, amount in zip(names, wanted, amounts, strict=True)
    ]


async def _all_totals(actor: Actor, currency: str, scope: UUID | None) -> list[Statistic]:
    """Each metric that the actor sees: of money in the school's currency and in each other that there is, of attendance the
    marks of today."""
    seen = [metric for metric in Metric if metric not in MONEY or actor.may(Permission.FEES_READ)]
    kept = [metric for metric in seen if metric not in ATTENDANCE.values()]
    found = {Key(metric, currency=currency if metric in MONEY else ""): 0 for metric in kept}
    found |= await figures.totals_of(kept, branch_id=scope)
    marks = [Title(metric, on=clock.today()) for metric in ATTENDANCE.values()]
    found |= {mark.key: amount for mark, amount in zip(marks, await figures.titled(marks, branch_id=scope), strict=True)}
    now = clock.now()
    return [
        Statistic(
            metric_name=key.title,
            metric_value=figures.value_of(key, found[key]),
            calculated_at=now,
        )
        for key in sorted(found, key=lambda key: (seen.index(key.metric), key.currency))
    ]


def _within(names: Sequence[str]) -> Sequence[str]:
    if len(names) > MAX_NAMES:
        raise InvalidInput(f"at most {MAX_NAMES} statistics are asked for at once", field=("names",))
    return names


def _read_name(name: str) -> Title:
    try:
        return Title.parse(name)
    except BadTitle as error:
        raise InvalidInput(str(error), field=("names",)) from error


def _in_currency(title: Title, currency: str) -> Title:
    if title.metric not in MONEY:
        return title
    decimals_of(title.currency or currency)
    return Title(title.metric, title.class_id, title.on, title.currency or currency)
