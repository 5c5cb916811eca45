"""What happened last at the mill, in all of its modules: the newest documents, payments and alerts, each as it stands.

A document is told once, at the moment of what happened to it last: that it was made, took effect, or was called off. Each
of these moments has an index of its own, so that only its newest rows are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from domain.kit.database import fetch
from domain.kit.money import Money

LATEST: Final = 20


class ActivityKind(StrEnum):
    """What an activity is about."""

    SALE = "SALE"
    SALE_RETURN = "SALE_RETURN"
    PURCHASE = "PURCHASE"
    PURCHASE_RETURN = "PURCHASE_RETURN"
    PRODUCTION = "PRODUCTION"
    STOCK_DOCUMENT = "STOCK_DOCUMENT"
    PAYMENT = "PAYMENT"
    ALERT = "ALERT"


@dataclass(frozen=True, slots=True)
class Activity:
    """``status`` and ``what`` are as the row says them now; a payment's status is its kind, an alert's its state."""

    kind: ActivityKind
    subject_id: UUID
    number: str | None
    status: str
    what: str
    amount: Money | None
    at: datetime
    warehouse_id: UUID | None


@dataclass(frozen=True, slots=True)
class _Source:
    """A table, the moments of its rows, and what they are told as."""

    table: str
    moments: tuple[str, ...]
    number: str = "t.number"
    status: str = "t.status"
    what: str = "''"
    amount: str = "t.amount_minor"
    warehouse: str = "t.warehouse_id"


_SOURCES: Final[Mapping[ActivityKind, _Source]] = {
    ActivityKind.SALE: _Source("mill_sale", ("created_at", "delivered_at", "cancelled_at"), what="t.customer_name"),
    ActivityKind.SALE_RETURN: _Source("mill_sale_return", ("created_at",), what="t.reason"),
    ActivityKind.PURCHASE: _Source("mill_purchase", ("created_at", "received_at", "cancelled_at"), what="t.supplier_name"),
    ActivityKind.PURCHASE_RETURN: _Source("mill_purchase_return", ("created_at",), what="t.reason"),
    ActivityKind.PRODUCTION: _Source(
        "mill_production", ("created_at", "completed_at", "cancelled_at"), what="t.item_name", amount="t.output_cost_minor"
    ),
    ActivityKind.STOCK_DOCUMENT: _Source("stock_document", ("created_at",), what="t.kind", amount="t.value_minor"),
    ActivityKind.PAYMENT: _Source(
        "mill_payment", ("created_at",), status="t.kind", what="t.reference", warehouse="null::uuid"
    ),
    ActivityKind.ALERT: _Source(
        "stock_alert",
        ("raised_at",),
        number="null",
        status="t.state",
        what="t.kind",
        amount="null::bigint",
    ),
}


def _newest(kind: ActivityKind, source: _Source) -> str:
    """The rows of a table that something happened to last, once for each of its moments; :data:`RECENT` keeps the latest."""
    at = f"greatest({', '.join(f't.{moment}' for moment in source.moments)})"
    told = (
        f"'{kind.value}' as kind, t.id, {source.number} as number, {source.status} as status, {source.what} as what, "
        f"{source.amount} as amount, {at} as at, {source.warehouse} as warehouse_id"
    )
    return " union all ".join(
        f"(select {told} from {source.table} t where t.{moment} is not null and ($1::uuid is null or t.branch_id = $1) "
        f"order by t.{moment} desc limit $2)"
        for moment in source.moments
    )


# The newest of all ($2 of them) at a branch ($1, or anywhere).
RECENT: Final = f"""
select * from (
    select distinct on (kind, id) * from ({" union all ".join(_newest(*each) for each in _SOURCES.items())}) happened
    order by kind, id
) told
order by at desc, id desc limit $2
"""


async def recent_activities(scope: UUID | None, currency: str) -> list[Activity]:
    """The newest first."""
    return [
        Activity(
            kind=ActivityKind(row["kind"]),
            subject_id=row["id"],
            number=row["number"],
            status=row["status"],
            what=row["what"],
            amount=None if row["amount"] is None else Money(row["amount"], currency),
            at=row["at"],
            warehouse_id=row["warehouse_id"],
        )
        for row in await fetch(RECENT, scope, LATEST)
    ]
