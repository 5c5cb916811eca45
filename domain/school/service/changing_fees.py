"""Changing a fee that is there: what is due of it and when, what was wrongly written down as paid, and deleting it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.errors import Forbidden, InvalidInput
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.school.errors import BadFee, FeeMoneyFromElsewhere
from domain.school.fees import Desk, Settled, Taken, locked_fee, settle, single_line, title_of
from domain.school.models import FeePayment
from domain.school.rules.corrections import Recorded, corrections
from domain.school.rules.plans import Line
from domain.school.service.charging import acceptable_due_day, acceptable_line
from domain.school.service.counter import (
    AT_THE_COUNTER,
    IN_CASH,
    Way,
    amount_of,
    dated_by,
    day_of,
    taken_at_the_counter,
)
from domain.school.states import FeeChange, FeePaymentKind, FeePaymentMethod
from domain.school.words import reason_of

BY_HAND = (*AT_THE_COUNTER, FeePaymentMethod.WALLET)
"""Money that goes back by the way it came when it was written down wrongly; all other is told of by somebody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeEdits:
    """What is said anew about a fee; what is None stays. ``lines`` say all that is asked for, ``amount_due`` only how much
    it is: lines that there are keep their parts of it."""

    amount_due: Money | None = None
    amount_paid: Money | None = None
    due_on: date | None = None
    title: str | None = None
    lines: Sequence[Line] | None = None

    @property
    def of_terms(self) -> bool:
        """Whether it says anything about what is asked for."""
        return any(each is not None for each in (self.amount_due, self.due_on, self.title, self.lines))


@retried
async def update_fee(
    actor: Actor,
    *,
    fee_id: UUID,
    edits: FeeEdits,
    expected_version: int | None = None,
    way: Way = IN_CASH,
    paid_on: date | None = None,
    reason: str = "",
) -> Settled:
    """Say anew what a fee asks for, or what is paid of it.

    More paid is a payment that came by ``way``. Less was written down wrongly, and goes back by the ways it came, the latest
    first; at nothing the books have no row of the fee any more. It needs FEES_MANAGE for what is asked for and FEES_COLLECT
    for what is paid. Where nothing would change nothing happens. Refuses with FEE_NOT_FOUND, FEE_DELETED,
    FEE_CHANGED_MEANWHILE, BAD_FEE, INVALID_AMOUNT, CURRENCY_MISMATCH, FEE_MONEY_FROM_ELSEWHERE, FEE_DAY_INVALID and
    PERIOD_CLOSED.
    """
    permission = Permission.FEES_MANAGE if edits.of_terms else Permission.FEES_COLLECT
    actor.require(permission)
    why, on = reason_of(reason), day_of(paid_on, "paidOn")
    async with unit_of_work() as work:
        desk = await locked_fee(work, actor, fee_id, permission, version=expected_version)
        lines, titled = _new_lines(desk, edits), _titled(desk, edits.title)
        payments = await _new_money(work, desk, edits.amount_paid, way, why)
        if lines is None and not payments and not titled:
            return Settled.unchanged(desk.fee)
        change = FeeChange.EDITED
        if payments and not edits.of_terms:
            change = FeeChange.COLLECTED if payments[0].kind is FeePaymentKind.PAYMENT else FeeChange.CORRECTED
        with dated_by("paidOn"):
            return await settle(work, desk, change, lines=lines, payments=payments, on=on, why=why)


@retried
async def delete_fee(actor: Actor, *, fee_id: UUID, expected_version: int | None = None, reason: str = "") -> Settled:
    """Take a fee back with all that was written down as paid of it: nothing is owed, and the books have no row of it. It
    keeps its number, and nobody does anything with it any more.

    It is of today, whenever the fee was paid. Refuses with FEE_NOT_FOUND, FEE_DELETED, FEE_CHANGED_MEANWHILE,
    FEE_MONEY_FROM_ELSEWHERE and PERIOD_CLOSED.
    """
    actor.require(Permission.FEES_MANAGE)
    why = reason_of(reason)
    async with unit_of_work() as work:
        desk = await locked_fee(work, actor, fee_id, Permission.FEES_MANAGE, version=expected_version)
        payments = await _taken_back(work, desk, desk.fee.paid, why, field=("input", "feeId"))
        return await settle(work, desk, FeeChange.DELETED, payments=payments, void=True, on=day_of(None, "paidOn"), why=why)


