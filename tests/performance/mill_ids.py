"""What the rows of the mill for measuring are called, so that statements about many of them find each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from domain.identity.actor import SYSTEM_ID


@dataclass(frozen=True, slots=True)
class Size:
    """How many days a book has, and how often a day something happens."""

    days: int = 730
    sales: int = 300
    purchases: int = 60
    productions: int = 170
    transfers: int = 40

    @property
    def movements(self) -> int:
        return self.days * (2 * self.sales + 3 * self.purchases + 3 * self.productions + 2 * self.transfers) + 800


class Kind:
    """What the first digits of an id say in this book."""

    BRANCH, WAREHOUSE, ITEM, SUPPLIER, CUSTOMER = range(1, 6)
    SALE, SALE_LINE, DELIVERY, PURCHASE, PURCHASE_LINE, RECEIPT = range(11, 17)
    PRODUCTION, PRODUCTION_LINE, MILLED, DOCUMENT, TRANSFERRED, OPENED = range(21, 27)
    PAYMENT, PAID_OUT, POOL, ENTRY, ENTRY_OF_SALE, ENTRY_OF_PURCHASE = range(31, 37)
    PERSON = 41


BY: Final = f"'{SYSTEM_ID}'::uuid"

# When the number-th of so many things happens: evenly over the days ($2) up to now ($1).
AT: Final = "$1::timestamptz - make_interval(secs => 86400.0 * $2::int * (1 - (n - 0.5) / {all}))"
