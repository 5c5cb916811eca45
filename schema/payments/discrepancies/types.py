"""Discrepancies as clients see them, with all that is needed to deal with one."""

from __future__ import annotations

from datetime import datetime

from domain.identity.queries import branches_by_id, people
from domain.payments import models
from domain.payments.events import DiscrepancyFigures
from domain.payments.queries import discrepancies as queries
from domain.payments.queries.messages import claims_of_payments, claims_of_receipts
from domain.payments.queries.payments import payments_by_id
from domain.payments.rules.resolving import possible
from domain.payments.states import DiscrepancyStatus, DiscrepancyType, Resolution, Severity
from schema.identity.types import Branch, User
from schema.kit import ID, Info, Money, Node, Parent, attribute, enum_type, field, global_id, node_type, relation, relations
from schema.payments import enums  # noqa: F401  describes the enums that are used here
from schema.payments.messages.types import PaymentEvidence
from schema.payments.paying.types import MpesaCommand, Payment

ABOUT_SO_MANY_CLAIMS = 3
ABOUT_SO_MANY_WAYS = 4
ABOUT_SO_MANY_REFUNDS = 1

enum_type(
    DiscrepancyStatus,
    "Whether a discrepancy is dealt with.",
    {
        "OPEN": "Nobody has it yet.",
        "ASSIGNED": "Somebody is to look at it.",
        "RESOLVED": "It is dealt with, or gone.",
    },
)

AnyDiscrepancy = models.Discrepancy | DiscrepancyFigures


@node_type(
    models.Discrepancy,
    queries.discrepancies_by_id,
    "Something that does not agree between what we know of a payment and what was said of it. The same is kept once, "
    "however often it is found. What is gone is resolved by itself; what comes back, or becomes worse, is open again.",
)
class Discrepancy(Node):
    number: str = attribute("Its number.")
    payment_id: ID | None = global_id(
        "Payment", "The payment; null for money of which no payment is known.", name="sessionId"
    )
    receipt: str | None = attribute("The receipt of M-Pesa that it is about.")
    type: DiscrepancyType = attribute("What it is.")
    severity: Severity = attribute("How soon somebody should look.")
    message: str = attribute("The same in words.")
    expected: str | None = attribute("What we know.")
    received: str | None = attribute("What was said.")
    status: DiscrepancyStatus = attribute("Whether it is dealt with.")
    assigned_to: ID | None = global_id("User", "Who is to look at it.", name="assignedToId")
    assigned_at: datetime | None = attribute("Since when.")
    resolution: Resolution | None = attribute("What was done about it.")
    note: str = attribute("What who dealt with it wrote down.")
    resolved_by: ID | None = global_id("User", "Who dealt with it; null when it was gone by itself.", name="resolvedById")
    resolved_at: datetime | None = attribute("When it was dealt with.")
    found_at: datetime = attribute("When it was found first.")
    last_found_at: datetime = attribute("When it was found last.")
    branch_id: ID | None = global_id("Branch", "The branch of the payment.")
    version: int = attribute("Grows with each change.")

    session: Payment | None = relation(
        payments_by_id, "payment_id", "The payment; null for money of which no payment is known."
    )
    assignee: User | None = relation(people, "assigned_to", "Who is to look at it.", name="assignedTo")
    resolver: User | None = relation(
        people, "resolved_by", "Who dealt with it; null when it was gone by itself.", name="resolvedBy"
    )
    branch: Branch | None = relation(branches_by_id, "branch_id", "The branch of the payment.")

    @field(
        list[Resolution],
        "What may be done about such a discrepancy; what stands in the way of one is said when it is tried.",
        size=ABOUT_SO_MANY_WAYS,
        shared=True,
    )
    def possible_resolutions(self, found: Parent[AnyDiscrepancy]) -> object:
        return possible(found.type)

    waiting: Money | None = relation(
        queries.waiting_of_receipts, "receipt", "The money of its receipt that waits in suspense; null where none ever came."
    )

    @field(list[PaymentEvidence], "All that was said of the payment, or of the receipt.", size=ABOUT_SO_MANY_CLAIMS)
    async def evidence(self, found: Parent[AnyDiscrepancy], info: Info) -> object:
        if found.payment_id is None:
            return await info.context.load_many(claims_of_receipts, found.receipt)
        return await info.context.load_many(claims_of_payments, found.payment_id)

    commands: list[MpesaCommand] = relations(
        queries.commands_of_discrepancies,
        "id",
        "What M-Pesa was asked to do about it: to give the money back. The newest first.",
        size=ABOUT_SO_MANY_REFUNDS,
    )
