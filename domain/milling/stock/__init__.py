"""The heart of the mill: movements are booked and cancelled here, and nowhere else.

``book``, ``cancel``, ``reserve`` and ``release`` work inside a unit of work in progress. They lock in one order: the
document (by whoever calls), all of stock (shared, or alone for what is back-dated), bins, warehouses, accounts.
"""

from domain.milling.rules import BinKey
from domain.milling.stock.alerts import change_reorder_level
from domain.milling.stock.booking import book
from domain.milling.stock.cancelling import cancel
from domain.milling.stock.documents import Booked, Document, Leg, Moved
from domain.milling.stock.reserving import release, reserve
from domain.milling.stock.watching import look_again, look_at_item, look_at_warehouse, stand_still, step_in

__all__ = [
    "BinKey",
    "Booked",
    "Document",
    "Leg",
    "Moved",
    "book",
    "cancel",
    "change_reorder_level",
    "look_again",
    "look_at_item",
    "look_at_warehouse",
    "release",
    "reserve",
    "stand_still",
    "step_in",
]
