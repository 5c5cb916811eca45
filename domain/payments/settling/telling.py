"""Telling what came of settling: of payments, of money, of what does not agree, and of each reconciliation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from types import MappingProxyType
from uuid import UUID

from domain.kit.context import as_part_of, current_call
from domain.kit.unit_of_work import Work
from domain.payments.events import (
    DiscrepancyChanged,
    DiscrepancyFigures,
    DiscrepancyFound,
    IssueFigures,
    PaidAfterFailure,
    PaymentChanged,
    PaymentCredited,
    PaymentFigures,
    ReconciliationFinished,
)
from domain.payments.models import Discrepancy
from domain.payments.rules.issues import worst_of
from domain.payments.settling.cases import Decided, Settled
from domain.payments.settling.disagreeing import Told, What
from domain.payments.states import UNPAID, PaymentStatus, ReconStatus, ReconTrigger, Severity


def tell_of_payment(work: Work, decided: Decided, settled: Settled) -> None:
    if not decided.is_news:
        return
    figures = PaymentFigures.of(settled.payment)
    work.record(PaymentChanged(payment=figures, before=decided.before))
    if decided.moved:
        work.record(PaymentCredited(payment=figures))
    if decided.before in UNPAID and PaymentStatus.PAID in decided.decision.steps:
        work.record(PaidAfterFailure(payment=figures, before=decided.before))


def tell_of_reconciliation(work: Work, decided: Decided, settled: Settled, now: datetime) -> None:
    # The row as it is: it is told of each payment, and making an object of it takes longer than telling.
    payment, row = settled.payment, settled.reconciliation_row
    work.record(
        ReconciliationFinished(
            reconciliation_id=row["id"],
            session_id=payment.id,
            number=payment.number,
            status=ReconStatus(row["status"]),
            payment_status=payment.status,
            client=payment.client_name,
            payee=payment.payee_name,
            amount=payment.amount,
            transaction_id=payment.transaction_id,
            trigger=ReconTrigger(row["trigger"]),
            processing_ms=row["processing_ms"] or 0,
            attempts=row["attempts"],
            next_attempt_at=row["next_attempt_at"],
            severity=row["severity"] and Severity(row["severity"]),
            issues=[IssueFigures.of(each) for each in decided.issues],
            requested_by=row["requested_by"],
            reconciled_at=now,
            client_id=payment.client_id,
            payee_id=payment.payee_id,
        )
    )


def tell_of_discrepancies(
    work: Work,
    told: Iterable[Told],
    numbers: Mapping[UUID, str],
    now: datetime,
    belongings: Mapping[UUID, UUID] = MappingProxyType({}),
) -> None:
    """What was found of one payment at once is told together. ``numbers`` are those of the payments, ``belongings`` the
    correlation ids under which it is told of them, where that is not the call in progress."""
    ordered = sorted(told, key=lambda each: (str(each.row["payment_id"] or each.row["receipt"]), each.row["serial"]))
    for _, group in groupby(ordered, key=lambda each: each.row["payment_id"] or each.row["receipt"]):
        rows = list(group)
        payment_id = rows[0].row["payment_id"]
        with as_part_of(belongings.get(payment_id) or current_call().correlation_id):
            _tell_together(work, rows, numbers.get(payment_id), now)


def _tell_together(work: Work, rows: Sequence[Told], number: str | None, now: datetime) -> None:
    found = [Discrepancy._init_from_db(**each.row) for each in rows if each.what is What.FOUND]
    if found:
        work.record(found_together(found, number, now))
    for each in rows:
        if each.what is What.CHANGED:
            figures = DiscrepancyFigures.of(Discrepancy._init_from_db(**each.row))
            work.record(DiscrepancyChanged(discrepancy=figures))


def found_together(found: list[Discrepancy], number: str | None, now: datetime) -> DiscrepancyFound:
    """What was found of one payment, whose number is given, or of money that has none."""
    severity = worst_of(each.severity for each in found)
    assert severity is not None, "something was found"
    return DiscrepancyFound(
        session_id=found[0].payment_id,
        number=number,
        discrepancy_ids=[each.id for each in found],
        issues=[IssueFigures.of(each) for each in found],
        severity=severity,
        branch_id=found[0].branch_id,
        reconciliation_id=found[0].reconciliation_id,
        found_at=now,
    )
