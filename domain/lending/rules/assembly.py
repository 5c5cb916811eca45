"""Closing the book: the frozen state that the outside sees."""

from __future__ import annotations

from datetime import date, timedelta

from domain.lending.rules.book import COMPONENTS, PRINCIPAL, Book, Row
from domain.lending.rules.interest import accrued_by
from domain.lending.rules.state import (
    ChargeState,
    Components,
    Delinquency,
    InstalmentKind,
    InstalmentState,
    LoanCondition,
    LoanState,
    PaymentState,
    WaiverState,
)

FOUR = range(len(COMPONENTS))


def shown_rows(book: Book) -> list[Row]:
    """All rows in the order of their due dates. Planned rows at the end that nothing is left for are not shown."""
    planned = list(book.rows)
    while planned and not any(planned[-1].due):
        planned.pop()
    early = [row for row in book.others if row.kind is not InstalmentKind.ADDITIONAL]
    late = [row for row in book.others if row.kind is InstalmentKind.ADDITIONAL]
    return sorted([*early, *planned, *late], key=lambda row: row.due_on)


def assemble(book: Book, as_of: date) -> LoanState:
    """The state at the end of the day; the book has been told everything until then."""
    rows = shown_rows(book)
    numbers = {id(row): number for number, row in enumerate(rows, start=1)}
    instalments = _instalments(book, rows)
    paid = Components.sum(row.paid for row in instalments)
    due = Components.sum(row.due for row in instalments)
    waived = Components.sum(row.waived for row in instalments)
    written_off = Components.sum(row.written_off for row in instalments)
    outstanding = due - paid - waived - written_off
    condition = _condition(book, outstanding)
    met = paid.interest + waived.interest + written_off.interest
    earned = interest_earned(book, as_of)
    if condition in (LoanCondition.CLOSED, LoanCondition.OVERPAID):
        earned = max(earned, met)
    return LoanState(
        as_of=as_of,
        condition=condition,
        charged_off_on=book.charged_off_on,
        written_off_on=book.written_off_on,
        closed_on=_closed_on(book, instalments, condition),
        maturity_on=max((row.due_on for row in rows if row.kind is InstalmentKind.NORMAL), default=None),
        disbursed=book.disbursed,
        instalments=instalments,
        charges=_charges(book, numbers),
        payments=tuple(
            PaymentState(paid.fact_id, paid.kind, paid.on, paid.amount, paid.told(numbers), paid.overpaid)
            for paid in book.payments
        ),
        due=due,
        paid=paid,
        waived=waived,
        written_off=written_off,
        outstanding=outstanding,
        overpaid=book.overpaid,
        refunded=book.refunded,
        charged_back=book.charged_back,
        recovered=book.recovered,
        accrued_interest=max(0, earned - met),
        interest_earned=earned,
        delinquency=_delinquency(book, instalments, as_of),
        waivers=tuple(WaiverState(waiver.fact_id, waiver.on, waiver.told(numbers)) for waiver in book.waivers),
    )


def _instalments(book: Book, rows: list[Row]) -> tuple[InstalmentState, ...]:
    repaid = 0
    made = []
    for number, row in enumerate(rows, start=1):
        repaid += row.due[PRINCIPAL]
        owed = sum(amount for on, amount in book.owed_on if on <= row.due_on)
        made.append(
            InstalmentState(
                number,
                row.kind,
                row.from_on,
                row.due_on,
                Components(*row.due),
                Components(*row.paid),
                Components(*row.waived),
                Components(*row.lost),
                max(0, owed - repaid),
                row.completed_on,
                tuple(row.late_interest),
            )
        )
    return tuple(made)


def _condition(book: Book, outstanding: Components) -> LoanCondition:
    if book.first_on is None:
        return LoanCondition.NOT_DISBURSED
    if book.written_off_on is not None:
        return LoanCondition.WRITTEN_OFF
    if outstanding:
        return LoanCondition.ACTIVE
    return LoanCondition.OVERPAID if book.overpaid else LoanCondition.CLOSED


def _closed_on(book: Book, rows: tuple[InstalmentState, ...], condition: LoanCondition) -> date | None:
    """The day on which the last amount was met."""
    if condition in (LoanCondition.ACTIVE, LoanCondition.NOT_DISBURSED):
        return None
    if book.written_off_on is not None:
        return book.written_off_on
    return max((row.completed_on for row in rows if row.completed_on is not None and any_amount(row)), default=book.first_on)


def any_amount(row: InstalmentState) -> bool:
    return bool(row.due)


def _charges(book: Book, numbers: dict[int, int]) -> tuple[ChargeState, ...]:
    return tuple(
        ChargeState(
            charge.key,
            charge.code,
            charge.title,
            charge.time,
            charge.penalty,
            numbers[id(charge.row)],
            charge.charged_on,
            charge.due_on,
            charge.amount,
            charge.paid,
            charge.waived,
            charge.lost,
            tuple(charge.growth),
        )
        for charge in book.charges.values()
        if charge.amount and id(charge.row) in numbers
    )


def interest_earned(book: Book, as_of: date) -> int:
    """All interest of the days gone by, whether due yet or not. Without recalculation it is what was planned, by days."""
    earned = sum(row.accrued for row in book.rows[: book.closed]) + book.handed_over
    if book.written_off_on is not None or book.closed >= len(book.rows):
        return earned
    row = book.rows[book.closed]
    return earned + accrued_by(book, row, as_of)


def _delinquency(book: Book, rows: tuple[InstalmentState, ...], as_of: date) -> Delinquency:
    paused = any(begun <= as_of <= ended for begun, ended in book.pauses)
    late = [row for row in rows if row.due_on < as_of and row.completed_on is None and row.unpaid]
    if not late:
        return Delinquency(None, 0, None, 0, Components(), paused)
    since = late[0].due_on
    delinquent_since = since + timedelta(days=book.terms.delinquency_grace_days)
    days = (as_of - delinquent_since).days
    delinquent = days - _paused_days(book, delinquent_since, as_of) if days > 0 else 0
    past_due = Components.sum(row.unpaid for row in late)
    started = delinquent_since if days > 0 else None
    return Delinquency(since, (as_of - since).days, started, max(0, delinquent), past_due, paused)


def _paused_days(book: Book, since: date, as_of: date) -> int:
    """Days after ``since`` and until ``as_of`` that lie in any pause, each counted once."""
    days = 0
    reached = since
    for begun, ended in sorted(book.pauses):
        begun = max(begun, reached + timedelta(days=1))
        ended = min(ended, as_of)
        if ended >= begun:
            days += (ended - begun).days + 1
            reached = ended
    return days
