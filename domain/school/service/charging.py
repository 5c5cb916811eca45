"""Charging one student: a fee in one piece or in lines, with what is paid of it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.money import Money
from domain.kit.unit_of_work import retried, unit_of_work
from domain.school.errors import BadFee
from domain.school.fees import GENERAL, MAX_LINES, NewFee, Settled, open_fee, settle, single_line
from domain.school.rules.plans import Line
from domain.school.service.counter import EARLIEST, IN_CASH, Way, amount_of, dated_by, day_of, taken_at_the_counter
from domain.school.states import FeeChange
from domain.school.words import code_of

LATEST = date(2200, 1, 1)
MAX_CATEGORY = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeTerms:
    """What a student is to be charged: an amount of one category, or lines that say it by instalment and category."""

    title: str
    amount_due: Money
    due_on: date | None = None
    category: str = GENERAL
    lines: Sequence[Line] = ()
    enrolment_id: UUID | None = None


@retried
async def add_fee(
    actor: Actor,
    *,
    student_id: UUID,
    terms: FeeTerms,
    amount_paid: Money | None = None,
    way: Way = IN_CASH,
    paid_on: date | None = None,
) -> Settled:
    """Charge a student, and write down what was paid of it at once: there is a receipt and a row in the books for more than
    nothing, and neither for nothing.

    It needs FEES_MANAGE, and FEES_COLLECT where something is paid. Refuses with STUDENT_NOT_FOUND, FEE_STUDENT_DELETED,
    ENROLMENT_NOT_FOUND, FEE_CATEGORY_NOT_FOUND, BAD_FEE, INVALID_AMOUNT, CURRENCY_MISMATCH, FEE_CHANNEL_NOT_POSSIBLE,
    FEE_DAY_INVALID and PERIOD_CLOSED.
    """
    actor.require(Permission.FEES_MANAGE)
    currency = terms.amount_due.currency
    lines = lines_of(terms)
    payments = []
    if amount_paid is not None and amount_of(amount_paid, currency, "amountPaid", zero=True):
        actor.require(Permission.FEES_COLLECT)
        payments = [taken_at_the_counter(amount_paid, way)]
    on = day_of(paid_on, "paidOn")
    new = NewFee(student_id=student_id, currency=currency, title=terms.title, enrolment_id=terms.enrolment_id)
    async with unit_of_work() as work:
        desk = await open_fee(work, actor, new, Permission.FEES_MANAGE)
        with dated_by("paidOn"):
            return await settle(work, desk, FeeChange.CHARGED, lines=lines, payments=payments, on=on)


def lines_of(terms: FeeTerms) -> tuple[Line, ...]:
    """The lines that are asked for; they come to what is due."""
    due = amount_of(terms.amount_due, terms.amount_due.currency, "amountDue", zero=True)
    if not terms.lines:
        category = code_of(terms.category, MAX_CATEGORY, "category")
        return single_line(due, acceptable_due_day(terms.due_on or clock.today()), category)
    for line in terms.lines:
        acceptable_line(line)
        due.require_same_currency(line.amount)
    if sum(line.amount.amount_minor for line in terms.lines) != due.amount_minor:
        raise BadFee("the lines come to another amount than is due", field=("input", "lines"))
    return tuple(terms.lines)


def acceptable_line(line: Line) -> None:
    """Refuse a line as somebody wrote it that could not be kept, whatever it asks for."""
    acceptable_due_day(line.due_on)
    code_of(line.category, MAX_CATEGORY, "lines")
    if not 1 <= line.number <= MAX_LINES:
        raise BadFee(f"instalments are numbered from 1 to {MAX_LINES}", field=("input", "lines"))


def acceptable_due_day(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise BadFee("nobody is asked for money on such a day", field=("input", "dueOn"))
    return day
