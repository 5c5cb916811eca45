"""Reading the mill's payments: from and to customers, to and from suppliers."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from domain.identity.actor import Actor
from domain.milling.access import visible_payments
from domain.milling.models import Payment


async def payments_by_id(actor: Actor, ids: Collection[UUID]) -> dict[UUID, Payment]:
    return {row.id: row for row in await visible_payments(actor).filter(id__in=list(ids))}


async def payments_of_purchases(actor: Actor, purchase_ids: Collection[UUID]) -> dict[UUID, list[Payment]]:
    """What was paid for several purchases and back, in the order of time; what was reversed stays among it."""
    rows = await visible_payments(actor).filter(purchase_id__in=list(purchase_ids)).order_by("created_at", "id")
    found: dict[UUID, list[Payment]] = {}
    for row in rows:
        assert row.purchase_id is not None, "they were asked for by it"
        found.setdefault(row.purchase_id, []).append(row)
    return found
