"""Reading what was sent to us, and what was said of payments: nobody is shown a whole telephone number."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from tortoise.expressions import Q

from domain.identity.actor import Actor
from domain.kit.money import Money
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import read
from domain.payments.access import RECONCILE
from domain.payments.models import MpesaMessage, PaymentEvidence
from domain.payments.models.payments import shown_checkout
from domain.payments.queries.narrowing import grouped, one_of, within
from domain.payments.rules.phones import Sender
from domain.payments.rules.redaction import redacted, shown_body
from domain.payments.states import Channel, MessageKind, MessageOrigin, MessageState, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMessage:
    """A message as people may read it. ``body`` is None once it has been forgotten."""

    id: UUID
    kind: MessageKind
    origin: MessageOrigin
    source_address: str | None
    size_bytes: int
    body: str | None
    received_at: datetime
    work_at: datetime
    state: MessageState
    attempts: int
    problem: str | None
    session_id: UUID | None
    worked_at: datetime | None
    correlation_id: UUID

    @classmethod
    def of(cls, row: MpesaMessage) -> Self:
        return cls(
            id=row.id,
            kind=row.kind,
            origin=row.origin,
            source_address=row.source_address,
            size_bytes=row.size_bytes,
            body=None if row.body is None else shown_body(bytes(row.body)),
            received_at=row.received_at,
            work_at=row.work_at,
            state=row.state,
            attempts=row.attempts,
            problem=None if row.problem is None else redacted(row.problem),
            session_id=row.payment_id,
            worked_at=row.worked_at,
            correlation_id=row.correlation_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one channel said of a payment, as people may read it."""

    channel: Channel
    outcome: Outcome
    received_at: datetime
    checkout_request_id: str | None
    receipt: str | None
    reverses: str | None
    amount: Money | None
    transacted_at: datetime | None
    sender: str | None
    reference: str | None
    payer_name: str | None
    message_id: UUID | None

    @classmethod
    def of(cls, row: PaymentEvidence) -> Self:
        return cls(
            channel=row.channel,
            outcome=row.outcome,
            received_at=row.received_at,
            checkout_request_id=row.prompt and shown_checkout(row.prompt),
            receipt=row.receipt,
            reverses=row.reverses,
            amount=row.amount,
            transacted_at=row.transacted_at,
            sender=row.sender and Sender.read(row.sender).masked,
            reference=row.reference and redacted(row.reference),
            payer_name=row.payer_name and redacted(row.payer_name),
            message_id=row.message_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFilter:
    """Which messages; what is not said does not narrow. ``since`` is included, ``until`` is not."""

    kinds: Sequence[MessageKind] = ()
    states: Sequence[MessageState] = ()
    origins: Sequence[MessageOrigin] = ()
    payment_id: UUID | None = None
    correlation_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def condition(self) -> Q:
        found = one_of(kind=self.kinds, state=self.states, origin=self.origins)
        if self.payment_id is not None:
            found &= Q(payment_id=self.payment_id)
        if self.correlation_id is not None:
            found &= Q(correlation_id=self.correlation_id)
        return found & within("received_at", self.since, self.until)


async def mpesa_messages(actor: Actor, page: PageRequest, wanted: MessageFilter | None = None) -> Page[ShownMessage]:
    """What was sent to us, the newest first."""
    actor.require(RECONCILE)
    narrowed = (wanted or MessageFilter()).condition
    found = await page_of(MpesaMessage.filter(narrowed), page.of_whole_rows, "-received_at", "-id")
    return found.showing([ShownMessage.of(row) for row in found.rows])


async def messages_by_id(actor: Actor, ids: Collection[UUID]) -> dict[UUID, ShownMessage]:
    """Several messages, none for whoever may not see them."""
    if not actor.may(RECONCILE):
        return {}
    return {row.id: ShownMessage.of(row) for row in await read(MpesaMessage.filter(id__in=list(ids)))}


async def claims_of_payments(actor: Actor, payment_ids: Collection[UUID]) -> dict[UUID, list[Claim]]:
    """All that was said of several payments, in the order in which it was heard."""
    if not actor.may(RECONCILE):
        return {}
    told = PaymentEvidence.filter(payment_id__in=list(payment_ids)).order_by("received_at", "id")
    return grouped((row.payment_id, Claim.of(row)) for row in await read(told))


async def claims_of_receipts(actor: Actor, receipts: Collection[str]) -> dict[str, list[Claim]]:
    """All that was said of several receipts, reversals of them too, in the order in which it was heard."""
    if not actor.may(RECONCILE):
        return {}
    wanted = set(receipts)
    named = Q(receipt__in=list(wanted)) | Q(reverses__in=list(wanted))
    rows = await read(PaymentEvidence.filter(named).order_by("received_at", "id"))
    return grouped(
        (receipt, Claim.of(row))
        for row in rows
        for receipt in {row.receipt, row.reverses}
        if receipt is not None and receipt in wanted
    )
