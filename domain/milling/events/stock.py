"""Facts about stock: what moved, what is worth something else now, what is held back.

A document that moves goods between branches is told to each branch with its own movements and bins.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from domain.events.event import Event, event
from domain.identity.actor import staff_of
from domain.identity.permissions import Permission
from domain.kit.money import Money
from domain.milling.events.topics import POSTINGS, OfABranch, bin_topic, item_topic, warehouse_topic
from domain.milling.states import DocumentKind, MovementKind, StockLevel


@dataclass(frozen=True, kw_only=True)
class DocumentFigures:
    """Which document it was."""

    kind: DocumentKind
    id: UUID
    number: str
    description: str


@dataclass(frozen=True, kw_only=True)
class MovementFigures:
    """A movement as it is posted: quantity and value are signed; ``on_hand`` is what its bin has now. ``variance`` is what
    of its cost found no stock to be in."""

    movement_id: UUID
    item_id: UUID
    item_name: str
    warehouse_id: UUID
    warehouse_name: str
    kind: MovementKind
    quantity: Decimal
    value: Money
    on_hand: Decimal
    line_no: int
    variance: Money | None = None


@dataclass(frozen=True)
class PostingFigures:
    """What an earlier movement is posted with since something was put in or taken out before it; in minor units."""

    movement_id: UUID
    quantity: Decimal
    value_minor: int
    variance_minor: int


@dataclass(frozen=True, kw_only=True)
class BinFigures:
    """An item in a warehouse as it stands now; of two states of a bin, the one with the higher version is the later."""

    item_id: UUID
    item_name: str
    warehouse_id: UUID
    warehouse_name: str
    on_hand: Decimal
    reserved: Decimal
    value: Money
    level: StockLevel
    version: int

    @property
    def available(self) -> Decimal:
        return self.on_hand - self.reserved


@dataclass(frozen=True, kw_only=True)
class _AboutBins(OfABranch):
    """Something that happened to bins of one branch."""

    document: DocumentFigures
    branch_id: UUID | None
    bins: list[BinFigures]

    @property
    def at_branch(self) -> UUID | None:
        return self.branch_id

    def topics(self) -> Iterable[str]:
        warehouses = (warehouse_topic(each.warehouse_id) for each in self.bins)
        items = (item_topic(each.item_id) for each in self.bins)
        bins = (bin_topic(each.item_id, each.warehouse_id) for each in self.bins)
        return list(dict.fromkeys([*super().topics(), *warehouses, *items, *bins]))


@event("milling.stock_moved")
@dataclass(frozen=True, kw_only=True)
class StockMoved(_AboutBins):
    """A document moved stock, or with ``cancelled`` took its movements back: then they are told as they were undone."""

    movements: list[MovementFigures]
    effective_at: datetime
    entry_id: UUID | None
    cancelled: bool = False


@event("milling.stock_revalued")
@dataclass(frozen=True, kw_only=True)
class StockRevalued(_AboutBins):
    """What a document said of an earlier moment changed what these bins were worth since then."""

    since_at: datetime


@event("milling.postings_changed")
@dataclass(frozen=True, kw_only=True)
class PostingsChanged(Event):
    """Earlier movements are posted otherwise because of a document. There may be thousands, told in several parts, so that
    it is for those who add them up; what became of the bins, :class:`StockRevalued` says."""

    document_id: UUID
    postings: list[PostingFigures]

    def topics(self) -> Iterable[str]:
        return [POSTINGS]

    def audience(self) -> Iterable[str]:
        return staff_of(Permission.MILL_READ, None)


@event("milling.stock_reserved")
@dataclass(frozen=True, kw_only=True)
class StockReserved(_AboutBins):
    """A document holds back some of these bins, or let go of what it held back."""
