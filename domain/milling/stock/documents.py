"""What the heart of stock is asked and what it answers: a document, the movements it makes, and what they came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as a_field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.kit.decimals import plain
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.milling.rules import BinKey
from domain.milling.states import CostRule, DocumentKind, MovementKind

MILLI: Final = 1000
"""Quantities are computed with as whole thousandths of the item's base unit."""


def milli(quantity: Decimal) -> int:
    """A quantity with at most three decimals in thousandths."""
    return int(quantity * MILLI)


def quantity_of(thousandths: int) -> Decimal:
    """Thousandths as a quantity, written as rows of the mill are read: without zeros that say nothing."""
    return plain(Decimal(thousandths).scaleb(-3))


EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""No document is of an earlier moment."""

MAX_QUANTITY: Final = Decimal(10) ** 12
"""The largest quantity of one movement, in the base unit: far above any mill's harvest, and sums of them still fit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """The paper behind movements. Its row is locked by whoever books it."""

    kind: DocumentKind
    id: UUID
    number: str
    branch_id: UUID | None
    description: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Leg:
    """One movement to be made. ``quantity`` is signed and in the item's base unit: None for a count, which says ``counted``
    instead, and 0 for what moves value alone. ``field`` is the input that a refusal points at."""

    item_id: UUID
    warehouse_id: UUID
    kind: MovementKind
    quantity: Decimal | None
    counted: Decimal | None = None
    value_minor: int | None = None
    source_id: UUID | None = None
    pool_id: UUID | None = None
    cost_rule: CostRule | None = None
    cost_value: Decimal | None = None
    line_no: int = 1
    note: str | None = None
    id: UUID = a_field(default_factory=new_id)
    field: tuple[str, ...] | None = None

    @property
    def bin(self) -> BinKey:
        return self.item_id, self.warehouse_id

    @property
    def comes_in(self) -> bool:
        """Whether there may be something in the bin afterwards that was not there before."""
        return self.quantity is None or self.quantity > 0


@dataclass(frozen=True, slots=True)
class Moved:
    """A movement as it was posted: its quantity and value are signed, and ``on_hand`` is what the bin has now."""

    movement_id: UUID
    item_id: UUID
    warehouse_id: UUID
    kind: MovementKind
    quantity: Decimal
    value: Money
    on_hand: Decimal
    line_no: int
    variance: Money


@dataclass(frozen=True, slots=True)
class Booked:
    """What a document came to. ``entry_id`` is its journal entry; None where nothing moved between accounts."""

    moved: Sequence[Moved]
    at: datetime
    entry_id: UUID | None

    @property
    def value_minor(self) -> int:
        """Of all movements together, signed as posted."""
        return sum(each.value.amount_minor for each in self.moved)
