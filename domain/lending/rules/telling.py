"""Telling the facts: what each of them does to the book, one function for each kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from domain.lending.rules.allocation import pay_ahead_as_planned, pay_due
from domain.lending.rules.book import FEE, INTEREST, PENALTY, PRINCIPAL, Book, Paid, Parts, Row, Telling
from domain.lending.rules.charges import add_charge, deduct_fees, penalise_until, threaten
from domain.lending.rules.facts import (
    AnyFact,
    ChargeAdded,
    ChargedBack,
    ChargedOff,
    ChargeWaived,
    CreditRefunded,
    DelinquencyPaused,
    Disbursed,
    InterestWaived,
    RateChanged,
    Reaged,
    Reamortised,
    Recovered,
    Repaid,
    Rescheduled,
    WrittenOff,
)
from domain.lending.rules.interest import accrue, changes_between, round_half_up
from domain.lending.rules.penal import A_DAY, bear_until, days_to_reckon
from domain.lending.rules.plan import add_row, close_until, plan_instalments, plan_rows, project
from domain.lending.rules.prepayment import closing, gather, interest_until, pay_ahead_daily, running_row
from domain.lending.rules.reschedule import reage, reamortise, reschedule
from domain.lending.rules.state import InstalmentKind, PaymentKind


def advance(book: Book, day: date) -> None:
    """Let time pass until the start of the day's business: rows fall due, penalties are made, late principal bears on."""
    close_until(book, day)
    penalise_until(book, day)
    has_matured = book.is_daily and book.closed == len(book.rows) and bool(book.rows)
    if has_matured and any(overdue.counts_interest for overdue in book.overdue):
        # Interest falls due each day, and from then on bears penal interest.
        for each in days_to_reckon(book, book.rows[-1].due_on, day):
            bear_until(book, each)
            _charge_tail(book, each)
    bear_until(book, day)
    if has_matured:
        _charge_tail(book, day)


def _charge_tail(book: Book, day: date) -> None:
    """Interest of principal that is unpaid after the last due date is due day by day, on the last row not complete.

    The exact amount since that date is rounded as a whole; the row notes by how much it grew on which day.
    """
    last, row = book.rows[-1], book.last_open
    if row is None or last.interest_free or not book.terms.bears_after_maturity:
        return
    each = max(last.due_on, book.tail_until or last.due_on)
    while each < day:
        each += A_DAY
        changes = changes_between(book, last.due_on, each)
        accrued = accrue(book, last, last.due_on, each, book.balance_on(last.due_on), changes)
        grown = accrued - book.tail
        if grown > 0:
            row.due[INTEREST] += grown
            row.accrued += grown
            row.late_interest.append((each, grown))
            book.tail = accrued
        book.tail_until = each


def tell(book: Book, fact: AnyFact) -> None:
    """One fact. After a write-off only recoveries are told any more."""
    if book.written_off_on is not None and not isinstance(fact, Recovered):
        return
    advance(book, fact.on)
    book.projected_on = None
    TELLERS[type(fact)](book, fact)


def _disbursed(book: Book, fact: Disbursed) -> None:
    amount = fact.amount_minor
    deduct_fees(book, fact)
    if book.first_on is None:
        book.first_on = fact.on
        book.set_rate(fact.on, book.terms.annual_rate)
        plan_rows(book, fact.on)
    down = _down_payment(book, fact)
    if all(row.completed_on is not None for row in book.open_rows):
        add_row(book, fact.on)
    book.disbursed += amount
    book.owe(fact.on, amount)
    book.change_balance(fact.on, amount if book.is_daily else amount - down)
    replan(book, fact.on)
    if book.overpaid:
        credit, parts = book.overpaid, Parts()
        book.overpaid = pour(book, fact.on, credit, parts)
        book.payments.append(Paid(fact.id, fact.on, parts, PaymentKind.SET_OFF, credit - book.overpaid, 0))


