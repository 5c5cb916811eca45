"""Reconciliations as clients see them: which payment, why, how it came out, and what did not agree."""

from __future__ import annotations

from datetime import datetime

from domain.identity.queries import people
from domain.payments.queries import reconciling as queries
from domain.payments.queries.discrepancies import discrepancies_of_payments
from domain.payments.queries.messages import claims_of_payments
from domain.payments.queries.payments import payments_by_id
from domain.payments.states import DiscrepancyType, ReconStatus, ReconTrigger, Severity
from schema.identity.types import User
from schema.kit import ID, Money, Node, attribute, global_id, node_type, object_type, relation, relations
from schema.kit.fields import FieldRule
from schema.payments import enums  # noqa: F401  describes the enums that are used here
from schema.payments.discrepancies.types import Discrepancy
from schema.payments.messages.types import PaymentEvidence
from schema.payments.paying.types import Payment

ABOUT_SO_MANY_ISSUES = 2
ABOUT_SO_MANY_CLAIMS = 3


@object_type("Who pays whom how much.")
class SessionDetails:
    client: str = attribute("The name of who pays.")
    client_id: ID | None = global_id("User", "Who pays, if it is a user.")
    payee: str = attribute("The name of who is paid.")
    payee_id: ID | None = global_id("User", "Who is paid, if it is a user.")
    psychologist: str = attribute("The same as `payee`: who is paid for a session.")
    amount: Money = attribute("How much is to be paid.")
    transaction_id: str | None = attribute("The receipt of M-Pesa that paid it; null while nobody has said one.")


@object_type("What made a payment be reconciled, and how long that took.")
class ReconciliationMetadata:
    trigger: ReconTrigger = attribute("What made it be reconciled.")
    processing_time: int | None = attribute("How long it took, in milliseconds; null while it waits.")
    timestamp: datetime = attribute("When it was finished; while it is not, when it began, or was asked for.")


@object_type("One thing that did not agree.")
class ReconciliationIssue:
    type: DiscrepancyType = attribute("What it is.")
    message: str = attribute("The same in words.")
    severity: Severity = attribute("How soon somebody should look.")
    receipt: str | None = attribute("The receipt that it is about.")
    expected: str | None = attribute("What we know.")
    received: str | None = attribute("What was said.")


@node_type(queries.ReconciliationResult, queries.results_by_id, "One comparison of a payment with all that was said of it.")
class ReconciliationResult(Node):
    session_id: ID = global_id("Payment", "The payment.")
    session_number: str = attribute("The number of the payment.")
    status: ReconStatus = attribute("How it came out.")
    session_details: SessionDetails = attribute("Of the payment.", rule=FieldRule(shared=True))
    reconciliation_metadata: ReconciliationMetadata = attribute("Of the comparison.", rule=FieldRule(shared=True))
    issues: list[ReconciliationIssue] = attribute(
        "What did not agree, the worst first; empty when all does.", rule=FieldRule(size=ABOUT_SO_MANY_ISSUES, shared=True)
    )
    severity: Severity | None = attribute("That of the worst issue.")
    attempts: int = attribute("How often it was tried.")
    next_attempt_at: datetime | None = attribute("When it is tried again, as nobody can say yet how the payment ended.")
    queued_at: datetime = attribute("When it was asked for.")
    started_at: datetime | None = attribute("When it began.")
    finished_at: datetime | None = attribute("When it was over; null while it is not.")
    requested_by: ID | None = global_id("User", "Who asked for it; null when nobody did.", name="requestedById")
    error: str | None = attribute("Why it was given up.")

    session: Payment = relation(payments_by_id, "session_id", "The payment.")
    requester: User | None = relation(people, "requested_by", "Who asked for it; null when nobody did.", name="requestedBy")
    discrepancies: list[Discrepancy] = relations(
        discrepancies_of_payments,
        "session_id",
        "What was ever found of the payment, the newest first.",
        size=ABOUT_SO_MANY_ISSUES,
    )
    evidence: list[PaymentEvidence] = relations(
        claims_of_payments, "session_id", "All that was said of the payment, as it was heard.", size=ABOUT_SO_MANY_CLAIMS
    )
