"""The plan of rows: when they fall due, how big the equal instalment is, and what is due of each row.

Rows whose due date is still to come are projected: as if whatever is due or overdue were paid today, and everything after
it on its day. Rows that have reached their due date are closed and stay as they are.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from typing import Final

from domain.kit.errors import InvalidInput
from domain.lending.rules.book import INTEREST, PRINCIPAL, Book, Row
from domain.lending.rules.calendar import due_date, step
from domain.lending.rules.charges import refresh_charges, threaten
from domain.lending.rules.interest import Change, accrue, changes_between, factor
from domain.lending.rules.state import InstalmentKind
from domain.lending.rules.terms import MAX_INSTALMENTS, Amortisation, LoanTerms, RoundingMode

PRECISION: Final = 40
NOISE: Final = Decimal("1e-9")
"""Far below a minor unit and far above the error of a division: rounding up must not see the latter."""

ROUNDINGS: Final = {
    RoundingMode.NEAREST: ROUND_HALF_UP,
    RoundingMode.UP: ROUND_CEILING,
    RoundingMode.DOWN: ROUND_FLOOR,
}


def plan_rows(book: Book, disbursed_on: date) -> None:
    """Lay out the rows of a loan that is paid out for the first time."""
    terms = book.terms
    if terms.first_due_on is not None and terms.first_due_on <= disbursed_on:
        raise InvalidInput("the first due date comes after the disbursement", field=("input", "firstDueOn"))
    from_on = disbursed_on
    for number in range(1, terms.instalments + 1):
        row = Row(book.new_tag(), InstalmentKind.NORMAL, from_on, due_date(terms, disbursed_on, number))
        row.interest_free = number <= terms.grace.interest_free
        row.puts_off_interest = number <= terms.grace.interest_payment
        if number <= terms.grace.principal:
            row.fixed_principal = 0
        book.rows.append(row)
        from_on = row.due_on
    book.open_ended = terms.fixed_instalment is not None


def add_row(book: Book, on: date) -> None:
    """One more row, a repayment period after the last one; after maturity a period after the day."""
    terms, last = book.terms, book.rows[-1]
    from_on = last.due_on
    if from_on < on:
        from_on, due_on = on, step(on, terms.every, terms.unit)
        book.tail = 0
    elif book.first_on is not None and last.due_on == due_date(terms, book.first_on, len(book.rows)):
        due_on = due_date(terms, book.first_on, len(book.rows) + 1)
    else:
        due_on = step(last.due_on, terms.every, terms.unit)
    row = Row(book.new_tag(), InstalmentKind.NORMAL, from_on, due_on)
    row.instalment, row.fixed_principal = last.instalment, last.fixed_principal
    book.rows.append(row)


def rounded(terms: LoanTerms, amount: Decimal) -> int:
    """An instalment in minor units as a multiple of what the terms say, never negative."""
    multiple = terms.rounding_minor
    with localcontext() as context:
        context.prec = PRECISION
        exact = (amount / multiple).quantize(NOISE)
        return max(0, int(exact.to_integral_value(rounding=ROUNDINGS[terms.rounding.mode]))) * multiple


def plan_instalments(book: Book, on: date) -> None:
    """Compute the equal instalment (or the equal principal) of the rows still open, and set it."""
    rows = [row for row in book.open_rows if row.completed_on is None and not _is_grace(row)]
    if not rows:
        return
    terms = book.terms
    if terms.fixed_instalment is not None:
        for row in rows:
            row.instalment = terms.fixed_instalment.amount_minor
        return
    by_principal = terms.amortisation is Amortisation.EQUAL_PRINCIPAL
    with localcontext() as context:
        context.prec = PRECISION
        amount = rounded(terms, _equal_amount(book, on, by_principal=by_principal))
    for row in rows:
        row.instalment, row.fixed_principal = (None, amount) if by_principal else (amount, None)
    if terms.even_out_last and not by_principal:
        _even_out(book, on, rows, amount)


def _even_out(book: Book, on: date, rows: list[Row], instalment: int) -> None:
    """Spread what the last row differs by over all rows, if it is worth it and the last row comes closer by it."""
    difference = _difference_of_last(book, on, rows)
    if 2 * abs(difference) < len(rows) or len(rows) < 2:
        return
    evened = rounded(book.terms, instalment + Decimal(difference) / len(rows))
    for row in rows:
        row.instalment = evened
    if abs(_difference_of_last(book, on, rows)) >= abs(difference):
        for row in rows:
            row.instalment = instalment


def _difference_of_last(book: Book, on: date, rows: list[Row]) -> int:
    project(book, on)
    last = rows[-1]
    return last.due[PRINCIPAL] + last.due[INTEREST] - last.extra - (last.instalment or 0)


def _is_grace(row: Row) -> bool:
    return row.fixed_principal == 0 and row.instalment is None


def _equal_amount(book: Book, on: date, *, by_principal: bool) -> Decimal:
    """The amount E at which nothing is left after the last row.

    The balance after each row is kept as ``constant - count x E``, through interest, grace and what was paid ahead; the last
    one is set to zero. For equal periods it is the annuity formula; it is exact for uneven ones too.
    """
    daily = book.is_daily
    rows = book.open_rows
    ahead = sum(row.paid[PRINCIPAL] for row in rows) if daily else 0
    constant, count = Decimal(book.owed - settled_principal(book) - ahead), Decimal(0)
    constant += carried(book)[0]
    for index, row in enumerate(rows):
        if row.completed_on is not None:
            constant -= 0 if daily else row.due[PRINCIPAL]
            continue
        interest, interest_count = _planned_interest(book, on, index, constant, count)
        constant += (row.paid[PRINCIPAL] if daily else 0) - row.extra
        if _is_grace(row):
            continue
        if not by_principal:
            constant, count = constant + interest + row.brought, count + interest_count
        count += 1
    return max(Decimal(0), constant / count)


def _planned_interest(book: Book, on: date, index: int, constant: Decimal, count: Decimal) -> tuple[Decimal, Decimal]:
    """The interest of an open row as ``constant - count x E``. Of the running row it is known what it has really been."""
    row = book.open_rows[index]
    if book.is_flat:
        opening, changes = _window(book, row, on, 0)
        return Decimal(accrue(book, row, row.start, row.due_on, opening, changes)), Decimal(0)
    if index == 0:
        opening, changes = _window(book, row, on, sum(earlier.due[PRINCIPAL] for earlier in book.rows[: book.closed]))
        if changes or opening != constant or any(row.start < day < row.due_on for day in book.rates_on):
            return Decimal(accrue(book, row, row.start, row.due_on, opening, changes)), Decimal(0)
    share = factor(book, row, actual=False)
    return constant * share, count * share


def _window(book: Book, row: Row, on: date, planned_before: int) -> tuple[int, list[Change]]:
    """The balance at the start of a row's period and how it changes in it, as far as that is known on the day ``on``."""
    opening, changes = book.balance_on(row.start), changes_between(book, row.start, row.due_on)
    if book.is_flat:
        return opening, changes
    if not book.is_daily:
        return opening - planned_before, changes
    if on < row.due_on:
        overdue = book.overdue_principal(on)
        if overdue:
            changes = sorted([*changes, (on, -overdue)])
    return opening, changes


