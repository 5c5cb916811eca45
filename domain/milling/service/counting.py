"""Stocktaking: what was found in a warehouse is what is there, whatever the books thought.

A count is an assertion. The difference follows from it, and goes on following: a document of an earlier moment that comes
into the books later changes the difference, and not what was found.

Whoever counts need not know what the books expect (a blind count). Who counts against a list says what the list expected,
and is refused with COUNT_OUTDATED when stock has moved since it was printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.unit_of_work import retried, unit_of_work
from domain.kit.wording import measured
from domain.milling.errors import CountOutdated
from domain.milling.models import StockDocument
from domain.milling.service.desk import moment_of
from domain.milling.service.stock_filing import Filed, Paper, Part, begin, file, the_warehouse
from domain.milling.service.stock_lines import Reading, ReadLine, StockLine, read_lines, read_quantity
from domain.milling.states import MovementKind, StockDocumentKind
from domain.milling.stock import Leg
from domain.milling.units import units_of


@dataclass(frozen=True, kw_only=True)
class CountLine(StockLine):
    """What was found of an item; ``expected`` is what the list said, in the same unit. ``value`` is of all that was found,
    and counts only where more was found than expected."""

    expected: Decimal | None = None

    @property
    def found(self) -> StockLine:
        return StockLine(**{field.name: getattr(self, field.name) for field in fields(StockLine)})


@retried
async def count_stock(
    actor: Actor,
    *,
    warehouse_id: UUID,
    lines: Sequence[CountLine],
    counted_at: datetime | None = None,
    reason: str = "",
    reference: str = "",
) -> StockDocument:
    """Say what was found of several items of a warehouse, each once. What is missing goes out, what is more comes in."""
    actor.require(Permission.STOCK_KEEP)
    moment_of(actor, counted_at, "countedAt")
    async with unit_of_work() as work:
        warehouse = await the_warehouse(actor, warehouse_id)
        how = Reading(zero=True, valued=True, repeated=False)
        found = await read_lines([line.found for line in lines], how)
        expected = await _expected(lines, found)
        parts = [
            Part(
                line=line,
                leg=Leg(
                    item_id=line.item.id,
                    warehouse_id=warehouse.id,
                    kind=MovementKind.COUNT,
                    quantity=None,
                    counted=line.base,
                    value_minor=line.amount_minor,
                    line_no=line.no,
                    note=line.note or None,
                    field=line.field,
                ),
            )
            for line in found
        ]
        paper = Paper(kind=StockDocumentKind.COUNT, warehouse=warehouse, at=counted_at, reason=reason, reference=reference)
        filed = await file(work, begin(actor, paper), parts, at=counted_at)
        _require_as_expected(expected, parts, filed)
    return filed.document


async def _expected(lines: Sequence[CountLine], found: Sequence[ReadLine]) -> list[Decimal | None]:
    """What the list said of each line, in base units. A list may tell of goods that are owed."""
    units, how = await units_of({line.item.id for line in found}), Reading(zero=True, negative=True)
    return [
        None
        if said.expected is None
        else read_quantity(line.item, units[line.item.id], said.expected, said.unit, how, line.field, "expected")
        for said, line in zip(lines, found, strict=True)
    ]


def _require_as_expected(expected: Sequence[Decimal | None], parts: Sequence[Part], filed: Filed) -> None:
    """What was found less the difference is what the books had: compared now that nobody else can move it."""
    for awaited, part in zip(expected, parts, strict=True):
        had = part.line.base - filed.moved[part.leg.id].quantity
        if awaited is not None and awaited != had:
            raise CountOutdated(
                f"the books have {measured(had, part.line.item.base_unit)} of {part.line.item.name}",
                field=(*part.line.field, "expected"),
            )
