"""How a document about stock is made and taken back: its row, its movements and their entry, together or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.kit import clock
from domain.kit.context import current_call
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work
from domain.milling import settings
from domain.milling.access import warehouse_of
from domain.milling.models import StockDocument, StockDocumentLine, Warehouse
from domain.milling.service.desk import MAX_REASON, MAX_REFERENCE, dated_by, prose
from domain.milling.service.stock_lines import ReadLine
from domain.milling.states import DocumentKind, LineRole, PostedStatus, StockCause, StockDocumentKind
from domain.milling.stock import Booked, Document, Leg, Moved, book

_SAID: Final[Mapping[StockDocumentKind, str]] = {
    StockDocumentKind.OPENING: "Opening stock",
    StockDocumentKind.RECEIPT: "Stock received",
    StockDocumentKind.ISSUE: "Stock issued",
    StockDocumentKind.TRANSFER: "Stock transferred",
    StockDocumentKind.COUNT: "Stock counted",
    StockDocumentKind.ADJUSTMENT: "Stock adjusted",
    StockDocumentKind.REPACK: "Stock repacked",
}

_MOMENTS: Final[Mapping[StockDocumentKind, str]] = {
    StockDocumentKind.OPENING: "openedAt",
    StockDocumentKind.RECEIPT: "receivedAt",
    StockDocumentKind.ISSUE: "issuedAt",
    StockDocumentKind.TRANSFER: "transferredAt",
    StockDocumentKind.COUNT: "countedAt",
    StockDocumentKind.ADJUSTMENT: "adjustedAt",
    StockDocumentKind.REPACK: "repackedAt",
}
"""What the input calls the moment of each."""


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What is said of a document besides its lines. ``at`` is now unless said otherwise."""

    kind: StockDocumentKind
    warehouse: Warehouse
    to_warehouse: Warehouse | None = None
    at: datetime | None = None
    cause: StockCause | None = None
    reason: str = ""
    reference: str = ""
    overhead_minor: int = 0


@dataclass(frozen=True, kw_only=True)
class Part:
    """A line with the movements that it makes; of a transfer ``to_leg`` is the one at the other end."""

    line: ReadLine
    leg: Leg
    to_leg: Leg | None = None
    role: LineRole | None = None


@dataclass(frozen=True, kw_only=True)
class Filed:
    """A document as it was posted, with what each movement came to."""

    document: StockDocument
    booked: Booked
    moved: Mapping[UUID, Moved] = field(default_factory=dict)


async def the_warehouse(actor: Actor, warehouse_id: UUID, name: str = "warehouseId") -> Warehouse:
    """A warehouse that the actor may see. Whether goods may come and go there is for the heart of stock to say: what lies in
    a closed one can still be counted."""
    return await warehouse_of(actor, warehouse_id, field=("input", name), closed=True)


def begin(actor: Actor, paper: Paper, *, document_id: UUID | None = None) -> StockDocument:
    """The row of a document as far as it is known before its goods have moved."""
    moment = clock.now()
    return StockDocument(
        id=document_id or new_id(),
        kind=paper.kind,
        status=PostedStatus.POSTED,
        warehouse_id=paper.warehouse.id,
        to_warehouse_id=None if paper.to_warehouse is None else paper.to_warehouse.id,
        branch_id=paper.warehouse.branch_id,
        cause=paper.cause,
        reason=prose(paper.reason, "reason", limit=MAX_REASON),
        reference=prose(paper.reference, "reference", limit=MAX_REFERENCE),
        currency=settings.current().currency,
        overhead_minor=paper.overhead_minor,
        occurred_at=paper.at or moment,
        created_by_id=actor.id,
        created_at=moment,
        updated_at=moment,
        correlation_id=current_call().correlation_id,
    )


async def file(work: Work, document: StockDocument, parts: Sequence[Part], *, at: datetime | None) -> Filed:
    """Write the document, move its goods, and write down what they came to."""
    await document.save()
    await document.refresh_from_db(fields=["serial", "number"])
    legs = [leg for part in parts for leg in (part.leg, part.to_leg) if leg is not None]
    overhead = {document.id: document.overhead_minor} if document.overhead_minor else {}
    with dated_by(_MOMENTS[document.kind]):
        booked = await book(work, paper_of(document), legs, at=at, overhead=overhead)
    moved = {each.movement_id: each for each in booked.moved}
    document.occurred_at = booked.at
    document.entry_id = booked.entry_id
    document.value_minor = _value(document, booked, moved, parts)
    await document.save(update_fields=["occurred_at", "entry_id", "value_minor"])
    await StockDocumentLine.bulk_create([_row(document, part, moved) for part in parts])
    return Filed(document=document, booked=booked, moved=moved)


def paper_of(document: StockDocument) -> Document:
    """The document as the heart of stock knows it."""
    return Document(
        kind=DocumentKind.STOCK_DOCUMENT,
        id=document.id,
        number=document.number,
        branch_id=document.branch_id,
        description=f"{_SAID[document.kind]}, {document.number}",
    )


def _value(document: StockDocument, booked: Booked, moved: Mapping[UUID, Moved], parts: Sequence[Part]) -> int:
    """What stock gained; a transfer gains nothing, so what moved is told."""
    if document.kind is StockDocumentKind.TRANSFER:
        return sum(moved[part.to_leg.id].value.amount_minor for part in parts if part.to_leg is not None)
    return booked.value_minor


def _row(document: StockDocument, part: Part, moved: Mapping[UUID, Moved]) -> StockDocumentLine:
    line, shown = part.line, moved[(part.to_leg or part.leg).id]
    return StockDocumentLine(
        id=new_id(),
        stock_document_id=document.id,
        line_no=line.no,
        role=part.role,
        item_id=line.item.id,
        item_name=line.item.name,
        unit=line.unit,
        quantity=line.quantity,
        base_quantity=line.base,
        amount_minor=line.amount_minor,
        moved_quantity=shown.quantity,
        value_minor=shown.value.amount_minor,
        movement_id=part.leg.id,
        to_movement_id=None if part.to_leg is None else part.to_leg.id,
    )
