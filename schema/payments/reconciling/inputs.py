"""What clients send to have payments reconciled, and which results they look for."""

from __future__ import annotations

from datetime import datetime

from domain.payments.queries.reconciling import ReconciliationFilter as FilterRow
from domain.payments.states import ReconStatus, ReconTrigger, Severity
from schema.kit import ID, attribute, input_type, optional, read_optional_id
from schema.payments import enums  # noqa: F401  describes the enums that are used here

_SESSION = "The payment."
_BY_HAND = "MANUAL, MANUAL_DASHBOARD, MANUAL_QUEUE, BULK_MANUAL or WEBSOCKET: the other triggers are no person's."


@input_type("Which payment to reconcile, now.")
class ReconcileSessionInput:
    session_id: ID = attribute(_SESSION)
    trigger: ReconTrigger = attribute(_BY_HAND, default=ReconTrigger.MANUAL)


@input_type("Which payments to reconcile, now.")
class BulkReconcileInput:
    session_ids: list[ID] = attribute("The payments, 1 to 500. One that is named twice is reconciled once.")
    trigger: ReconTrigger = attribute(_BY_HAND, default=ReconTrigger.BULK_MANUAL)


@input_type("Which payment to put into the queue.")
class QueueReconciliationInput:
    session_id: ID = attribute(_SESSION)
    trigger: ReconTrigger = attribute(_BY_HAND, default=ReconTrigger.MANUAL_QUEUE)


@input_type("Which reconciliations to list; those that fit all that is said.")
class ReconciliationFilter:
    statuses: list[ReconStatus] | None = optional("That came out so, or stand there.")
    triggers: list[ReconTrigger] | None = optional("That one of these set off.")
    severities: list[Severity] | None = optional("Whose worst issue is of such a severity.")
    session_id: ID | None = optional("Of this payment.")
    since: datetime | None = optional("Asked for then, or later.", name="from")
    until: datetime | None = optional("Asked for before then.", name="to")

    def parse(self) -> FilterRow:
        return FilterRow(
            statuses=self.statuses or (),
            triggers=self.triggers or (),
            severities=self.severities or (),
            payment_id=read_optional_id("Payment", self.session_id, "filter", "sessionId"),
            since=self.since,
            until=self.until,
        )
