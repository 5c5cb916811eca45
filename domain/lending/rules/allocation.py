"""Where the money of a repayment goes: first to what is due, then ahead, and what is left is overpaid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.lending.rules.book import INDEX_OF, PRINCIPAL, Book, Parts, Row
from domain.lending.rules.state import InstalmentKind
from domain.lending.rules.terms import AllocationPass, Component, FutureRule


def pay_row(book: Book, row: Row, order: Sequence[Component], budget: int, on: date, parts: Parts) -> int:
    """Pay the components of one row in the order, as far as the money reaches; gives back what is left of it."""
    for component in order:
        index = INDEX_OF[component]
        amount = min(budget, row.unpaid_of(index))
        if amount <= 0:
            continue
        budget -= amount
        settle(book, row, index, amount, on, parts)
    return budget


def settle(book: Book, row: Row, index: int, amount: int, on: date, parts: Parts) -> None:
    """Pay so much of one component of one row, and of the charges that it is made of."""
    row.paid[index] += amount
    parts.add(row, index, amount)
    if index == PRINCIPAL:
        if book.is_daily:
            book.change_balance(on, -amount)
        return
    for charge in row.charges:
        if INDEX_OF[Component.PENALTY if charge.penalty else Component.FEE] == index:
            share = min(amount, charge.unpaid)
            charge.paid += share
            amount -= share


def due_rows(book: Book, on: date, *, down_payment: bool = False) -> list[Row]:
    """Rows that ask for money on the day, oldest first; a down payment goes to the row of a down payment before all."""
    rows = [row for row in book.rows[: book.closed] if row.completed_on is None]
    rows += [row for row in book.others if row.completed_on is None and row.due_on <= on]
    wanted = InstalmentKind.DOWN_PAYMENT if down_payment else None
    return sorted(rows, key=lambda row: (row.kind is not wanted, row.due_on))


def pay_due(book: Book, on: date, budget: int, parts: Parts, *, down_payment: bool = False) -> int:
    """Pay what is due or overdue by the terms' order; gives back what is left."""
    rows = due_rows(book, on, down_payment=down_payment)
    terms = book.terms.allocation
    overdue = terms.past_due_order or terms.order
    if terms.due_pass is AllocationPass.BY_INSTALMENT:
        for row in rows:
            budget = pay_row(book, row, overdue if row.due_on < on else terms.order, budget, on, parts)
    else:
        for group, order in (
            ([row for row in rows if row.due_on < on], overdue),
            ([row for row in rows if row.due_on >= on], terms.order),
        ):
            for component in order:
                for row in group:
                    budget = pay_row(book, row, (component,), budget, on, parts)
    for row in rows:
        book.complete(row, on)
    return budget


def ahead_order(book: Book) -> Sequence[Component]:
    return book.terms.allocation.in_advance or book.terms.allocation.order


def pay_ahead_as_planned(book: Book, on: date, budget: int, parts: Parts) -> int:
    """Pay rows that are not due yet, interest and all, in the order of the future rule. Gives back what is left."""
    rows = [row for row in book.open_rows if row.completed_on is None]
    rows += [row for row in book.others if row.completed_on is None and row.due_on > on]
    if book.terms.allocation.future_rule is FutureRule.REAMORTISE:
        budget = _pay_in_shares(book, rows, on, budget, parts)
    if book.terms.allocation.future_rule is FutureRule.LAST:
        rows.reverse()
    for row in rows:
        if budget == 0:
            break
        budget = pay_row(book, row, ahead_order(book), budget, on, parts)
    for row in rows:
        if any(row.paid):
            book.complete(row, on)
    return budget


def _pay_in_shares(book: Book, rows: Sequence[Row], on: date, budget: int, parts: Parts) -> int:
    """The same share to each row, the odd minor units to the first ones."""
    if not rows:
        return budget
    share, odd = divmod(budget, len(rows))
    left = 0
    for position, row in enumerate(rows):
        left += pay_row(book, row, ahead_order(book), share + (position < odd), on, parts)
    return left
