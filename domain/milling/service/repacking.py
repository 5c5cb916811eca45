"""Repacking: goods become other goods, and carry their whole cost along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.errors import InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import retried, unit_of_work
from domain.milling.errors import CostExceedsPool
from domain.milling.models import StockDocument, Warehouse
from domain.milling.service.desk import moment_of
from domain.milling.service.stock_filing import Filed, Paper, Part, begin, file, the_warehouse
from domain.milling.service.stock_lines import Reading, ReadLine, StockLine, read_lines, require_mill_currency
from domain.milling.states import CostRule, LineRole, MovementKind, StockDocumentKind
from domain.milling.stock import Leg

BASIS_POINTS: Final = 100
"""Of a percent."""


@dataclass(frozen=True, kw_only=True)
class RepackOutput(StockLine):
    """What is made. It takes ``value`` of the cost, or ``share_percent`` of it (two decimals), or without either all that
    the others leave; there is exactly one of these."""

    share_percent: Decimal | None = None

    @property
    def made(self) -> StockLine:
        return StockLine(**{field.name: getattr(self, field.name) for field in fields(StockLine)})


@dataclass(frozen=True)
class _Cost:
    rule: CostRule
    value: Decimal | None


@retried
async def repack_stock(
    actor: Actor,
    *,
    warehouse_id: UUID,
    inputs: Sequence[StockLine],
    outputs: Sequence[RepackOutput],
    added_cost: Money | None = None,
    repacked_at: datetime | None = None,
    reason: str = "",
    reference: str = "",
) -> StockDocument:
    """Take some goods of a warehouse and make others of them. The outputs together are worth what the inputs were, and
    ``added_cost`` for the work; one input short, and nothing happens."""
    actor.require(Permission.STOCK_KEEP)
    moment_of(actor, repacked_at, "repackedAt")
    if added_cost is not None:
        require_mill_currency(added_cost, ("input", "addedCost"))
    async with unit_of_work() as work:
        warehouse, document_id = await the_warehouse(actor, warehouse_id), new_id()
        taken = await read_lines(inputs, Reading(), name="inputs")
        made = await read_lines(
            [line.made for line in outputs], Reading(valued=True), name="outputs", first_no=len(taken) + 1
        )
        _require_others(taken, made)
        costs = _costs(outputs, made)
        parts = [_part(line, warehouse, document_id, None) for line in taken]
        # What takes all that is left comes last, when the others have taken theirs.
        order = sorted(range(len(made)), key=lambda place: costs[place].rule is CostRule.REST)
        parts += [_part(made[place], warehouse, document_id, costs[place]) for place in order]
        paper = Paper(
            kind=StockDocumentKind.REPACK,
            warehouse=warehouse,
            at=repacked_at,
            reason=reason,
            reference=reference,
            overhead_minor=0 if added_cost is None else added_cost.amount_minor,
        )
        filed = await file(work, begin(actor, paper, document_id=document_id), parts, at=repacked_at)
        _require_enough_cost(parts, filed)
    return filed.document


def _part(line: ReadLine, warehouse: Warehouse, pool_id: UUID, cost: _Cost | None) -> Part:
    """An input where ``cost`` is None, else an output. An output's value is a claim on the pool, and no value of its own."""
    incoming = cost is not None
    leg = Leg(
        item_id=line.item.id,
        warehouse_id=warehouse.id,
        kind=MovementKind.REPACK_IN if incoming else MovementKind.REPACK_OUT,
        quantity=line.base if incoming else -line.base,
        pool_id=pool_id,
        line_no=line.no,
        note=line.note or None,
        field=line.field,
    )
    if cost is not None:
        leg = replace(leg, cost_rule=cost.rule, cost_value=cost.value)
    return Part(line=line, leg=leg, role=LineRole.OUTPUT if incoming else LineRole.INPUT)


def _costs(outputs: Sequence[RepackOutput], made: Sequence[ReadLine]) -> list[_Cost]:
    costs = [_cost(output, line) for output, line in zip(outputs, made, strict=True)]
    if sum(cost.rule is CostRule.REST for cost in costs) != 1:
        raise InvalidInput(
            "exactly one output takes the cost that the others leave: it says neither a value nor a share",
            field=("input", "outputs"),
        )
    shared = sum((cost.value for cost in costs if cost.rule is CostRule.SHARE and cost.value is not None), Decimal(0))
    if shared > 100 * BASIS_POINTS:
        raise InvalidInput("the shares are more than 100 percent", field=("input", "outputs"))
    return costs


def _cost(output: RepackOutput, line: ReadLine) -> _Cost:
    if output.share_percent is None:
        if line.amount_minor is None:
            return _Cost(CostRule.REST, None)
        return _Cost(CostRule.FIXED, Decimal(line.amount_minor))
    where = (*line.field, "sharePercent")
    if line.amount_minor is not None:
        raise InvalidInput("an output takes a value or a share, not both", field=where)
    share = output.share_percent
    if not share.is_finite() or not 0 < share <= 100 or share.quantize(Decimal("0.01")) != share:
        raise InvalidInput("a share is above 0 and up to 100 percent, with at most two decimals", field=where)
    return _Cost(CostRule.SHARE, share * BASIS_POINTS)


def _require_enough_cost(parts: Sequence[Part], filed: Filed) -> None:
    """What outputs are said to be worth is no more than there is."""
    for part in parts:
        if part.leg.cost_rule is CostRule.FIXED and filed.moved[part.leg.id].value.amount_minor != part.line.amount_minor:
            raise CostExceedsPool("this is more than what goes in is worth", field=(*part.line.field, "value"))


def _require_others(taken: Sequence[ReadLine], made: Sequence[ReadLine]) -> None:
    """What goes in does not come out of the same repack."""
    inputs = {line.item.id for line in taken}
    for line in made:
        if line.item.id in inputs:
            raise InvalidInput(f"{line.item.name} is repacked into itself", field=(*line.field, "itemId"))