def _down_payment(book: Book, fact: Disbursed) -> int:
    """The share of a payout that is due on its very day, rounded half up, as a row of its own."""
    numerator, denominator = book.terms.down_payment_percent.as_integer_ratio()
    amount = round_half_up(fact.amount_minor * numerator, 100 * denominator)
    if amount:
        row = Row(f"P{fact.sequence}", InstalmentKind.DOWN_PAYMENT, fact.on, fact.on, fixed_principal=amount)
        row.due[PRINCIPAL] = amount
        book.others.append(row)
        threaten(book, row)
    return amount


def replan(book: Book, on: date) -> None:
    """Compute the instalments again from the next one on, and what is due of each row."""
    plan_instalments(book, on)
    project(book, on)


def pour(book: Book, on: date, amount: int, parts: Parts, *, down_payment: bool = False) -> int:
    """Let money flow through all that is owed; gives back what is overpaid."""
    book.projected_on = None
    left = pay_due(book, on, amount, parts, down_payment=down_payment)
    if left:
        left = pay_ahead_daily(book, on, left, parts) if book.is_daily else pay_ahead_as_planned(book, on, left, parts)
    _forgive_residual(book, on)
    return left


def _repaid(book: Book, fact: Repaid) -> None:
    parts = Parts()
    left = pour(book, fact.on, fact.amount_minor, parts, down_payment=fact.is_down_payment)
    book.overpaid += left
    book.payments.append(Paid(fact.id, fact.on, parts, PaymentKind.REPAYMENT, fact.amount_minor, left))


def _forgive_residual(book: Book, on: date) -> None:
    """Write a small rest off that is within the tolerance of the terms."""
    tolerance = book.terms.residual_tolerance
    if tolerance is None or not 0 < _closing_total(book, on) <= tolerance.amount_minor:
        return
    _lose_all(book, on)


def _closing_total(book: Book, on: date) -> int:
    final = sum(row.unpaid for row in (*book.rows[: book.closed], *(row for row in book.others if row.due_on <= on)))
    if book.is_daily:
        return final + closing(book, on).total
    later = sum(row.unpaid for row in book.others if row.due_on > on)
    return final + later + sum(row.unpaid for row in book.open_rows)


def _lose_all(book: Book, on: date) -> None:
    """Give up all that is unpaid. Interest that would still have accrued is not lost but never charged."""
    if book.is_daily:
        gather(book, on, closing(book, on))
    for row in (*book.rows, *book.others):
        if row.completed_on is not None:
            continue
        for charge in row.charges:
            charge.lost += charge.unpaid
        lost = [row.unpaid_of(index) for index in range(4)]
        row.lost = [was + more for was, more in zip(row.lost, lost, strict=True)]
        row.completed_on = on
        if book.is_daily and lost[PRINCIPAL]:
            book.change_balance(on, -lost[PRINCIPAL])


def _rate_changed(book: Book, fact: RateChanged) -> None:
    book.set_rate(fact.on, fact.annual_rate)
    replan(book, fact.on)


def _charge_added(book: Book, fact: ChargeAdded) -> None:
    if book.is_daily:
        project(book, fact.on)
    add_charge(book, fact)
    _use_credit(book, fact)


def _charge_waived(book: Book, fact: ChargeWaived) -> None:
    charge = book.charges.get(fact.charge_key)
    if charge is None or charge.unpaid == 0:
        return
    parts, index = Parts(), PENALTY if charge.penalty else FEE
    amount = charge.unpaid
    charge.waived += amount
    charge.row.waived[index] += amount
    parts.add(charge.row, index, amount)
    book.waivers.append(Telling(fact.id, fact.on, parts))
    _complete_if_final(book, charge.row, fact.on)


def _complete_if_final(book: Book, row: Row, on: date) -> None:
    if not book.is_daily or row not in book.open_rows:
        book.complete(row, on)


def _interest_waived(book: Book, fact: InterestWaived) -> None:
    """Interest that is due; with interest by the day, also what of the running period has accrued."""
    running = running_row(book, fact.on) if book.is_daily else None
    if running is not None:
        running.due[INTEREST] = running.met_interest + interest_until(book, fact.on)
    open_rows = [row for row in (running,) if row is not None] if book.is_daily else book.open_rows
    rows = [row for row in (*book.rows[: book.closed], *open_rows) if row.completed_on is None]
    if fact.instalment is not None:
        chosen = numbered(book).get(fact.instalment)
        rows = [row for row in rows if row is chosen]
    left, parts = fact.amount_minor, Parts()
    for row in rows:
        amount = min(left, row.unpaid_of(INTEREST))
        if amount > 0:
            row.waived[INTEREST] += amount
            parts.add(row, INTEREST, amount)
            left -= amount
            _complete_if_final(book, row, fact.on)
    book.waivers.append(Telling(fact.id, fact.on, parts))


