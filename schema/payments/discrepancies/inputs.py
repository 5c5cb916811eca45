"""What clients send to deal with discrepancies, and which ones they look for."""

from __future__ import annotations

from datetime import datetime

from domain.payments.queries.discrepancies import DiscrepancyFilter as FilterRow
from domain.payments.queries.discrepancies import DiscrepancyOrder
from domain.payments.states import DiscrepancyStatus, DiscrepancyType, Purpose, Resolution, Severity
from schema.kit import ID, attribute, enum_type, idempotency_key, input_type, optional, read_optional_id
from schema.payments import enums  # noqa: F401  describes the enums that are used here

_DISCREPANCY = "The discrepancy."

enum_type(
    DiscrepancyOrder,
    "In which order discrepancies are listed.",
    {
        "NEWEST_FIRST": "As they were found, the newest first.",
        "MOST_URGENT_FIRST": "Only what is not dealt with: the most severe first, and of those what waits longest.",
    },
)


@input_type("Who is to look at a discrepancy.")
class AssignDiscrepancyInput:
    discrepancy_id: ID = attribute(_DISCREPANCY)
    assignee_id: ID | None = optional("Somebody who reconciles; the viewer when left out.")


@input_type("What was done about a discrepancy.")
class ResolveDiscrepancyInput:
    discrepancy_id: ID = attribute(_DISCREPANCY)
    resolution: Resolution = attribute("One of its `possibleResolutions`.")
    note: str = attribute("Why, in 1 to 500 characters.")
    payment_id: ID | None = optional("The payment that the money belongs to; for MATCHED_BY_HAND, and only for it.")
    idempotency_key: str | None = idempotency_key()


@input_type("Which discrepancy to look at again, and why.")
class ReopenDiscrepancyInput:
    discrepancy_id: ID = attribute(_DISCREPANCY)
    note: str = attribute("Why, in 1 to 500 characters.")


@input_type("Which discrepancies to list; those that fit all that is said.")
class DiscrepancyFilter:
    statuses: list[DiscrepancyStatus] | None = optional("That stand so.")
    severities: list[Severity] | None = optional("Of such a severity.")
    types: list[DiscrepancyType] | None = optional("Of such a type.")
    purposes: list[Purpose] | None = optional("Of payments for one of these.")
    assignee_id: ID | None = optional("That this user is to look at.")
    session_id: ID | None = optional("Of this payment.")
    receipt: str | None = optional("About this receipt of M-Pesa.")
    since: datetime | None = optional("Found first then, or later.", name="from")
    until: datetime | None = optional("Found first before then.", name="to")

    def parse(self) -> FilterRow:
        return FilterRow(
            statuses=self.statuses or (),
            severities=self.severities or (),
            types=self.types or (),
            purposes=self.purposes or (),
            assignee_id=read_optional_id("User", self.assignee_id, "filter", "assigneeId"),
            payment_id=read_optional_id("Payment", self.session_id, "filter", "sessionId"),
            receipt=self.receipt,
            since=self.since,
            until=self.until,
        )
