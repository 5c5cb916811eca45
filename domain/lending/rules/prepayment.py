"""Money ahead of its due date when interest follows the balance day by day, and pay-offs.

The row whose period is running is paid first, with the interest of the days gone by; what of its period's interest is still
to come moves to the rows after it. Money beyond that lowers principal by the prepayment policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.lending.rules.allocation import ahead_order, pay_row, settle
from domain.lending.rules.book import FEE, INTEREST, PENALTY, PRINCIPAL, Book, Parts, Row
from domain.lending.rules.charges import refresh_charges
from domain.lending.rules.interest import Change, accrue, changes_between
from domain.lending.rules.plan import plan_instalments
from domain.lending.rules.terms import ChargeTime, Component, FutureRule, PayoffInterest, PrepaymentPolicy


@dataclass(frozen=True, slots=True)
class Closing:
    """What closes the open rows on a day: their principal, the interest until then, and what is charged on them already."""

    row: Row | None
    principal: int
    interest: int
    fee: int
    penalty: int
    interest_until: date

    @property
    def total(self) -> int:
        return self.principal + self.interest + self.fee + self.penalty


def running_row(book: Book, on: date) -> Row | None:
    """The open row whose period the day is in, if it is still to be paid. On the first day of a period none is running."""
    row = book.rows[book.closed] if book.closed < len(book.rows) else None
    return row if row is not None and row.completed_on is None and row.start < on else None


def interest_until(book: Book, day: date, *, settled: tuple[Change, ...] = ()) -> int:
    """The interest of the running period until the day, with what earlier rows left to it, that no row has met yet.

    ``settled`` is how the balance will change by then, when the day is still to come.
    """
    if book.closed >= len(book.rows):
        return 0
    row = book.rows[book.closed]
    end = min(day, row.due_on)
    changes = [*changes_between(book, row.start, end), *settled]
    accrued = accrue(book, row, row.start, end, book.balance_on(row.start), changes)
    earlier = book.rows[book.closed - 1] if book.closed else None
    left = earlier.carry + earlier.put_off if earlier is not None else 0
    met = row.due[INTEREST] if row.completed_on is not None else row.met_interest
    return max(0, accrued + left + row.brought - met)


def closing(book: Book, on: date) -> Closing:
    """What would close the open rows on the day, by the terms' rule about the interest of a pay-off."""
    rows = [row for row in book.open_rows if row.completed_on is None]
    overdue = sum(max(0, row.unpaid_of(PRINCIPAL)) for row in _final_rows(book))
    principal = book.unpaid_principal() - overdue
    until, interest = on, 0
    if rows:
        running = book.rows[book.closed]
        if book.terms.payoff_interest is PayoffInterest.TILL_REST_FREQUENCY_DATE and running.start < on:
            until = running.due_on
        # A pay-off pays what is overdue first, which then bears no interest for the rest of the period.
        interest = interest_until(book, until, settled=((on, -overdue),) if until > on else ())
    fee, penalty = _charged(rows, on)
    later = [row for row in book.others if row.due_on > on and row.completed_on is None]
    fee += sum(row.unpaid_of(FEE) for row in later)
    penalty += sum(row.unpaid_of(PENALTY) for row in later)
    return Closing(rows[0] if rows else None, principal, interest, fee, penalty, until)


def _final_rows(book: Book) -> list[Row]:
    return [*book.rows[: book.closed], *book.others]


def _charged(rows: list[Row], on: date) -> tuple[int, int]:
    """Charges that a pay-off has to meet: those of the running row, and of later rows what was charged by staff."""
    fee = penalty = 0
    for row in rows:
        for charge in row.charges:
            if charge.time is ChargeTime.INSTALMENT and row.from_on >= on:
                continue
            if charge.penalty:
                penalty += charge.unpaid
            else:
                fee += charge.unpaid
    return fee, penalty


def gather(book: Book, on: date, end: Closing) -> list[Row]:
    """Make the open rows ask for exactly what closes them: each what it has been paid, the first one all the rest."""
    rows = [row for row in book.open_rows if row.completed_on is None]
    for row in rows:
        charged = row.from_on < on
        if not charged:
            _drop_instalment_charges(row)
        row.due[PRINCIPAL] = row.paid[PRINCIPAL] + row.lost[PRINCIPAL]
        row.due[INTEREST] = row.met_interest
        row.extra = row.brought = 0
    if end.row is not None:
        end.row.due[INTEREST] += end.interest
        _spread(book, rows, end)
    return rows


def _spread(book: Book, rows: list[Row], end: Closing) -> None:
    """The principal of a pay-off goes to the first row, or with RESCHEDULE_NEXT_REPAYMENTS through all rows in turn."""
    left = end.principal
    in_turn = book.terms.prepayment is PrepaymentPolicy.RESCHEDULE_NEXT_REPAYMENTS
    for position, row in enumerate(rows):
        room = left
        if in_turn and position < len(rows) - 1 and row.instalment is not None:
            room = max(0, row.instalment - row.due[INTEREST] - row.due[PRINCIPAL])
        elif in_turn and position < len(rows) - 1 and row.fixed_principal is not None:
            room = max(0, row.fixed_principal - row.due[PRINCIPAL])
        amount = min(left, room)
        row.due[PRINCIPAL] += amount
        left -= amount


def _drop_instalment_charges(row: Row) -> None:
    for charge in row.charges:
        if charge.time is ChargeTime.INSTALMENT:
            row.due[PENALTY if charge.penalty else FEE] -= charge.unpaid
            charge.amount -= charge.unpaid


