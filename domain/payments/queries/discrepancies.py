"""Reading what does not agree: who has it, what was done about it, and the money that waits because of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from tortoise.expressions import Q

from domain.identity.actor import Actor
from domain.kit.database import fetch
from domain.kit.money import Money
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import RowsWith, rows_by_id, rows_of
from domain.payments.access import RECONCILE
from domain.payments.models import Discrepancy, MpesaCommand, Payment
from domain.payments.queries.narrowing import one_of, within
from domain.payments.rules.wire import receipt_of
from domain.payments.states import DiscrepancyStatus, DiscrepancyType, Purpose, Severity

# What of each receipt ($1) is in suspense, less what somebody took out of it without a payment.
WAITING: Final = """
select c.receipt, c.currency,
       c.net_minor - coalesce((select sum(d.amount_minor) from suspense_disposal d where d.receipt = c.receipt), 0)::bigint
           as waiting_minor
from payment_credit c where c.receipt = any ($1::text[]) and c.destination = 'SUSPENSE'
"""


class DiscrepancyOrder(StrEnum):
    """In which order discrepancies are listed: as they came, or as somebody would work through them."""

    NEWEST_FIRST = "NEWEST_FIRST"
    MOST_URGENT_FIRST = "MOST_URGENT_FIRST"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscrepancyFilter:
    """Which discrepancies; what is not said does not narrow. ``since`` is included, ``until`` is not; both are about when
    it was found first."""

    statuses: Sequence[DiscrepancyStatus] = ()
    severities: Sequence[Severity] = ()
    types: Sequence[DiscrepancyType] = ()
    purposes: Sequence[Purpose] = ()
    assignee_id: UUID | None = None
    payment_id: UUID | None = None
    receipt: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def condition(self) -> Q:
        found = one_of(status=self.statuses, severity=self.severities, type=self.types)
        if self.purposes:
            found &= Q(payment_id__in=RowsWith(Payment, Q(purpose__in=list(self.purposes))))
        if self.assignee_id is not None:
            found &= Q(assigned_to=self.assignee_id)
        if self.payment_id is not None:
            found &= Q(payment_id=self.payment_id)
        if self.receipt is not None:
            # What is no receipt is nothing's.
            found &= Q(receipt=receipt_of(self.receipt) or "")
        return found & within("found_at", self.since, self.until)


async def discrepancies(
    actor: Actor,
    page: PageRequest,
    wanted: DiscrepancyFilter | None = None,
    *,
    order: DiscrepancyOrder = DiscrepancyOrder.NEWEST_FIRST,
) -> Page[Discrepancy]:
    """What does not agree, and what did not; by urgency only what still does not."""
    actor.require(RECONCILE)
    found = Discrepancy.filter((wanted or DiscrepancyFilter()).condition)
    if order is DiscrepancyOrder.MOST_URGENT_FIRST:
        return await page_of(found.filter(status__not=DiscrepancyStatus.RESOLVED), page, "urgency", "found_at", "id")
    return await page_of(found, page, "-found_at", "-id")


discrepancies_by_id = rows_by_id(Discrepancy, permission=RECONCILE)

discrepancies_of_payments = rows_of(Discrepancy, "payment_id", order=("-found_at", "-id"), permission=RECONCILE)
"""What was found of several payments, the newest first."""

commands_of_discrepancies = rows_of(MpesaCommand, "discrepancy_id", order=("-created_at", "-id"), permission=RECONCILE)
"""What the provider was asked to do about several discrepancies, the newest first."""


async def waiting_of_receipts(actor: Actor, receipts: Collection[str]) -> dict[str, Money]:
    """The money of several receipts that waits in suspense."""
    if not actor.may(RECONCILE):
        return {}
    return await waiting_in_suspense(receipts)


async def waiting_in_suspense(receipts: Collection[str]) -> dict[str, Money]:
    """The same, for whoever asks in the name of the house."""
    rows = await fetch(WAITING, list(receipts))
    return {row["receipt"]: Money(row["waiting_minor"], row["currency"]) for row in rows}
