"""The discrepancy that a purpose does not take the money that came for it, or does not give back what was taken back.

Settling knows nothing of it: it is found when money is brought to its purpose, and over when that works out.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from domain.kit import clock
from domain.kit.unit_of_work import Work
from domain.payments.events import DiscrepancyChanged, DiscrepancyFigures
from domain.payments.models import Discrepancy, Payment, PaymentApplication
from domain.payments.rules.issues import issue
from domain.payments.settling.disagreeing import Subject, keep_discrepancies
from domain.payments.settling.telling import tell_of_discrepancies
from domain.payments.states import DiscrepancyStatus, DiscrepancyType, Resolution

MAX_MESSAGE: Final = 300

KNOWN: Final = "select * from discrepancy where payment_id = $1 and type = $2 order by id for no key update"

LOCK_REFUSALS: Final = "select from discrepancy where payment_id = any($1) and type = $2 order by id for no key update"


async def tell_refusal(work: Work, payment: Payment, application: PaymentApplication) -> None:
    """Write down, once for a payment, that its purpose refused, and tell who reconciles."""
    assert application.refused_code is not None and application.refused_reason is not None, "it was refused"
    refused = issue(
        DiscrepancyType.PURPOSE_REFUSED,
        f"{application.refused_code}: {application.refused_reason}"[:MAX_MESSAGE],
        expected=payment.purpose_amount + application.written_off,
        received=application.amount,
    )
    known = await work.fetch(KNOWN, payment.id, DiscrepancyType.PURPOSE_REFUSED.value)
    subject = Subject(known=known, issues=[refused], payment_id=payment.id, branch_id=payment.branch_id)
    now = clock.now()
    told = await keep_discrepancies(work, [subject], now)
    tell_of_discrepancies(work, told, {payment.id: payment.number}, now)


async def settle_refusal(work: Work, payment: Payment, *, by: UUID | None = None, note: str = "") -> None:
    """The purpose has what came for it: what was refused is over, by itself or because somebody had it tried again."""
    open_ones = await (
        Discrepancy.filter(payment_id=payment.id, type=DiscrepancyType.PURPOSE_REFUSED)
        .exclude(status=DiscrepancyStatus.RESOLVED)
        .select_for_update(no_key=True)
    )
    for row in open_ones:
        row.status, row.resolved_at, row.resolved_by, row.note = DiscrepancyStatus.RESOLVED, clock.now(), by, note
        row.resolution = Resolution.NO_ACTION if by is None else Resolution.ACCEPTED
        row.version += 1
        await row.save(update_fields=["status", "resolution", "resolved_at", "resolved_by", "note", "version"])
        work.record(DiscrepancyChanged(discrepancy=DiscrepancyFigures.of(row)))
