"""Writing a fee down as an act has left it: its row and all that came of it, in one statement."""

from __future__ import annotations

from typing import Any, Final

from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work
from domain.school.fees import money
from domain.school.fees.locking import Desk
from domain.school.fees.outcome import Settled
from domain.school.models import ArrearsAlert, SchoolFee, SchoolTransaction
from domain.school.states import ArrearsMove

# A new fee; it has its number already.
INSERT: Final = """
insert into school_fee (id, due_minor, paid_minor, refunded_minor, status, due_on, edition, arrears_alerted, voided_at,
                        voided_by_id, void_reason, title, plan_kind, updated_at, version, left_on, serial, student_id,
                        enrolment_id, class_id, branch_id, structure_id, schedule_id, currency, created_by_id, created_at,
                        correlation_id)
overriding system value
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
        $26, $27)
"""

# Lines, money, and what the books have of it. The row that is live takes the place of the one before, whose end it awaits.
_CONSEQUENCES: Final = """
asked as (
    insert into fee_line (id, fee_id, edition, position, instalment_no, due_on, category_code, income_code, amount_minor)
    select id, fee_id, edition, position, instalment_no, due_on, category_code, income_code, amount_minor
    from jsonb_populate_recordset(null::fee_line, $1)
), ended as (
    update school_transaction t
    set reversed_by_entry_id = e.reversed_by_entry_id, reversed_at = e.reversed_at, reversed_on = e.reversed_on,
        reversed_by_id = e.reversed_by_id
    from jsonb_populate_recordset(null::school_transaction, $2) e where t.id = e.id
    returning t.id
), posted as (
    insert into school_transaction (id, reference, kind, category, description, currency, amount_minor, on_date, fee_id,
                                    branch_id, entry_id, shares, created_by_id, created_at, correlation_id)
    select id, reference, kind, category, description, currency, amount_minor, on_date, fee_id, branch_id, entry_id, shares,
           created_by_id, created_at, correlation_id
    from jsonb_populate_recordset(null::school_transaction, $3), (select count(*) from ended) as before
), cleared as (
    update arrears_alert set cleared_at = greatest($6, raised_at) where id = $5
), raised as (
    insert into arrears_alert (id, fee_id, currency, arrears_minor, threshold_minor, raised_at)
    select id, fee_id, currency, arrears_minor, threshold_minor, raised_at
    from jsonb_populate_recordset(null::arrears_alert, $7)
)
insert into fee_payment (id, fee_id, kind, method, amount_minor, currency, account_code, wallet_owner_id, payer_id,
                         reference, paid_on, receipt, payment_id, fact_id, undoes_id, entry_id, note, created_by_id,
                         created_at, correlation_id)
select id, fee_id, kind, method, amount_minor, currency, account_code, wallet_owner_id, payer_id, reference, paid_on,
       nullif(receipt, 'null'::jsonb), payment_id, fact_id, undoes_id, entry_id, note, created_by_id, created_at,
       correlation_id
from jsonb_populate_recordset(null::fee_payment, $4)
returning id, serial, receipt_serial, receipt_number
"""

# What came of a new fee, which is there already.
OF_A_NEW_FEE: Final = f"with {_CONSEQUENCES}"

# A fee that was there, under its lock, and what came of it, in one.
CHANGE: Final = f"""
with changed as (
    update school_fee
    set due_minor = $9, paid_minor = $10, refunded_minor = $11, status = $12, due_on = $13, edition = $14,
        arrears_alerted = $15, voided_at = $16, voided_by_id = $17, void_reason = $18, title = $19, plan_kind = $20,
        updated_at = $21, version = $22, left_on = $23
    where id = $8
), {_CONSEQUENCES}"""


async def write_down(work: Work, desk: Desk, settled: Settled, *, new_lines: bool) -> None:
    """The fee as it is now, and all that came of it. Payments get their numbers."""
    figures, consequences = _figures(desk.fee), _consequences(desk, settled, new_lines)
    if desk.is_new:
        await work.execute(INSERT, *figures, *_as_born(desk.fee))
        rows = await work.fetch(OF_A_NEW_FEE, *consequences)
    else:
        rows = await work.fetch(CHANGE, *consequences, *figures)
    numbered = {row["id"]: row for row in rows}
    for payment in settled.payments:
        for column in ("serial", "receipt_serial", "receipt_number"):
            setattr(payment, column, numbered[payment.id][column])


def _figures(fee: SchoolFee) -> list[Any]:
    return [
        fee.id,
        fee.due_minor,
        fee.paid_minor,
        fee.refunded_minor,
        fee.status.value,
        fee.due_on,
        fee.edition,
        fee.arrears_alerted,
        fee.voided_at,
        fee.voided_by_id,
        fee.void_reason,
        fee.title,
        fee.plan_kind,
        fee.updated_at,
        fee.version,
        fee.left_on,
    ]


def _as_born(fee: SchoolFee) -> list[Any]:
    return [
        fee.serial,
        fee.student_id,
        fee.enrolment_id,
        fee.class_id,
        fee.branch_id,
        fee.structure_id,
        fee.schedule_id,
        fee.currency,
        fee.created_by_id,
        fee.created_at,
        fee.correlation_id,
    ]


def _consequences(desk: Desk, settled: Settled, new_lines: bool) -> list[Any]:
    ended, posted = settled.ended, settled.posted
    return [
        _lines(desk) if new_lines else [],
        [] if ended is None else [_ended(ended)],
        [] if posted is None else [_posted(posted)],
        [money.as_json(row) for row in settled.payments],
        desk.alert_id if settled.alert is ArrearsMove.CLEARED else None,
        settled.fee.updated_at,
        [] if settled.raised is None else [_raised(settled.raised)],
    ]


def _lines(desk: Desk) -> list[dict[str, Any]]:
    return [
        {
            "id": str(new_id()),
            "fee_id": str(desk.fee.id),
            "edition": desk.fee.edition,
            "position": position,
            "instalment_no": each.line.number,
            "due_on": each.line.due_on.isoformat(),
            "category_code": each.line.category,
            "income_code": each.income_code,
            "amount_minor": each.line.amount.amount_minor,
        }
        for position, each in enumerate(desk.lines, 1)
    ]


def _ended(row: SchoolTransaction) -> dict[str, Any]:
    assert row.reversed_at is not None and row.reversed_on is not None, "it ended"
    return {
        "id": str(row.id),
        "reversed_by_entry_id": str(row.reversed_by_entry_id),
        "reversed_at": row.reversed_at.isoformat(),
        "reversed_on": row.reversed_on.isoformat(),
        "reversed_by_id": str(row.reversed_by_id),
    }


def _posted(row: SchoolTransaction) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "reference": row.reference,
        "kind": row.kind.value,
        "category": row.category,
        "description": row.description,
        "currency": row.currency,
        "amount_minor": row.amount_minor,
        "on_date": row.on_date.isoformat(),
        "fee_id": str(row.fee_id),
        "branch_id": None if row.branch_id is None else str(row.branch_id),
        "entry_id": str(row.entry_id),
        "shares": row.shares,
        "created_by_id": str(row.created_by_id),
        "created_at": row.created_at.isoformat(),
        "correlation_id": str(row.correlation_id),
    }


def _raised(alert: ArrearsAlert) -> dict[str, Any]:
    return {
        "id": str(alert.id),
        "fee_id": str(alert.fee_id),
        "currency": alert.currency,
        "arrears_minor": alert.arrears_minor,
        "threshold_minor": alert.threshold_minor,
        "raised_at": alert.raised_at.isoformat(),
    }
