"""Goods received, issued, moved, counted, adjusted and repacked; documents taken back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import strawberry

from domain.identity.permissions import Permission
from domain.kit.idempotency import once
from domain.milling.models import StockDocument as StockDocumentRow
from domain.milling.service import counting, repacking, stock_documents
from schema.kit import Answer, Info, ReplayablePayload, argument, attribute, mutation, payload_type, read_id
from schema.milling.stock.inputs import (
    AdjustStockInput,
    CancelStockDocumentInput,
    CountStockInput,
    IssueStockInput,
    OpenStockInput,
    ReceiveStockInput,
    RepackStockInput,
    TransferStockInput,
    parsed,
)
from schema.milling.stock.types import StockDocument

KEEP = Permission.STOCK_KEEP


@payload_type("What came of a document about stock.")
class StockDocumentPayload(ReplayablePayload):
    stock_document: StockDocument | None = attribute("The document as it is now.")


@strawberry.type
class Mutation:
    @mutation(StockDocumentPayload, "Bring in goods that were not purchased.", requires=KEEP)
    async def receive_stock(
        self, info: Info, input: Annotated[ReceiveStockInput, argument("What came, and where to.")]
    ) -> Answer:
        return await _done(
            info,
            input.idempotency_key,
            stock_documents.receive_stock,
            **input.paper(),
            lines=parsed(input.lines),
            received_at=input.received_at,
        )

    @mutation(StockDocumentPayload, "Take out goods that were used up or given away: all lines, or nothing.", requires=KEEP)
    async def issue_stock(
        self, info: Info, input: Annotated[IssueStockInput, argument("What went, and where from.")]
    ) -> Answer:
        return await _done(
            info,
            input.idempotency_key,
            stock_documents.issue_stock,
            **input.paper(),
            lines=parsed(input.lines),
            issued_at=input.issued_at,
        )

    @mutation(
        StockDocumentPayload,
        "Move goods to another warehouse, where they are worth exactly what they were worth here.",
        requires=KEEP,
    )
    async def transfer_stock(
        self, info: Info, input: Annotated[TransferStockInput, argument("What moves, from where to where.")]
    ) -> Answer:
        return await _done(
            info,
            input.idempotency_key,
            stock_documents.transfer_stock,
            from_warehouse_id=read_id("Warehouse", input.from_warehouse_id, "input", "fromWarehouseId"),
            to_warehouse_id=read_id("Warehouse", input.to_warehouse_id, "input", "toWarehouseId"),
            lines=parsed(input.lines),
            transferred_at=input.transferred_at,
            reason=input.reason,
            reference=input.reference,
        )

    @mutation(
        StockDocumentPayload,
        "Say what was found in a warehouse, of several items at once. What is missing goes out, what is more comes in; what "
        "was found stays so when a document of an earlier moment comes into the books later.",
        requires=KEEP,
    )
    async def count_stock(self, info: Info, input: Annotated[CountStockInput, argument("What was found.")]) -> Answer:
        return await _done(
            info,
            input.idempotency_key,
            counting.count_stock,
            **input.paper(),
            lines=parsed(input.lines),
            counted_at=input.counted_at,
        )

    @mutation(StockDocumentPayload, "Say by how much the books are wrong, and why.", requires=KEEP)
    async def adjust_stock(
        self, info: Info, input: Annotated[AdjustStockInput, argument("By how much, and why.")]
    ) -> Answer:
        return await _done(
            info,
            input.idempotency_key,
            stock_documents.adjust_stock,
            **input.paper(),
            lines=parsed(input.lines),
            cause=input.cause,
            adjusted_at=input.adjusted_at,
        )

    @mutation(
        StockDocumentPayload,
        "Make goods into others, which are worth what went in and what the work added; all of it, or nothing.",
        requires=KEEP,
    )
    async def repack_stock(
        self, info: Info, input: Annotated[RepackStockInput, argument("What goes in, and what comes out.")]
    ) -> Answer:
        return await _done(
            info,
            input.idempotency_key,
            repacking.repack_stock,
            **input.paper(),
            inputs=parsed(input.inputs, "inputs"),
            outputs=parsed(input.outputs, "outputs"),
            added_cost=None if input.added_cost is None else input.added_cost.parse("input", "addedCost"),
            repacked_at=input.repacked_at,
        )

    @mutation(
        StockDocumentPayload,
        "Bring in what was there when the books began, many items at once, each of them once.",
        requires=Permission.MILL_MANAGE,
    )
    async def open_stock(self, info: Info, input: Annotated[OpenStockInput, argument("What was there.")]) -> Answer:
        return await _done(
            info,
            input.idempotency_key,
            stock_documents.open_stock,
            **input.paper(),
            lines=parsed(input.lines),
            opened_at=input.opened_at,
        )

    @mutation(
        StockDocumentPayload,
        "Take a document about stock back, as if it had never been: what followed is told anew, and the ledger gets new "
        "entries. It needs the permission MILL_BACKDATE, too.",
        requires=KEEP,
    )
    async def cancel_stock_document(
        self, info: Info, input: Annotated[CancelStockDocumentInput, argument("Which document, and why.")]
    ) -> Answer:
        return await _done(
            info,
            input.idempotency_key,
            stock_documents.cancel_stock_document,
            stock_document_id=read_id("StockDocument", input.stock_document_id, "input", "stockDocumentId"),
            reason=input.reason,
        )


async def _done(info: Info, key: str | None, act: Callable[..., Awaitable[StockDocumentRow]], **what: Any) -> Answer:
    outcome = await once(key, act, info.context.actor, **what)
    return Answer(stock_document=outcome.result, replayed=outcome.replayed)