def numbered(book: Book) -> dict[int, Row]:
    """The rows by the numbers that are shown: in the order of due dates, rows of a payout before those they belong to."""
    rows = [*(row for row in book.others if row.kind is not InstalmentKind.ADDITIONAL), *book.rows]
    rows += [row for row in book.others if row.kind is InstalmentKind.ADDITIONAL]
    return dict(enumerate(sorted(rows, key=lambda row: row.due_on), start=1))


def _owe_again(book: Book, on: date, amount: int, tag: str) -> None:
    """Principal that comes back is due with the next row not complete, or after maturity with a row of its own."""
    book.owe(on, amount)
    row = next((row for row in book.open_rows if row.completed_on is None), None)
    if row is None:
        last = book.rows[-1].due_on
        row = Row(tag, InstalmentKind.ADDITIONAL, min(last, on), on, fixed_principal=amount)
        row.due[PRINCIPAL] = amount
        book.others.append(row)
        threaten(book, row)
    else:
        row.extra += amount
    book.change_balance(on, amount)
    project(book, on)


def _charged_back(book: Book, fact: ChargedBack) -> None:
    from_credit = min(book.overpaid, fact.amount_minor)
    book.overpaid -= from_credit
    book.charged_back += fact.amount_minor
    if fact.amount_minor > from_credit:
        _owe_again(book, fact.on, fact.amount_minor - from_credit, f"B{fact.sequence}")


def _credit_refunded(book: Book, fact: CreditRefunded) -> None:
    from_credit = min(book.overpaid, fact.amount_minor)
    book.overpaid -= from_credit
    book.refunded += fact.amount_minor
    if fact.amount_minor > from_credit:
        _owe_again(book, fact.on, fact.amount_minor - from_credit, f"R{fact.sequence}")


def _use_credit(book: Book, fact: ChargeAdded) -> None:
    """A new debt of a borrower who had overpaid is paid from that at once."""
    if book.overpaid == 0:
        return
    credit, parts = book.overpaid, Parts()
    book.overpaid = pour(book, fact.on, credit, parts)
    if parts.total():
        book.payments.append(Paid(fact.id, fact.on, parts, PaymentKind.SET_OFF, credit - book.overpaid, 0))


def _rescheduled(book: Book, fact: Rescheduled) -> None:
    reschedule(book, fact)
    project(book, fact.on)


def _reaged(book: Book, fact: Reaged) -> None:
    reage(book, fact)
    replan(book, fact.on)


def _reamortised(book: Book, fact: Reamortised) -> None:
    reamortise(book, fact)
    replan(book, fact.on)


def _delinquency_paused(book: Book, fact: DelinquencyPaused) -> None:
    book.pauses.append((fact.on, fact.until))


def _charged_off(book: Book, fact: ChargedOff) -> None:
    book.charged_off_on = book.charged_off_on or fact.on


def _written_off(book: Book, fact: WrittenOff) -> None:
    if book.first_on is None:
        return
    _lose_all(book, fact.on)
    book.written_off_on = fact.on


def _recovered(book: Book, fact: Recovered) -> None:
    book.recovered += fact.amount_minor


TELLERS: Final[dict[type[Any], Callable[[Book, Any], None]]] = {
    Disbursed: _disbursed,
    Repaid: _repaid,
    RateChanged: _rate_changed,
    ChargeAdded: _charge_added,
    ChargeWaived: _charge_waived,
    InterestWaived: _interest_waived,
    ChargedBack: _charged_back,
    CreditRefunded: _credit_refunded,
    Rescheduled: _rescheduled,
    Reaged: _reaged,
    Reamortised: _reamortised,
    DelinquencyPaused: _delinquency_paused,
    ChargedOff: _charged_off,
    WrittenOff: _written_off,
    Recovered: _recovered,
}
