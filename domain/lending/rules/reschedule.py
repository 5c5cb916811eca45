"""New terms for the rows still to come: moved due dates, more rows, another instalment, re-ageing and re-amortisation.

Rows that are paid stay as they are. Of a row that is taken apart, what was paid of it stays, and the rest moves on.
"""

from __future__ import annotations

from datetime import date

from domain.lending.rules.book import FEE, INTEREST, PENALTY, PRINCIPAL, Book, Charge, Row
from domain.lending.rules.calendar import step
from domain.lending.rules.charges import put_on
from domain.lending.rules.facts import Reaged, Reamortised, Rescheduled
from domain.lending.rules.interest import accrued_by
from domain.lending.rules.plan import add_row, carried, plan_instalments
from domain.lending.rules.state import InstalmentKind
from domain.lending.rules.terms import ChargeTime


def reschedule(book: Book, fact: Rescheduled) -> None:
    """Change the rows due from ``fact.from_on`` on that are not complete, and not before one that has been paid already."""
    least = 0
    for place, row in enumerate(book.rows):
        if row.completed_on is not None and (place < book.closed or row.start < fact.on):
            least = place + 1
    waiting = (place for place, row in enumerate(book.rows) if row.completed_on is None and row.due_on >= fact.from_on)
    first = next((place for place in waiting if place >= least), None)
    if first is None:
        return
    if fact.annual_rate is not None:
        book.set_rate(max(fact.from_on, book.rates_on[0]), fact.annual_rate)
    for _ in range(fact.extra_instalments):
        add_row(book, fact.on)
    if fact.new_due_on is not None and fact.new_due_on > book.rows[first].from_on:
        _move(book, first, fact.new_due_on)
    chosen = [row for row in book.rows[first:] if row.completed_on is None]
    for place, row in enumerate(chosen):
        if place < fact.grace_principal and place < len(chosen) - 1:
            row.instalment, row.fixed_principal = None, 0
        row.interest_free = row.interest_free or place < fact.interest_free
    if fact.instalment_minor is not None:
        for row in chosen:
            if row.fixed_principal != 0 or row.instalment is not None:
                row.instalment, row.fixed_principal = fact.instalment_minor, None
    elif fact.annual_rate is not None or fact.extra_instalments or fact.grace_principal or fact.interest_free:
        plan_instalments(book, fact.on)


def _move(book: Book, first: int, new_due_on: date) -> None:
    """Move a row to another day and those after it to the days that follow from there. A row moved ahead is open again.

    Rows paid ahead keep their dates; the interest of their time is borne by the rows around them.
    """
    moved = [row for row in book.rows[first:] if row.completed_on is None]
    from_on = moved[0].from_on
    for place, row in enumerate(moved):
        row.from_on, row.due_on = from_on, step(new_due_on, place * book.terms.every, book.terms.unit)
        from_on = row.due_on
    for row in book.rows[first:]:
        if row.completed_on is not None:
            row.bears_from = row.due_on
    book.rows[first:] = sorted(book.rows[first:], key=lambda row: row.due_on)
    book.closed = min(book.closed, first)
    book.tail = 0
    book.let_off(moved)


def reage(book: Book, fact: Reaged) -> None:
    """Take all unpaid rows apart and spread what is unpaid over new rows.

    Interest due is shared equally among the new rows; fees and penalties come with the first of them.
    """
    unpaid = [row for row in (*book.rows, *book.others) if row.completed_on is None]
    if not any(row.unpaid for row in unpaid):
        return
    if book.is_flat:
        # Flat interest is of what was paid out, and from here on of what is taken over.
        book.change_balance(fact.on, book.unpaid_principal() - book.balance_on(fact.on))
    running = book.rows[book.closed] if book.closed < len(book.rows) else None
    accrued = accrued_by(book, running, fact.on) if running is not None else 0
    carry, put_off = carried(book)
    met = running.due[INTEREST] if running is not None and running.completed_on is not None else 0
    waiting = [row for row in book.open_rows if row.completed_on is None]
    met += sum(row.met_interest - row.brought for row in waiting)
    interest, charges = _take_apart(book, unpaid, fact.on)
    interest += max(0, accrued + carry + put_off - met)
    _shut(book)
    # The first period counts as a part of a whole one when it is shorter.
    from_on = max(step(fact.first_due_on, -fact.every, fact.unit), book.first_on or fact.on)
    fresh: list[Row] = []
    for place in range(fact.instalments):
        due_on = step(fact.first_due_on, place * fact.every, fact.unit)
        fresh.append(Row(book.new_tag(), InstalmentKind.NORMAL, min(from_on, fact.on) if place == 0 else from_on, due_on))
        from_on = due_on
    fresh[0].bears_from = fact.on
    book.rows += fresh
    book.open_ended = False
    _hand_over(book, fresh, interest, charges)


def _shut(book: Book) -> None:
    """Close all rows there are: what accrued in the running period has been reckoned up."""
    for row in book.open_rows:
        row.accrued = row.due[INTEREST]
    book.closed = len(book.rows)
    book.tail = 0
    if book.rows:
        book.rows[-1].carry = book.rows[-1].put_off = 0


def reamortise(book: Book, fact: Reamortised) -> None:
    """Take the overdue rows apart and spread what was unpaid of them over the rows still to come, if there are any."""
    waiting = [row for row in book.open_rows if row.completed_on is None]
    overdue = [row for row in book.rows[: book.closed] if row.completed_on is None and row.due_on <= fact.on]
    if not waiting or not overdue:
        return
    interest, charges = _take_apart(book, overdue, fact.on)
    _hand_over(book, waiting, interest, charges)


def _take_apart(book: Book, rows: list[Row], on: date) -> tuple[int, list[Charge]]:
    """Leave to each row what was met of it. Gives the interest due and unpaid, and new charges for what was charged."""
    interest = 0
    charges: list[Charge] = []
    closed = book.rows[: book.closed]
    for row in rows:
        is_due = row in closed or row.kind is not InstalmentKind.NORMAL
        if is_due:
            interest += max(0, row.unpaid_of(INTEREST))
        for charge in row.charges:
            row.due[PENALTY if charge.penalty else FEE] -= charge.unpaid
            rest = charge.split_off()
            if rest.amount and (is_due or charge.time is not ChargeTime.INSTALMENT):
                charges.append(rest)
        row.due[PRINCIPAL] = row.paid[PRINCIPAL] + row.lost[PRINCIPAL]
        row.due[INTEREST] = row.met_interest
        row.accrued = row.due[INTEREST]
        book.handed_over -= row.brought
        row.extra = row.brought = 0
        row.completed_on = on
    gone = [row for row in rows if not any(row.due)]
    book.let_off(rows)
    book.closed -= sum(1 for row in closed if row in gone)
    book.rows = [row for row in book.rows if row not in gone]
    book.others = [row for row in book.others if row not in gone]
    return interest, charges


def _hand_over(book: Book, rows: list[Row], interest: int, charges: list[Charge]) -> None:
    book.handed_over += interest
    share, odd = divmod(interest, len(rows))
    for place, row in enumerate(rows):
        row.brought += share + (place < odd)
    for charge in charges:
        charge.row = rows[0]
        if book.charges[charge.key].amount:
            # What was met of it stays where it was; the rest is a charge of its own from here on.
            charge.key = f"{charge.key}>{rows[0].tag}"
        put_on(book, charge)
