"""What productions have cost follows from their movements: when a document of an earlier moment changes what those are
worth, the figures of productions change with them, and it is told."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from domain.kit import clock
from domain.kit.unit_of_work import Work
from domain.milling.events import ProductionChanged
from domain.milling.models import Production, ProductionLine
from domain.milling.states import ProductionChange

# What the lines of productions ($1) have taken and brought, as it is posted now: a cancelled movement has no posting.
TAKE_OVER: Final = """
update mill_production_line l set actual_quantity = s.quantity, cost_minor = s.cost
from (select l.id, coalesce(abs(sum(p.quantity)), 0) as quantity,
             coalesce(abs(sum(p.value_minor + p.variance_minor)), 0)::bigint as cost
      from mill_production_line l
      left join stock_movement m on m.document_id = l.production_id and m.line_no = l.line_no
      left join stock_posting p on p.movement_id = m.id
      where l.production_id = any($1::uuid[]) group by l.id) s
where s.id = l.id and (l.actual_quantity, l.cost_minor) <> (s.quantity, s.cost)
"""

# Productions ($1) take over the costs of their lines; answers those that this has changed.
SUM_UP: Final = """
update mill_production d
set input_cost_minor = s.input, by_product_cost_minor = s.by_product, output_cost_minor = s.output,
    version = d.version + 1, updated_at = $2
from (select production_id, coalesce(sum(cost_minor) filter (where role = 'INPUT'), 0)::bigint as input,
             coalesce(sum(cost_minor) filter (where role = 'BY_PRODUCT'), 0)::bigint as by_product,
             coalesce(sum(cost_minor) filter (where role = 'OUTPUT'), 0)::bigint as output
      from mill_production_line where production_id = any($1::uuid[]) group by production_id) s
where s.production_id = d.id
  and (d.input_cost_minor, d.by_product_cost_minor, d.output_cost_minor) <> (s.input, s.by_product, s.output)
returning d.id
"""


async def take_over_costs(work: Work, production_id: UUID) -> list[ProductionLine]:
    """Let the lines of a production say what has moved and what it is worth by now."""
    await work.execute(TAKE_OVER, [production_id])
    return await ProductionLine.filter(production_id=production_id).order_by("line_no")


async def follow_costs(work: Work, production_ids: Collection[UUID]) -> None:
    """The same for productions that are not being acted on themselves: their figures change, and it is told."""
    if not production_ids:
        return
    await work.execute(TAKE_OVER, list(production_ids))
    changed = [row["id"] for row in await work.fetch(SUM_UP, list(production_ids), clock.now())]
    if not changed:
        return
    lines: dict[UUID, list[ProductionLine]] = {}
    for line in await ProductionLine.filter(production_id__in=changed).order_by("line_no"):
        lines.setdefault(line.production_id, []).append(line)
    for each in await Production.filter(id__in=changed).order_by("serial"):
        change, status = ProductionChange.REVALUED, each.status
        work.record(ProductionChanged.of(each, lines[each.id], change=change, status_before=status))
