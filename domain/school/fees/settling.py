"""The one way in which a fee changes: whatever is charged, paid, corrected, given back or deleted is settled here.

From what is due and paid follow the fee's status, the row that the books have under its number, what is receivable, and
whether arrears are high. All of it is written together, so that none of it can disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from domain.kit import clock
from domain.kit.context import current_call
from domain.kit.errors import InvalidAmount
from domain.kit.ids import new_id
from domain.kit.money import MAX_AMOUNT_MINOR
from domain.kit.unit_of_work import Work
from domain.ledger.service import post_entries
from domain.school.errors import BadFee
from domain.school.fees import money, telling
from domain.school.fees.alerts import alert_move, raised_alert
from domain.school.fees.chain import CATEGORY, Step, chain_steps, charge_entry
from domain.school.fees.lines import charged_lines, require_lines
from domain.school.fees.locking import Desk, LiveTransaction
from domain.school.fees.money import Taken
from domain.school.fees.outcome import Settled
from domain.school.fees.writing import write_down
from domain.school.models import FeePayment, SchoolTransaction
from domain.school.rules.figures import total
from domain.school.rules.plans import Line
from domain.school.states import ArrearsMove, FeeChange, FeePaymentKind, TransactionKind


async def settle(
    work: Work,
    desk: Desk,
    change: FeeChange,
    *,
    lines: Sequence[Line] | None = None,
    payments: Sequence[Taken] = (),
    void: bool = False,
    on: date,
    why: str = "",
) -> Settled:
    """Write down that a fee asks for other ``lines``, that money came for it or went back, or that it is deleted.

    Everything is effective ``on`` one day; PERIOD_CLOSED, and nothing happens, where the books of that day are closed. Title
    and plan may have been changed on the fee of the desk. Refuses with BAD_FEE, FEE_CATEGORY_NOT_FOUND, INVALID_AMOUNT, and
    INSUFFICIENT_FUNDS of a wallet. A deleted fee keeps no money, so that ``payments`` take back what there is.
    """
    fee = desk.fee
    status, owed = (None, 0) if desk.is_new else (fee.status, fee.due_minor)
    if lines is not None:
        require_lines(lines, fee.currency)
        desk.lines = await charged_lines(work, desk.actor, lines, desk.income_of)
    rows = _count_in(desk, payments, on)
    _become(desk, lines is not None, void, on, why)
    move = alert_move(desk)
    steps = await _post(desk, rows, (0 if fee.void else fee.due_minor) - owed, on)
    posted, ended = _in_the_books(desk, steps, on)
    raised = raised_alert(desk, fee.updated_at) if move is ArrearsMove.RAISED else None
    settled = Settled(fee, change, status, tuple(rows), posted, ended, move, raised)
    await write_down(work, desk, settled, new_lines=lines is not None)
    await telling.tell(work, desk, settled, why)
    _stand(desk, settled, steps)
    return settled


def _count_in(desk: Desk, payments: Sequence[Taken], on: date) -> list[FeePayment]:
    """Count money into the figures of the fee; returns the rows that remember it."""
    fee, rows = desk.fee, []
    for taken in payments:
        fee.due.require_same_currency(taken.amount)
        assert taken.amount, "money is something"
        rows.append(money.row_of(desk, taken, fee.paid, on))
        fee.paid_minor += taken.amount.amount_minor
        if taken.kind is FeePaymentKind.REFUND:
            fee.refunded_minor -= taken.amount.amount_minor
    if fee.paid_minor < 0 or fee.refunded_minor < 0:
        raise InvalidAmount("more would go back than was paid", field=("input", "amount"))
    if fee.paid_minor > MAX_AMOUNT_MINOR:
        raise InvalidAmount("the amount is too large", field=("input", "amount"))
    return rows


def _become(desk: Desk, new_lines: bool, void: bool, on: date, why: str) -> None:
    fee, moment = desk.fee, clock.now()
    if new_lines:
        fee.due_minor = total((line.amount for line in desk.rule_lines), fee.currency).amount_minor
        fee.due_on = min((line.due_on for line in desk.rule_lines), default=on if desk.is_new else fee.due_on)
        fee.edition += 0 if desk.is_new else 1
    if void:
        if fee.paid_minor:
            raise BadFee("a fee that is deleted has no money")
        fee.voided_at, fee.voided_by_id, fee.void_reason = moment, desk.actor.id, why
    status = fee.figures.status
    if desk.is_new:
        fee.status = status
    else:
        fee.become(status)
        fee.version += 1
    fee.updated_at = moment


async def _post(desk: Desk, rows: Sequence[FeePayment], due_change: int, on: date) -> list[Step]:
    """All entries: of money, of what is charged, and of the chain."""
    moved = [await money.move(desk, row) for row in rows]
    charge = await charge_entry(desk.fee, due_change, on)
    steps = await chain_steps(desk, on)
    await post_entries([entry for entry in (*moved, charge, *(step.entry for step in steps)) if entry is not None])
    return steps


def _in_the_books(desk: Desk, steps: Sequence[Step], on: date) -> tuple[SchoolTransaction | None, SchoolTransaction | None]:
    """The row that the chain has now, if it is a new one, and the one that it had."""
    posted = ended = None
    for step in steps:
        if step.entry.reverses_id is None:
            posted = _transaction(desk, step, on)
        else:
            assert desk.live is not None, "only what is live is reversed"
            ended = _as_row(desk, desk.live)
            ended.reversed_by_entry_id, ended.reversed_by_id = step.entry.id, desk.actor.id
            ended.reversed_at, ended.reversed_on = desk.fee.updated_at, on
    return posted, ended


def _transaction(desk: Desk, step: Step, on: date) -> SchoolTransaction:
    return _row(
        desk,
        id=new_id(),
        entry_id=step.entry.id,
        description=step.entry.description,
        amount_minor=desk.fee.paid_minor,
        on_date=on,
        shares=step.shares,
        created_by_id=desk.actor.id,
        created_at=desk.fee.updated_at,
    )


def _as_row(desk: Desk, live: LiveTransaction) -> SchoolTransaction:
    return _row(
        desk,
        id=live.id,
        entry_id=live.entry_id,
        description=live.description,
        amount_minor=live.amount.amount_minor,
        on_date=live.on_date,
        shares=dict(live.shares),
        created_by_id=live.created_by_id,
        created_at=live.created_at,
    )


def _row(desk: Desk, **figures: Any) -> SchoolTransaction:
    fee = desk.fee
    return SchoolTransaction(
        reference=fee.number,
        kind=TransactionKind.INCOME,
        category=CATEGORY,
        currency=fee.currency,
        fee_id=fee.id,
        branch_id=fee.branch_id,
        correlation_id=current_call().correlation_id,
        **figures,
    )


def _stand(desk: Desk, settled: Settled, steps: Sequence[Step]) -> None:
    """The desk as the act has left it, for another act in the same unit of work."""
    desk.is_new = False
    if settled.ended is not None:
        desk.live = None
    if settled.posted is not None:
        desk.live = _live(settled.posted, steps[-1])
    if settled.alert is not None:
        desk.alert_id = None if settled.raised is None else settled.raised.id


def _live(row: SchoolTransaction, step: Step) -> LiveTransaction:
    return LiveTransaction(
        id=row.id,
        entry_id=row.entry_id,
        description=row.description,
        amount=row.amount,
        on_date=row.on_date,
        shares=row.shares,
        created_by_id=row.created_by_id,
        created_at=row.created_at,
        lines=tuple(step.entry.lines),
    )
