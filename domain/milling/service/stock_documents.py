"""Documents about stock alone: what comes in and goes out without a partner, what moves, what is found, what is wrong.

Each takes effect as it is made, and is taken back as a whole. A document needs STOCK_KEEP at each warehouse that it touches,
and MILL_BACKDATE to be of an earlier moment or to be taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.unit_of_work import retried, unit_of_work
from domain.milling.access import visible_stock_documents
from domain.milling.errors import AlreadyCancelled, OpeningKnown, SameWarehouse, StockDocumentNotFound
from domain.milling.models import StockDocument, StockDocumentLine, Warehouse
from domain.milling.service.desk import MAX_REASON, moment_of, prose
from domain.milling.service.stock_filing import Paper, Part, begin, file, paper_of, the_warehouse
from domain.milling.service.stock_lines import Reading, ReadLine, StockLine, read_lines
from domain.milling.states import MovementKind, PostedStatus, StockCause, StockDocumentKind
from domain.milling.stock import Leg, cancel

STOCK_DOCUMENT: Final = ("input", "stockDocumentId")

# How many openings of these bins ($1 items) in a warehouse ($2) stand.
OPENINGS: Final = """
select m.item_id from stock_movement m
where m.item_id = any($1::uuid[]) and m.warehouse_id = $2 and m.kind = 'OPENING'
  and not exists (select from stock_cancellation c where c.movement_id = m.id)
