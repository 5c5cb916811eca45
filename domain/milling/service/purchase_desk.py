"""What every process does with a purchase: take it under its lock, find its lines, write it down and tell of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.kit.errors import InvalidAmount
from domain.kit.money import MAX_AMOUNT_MINOR
from domain.kit.unit_of_work import Work
from domain.ledger.service import Reference, post_entry
from domain.milling import access
from domain.milling.accounts import Side
from domain.milling.errors import DuplicateLine, LineNotFound, PurchaseNotFound
from domain.milling.events import PurchaseChanged
from domain.milling.models import Purchase, PurchaseLine, PurchaseReturn
from domain.milling.service.money import lines_of
from domain.milling.states import DocumentKind, PurchaseChange, PurchaseStatus
from domain.milling.stock import Document

MAX_LINES: Final = 200

PURCHASE: Final = ("input", "purchaseId")
LINES: Final = ("input", "lines")


@dataclass(slots=True)
class Bought:
    """A purchase under its lock, and its lines in their order."""

    purchase: Purchase
    lines: list[PurchaseLine]

    @property
    def received(self) -> list[PurchaseLine]:
        """The lines of which something came."""
        return [line for line in self.lines if line.movement_id is not None]

    @property
    def here(self) -> list[PurchaseLine]:
        """The lines of which something came that did not all go back."""
        return [line for line in self.received if line.returned_quantity < line.received_quantity]

    def numbered(self, line_no: int, field: tuple[str, ...]) -> PurchaseLine:
        for line in self.lines:
            if line.line_no == line_no:
                return line
        raise LineNotFound(f"the purchase has no line {line_no}", field=(*field, "lineNo"))


async def locked(actor: Actor, purchase_id: UUID) -> Bought:
    """A purchase that the actor may see, locked until the unit of work ends; another one does not exist for them."""
    purchase = await access.visible_purchases(actor).select_for_update(no_key=True).get_or_none(id=purchase_id)
    if purchase is None:
        raise PurchaseNotFound(field=PURCHASE)
    return Bought(purchase, await PurchaseLine.filter(purchase_id=purchase.id).order_by("line_no"))


def document_of(purchase: Purchase, description: str) -> Document:
    """What the stock keeper and the books know the purchase as."""
    return Document(
        kind=DocumentKind.PURCHASE,
        id=purchase.id,
        number=purchase.number,
        branch_id=purchase.branch_id,
        description=description,
    )


async def keep(
    work: Work, bought: Bought, change: PurchaseChange, before: PurchaseStatus, returned: PurchaseReturn | None = None
) -> None:
    """Save the purchase and tell of it, and of the return that changed it."""
    bought.purchase.touch()
    await bought.purchase.save()
    tell(work, bought, change, before, returned)


def tell(
    work: Work, bought: Bought, change: PurchaseChange, before: PurchaseStatus, returned: PurchaseReturn | None = None
) -> None:
    work.record(PurchaseChanged.of(bought.purchase, bought.lines, change=change, status_before=before, returned=returned))


def at_lines(given: Sequence[int]) -> None:
    """Each line is named once."""
    if len(set(given)) != len(given):
        raise DuplicateLine("a line is named twice", field=LINES)


def together(amounts: Iterable[int]) -> int:
    """A sum that the books can hold."""
    total = sum(amounts)
    if total > MAX_AMOUNT_MINOR:
        raise InvalidAmount("the amounts of all lines together are too large", field=LINES)
    return total


async def post_sides(kind: str, description: str, sides: Sequence[Side], *, about: Purchase, on: date) -> UUID | None:
    """Post an entry of a purchase that moves no goods; returns it, or None where nothing moves between accounts."""
    if not sides:
        return None
    posted = await post_entry(
        kind=kind,
        description=description,
        lines=await lines_of(sides, about.currency),
        reference=Reference(DocumentKind.PURCHASE.value.lower(), about.id),
        effective_on=on,
        branch_id=about.branch_id,
    )
    return posted.entry_id