def settled_principal(book: Book) -> int:
    """The principal of all rows whose dues are final."""
    closed = sum(row.due[PRINCIPAL] for row in book.rows[: book.closed])
    return closed + sum(row.due[PRINCIPAL] for row in book.others)


def carried(book: Book) -> tuple[int, int]:
    """What the last closed row left to those after it: interest within their instalments, and on top of them."""
    if book.closed == 0:
        return 0, 0
    last = book.rows[book.closed - 1]
    return last.carry, last.put_off


def close_until(book: Book, day: date) -> None:
    """Close the rows due by the end of the day: from here on what is due of them does not change any more."""
    while book.closed < len(book.rows) and book.rows[book.closed].due_on <= day:
        row = book.rows[book.closed]
        if book.is_daily:
            before, ahead = settled_principal(book), sum(later.paid[PRINCIPAL] for later in book.rows[book.closed + 1 :])
            _set_due(book, day, book.closed, before, ahead)
            if row is book.rows[-1] and _asks_for_more(book, before + row.due[PRINCIPAL]):
                add_row(book, row.due_on)
        book.closed += 1
        book.complete(row, row.due_on)
        threaten(book, row)


def _asks_for_more(book: Book, planned: int) -> bool:
    """Whether a fixed instalment has to go on for another row after all that are planned."""
    return book.open_ended and planned < book.owed and len(book.rows) < MAX_INSTALMENTS


