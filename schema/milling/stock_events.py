"""What feeds tell of stock: what moved, what is worth something else now, what is held back."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from domain.milling.events import stock as facts
from domain.milling.states import DocumentKind, MovementKind, StockLevel
from schema.kit import ID, LiveEvent, Money, Parent, attribute, event_type, field, global_id, object_type
from schema.kit.fields import FieldRule
from schema.kit.nodes import global_id_of
from schema.milling import enums  # noqa: F401  describes the enums that are used here

ABOUT_SO_MANY_LINES = 4


@object_type("The document that something happened to stock by.")
class StockChangeDocument:
    kind: DocumentKind = attribute("What kind of document.")
    number: str = attribute("Its number.")
    description: str = attribute("What it is for.")

    @field(ID | None, "The document, for `node`; null when that cannot be fetched.", shared=True)
    def document_id(self, document: Parent[facts.DocumentFigures]) -> ID | None:
        return global_id_of(document.kind.value.lower(), document.id)


@object_type("A movement as it was told. Quantity and value are signed: what comes in is above 0.")
class StockChangeMovement:
    item_id: ID = global_id("Item", "The item.")
    item_name: str = attribute("What it is called.")
    warehouse_id: ID = global_id("Warehouse", "The warehouse.")
    warehouse_name: str = attribute("What that is called.")
    kind: MovementKind = attribute("What it was.")
    quantity: Decimal = attribute("How much, in the item's base unit.")
    value: Money = attribute("What it was worth in the books.")
    on_hand: Decimal = attribute("How much is there now.")
    line_no: int = attribute("The line of the document.")


@object_type("An item in a warehouse as it is now.")
class StockChangeLevel:
    item_id: ID = global_id("Item", "The item.")
    item_name: str = attribute("What it is called.")
    warehouse_id: ID = global_id("Warehouse", "The warehouse.")
    warehouse_name: str = attribute("What that is called.")
    on_hand: Decimal = attribute("How much is there.")
    reserved: Decimal = attribute("How much of it is held back for confirmed sales.")
    available: Decimal = attribute("How much of it can go out.")
    value: Money = attribute("What it is worth in the books.")
    level: StockLevel = attribute("Whether that is enough.", name="status")
    version: int = attribute("Counts its changes: of two, the higher one is the later.")


def _levels() -> list[StockChangeLevel]:
    levels: list[StockChangeLevel] = attribute(
        "What it concerns, as it is now.", name="levels", rule=FieldRule(size=ABOUT_SO_MANY_LINES, shared=True)
    )
    return levels


@event_type("A document moved stock, or its movements were taken back.")
class StockMoved(LiveEvent):
    document: StockChangeDocument = attribute("The document.")
    cancelled: bool = attribute("Whether its movements were taken back: they are told as they were undone.")
    effective_at: datetime = attribute("The moment that it counts from.")
    movements: list[StockChangeMovement] = attribute(
        "What moved, in the viewer's branch.", rule=FieldRule(size=ABOUT_SO_MANY_LINES, shared=True)
    )
    bins: list[StockChangeLevel] = _levels()


@event_type("A document of an earlier moment changed what stock has been worth since.")
class StockRevalued(LiveEvent):
    document: StockChangeDocument = attribute("The document.")
    since_at: datetime = attribute("From when on it is worth something else.")
    bins: list[StockChangeLevel] = _levels()


@event_type("A document holds stock back, or lets go of what it held back.")
class StockReserved(LiveEvent):
    document: StockChangeDocument = attribute("The document.")
    bins: list[StockChangeLevel] = _levels()
