"""Telling what happened to stock, to each branch its own part of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Final
from uuid import UUID

from domain.kit.money import Money
from domain.kit.unit_of_work import Work
from domain.milling import settings
from domain.milling.events import (
    BinFigures,
    DocumentFigures,
    MovementFigures,
    PostingFigures,
    PostingsChanged,
    StockMoved,
    StockReserved,
    StockRevalued,
)
from domain.milling.rules import BinKey
from domain.milling.rules.levels import level_of
from domain.milling.stock.documents import Booked, Document, Moved, quantity_of
from domain.milling.stock.locking import Bin
from domain.milling.stock.outcome import Outcome
from domain.milling.stock.replaying import Changed

_NO_BRANCH: Final = ""

MOST_POSTINGS: Final = 500
"""Told at once."""


def tell(
    work: Work,
    document: Document,
    booked: Booked,
    bins: Mapping[BinKey, Bin],
    outcome: Outcome,
    *,
    cancelled: bool = False,
) -> None:
    """What the document moved; and which other bins are worth something else since then."""
    said, moved = _document(document), {(each.item_id, each.warehouse_id) for each in booked.moved}
    for branch_id, here in _by_branch(bins[key] for key in moved):
        keys = {each.key for each in here}
        work.record(
            StockMoved(
                document=said,
                branch_id=branch_id,
                bins=[_bin(each, outcome) for each in here],
                movements=[
                    _movement(each, bins[each.item_id, each.warehouse_id])
                    for each in booked.moved
                    if (each.item_id, each.warehouse_id) in keys
                ],
                effective_at=booked.at,
                entry_id=booked.entry_id,
                cancelled=cancelled,
            )
        )
    own = {each.movement_id for each in booked.moved}
    revalued = {each.movement.key for each in outcome.changed if each.movement.id not in own}
    for branch_id, here in _by_branch(bins[key] for key in revalued):
        since_at = min(outcome.since[each.key][0] for each in here)
        told = [_bin(each, outcome) for each in here]
        work.record(StockRevalued(document=said, branch_id=branch_id, bins=told, since_at=since_at))
    _tell_postings(work, document.id, [each for each in outcome.changed if each.movement.id not in own])


def _tell_postings(work: Work, document_id: UUID, changed: Sequence[Changed]) -> None:
    for start in range(0, len(changed), MOST_POSTINGS):
        postings = [
            PostingFigures(each.movement.id, quantity_of(each.after.quantity), each.after.value, each.after.variance)
            for each in changed[start : start + MOST_POSTINGS]
        ]
        work.record(PostingsChanged(document_id=document_id, postings=postings))


def tell_reserved(work: Work, document: Document, bins: Iterable[Bin]) -> None:
    """What is held back for a document now, or no longer."""
    for branch_id, here in _by_branch(bins):
        told = [_bin(each, None) for each in here]
        work.record(StockReserved(document=_document(document), branch_id=branch_id, bins=told))


def _by_branch(bins: Iterable[Bin]) -> list[tuple[UUID | None, list[Bin]]]:
    ordered = sorted(bins, key=lambda each: (str(each.branch_id or _NO_BRANCH), each.key))
    return [(branch_id, list(group)) for branch_id, group in groupby(ordered, key=lambda each: each.branch_id)]


def _document(document: Document) -> DocumentFigures:
    return DocumentFigures(kind=document.kind, id=document.id, number=document.number, description=document.description)


def _movement(moved: Moved, here: Bin) -> MovementFigures:
    return MovementFigures(
        movement_id=moved.movement_id,
        item_id=moved.item_id,
        item_name=here.item_name,
        warehouse_id=moved.warehouse_id,
        warehouse_name=here.warehouse_name,
        kind=moved.kind,
        quantity=moved.quantity,
        value=moved.value,
        on_hand=moved.on_hand,
        line_no=moved.line_no,
        variance=moved.variance,
    )


def _bin(here: Bin, outcome: Outcome | None) -> BinFigures:
    state = None if outcome is None else outcome.after[here.key].state
    on_hand, value = (here.on_hand, here.value) if state is None else (state.on_hand, state.value)
    return BinFigures(
        item_id=here.key[0],
        item_name=here.item_name,
        warehouse_id=here.key[1],
        warehouse_name=here.warehouse_name,
        on_hand=quantity_of(on_hand),
        reserved=quantity_of(here.reserved),
        value=Money(value, settings.current().currency),
        level=level_of(on_hand, here.level),
        version=here.version,
    )
