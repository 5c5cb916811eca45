"""Following the income and the expenses of the school live. Staff of a campus hear of its own alone."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.school import events as facts
from domain.school.events import SCHOOL_BOOKS, fee_topic
from domain.school.fee_access import fee_of
from domain.school.states import TransactionChange
from schema.kit import ID, LiveEvent, argument, attribute, event_feed, event_type, read_id
from schema.school.money.types import FinancialTransaction


@event_type("Income or an expense came into the books, was changed, or went off them.")
class FinancialTransactionChanged(LiveEvent):
    change: TransactionChange = attribute("What happened.")
    reference: str = attribute("What it is found by, such as `FEE-42`.")
    live: FinancialTransaction | None = attribute("What stands now; null when it went.")
    ended: FinancialTransaction | None = attribute("What stands no more; null when it is new.")


@strawberry.type
class Subscription:
    @event_feed(
        "Income and expenses as they come into the books, are changed, and go off them; all that the viewer may see, or "
        "those of one fee.",
        requires=Permission.FEES_READ,
        shows={facts.FinancialTransactionChanged: FinancialTransactionChanged},
    )
    async def financial_transaction_changed(
        actor: Actor, fee_id: Annotated[ID | None, argument("Only of this fee, which the viewer may see.")] = None
    ) -> list[str]:
        if fee_id is None:
            return [SCHOOL_BOOKS]
        fee = await fee_of(actor, read_id("SchoolFee", fee_id, "feeId"), field=("feeId",))
        return [fee_topic(fee.id)]
