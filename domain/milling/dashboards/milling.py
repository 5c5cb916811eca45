"""What is milled: what is planned and under way, what came out of what went in, and what it cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.kit.database import Record, fetch
from domain.kit.money import Money, decimals_of
from domain.milling.days import MONTH_DAYS, first_moment, kilograms, last_days, spans
from domain.milling.rules.costing import cost_per_unit, yield_percent
from domain.milling.rules.quantities import to_thousandths
from domain.milling.states import ProductionStatus

# Productions of a branch ($1, or of all) that were completed since a moment ($2), by day.
COMPLETED: Final = """
select mill_day_of(completed_at) as day, count(*) as completed, sum(input_kg) as input_kg, sum(output_kg) as output_kg,
       sum(by_product_kg) as by_product_kg, sum(output_cost_minor)::bigint as output_cost
from mill_production
where completed_at >= $2 and status = 'COMPLETED' and ($1::uuid is null or branch_id = $1) group by 1
"""

UNDER_WAY: Final = """
select status, count(*) as count from mill_production
where status in ('PLANNED', 'IN_PROGRESS') and ($1::uuid is null or branch_id = $1) group by 1
"""


@dataclass(frozen=True, slots=True)
class ProductionFigures:
    """Productions completed from one day to another. The cost is that of the main outputs, of their kilograms alone."""

    since: date
    until: date
    completed: int
    input_kg: Decimal
    output_kg: Decimal
    by_product_kg: Decimal
    output_cost: Money

    @property
    def loss_kg(self) -> Decimal:
        """What went in and did not come out; water that was added makes it negative."""
        return self.input_kg - self.output_kg - self.by_product_kg

    @property
    def yield_percent(self) -> Decimal | None:
        """Extraction: main output in percent of what went in, by weight."""
        return yield_percent(to_thousandths(self.output_kg), to_thousandths(self.input_kg))

    @property
    def cost_per_kg(self) -> Decimal | None:
        """Of the main output, in major units; exact to a hundredth of a hundredth of the minor unit."""
        minor = cost_per_unit(self.output_cost.amount_minor, to_thousandths(self.output_kg))
        return None if minor is None else minor.scaleb(-decimals_of(self.output_cost.currency))


@dataclass(frozen=True, slots=True)
class ProductionBoard:
    """Productions that wait and run, and those completed today, in the last 7 and 30 days, and day by day."""

    planned: int
    in_progress: int
    today: ProductionFigures
    last_7_days: ProductionFigures
    last_30_days: ProductionFigures
    by_day: list[ProductionFigures]


async def production(scope: UUID | None, today: date, currency: str) -> ProductionBoard:
    by_day = {row["day"]: row for row in await fetch(COMPLETED, scope, first_moment(today, MONTH_DAYS))}
    counts = {row["status"]: row["count"] for row in await fetch(UNDER_WAY, scope)}

    def figures(days: list[date]) -> ProductionFigures:
        return _figures(days, [by_day[day] for day in days if day in by_day], currency)

    now, week, month = (figures(span.days) for span in spans(today))
    return ProductionBoard(
        planned=counts.get(ProductionStatus.PLANNED.value, 0),
        in_progress=counts.get(ProductionStatus.IN_PROGRESS.value, 0),
        today=now,
        last_7_days=week,
        last_30_days=month,
        by_day=[figures([day]) for day in last_days(today, MONTH_DAYS)],
    )


def _figures(days: list[date], rows: Iterable[Record], currency: str) -> ProductionFigures:
    rows = list(rows)

    def weight(column: str) -> Decimal:
        return kilograms(sum((row[column] for row in rows), Decimal(0)))

    return ProductionFigures(
        since=days[0],
        until=days[-1],
        completed=sum(row["completed"] for row in rows),
        input_kg=weight("input_kg"),
        output_kg=weight("output_kg"),
        by_product_kg=weight("by_product_kg"),
        output_cost=Money(sum(row["output_cost"] for row in rows), currency),
    )