def project(book: Book, on: date) -> None:
    """Set what is due of every open row, as the plan is on the day ``on``."""
    before = settled_principal(book)
    ahead = sum(row.paid[PRINCIPAL] for row in book.open_rows)
    index = book.closed
    while index < len(book.rows):
        row = book.rows[index]
        ahead -= row.paid[PRINCIPAL]
        _set_due(book, on, index, before, ahead)
        before += row.due[PRINCIPAL]
        if (
            index == len(book.rows) - 1
            and book.open_ended
            and before + ahead < book.owed
            and len(book.rows) < MAX_INSTALMENTS
        ):
            add_row(book, row.due_on)
        index += 1
    book.projected_on = on


def _set_due(book: Book, on: date, index: int, before: int, ahead: int) -> None:
    """What is due of one row, given the principal of the rows ``before`` it and what is paid ``ahead`` on those after it."""
    row = book.rows[index]
    if index and book.is_daily and index > book.closed:
        opening, changes = book.owed - before - ahead - row.paid[PRINCIPAL], list[Change]()
    else:
        others = sum(other.due[PRINCIPAL] for other in book.others)
        opening, changes = _window(book, row, on, before - others)
    row.accrued = accrue(book, row, row.start, row.due_on, opening, changes)
    carry, put_off = (book.rows[index - 1].carry, book.rows[index - 1].put_off) if index else (0, 0)
    if row.completed_on is not None:
        left = max(0, row.accrued + carry + row.brought + put_off - row.due[INTEREST])
        row.carry, row.put_off = (0, left) if row.puts_off_interest else (left, 0)
        return
    _set_due_of_open(book, row, row.accrued + carry + row.brought, put_off, book.owed - before - ahead, _is_last(book, row))
    refresh_charges(book, row)


def _is_last(book: Book, row: Row) -> bool:
    return row is book.last_open and (not book.open_ended or len(book.rows) >= MAX_INSTALMENTS)


def _set_due_of_open(book: Book, row: Row, owing: int, put_off: int, remaining: int, is_last: bool) -> None:
    """Split a row into interest and principal. Principal is never negative, nor less than what is paid of it already."""
    paid = row.paid[PRINCIPAL]
    row.carry, row.put_off = 0, 0
    if row.puts_off_interest:
        later = book.rows[book.rows.index(row) + 1 :] if is_last else []
        collected = sum(max(0, other.due[INTEREST] - other.accrued) for other in later)
        interest = max(row.met_interest, owing + put_off - collected) if is_last else row.met_interest
        row.put_off = 0 if is_last else put_off + max(0, owing - interest)
        planned = owing
    else:
        planned = owing
        if book.is_daily and not is_last and row.instalment is not None and paid > row.extra:
            # Paid ahead: the row does not ask for more than its instalment, the rest of the interest moves on.
            planned = min(owing, max(row.met_interest, row.instalment - (paid - row.extra)))
            row.carry = owing - planned
        interest = max(planned + put_off, row.met_interest)
    if is_last:
        principal = remaining
    elif row.instalment is not None:
        principal = max(0, row.instalment - planned) + row.extra
    else:
        principal = (row.fixed_principal or 0) + row.extra
    row.due[PRINCIPAL] = min(max(principal, paid + row.lost[PRINCIPAL]), remaining)
    row.due[INTEREST] = interest