def pay_ahead_daily(book: Book, on: date, budget: int, parts: Parts) -> int:
    """Pay what is not due yet; gives back what is left when nothing is owed any more."""
    end = closing(book, on)
    if budget >= end.total > 0:
        for row in gather(book, on, end):
            budget = pay_row(book, row, ahead_order(book), budget, on, parts)
            row.completed_on = on
    elif 0 < end.principal <= budget:
        budget = _pay_nearly_all(book, on, budget, parts, end)
    elif end.principal > 0:
        budget = _pay_running_and_beyond(book, on, budget, parts, end)
    for row in book.others:
        if row.due_on > on and row.completed_on is None:
            budget = pay_row(book, row, ahead_order(book), budget, on, parts)
            book.complete(row, on)
    return budget


def _pay_nearly_all(book: Book, on: date, budget: int, parts: Parts, end: Closing) -> int:
    """Money for all principal but not for the whole pay-off: it meets the interest and charges of that first."""
    charges = (Component.PENALTY, Component.FEE)
    if end.row is not None:
        end.row.due[INTEREST] = end.row.met_interest + end.interest
        budget = pay_row(book, end.row, (*charges, Component.INTEREST), budget, on, parts)
    for row in book.open_rows:
        if budget > end.principal and row.completed_on is None:
            budget -= end.principal
            budget = pay_row(book, row, charges, budget, on, parts) + end.principal
    return _lower_principal(book, on, budget, parts, None)


def _pay_running_and_beyond(book: Book, on: date, budget: int, parts: Parts, end: Closing) -> int:
    running = running_row(book, on)
    policy, rule = book.terms.prepayment, book.terms.allocation.future_rule
    in_turn = policy is PrepaymentPolicy.RESCHEDULE_NEXT_REPAYMENTS
    completed = None
    if running is not None:
        order = ahead_order(book)
        if in_turn and rule is not FutureRule.NEXT:
            order = [component for component in order if component is not Component.PRINCIPAL]
        _ask_today(book, running, on, end)
        budget = pay_row(book, running, order, budget, on, parts)
        if running.unpaid == 0:
            running.completed_on, completed = on, running
    if budget == 0:
        return 0
    if in_turn:
        return _pay_next(book, on, budget, parts)
    return _lower_principal(book, on, budget, parts, completed)


def _ask_today(book: Book, row: Row, on: date, end: Closing) -> None:
    """What the running row asks for if it is paid today: its instalment, of which interest only until today."""
    interest = 0 if row.puts_off_interest else interest_until(book, on)
    remaining = row.paid[PRINCIPAL] + end.principal
    row.due[INTEREST] = row.met_interest + interest
    if row is book.last_open and not book.open_ended:
        principal = remaining
    elif row.instalment is not None:
        put_off = book.rows[book.closed - 1].put_off if book.closed else 0
        principal = max(0, row.instalment - max(0, row.due[INTEREST] - put_off)) + row.extra
    else:
        principal = (row.fixed_principal or 0) + row.extra
    row.due[PRINCIPAL] = min(max(principal, row.paid[PRINCIPAL]), remaining)
    refresh_charges(book, row)


def _lower_principal(book: Book, on: date, budget: int, parts: Parts, completed: Row | None) -> int:
    """Money beyond the running instalment lowers principal: shown on the row that it completed, or else on the next one."""
    amount = min(budget, closing(book, on).principal)
    target = completed or _completed_today(book, on, parts)
    if target is not None:
        target.due[PRINCIPAL] += amount
    else:
        target = next(row for row in book.open_rows if row.completed_on is None)
        target.extra += amount
        target.due[PRINCIPAL] += amount
    settle(book, target, PRINCIPAL, amount, on, parts)
    if book.terms.prepayment is PrepaymentPolicy.REDUCE_INSTALLMENT_AMOUNT:
        plan_instalments(book, on)
    return budget - amount


def _completed_today(book: Book, on: date, parts: Parts) -> Row | None:
    """The last planned row that this very payment completed on its due date."""
    row = book.rows[book.closed - 1] if book.closed else None
    if row is None or row.completed_on != on or row.due_on != on:
        return None
    return row if any(paid is row for paid, _ in parts.rows()) else None


def _pay_next(book: Book, on: date, budget: int, parts: Parts) -> int:
    """Take money off the principal of the rows to come, which thereby bear no interest once they are paid."""
    rows = [row for row in book.open_rows if row.completed_on is None and row.from_on >= on]
    rule = book.terms.allocation.future_rule
    if rule is FutureRule.REAMORTISE and rows:
        share, odd = divmod(budget, len(rows))
        budget = sum(_pay_future(book, row, share + (place < odd), on, parts) for place, row in enumerate(rows))
    for row in reversed(rows) if rule is FutureRule.LAST else rows:
        if budget == 0:
            break
        budget = _pay_future(book, row, budget, on, parts)
    if budget and closing(book, on).principal:
        budget = _lower_principal(book, on, budget, parts, None)
    return budget


def _pay_future(book: Book, row: Row, budget: int, on: date, parts: Parts) -> int:
    left = closing(book, on).principal
    is_last = all(other is row or other.completed_on is not None for other in book.open_rows)
    if is_last:
        room = left
    else:
        planned = row.instalment if row.instalment is not None else row.fixed_principal or 0
        room = min(left, max(0, planned + row.extra - row.paid[PRINCIPAL]))
    amount = min(budget, room)
    if amount <= 0:
        return budget
    row.due[PRINCIPAL] = max(row.due[PRINCIPAL], row.paid[PRINCIPAL] + amount)
    settle(book, row, PRINCIPAL, amount, on, parts)
    if amount == room and not is_last:
        row.due[PRINCIPAL], row.due[INTEREST] = row.paid[PRINCIPAL], row.met_interest
        _drop_instalment_charges(row)
        book.complete(row, on)
    return budget - amount
