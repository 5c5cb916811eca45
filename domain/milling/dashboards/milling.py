"""What is milled: what is planned and under way, what came out of what went in, and what it cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.kit.database import fetch
from domain.kit.money import Money, decimals_of
from domain.milling.days import BY_PRODUCED, COMPLETED, MILLED, MONTH_DAYS, DaySums, kilograms, last_days, spans
from domain.milling.rules.costing import cost_per_unit, yield_percent
from domain.milling.rules.quantities import to_thousandths
from domain.milling.states import ProductionStatus

OF_PRODUCTION: Final = (COMPLETED, MILLED, BY_PRODUCED)

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


async def production(scope: UUID | None, sums: DaySums) -> ProductionBoard:
    counts = {row["status"]: row["count"] for row in await fetch(UNDER_WAY, scope)}
    today, week, month = (_figures(sums, days) for days in spans(sums.today))
    return ProductionBoard(
        planned=counts.get(ProductionStatus.PLANNED.value, 0),
        in_progress=counts.get(ProductionStatus.IN_PROGRESS.value, 0),
        today=today,
        last_7_days=week,
        last_30_days=month,
        by_day=[_figures(sums, [day]) for day in last_days(sums.today, MONTH_DAYS)],
    )


def _figures(sums: DaySums, days: list[date]) -> ProductionFigures:
    completed = sums.of(COMPLETED, days)
    return ProductionFigures(
        since=days[0],
        until=days[-1],
        completed=completed.count,
        input_kg=kilograms(sums.of(MILLED, days).quantity),
        output_kg=kilograms(completed.quantity),
        by_product_kg=kilograms(sums.of(BY_PRODUCED, days).quantity),
        output_cost=sums.money(completed.amount),
    )