group by m.item_id having count(*) > 1
"""


@retried
async def receive_stock(
    actor: Actor,
    *,
    warehouse_id: UUID,
    lines: Sequence[StockLine],
    received_at: datetime | None = None,
    reason: str = "",
    reference: str = "",
) -> StockDocument:
    """Goods come in without a purchase. What a line does not say it cost comes in at the rate of what is there; where
    nothing ever was, RATE_REQUIRED."""
    actor.require(Permission.STOCK_KEEP)
    return await _in_one_place(
        actor, StockDocumentKind.RECEIPT, warehouse_id, lines, Reading(valued=True), received_at, None, reason, reference
    )


@retried
async def issue_stock(
    actor: Actor,
    *,
    warehouse_id: UUID,
    lines: Sequence[StockLine],
    issued_at: datetime | None = None,
    reason: str = "",
    reference: str = "",
) -> StockDocument:
    """Goods are used up or given away. Refuses with INSUFFICIENT_STOCK, and then nothing of the document happens."""
    actor.require(Permission.STOCK_KEEP)
    return await _in_one_place(
        actor, StockDocumentKind.ISSUE, warehouse_id, lines, Reading(), issued_at, None, reason, reference
    )


@retried
async def adjust_stock(
    actor: Actor,
    *,
    warehouse_id: UUID,
    lines: Sequence[StockLine],
    cause: StockCause,
    adjusted_at: datetime | None = None,
    reason: str = "",
    reference: str = "",
) -> StockDocument:
    """There is more (quantities above 0) or less (below 0) than the books say, and why. OTHER wants the reason in words."""
    actor.require(Permission.STOCK_KEEP)
    if cause is StockCause.OTHER and not reason.strip():
        raise InvalidInput("say what happened", field=("input", "reason"))
    how = Reading(negative=True, valued=True)
    return await _in_one_place(
        actor, StockDocumentKind.ADJUSTMENT, warehouse_id, lines, how, adjusted_at, cause, reason, reference
    )


@retried
async def open_stock(
    actor: Actor,
    *,
    warehouse_id: UUID,
    lines: Sequence[StockLine],
    opened_at: datetime | None = None,
    reason: str = "",
    reference: str = "",
) -> StockDocument:
    """What was there when the books began, each item once and with its value. Refuses with OPENING_KNOWN an item whose
    opening in this warehouse is in the books already."""
    actor.require(Permission.MILL_MANAGE)
    for place, line in enumerate(lines):
        if line.value is None and line.unit_cost is None:
            raise InvalidInput("say what it is worth", field=("input", "lines", str(place), "value"))
    how = Reading(valued=True, repeated=False)
    async with unit_of_work() as work:
        document = await _in_one_place(
            actor, StockDocumentKind.OPENING, warehouse_id, lines, how, opened_at, None, reason, reference
        )
        twice = await work.fetch(OPENINGS, [line.item_id for line in lines], warehouse_id)
        if twice:
            place = [line.item_id for line in lines].index(twice[0]["item_id"])
            raise OpeningKnown("its opening here is in the books already", field=("input", "lines", str(place), "itemId"))
    return document


_MOVES: Final = {
    StockDocumentKind.RECEIPT: (MovementKind.RECEIPT, 1, "receivedAt"),
    StockDocumentKind.ISSUE: (MovementKind.ISSUE, -1, "issuedAt"),
    StockDocumentKind.ADJUSTMENT: (MovementKind.ADJUSTMENT, 1, "adjustedAt"),
    StockDocumentKind.OPENING: (MovementKind.OPENING, 1, "openedAt"),
}


async def _in_one_place(
    actor: Actor,
    kind: StockDocumentKind,
    warehouse_id: UUID,
    lines: Sequence[StockLine],
    how: Reading,
    at: datetime | None,
    cause: StockCause | None,
    reason: str,
    reference: str,
) -> StockDocument:
    """A document whose lines are one movement each, all in one warehouse."""
    movement, sign, moment_name = _MOVES[kind]
    moment_of(actor, at, moment_name)
    async with unit_of_work() as work:
        warehouse = await the_warehouse(actor, warehouse_id)
        paper = Paper(kind=kind, warehouse=warehouse, at=at, cause=cause, reason=reason, reference=reference)
        parts = [
            Part(line=line, leg=_leg(line, warehouse, movement, sign * line.base)) for line in await read_lines(lines, how)
        ]
        filed = await file(work, begin(actor, paper), parts, at=at)
    return filed.document


def _leg(
    line: ReadLine, warehouse: Warehouse, kind: MovementKind, quantity: Decimal, *, source_id: UUID | None = None
) -> Leg:
    return Leg(
        item_id=line.item.id,
        warehouse_id=warehouse.id,
        kind=kind,
        quantity=quantity,
        value_minor=line.amount_minor,
        source_id=source_id,
        line_no=line.no,
        note=line.note or None,
        field=line.field,
    )


@retried
async def transfer_stock(
    actor: Actor,
    *,
    from_warehouse_id: UUID,
    to_warehouse_id: UUID,
    lines: Sequence[StockLine],
    transferred_at: datetime | None = None,
    reason: str = "",
    reference: str = "",
) -> StockDocument:
    """Goods go from one warehouse to another at exactly the value at which they leave. The actor has to see both."""
    actor.require(Permission.STOCK_KEEP)
    moment_of(actor, transferred_at, "transferredAt")
    if from_warehouse_id == to_warehouse_id:
        raise SameWarehouse("goods are transferred to another warehouse", field=("input", "toWarehouseId"))
    async with unit_of_work() as work:
        giving = await the_warehouse(actor, from_warehouse_id, "fromWarehouseId")
        getting = await the_warehouse(actor, to_warehouse_id, "toWarehouseId")
        paper = Paper(
            kind=StockDocumentKind.TRANSFER,
            warehouse=giving,
            to_warehouse=getting,
            at=transferred_at,
            reason=reason,
            reference=reference,
        )
        parts = []
        for line in await read_lines(lines, Reading()):
            out = _leg(line, giving, MovementKind.TRANSFER_OUT, -line.base)
            parts.append(
                Part(
                    line=line,
                    leg=out,
                    to_leg=_leg(line, getting, MovementKind.TRANSFER_IN, line.base, source_id=out.id),
                )
            )
        filed = await file(work, begin(actor, paper), parts, at=transferred_at)
    return filed.document


@retried
async def cancel_stock_document(actor: Actor, *, stock_document_id: UUID, reason: str) -> StockDocument:
    """Take a document back as if it had never been. What followed is told anew, and the ledger adjusted by new entries.

    Refuses with INSUFFICIENT_STOCK when what it brought in is gone.
    """
    actor.require(Permission.STOCK_KEEP)
    actor.require(Permission.MILL_BACKDATE)
    why = prose(reason, "reason", limit=MAX_REASON)
    if not why:
        raise InvalidInput("say why", field=("input", "reason"))
    async with unit_of_work() as work:
        found = visible_stock_documents(actor, both_ends=True).filter(id=stock_document_id)
        document = await found.select_for_update(no_key=True).get_or_none()
        if document is None:
            raise StockDocumentNotFound(field=STOCK_DOCUMENT)
        if document.status is PostedStatus.CANCELLED:
            raise AlreadyCancelled("this document was taken back already", field=STOCK_DOCUMENT)
        document.status = PostedStatus.CANCELLED
        document.cancelled_at, document.cancelled_by_id, document.cancel_reason = clock.now(), actor.id, why
        document.touch()
        await document.save()
        movements = [each for row in await _lines(document) for each in (row.movement_id, row.to_movement_id) if each]
        await cancel(work, paper_of(document), movements, reason=why)
    return document


async def _lines(document: StockDocument) -> list[StockDocumentLine]:
    return await StockDocumentLine.filter(stock_document_id=document.id).order_by("line_no")
