"""Payments for tests whose reconciliation has come to some end, written down as settling does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from domain.kit import clock
from domain.kit.database import execute
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import unit_of_work
from domain.payments.events import DiscrepancyFound, IssueFigures, ReconciliationFinished
from domain.payments.models import Payment, Reconciliation
from domain.payments.opening import open_payment
from domain.payments.purposes import Due
from domain.payments.states import DiscrepancyType, Purpose, ReconStatus, ReconTrigger, Severity

PRICE = Money(250_000, "KES")
AN_ISSUE = IssueFigures(
    type=DiscrepancyType.AMOUNT_MISMATCH,
    message="M-Pesa amount differs from session price",
    severity=Severity.HIGH,
    receipt="QHX1234567",
    expected="KES 2,500.00",
    received="KES 2,499.00",
)

_TALLY = """
insert into reconciliation_tally (hour, slot, matched, failed, discrepancies, unverified, processing_ms)
values (date_trunc('hour', $1::timestamptz, 'UTC'), $2, $3, $4, $5, $6, $7)
on conflict (hour, slot) do update set
    matched = reconciliation_tally.matched + excluded.matched, failed = reconciliation_tally.failed + excluded.failed,
    discrepancies = reconciliation_tally.discrepancies + excluded.discrepancies,
    unverified = reconciliation_tally.unverified + excluded.unverified,
    processing_ms = reconciliation_tally.processing_ms + excluded.processing_ms
"""


async def tallied(
    at: datetime,
    *,
    matched: int = 0,
    failed: int = 0,
    discrepancies: int = 0,
    unverified: int = 0,
    processing_ms: int = 0,
    slot: int = 0,
) -> None:
    """So many came to an end in the hour of ``at``, which took so long together."""
    await execute(_TALLY, at, slot, matched, failed, discrepancies, unverified, processing_ms)


async def a_payment(
    *, client_id: UUID | None = None, payee_id: UUID | None = None, branch_id: UUID | None = None
) -> Payment:
    """John Doe is to pay Dr. Smith KES 2,500."""
    due = Due(
        purpose=Purpose.SERVICE_SESSION,
        target_id=new_id(),
        title="A session with Dr. Smith",
        amount=PRICE,
        currency="KES",
        client_id=client_id,
        client_name="John Doe",
        payee_id=payee_id,
        payee_name="Dr. Smith",
        branch_id=branch_id,
        account_reference="SES-000001",
    )
    async with unit_of_work() as work:
        return await open_payment(work, due, PRICE, created_by=None, phone_masked="2547*****001")


async def reconciled(
    payment: Payment,
    status: ReconStatus = ReconStatus.MATCHED,
    *,
    at: datetime | None = None,
    processing_ms: int = 1_200,
    trigger: ReconTrigger = ReconTrigger.MANUAL_DASHBOARD,
    issues: Sequence[IssueFigures] = (),
    transaction_id: str | None = "QHX1234567",
) -> Reconciliation:
    """The payment was compared at ``at`` (now), and came out so: its row, its tally, and what is announced of it."""
    at = at or clock.now()
    ends = status in (ReconStatus.MATCHED, ReconStatus.DISCREPANCY, ReconStatus.FAILED)
    severity = max((issue.severity for issue in issues), key=[*reversed(Severity)].index, default=None)
    row = Reconciliation(
        id=new_id(),
        payment_id=payment.id,
        trigger=trigger,
        status=status,
        due_at=at - timedelta(seconds=2),
        queued_at=at - timedelta(seconds=2),
        started_at=None if status is ReconStatus.QUEUED else at - timedelta(milliseconds=processing_ms),
        finished_at=at if ends else None,
        attempts=0 if status is ReconStatus.QUEUED else 1,
        next_attempt_at=at + timedelta(seconds=1) if status is ReconStatus.UNVERIFIED else None,
        processing_ms=processing_ms if ends else None,
        transaction_id=transaction_id,
        severity=severity,
        issues=[],
        correlation_id=payment.correlation_id,
    )
    async with unit_of_work() as work:
        await row.save(force_create=True)
        if status in (ReconStatus.QUEUED, ReconStatus.ACTIVE):
            return row
        await tallied(
            at,
            matched=int(status is ReconStatus.MATCHED),
            failed=int(status is ReconStatus.FAILED),
            discrepancies=int(status is ReconStatus.DISCREPANCY),
            unverified=int(status is ReconStatus.UNVERIFIED),
            processing_ms=processing_ms if ends else 0,
        )
        work.record(_finished(row, payment, issues, at, processing_ms))
        if issues:
            work.record(found(payment, issues, at=at, reconciliation_id=row.id))
    return row


def _finished(
    row: Reconciliation, payment: Payment, issues: Sequence[IssueFigures], at: datetime, processing_ms: int
) -> ReconciliationFinished:
    return ReconciliationFinished(
        reconciliation_id=row.id,
        session_id=payment.id,
        number=payment.number,
        status=row.status,
        payment_status=payment.status,
        client=payment.client_name,
        payee=payment.payee_name,
        amount=payment.amount,
        transaction_id=row.transaction_id,
        trigger=row.trigger,
        processing_ms=processing_ms,
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        severity=row.severity,
        issues=list(issues),
        requested_by=None,
        reconciled_at=at,
    )


def found(
    payment: Payment | None,
    issues: Sequence[IssueFigures] = (AN_ISSUE,),
    *,
    at: datetime | None = None,
    reconciliation_id: UUID | None = None,
) -> DiscrepancyFound:
    """What is announced of issues that were found."""
    return DiscrepancyFound(
        session_id=None if payment is None else payment.id,
        number=None if payment is None else payment.number,
        discrepancy_ids=[new_id() for _ in issues],
        issues=list(issues),
        severity=max((issue.severity for issue in issues), key=[*reversed(Severity)].index),
        branch_id=None if payment is None else payment.branch_id,
        reconciliation_id=reconciliation_id,
        found_at=at or clock.now(),
    )
