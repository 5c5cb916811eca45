"""Reading reconciliations: what was compared, why, how it came out, and of which payment."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from tortoise.expressions import Q

from domain.identity.actor import Actor
from domain.kit.money import Money
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import read
from domain.payments.access import RECONCILE
from domain.payments.models import Payment, Reconciliation
from domain.payments.queries.narrowing import one_of, within
from domain.payments.states import DiscrepancyType, ReconStatus, ReconTrigger, Severity


@dataclass(frozen=True, slots=True)
class SessionDetails:
    """Who pays whom how much, and the receipt that paid it."""

    client_id: UUID | None
    client: str
    payee_id: UUID | None
    payee: str
    amount: Money
    transaction_id: str | None

    @property
    def psychologist(self) -> str:
        return self.payee


@dataclass(frozen=True, slots=True)
class ReconciliationMetadata:
    """What made a payment be reconciled, how many milliseconds it took, and when that was."""

    trigger: ReconTrigger
    processing_time: int | None
    timestamp: datetime


@dataclass(frozen=True, slots=True)
class FoundIssue:
    """Something that did not agree, as it was found."""

    type: DiscrepancyType
    severity: Severity
    message: str
    receipt: str | None = None
    expected: str | None = None
    received: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationResult:
    """One comparison of a payment with all that was said of it. ``session_id`` is the payment."""

    id: UUID
    session_id: UUID
    session_number: str
    status: ReconStatus
    session_details: SessionDetails
    reconciliation_metadata: ReconciliationMetadata
    issues: list[FoundIssue]
    severity: Severity | None
    attempts: int
    next_attempt_at: datetime | None
    queued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    requested_by: UUID | None
    error: str | None

    @classmethod
    def of(cls, row: Reconciliation, payment: Payment) -> Self:
        return cls(
            id=row.id,
            session_id=payment.id,
            session_number=payment.number,
            status=row.status,
            session_details=SessionDetails(
                client_id=payment.client_id,
                client=payment.client_name,
                payee_id=payment.payee_id,
                payee=payment.payee_name,
                amount=payment.amount,
                transaction_id=row.transaction_id if row.finished_at else payment.transaction_id,
            ),
            reconciliation_metadata=ReconciliationMetadata(
                trigger=row.trigger,
                processing_time=row.processing_ms,
                timestamp=row.finished_at or row.started_at or row.queued_at,
            ),
            issues=[_issue(each) for each in row.issues],
            severity=row.severity,
            attempts=row.attempts,
            next_attempt_at=row.next_attempt_at,
            queued_at=row.queued_at,
            started_at=row.started_at,
            finished_at=row.finished_at,
            requested_by=row.requested_by,
            error=row.error,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationFilter:
    """Which reconciliations; what is not said does not narrow. ``since`` is included, ``until`` is not; both are about when
    it was asked for."""

    statuses: Sequence[ReconStatus] = ()
    triggers: Sequence[ReconTrigger] = ()
    severities: Sequence[Severity] = ()
    payment_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def condition(self) -> Q:
        found = one_of(status=self.statuses, trigger=self.triggers, severity=self.severities)
        if self.payment_id is not None:
            found &= Q(payment_id=self.payment_id)
        return found & within("queued_at", self.since, self.until)


async def reconciliation_results(
    actor: Actor, page: PageRequest, wanted: ReconciliationFilter | None = None
) -> Page[ReconciliationResult]:
    """Reconciliations, the newest first; those that still wait are among them."""
    actor.require(RECONCILE)
    narrowed = (wanted or ReconciliationFilter()).condition
    found = await page_of(Reconciliation.filter(narrowed), page.of_whole_rows, "-queued_at", "-id")
    return found.showing(await _results(found.rows))


async def results_by_id(actor: Actor, ids: Collection[UUID]) -> dict[UUID, ReconciliationResult]:
    """Several reconciliations, none for whoever may not see them."""
    if not actor.may(RECONCILE):
        return {}
    return {result.id: result for result in await _results(await read(Reconciliation.filter(id__in=list(ids))))}


async def _results(rows: Sequence[Reconciliation]) -> list[ReconciliationResult]:
    payments = {row.id: row for row in await read(Payment.filter(id__in=list({row.payment_id for row in rows})))}
    return [ReconciliationResult.of(row, payments[row.payment_id]) for row in rows]


def _issue(found: Mapping[str, Any]) -> FoundIssue:
    return FoundIssue(
        type=DiscrepancyType(found["type"]),
        severity=Severity(found["severity"]),
        message=found["message"],
        receipt=found.get("receipt"),
        expected=found.get("expected"),
        received=found.get("received"),
    )
