"""Facts about reconciliations and what did not agree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.events.event import event
from domain.kit.money import Money
from domain.payments.events.topics import RECONCILIATION, Figures, ForReconcilers, payment_topic
from domain.payments.states import (
    DiscrepancyStatus,
    DiscrepancyType,
    PaymentStatus,
    ReconStatus,
    ReconTrigger,
    Resolution,
    Severity,
)


@dataclass(frozen=True, kw_only=True)
class IssueFigures(Figures):
    """One thing that does not agree."""

    type: DiscrepancyType
    message: str
    severity: Severity
    receipt: str | None
    expected: str | None
    received: str | None


@event("payments.reconciliation_finished")
@dataclass(frozen=True, kw_only=True)
class ReconciliationFinished(ForReconcilers):
    """A payment was compared with all that was said of it. UNVERIFIED is no end: it is tried again at next_attempt_at."""

    reconciliation_id: UUID
    session_id: UUID
    number: str
    status: ReconStatus
    payment_status: PaymentStatus
    client: str
    payee: str
    amount: Money
    transaction_id: str | None
    trigger: ReconTrigger
    processing_ms: int
    attempts: int
    next_attempt_at: datetime | None
    severity: Severity | None
    issues: list[IssueFigures]
    requested_by: UUID | None
    reconciled_at: datetime
    client_id: UUID | None = None
    payee_id: UUID | None = None

    def topics(self) -> Iterable[str]:
        return [RECONCILIATION, payment_topic(self.session_id)]


@event("payments.discrepancy_found")
@dataclass(frozen=True, kw_only=True)
class DiscrepancyFound(ForReconcilers):
    """Things do not agree that did, or that nobody knew of. All that were found of one payment at once are told together;
    without a session it is about money of which no payment is known."""

    session_id: UUID | None
    number: str | None
    discrepancy_ids: list[UUID]
    issues: list[IssueFigures]
    severity: Severity
    branch_id: UUID | None
    reconciliation_id: UUID | None
    found_at: datetime

    def topics(self) -> Iterable[str]:
        return [RECONCILIATION, *([] if self.session_id is None else [payment_topic(self.session_id)])]


@dataclass(frozen=True, kw_only=True)
class DiscrepancyFigures(Figures):
    """A discrepancy as it stood."""

    id: UUID
    number: str
    payment_id: UUID | None
    receipt: str | None
    type: DiscrepancyType
    severity: Severity
    message: str
    expected: str | None
    received: str | None
    status: DiscrepancyStatus
    assigned_to: UUID | None
    assigned_at: datetime | None
    resolution: Resolution | None
    note: str
    resolved_by: UUID | None
    resolved_at: datetime | None
    found_at: datetime
    last_found_at: datetime
    branch_id: UUID | None
    version: int


@event("payments.discrepancy_changed")
@dataclass(frozen=True, kw_only=True)
class DiscrepancyChanged(ForReconcilers):
    """A discrepancy was assigned, resolved, or found again."""

    discrepancy: DiscrepancyFigures

    def topics(self) -> Iterable[str]:
        payment_id = self.discrepancy.payment_id
        return [RECONCILIATION, *([] if payment_id is None else [payment_topic(payment_id)])]
