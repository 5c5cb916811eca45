"""The events that are told: invoices that come on the marketplace, and the two ways in which they get to a server.

Daftari hears of them as it does in production: they are committed to the outbox, numbered into the log, and published in
the log's channel. The others get the same fields, ready to be shown, each from a Redis channel of its own, and no database.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import asyncpg
import orjson
import redis.asyncio as redis

from domain.events import log
from domain.events.event import batch_to_wire
from domain.invoice_finance.events import InvoiceListed, InvoiceState
from domain.invoice_finance.states import InvoiceStatus
from domain.kit.money import Money
from domain.kit.unit_of_work import unit_of_work
from schema.kit.ids import encode_id
from subscriptions.transport import LOG_CHANNEL
from tests.support.invoices import a_listed_invoice, a_seller

_COMMIT: Final = 500
_LIKE_A_CURSOR: Final = "eyJlIjoxLCJwIjoxMjM0NTZ9.0123456789abcdef01"


async def an_invoice() -> InvoiceState:
    """What all events tell of, each with a number of its own."""
    return InvoiceState.of(await a_listed_invoice(a_seller()))


class Publisher(ABC):
    """Tells a server of more events. ``stock`` is called when nothing is measured."""

    def __init__(self, invoice: InvoiceState) -> None:
        self._invoice = invoice
        self._told = 0

    def _next(self) -> InvoiceState:
        self._told += 1
        return replace(self._invoice, number=f"INV-{self._told:08}")

    @abstractmethod
    async def stock(self, events: int) -> None: ...

    @abstractmethod
    async def publish(self, events: int) -> None: ...


class ThroughTheLog(Publisher):
    """Daftari's way. The steps are the relay's, so that the events in flight can be counted."""

    def __init__(self, invoice: InvoiceState, sequencer: asyncpg.Connection, client: redis.Redis) -> None:
        super().__init__(invoice)
        self._sequencer = sequencer
        self._client = client
        self._stocked = 0

    async def stock(self, events: int) -> None:
        while self._stocked < events:
            async with unit_of_work() as work:
                work.record(
                    *(InvoiceListed(invoice=self._next(), previous_status=InvoiceStatus.DRAFT) for _ in range(_COMMIT))
                )
            self._stocked += _COMMIT

    async def publish(self, events: int) -> None:
        if self._stocked < events:
            await self.stock(_COMMIT)
        batch = await log.sequence(self._sequencer, events)
        assert len(batch) == events
        self._stocked -= events
        await self._client.publish(LOG_CHANNEL, batch_to_wire(batch))


class ThroughRedis(Publisher):
    """The others' way."""

    def __init__(self, invoice: InvoiceState, client: redis.Redis, channel: str) -> None:
        super().__init__(invoice)
        self._client = client
        self._channel = channel

    async def stock(self, events: int) -> None:
        """There is nothing to prepare."""

    async def publish(self, events: int) -> None:
        for _ in range(events):
            await self._client.publish(self._channel, orjson.dumps(_as_shown(self._next())))


def _as_shown(invoice: InvoiceState) -> dict[str, Any]:
    return {
        "cursor": _LIKE_A_CURSOR,
        "occurredAt": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        "invoice": {
            "id": encode_id("Invoice", invoice.id),
            "number": invoice.number,
            "sellerName": invoice.seller_name,
            "debtorName": invoice.debtor_name,
            "industry": invoice.industry.value,
            "faceValue": _money(invoice.face_value),
            "requestedAmount": _money(invoice.requested_amount),
            "minInvestment": _money(invoice.min_investment),
            "expectedYield": str(invoice.expected_yield),
            "dueOn": invoice.due_on.isoformat(),
            "fundingDeadlineAt": invoice.funding_deadline_at.isoformat().replace("+00:00", "Z"),
        },
    }


def _money(money: Money) -> dict[str, str]:
    return {"amount": str(money.amount), "formatted": str(money)}
