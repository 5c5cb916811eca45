"""Interest of a stretch of days on a balance that may change on the way, exact until it is rounded half up."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from domain.lending.rules.book import Book, Row
from domain.lending.rules.calendar import Share, nominal_days_share, period_share, year_share
from domain.lending.rules.terms import InstalmentBasis, InterestPeriod, InterestRounding

Change = tuple[date, int]
"""A day and by how much the balance changes on it."""


def round_half_up(numerator: int, denominator: int) -> int:
    """To the nearest whole number, a half upwards; neither may be negative."""
    return (2 * numerator + denominator) // (2 * denominator)


def time_share(book: Book, row: Row, start: date, end: date) -> Share:
    """What part of a year the days from ``start`` to ``end`` of the row's period count as.

    With interest by repayment periods a whole period is its nominal part of a year, and some of its days are their share of
    it. Days after the last row's due date count on at the same pace.
    """
    terms = book.terms
    if terms.interest_period is InterestPeriod.DAILY:
        begun, base = year_share(terms.day_count, row.from_on, start)
        ended, _ = year_share(terms.day_count, row.from_on, end)
        return ended - begun, base
    numerator, denominator = period_share(terms)
    if start == row.from_on and end == row.due_on:
        return numerator, denominator
    return numerator * (end - start).days, denominator * max(1, (row.due_on - row.from_on).days)


def rate_on(book: Book, day: date) -> Share:
    return book.rates[max(0, bisect_right(book.rates_on, day) - 1)]


def stretches(
    book: Book, start: date, end: date, opening: int, changes: Sequence[Change]
) -> Iterator[tuple[date, date, int, Share]]:
    """The days from ``start`` to ``end`` cut where the balance or the rate changes: from, to, balance, rate."""
    rate_cuts = [day for day in book.rates_on if start < day < end]
    if not changes and not rate_cuts:
        yield start, end, opening, rate_on(book, start)
        return
    cuts = sorted({start, end, *rate_cuts, *(day for day, _ in changes if start < day < end)})
    balance, at = opening, 0
    for begun, ended in pairwise(cuts):
        while at < len(changes) and changes[at][0] <= begun:
            balance += changes[at][1]
            at += 1
        yield begun, ended, balance, rate_on(book, begun)


def accrue(book: Book, row: Row, start: date, end: date, opening: int, changes: Sequence[Change] = ()) -> int:
    """The interest of a row's days from ``start`` to ``end``, rounded as the terms say. ``changes`` come in date order."""
    if row.interest_free or end <= start:
        return 0
    each = book.terms.interest_rounding is InterestRounding.EACH_BALANCE
    whole, numerator, denominator = 0, 0, 1
    for begun, ended, balance, (rate, hundred) in stretches(book, start, end, opening, changes):
        days, base = time_share(book, row, begun, ended)
        top, bottom = max(0, balance) * rate * days, hundred * base
        if each:
            whole += round_half_up(top, bottom)
        elif bottom == denominator:
            numerator += top
        else:
            numerator, denominator = numerator * bottom + top * denominator, denominator * bottom
    return whole + round_half_up(numerator, denominator)


def changes_between(book: Book, start: date, end: date) -> list[Change]:
    """How the balance that bears interest changed after ``start`` and before ``end``."""
    index = bisect_right(book.changes_on, start)
    changes: list[Change] = []
    before = book.balances[index - 1] if index else 0
    while index < len(book.changes_on) and book.changes_on[index] < end:
        changes.append((book.changes_on[index], book.balances[index] - before))
        before = book.balances[index]
        index += 1
    return changes


def accrued_by(book: Book, row: Row, as_of: date) -> int:
    """The interest of the running row until the day."""
    if as_of <= row.start:
        return 0
    if book.is_daily:
        changes = changes_between(book, row.start, as_of)
        return accrue(book, row, row.start, as_of, book.balance_on(row.start), changes)
    days, whole = (as_of - row.start).days, max(1, (row.due_on - row.start).days)
    return row.accrued * days // whole


def factor(book: Book, row: Row, *, actual: bool) -> Decimal:
    """The interest of one unit of balance over the row's whole period, for the equation of the equal instalment."""
    if row.interest_free:
        return Decimal(0)
    rate, hundred = rate_on(book, row.start)
    by_days = book.terms.interest_period is InterestPeriod.DAILY
    if by_days and not actual and book.terms.instalment_basis is InstalmentBasis.NOMINAL_PERIOD:
        days, base = nominal_days_share(book.terms)
    else:
        days, base = time_share(book, row, row.start, row.due_on)
    return Decimal(rate * days) / (hundred * base)
