"""How a document about stock is made and taken back: its row, its movements and their entry, together or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.context import current_call
from domain.kit.errors import InvalidInput
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work
from domain.milling import settings
from domain.milling.access import warehouse_of
from domain.milling.errors import BackdatingNotAllowed, FutureDate
from domain.milling.models import StockDocument, StockDocumentLine, Warehouse
from domain.milling.service.desk import dated_by
from domain.milling.service.stock_lines import ReadLine
from domain.milling.states import DocumentKind, LineRole, PostedStatus, StockCause, StockDocumentKind
from domain.milling.stock import Booked, Document, Leg, Moved, book

MAX_REASON: Final = 500
MAX_REFERENCE: Final = 60

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


def require_moment(actor: Actor, at: datetime | None, name: str) -> None:
    """To give a document a moment of its own needs a permission of its own, and the moment must have been."""
    if at is None:
        return
    if at > clock.now():
        raise FutureDate("this cannot have happened yet", field=("input", name))
    if not actor.may(Permission.MILL_BACKDATE):
        raise BackdatingNotAllowed(f"this needs the permission {Permission.MILL_BACKDATE.value}", field=("input", name))


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
        reason=text(paper.reason, MAX_REASON, "reason"),
        reference=text(paper.reference, MAX_REFERENCE, "reference"),
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


def text(said: str, limit: int, name: str) -> str:
    """A remark as it is kept; nothing need be said."""
    said = said.strip()
    if len(said) > limit or not said.replace("\n", "").replace("\t", "").isprintable():
        raise InvalidInput(f"this takes up to {limit} printable characters", field=("input", name))
    return said


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
