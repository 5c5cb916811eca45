"""Reading documents about stock alone, and their lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise.expressions import Q

from domain.identity.actor import Actor
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import RowsWith, rows_by_id, rows_of
from domain.milling.access import READ, stock_documents_seen_by, visible_stock_documents, warehouse_of
from domain.milling.models import StockDocument, StockDocumentLine
from domain.milling.queries.stock import IN_FILTER, MAX_SEARCH, require_order
from domain.milling.states import PostedStatus, StockDocumentKind

MAX_NUMBER: Final = 20


@dataclass(frozen=True, kw_only=True)
class DocumentFilter:
    """Which documents; what is not said does not narrow. ``search`` is a number, or the beginning of a reference."""

    kinds: Sequence[StockDocumentKind] = ()
    statuses: Sequence[PostedStatus] = ()
    warehouse_id: UUID | None = None
    item_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    search: str | None = None


async def stock_documents(actor: Actor, page: PageRequest, wanted: DocumentFilter | None = None) -> Page[StockDocument]:
    """The documents about stock alone that the actor sees, the newest first."""
    actor.require(READ)
    wanted = wanted or DocumentFilter()
    require_order(wanted.since, wanted.until)
    found = visible_stock_documents(actor)
    if wanted.kinds:
        found = found.filter(kind__in=list(wanted.kinds))
    if wanted.statuses:
        found = found.filter(status__in=list(wanted.statuses))
    if wanted.warehouse_id is not None:
        place = await warehouse_of(actor, wanted.warehouse_id, field=IN_FILTER, closed=True)
        found = found.filter(Q(warehouse_id=place.id) | Q(to_warehouse_id=place.id))
    if wanted.item_id is not None:
        found = found.filter(id__in=RowsWith(StockDocumentLine, Q(item_id=wanted.item_id), column="stock_document_id"))
    if wanted.since is not None:
        found = found.filter(occurred_at__gte=wanted.since)
    if wanted.until is not None:
        found = found.filter(occurred_at__lt=wanted.until)
    search = " ".join((wanted.search or "").split())[:MAX_SEARCH]
    if search:
        named = Q(reference__istartswith=search)
        if len(search) <= MAX_NUMBER:
            named |= Q(number=search.upper())
        found = found.filter(named if search.isprintable() else Q(pk__in=[]))
    return await page_of(found, page, "-created_at", "-id")


stock_documents_by_id = rows_by_id(StockDocument, stock_documents_seen_by, permission=READ)

lines_of_stock_documents = rows_of(StockDocumentLine, "stock_document_id", order=("line_no",))
"""The lines of some documents, each in its order."""
