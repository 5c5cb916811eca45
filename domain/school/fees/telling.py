"""Telling of what became of a fee: to the log of activities, and to those who follow it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain.events.event import Event
from domain.kit.unit_of_work import Work
from domain.school.activities import note_activity
from domain.school.events import (
    ArrearsAlertCleared,
    ArrearsAlertRaised,
    FeeChanged,
    FeeFigures,
    FeePaymentFigures,
    FeeReceiptGiven,
    FinancialTransactionChanged,
    TransactionFigures,
)
from domain.school.fees.locking import Desk
from domain.school.fees.outcome import Settled
from domain.school.models import ArrearsAlert, FeePayment, SchoolFee, SchoolTransaction
from domain.school.states import TransactionChange


async def tell(work: Work, desk: Desk, settled: Settled, why: str) -> None:
    """The fee first, then receipts, then the books, then the alert."""
    fee = settled.fee
    await note_activity(
        work,
        desk.actor,
        f"fee_{settled.change.value.lower()}",
        subject_kind="school_fee",
        subject_id=fee.id,
        title=f"{fee.number}, {desk.student}: {fee.title}",
        student_id=fee.student_id,
        branch_id=fee.branch_id,
        data={
            "reference": fee.number,
            "status": fee.status,
            "due": fee.due,
            "paid": fee.paid,
            "moved": [{"kind": row.kind, "method": row.method, "amount": row.amount} for row in settled.payments],
            "receipts": [row.receipt_number for row in settled.payments if row.receipt_number],
            "why": why,
        },
    )
    work.record(*_facts(desk, settled))


def _facts(desk: Desk, settled: Settled) -> Iterator[Event]:
    fee, guardians = figures_of(settled.fee, desk.student), desk.guardian_ids
    payments = [(row, payment_figures(row)) for row in settled.payments]
    yield FeeChanged(
        fee=fee,
        guardian_ids=guardians,
        change=settled.change,
        status_before=settled.status_before,
        payments=[figures for _, figures in payments],
    )
    for row, figures in payments:
        if row.receipt_number is not None:
            yield FeeReceiptGiven(
                fee=fee,
                guardian_ids=guardians,
                payment=figures,
                receipt_number=row.receipt_number,
                payer_id=row.payer_id,
            )
    if settled.posted is not None or settled.ended is not None:
        yield _of_the_books(settled.fee, settled.posted, settled.ended)
    if settled.raised is not None:
        yield alert_raised(desk, settled.raised)
    elif settled.alert is not None:
        yield alert_cleared(desk, settled.fee.updated_at)


def _of_the_books(
    fee: SchoolFee, posted: SchoolTransaction | None, ended: SchoolTransaction | None
) -> FinancialTransactionChanged:
    change = TransactionChange.UPDATED
    if posted is None or ended is None:
        change = TransactionChange.CREATED if ended is None else TransactionChange.DELETED
    return FinancialTransactionChanged(
        change=change,
        reference=fee.number,
        live=None if posted is None else TransactionFigures.of(posted),
        ended=None if ended is None else TransactionFigures.of(ended),
    )


def alert_raised(desk: Desk, alert: ArrearsAlert) -> ArrearsAlertRaised:
    """The arrears of the fee on the desk rose above the threshold."""
    return ArrearsAlertRaised(
        fee=figures_of(desk.fee, desk.student),
        guardian_ids=desk.guardian_ids,
        alert_id=alert.id,
        threshold=desk.threshold,
        raised_at=alert.raised_at,
    )


def alert_cleared(desk: Desk, cleared_at: datetime) -> ArrearsAlertCleared:
    """They are at the threshold or below it again, or the fee was deleted."""
    assert desk.alert_id is not None, "an alert that is cleared was raised"
    return ArrearsAlertCleared(
        fee=figures_of(desk.fee, desk.student),
        guardian_ids=desk.guardian_ids,
        alert_id=desk.alert_id,
        threshold=desk.threshold,
        cleared_at=cleared_at,
    )


def figures_of(fee: SchoolFee, student: str) -> FeeFigures:
    """A fee as it stands, of a student who is called so."""
    figures = fee.figures
    return FeeFigures.of(
        fee, student=student, arrears=figures.arrears, outstanding=figures.outstanding, credit=figures.credit
    )


def payment_figures(row: FeePayment) -> FeePaymentFigures:
    return FeePaymentFigures.of(row)