def _titled(desk: Desk, title: str | None) -> bool:
    """Call the fee otherwise; whether it was called so before."""
    before = desk.fee.title
    desk.fee.title = before if title is None else title_of(title)
    return desk.fee.title != before


def _new_lines(desk: Desk, edits: FeeEdits) -> tuple[Line, ...] | None:
    """The lines that the fee asks for from now on; None for those that it has."""
    lines = before = desk.rule_lines
    if edits.lines is not None:
        lines = tuple(edits.lines)
        for each in lines:
            acceptable_line(each)
    if edits.amount_due is not None:
        due = amount_of(edits.amount_due, desk.fee.currency, "amountDue", zero=True)
        if edits.lines is None:
            lines = _scaled(lines, due, edits.due_on or desk.fee.due_on)
        elif sum(each.amount.amount_minor for each in lines) != due.amount_minor:
            raise BadFee("the lines come to another amount than is due", field=("input", "lines"))
    if edits.due_on is not None:
        lines = _moved(lines, acceptable_due_day(edits.due_on))
    return None if lines == before else lines


def _scaled(lines: Sequence[Line], due: Money, due_on: date) -> tuple[Line, ...]:
    """Lines that come to another amount, each with its part of it to the minor unit."""
    if not lines:
        return single_line(due, due_on)
    shares = due.split([each.amount.amount_minor for each in lines])
    parts = zip(lines, shares, strict=True)
    return tuple(Line(each.number, each.due_on, each.category, share) for each, share in parts if share)


def _moved(lines: Sequence[Line], due_on: date) -> tuple[Line, ...]:
    """Lines of which the first is due on another day, and the others as much earlier or later."""
    if not lines:
        raise InvalidInput("nothing is asked for on any day", field=("input", "dueOn"))
    by = due_on - min(each.due_on for each in lines)
    return tuple(Line(each.number, acceptable_due_day(each.due_on + by), each.category, each.amount) for each in lines)


async def _new_money(work: Work, desk: Desk, paid: Money | None, way: Way, why: str) -> list[Taken]:
    """The money that makes what is paid what it is said to be."""
    if paid is None or amount_of(paid, desk.fee.currency, "amountPaid", zero=True) == desk.fee.paid:
        return []
    if not desk.actor.may_at(Permission.FEES_COLLECT, desk.fee.branch_id):
        raise Forbidden(f"this needs the permission {Permission.FEES_COLLECT.value} where the fee is charged")
    if paid > desk.fee.paid:
        return [taken_at_the_counter(paid - desk.fee.paid, way)]
    return await _taken_back(work, desk, desk.fee.paid - paid, why, field=("input", "amountPaid"))


async def _taken_back(work: Work, desk: Desk, amount: Money, why: str, field: tuple[str, ...]) -> list[Taken]:
    """Corrections that take an amount back by the ways it came."""
    if not amount:
        return []
    rows = {row.id: row for row in await FeePayment.filter(fee_id=desk.fee.id).order_by("serial")}
    undone = {row.undoes_id for row in rows.values()}
    recorded = [
        Recorded(
            id=row.id,
            way=(row.method, row.wallet_owner_id),
            amount=row.amount,
            undoable=row.kind is FeePaymentKind.PAYMENT and row.id not in undone,
        )
        for row in rows.values()
        if row.method in BY_HAND
    ]
    found = corrections(recorded, amount)
    if found.left:
        raise FeeMoneyFromElsewhere(amount - found.left, field=field)
    return [
        Taken(
            amount=-each.amount,
            method=rows[each.of].method,
            kind=FeePaymentKind.CORRECTION,
            wallet_owner_id=rows[each.of].wallet_owner_id,
            undoes_id=each.of if each.whole else None,
            note=why,
        )
        for each in found.parts
    ]
