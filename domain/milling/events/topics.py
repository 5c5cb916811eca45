"""What facts about the mill are about, who may hear them, and how a row becomes figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Final, Self
from uuid import UUID

from domain.events.event import Event
from domain.identity.actor import staff_of
from domain.identity.permissions import Permission

MILL: Final = "mill"
"""Everything that happens at the mill."""

POSTINGS: Final = "mill_postings"
"""What movements are posted with, when that changes later."""

EVERY_MILLER: Final = f"permission:{Permission.MILL_READ.value}"


def mill_topic(branch_id: UUID | None) -> str:
    """Everything that happens at one branch of the mill, or where no branch is."""
    return f"mill:{branch_id or '-'}"


def warehouse_topic(warehouse_id: UUID) -> str:
    return f"warehouse:{warehouse_id}"


def item_topic(item_id: UUID) -> str:
    return f"item:{item_id}"


def bin_topic(item_id: UUID, warehouse_id: UUID) -> str:
    """One item in one warehouse."""
    return f"bin:{item_id}:{warehouse_id}"


def purchase_topic(purchase_id: UUID) -> str:
    return f"purchase:{purchase_id}"


def production_topic(production_id: UUID) -> str:
    return f"production:{production_id}"


def sale_topic(sale_id: UUID) -> str:
    return f"sale:{sale_id}"


def order_topic(sale_id: UUID) -> str:
    """A sale as its customer sees it."""
    return f"mill_order:{sale_id}"


def orders_topic(user_id: UUID) -> str:
    """All that a registered user ordered."""
    return f"mill_orders:{user_id}"


@dataclass(frozen=True, kw_only=True)
class Figures:
    """A row as it stood when something happened to it; the names are those of the row itself."""

    @classmethod
    def of(cls, row: object, **others: Any) -> Self:
        """``others`` are figures that the row itself does not tell."""
        told = {column.name: getattr(row, column.name) for column in fields(cls) if column.name not in others}
        return cls(**told, **others)


class OfTheMill(Event):
    """Something that all staff of the mill may hear, whatever their branch."""

    def topics(self) -> Iterable[str]:
        return [MILL]

    def audience(self) -> Iterable[str]:
        return [EVERY_MILLER]


class OfABranch(Event):
    """Something that staff of one branch may hear, and those who see every branch."""

    @property
    def at_branch(self) -> UUID | None:
        raise NotImplementedError

    def topics(self) -> Iterable[str]:
        return [MILL, mill_topic(self.at_branch)]

    def audience(self) -> Iterable[str]:
        return staff_of(Permission.MILL_READ, self.at_branch)
