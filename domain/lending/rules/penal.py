"""Penal interest: a charge on an overdue row that grows by the day, on what is still unpaid of the row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from domain.lending.rules.book import PENALTY, Book, Charge, Overdue
from domain.lending.rules.calendar import year_share
from domain.lending.rules.charges import put_on
from domain.lending.rules.interest import round_half_up

A_DAY: Final = timedelta(days=1)


def bear_until(book: Book, day: date) -> None:
    """Let overdue rows bear penal interest until the start of the day's business; once charged off, no more."""
    if book.charged_off_on is not None:
        day = min(day, book.charged_off_on)
    for overdue in book.overdue:
        if overdue.until < day:
            _grow(book, overdue, day)
            overdue.until = day
    book.overdue = [overdue for overdue in book.overdue if overdue.row.completed_on is None]


def days_to_reckon(book: Book, maturity: date, day: date) -> Iterator[date]:
    """The days before ``day`` that some row has still to bear penal interest for, from the maturity on."""
    if book.charged_off_on is not None:
        return
    each = max(maturity, min(overdue.until for overdue in book.overdue))
    while each < day:
        yield each
        each += A_DAY


def _grow(book: Book, overdue: Overdue, day: date) -> None:
    """Days of one balance. The exact amount is rounded as a whole, hence no day rounds for itself."""
    base, day_count = overdue.base, book.terms.day_count
    if base == 0:
        return
    charge = _charge_of(book, overdue)
    rate, hundred = overdue.rule.value.as_integer_ratio()
    before, year = year_share(day_count, overdue.since, overdue.until)
    whole, each = 100 * hundred * year, overdue.until
    while each < day:
        each += A_DAY
        days, _ = year_share(day_count, overdue.since, each)
        charge.exact += base * rate * (days - before)
        before = days
        grown = round_half_up(charge.exact, whole) - charge.amount
        if grown:
            charge.growth.append((each, grown))
            charge.amount += grown
            overdue.row.due[PENALTY] += grown


def _charge_of(book: Book, overdue: Overdue) -> Charge:
    """The one charge of the row, which a row that was moved and is late again has already."""
    row, rule = overdue.row, overdue.rule
    key = f"{rule.code}:{row.tag}"
    charge = book.charges.get(key)
    if charge is None:
        made_on = overdue.since + A_DAY
        charge = Charge(key, rule.code, rule.title, rule.time, True, made_on, made_on, row, rule)
        put_on(book, charge)
    return charge
