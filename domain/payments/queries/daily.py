"""Reading the reports of days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from domain.identity.actor import Actor
from domain.kit.reading import read_one
from domain.payments.access import RECONCILE
from domain.payments.figures.days import DayFigures, figures_of
from domain.payments.models import DailyReconciliation


@dataclass(frozen=True, kw_only=True)
class DayReport(DayFigures):
    """The figures of a day as they stood when its report was made."""

    made_at: datetime


def report_of(row: DailyReconciliation) -> DayReport:
    return DayReport(**vars(figures_of(row.figures)), made_at=row.made_at)


async def reconciliation_report(actor: Actor, on_date: date) -> DayReport | None:
    """The report of a day as it was made last; None when nobody has made one yet."""
    actor.require(RECONCILE)
    row = await read_one(DailyReconciliation.filter(on_date=on_date))
    return None if row is None else report_of(row)
