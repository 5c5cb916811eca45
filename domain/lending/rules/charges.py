"""Charges: fees of payouts and rows, those that staff make, and penalties on rows still unpaid after their grace."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from domain.kit.money import decimals_of
from domain.lending.rules.book import FEE, INTEREST, PENALTY, PRINCIPAL, Book, Charge, Overdue, Paid, Parts, Row
from domain.lending.rules.facts import ChargeAdded, Disbursed
from domain.lending.rules.interest import round_half_up
from domain.lending.rules.state import InstalmentKind, PaymentKind
from domain.lending.rules.terms import ChargeBasis, ChargeTime


def amount_of(book: Book, basis: ChargeBasis, value: Decimal, principal: int, interest: int) -> int:
    """A charge in minor units, rounded half up."""
    numerator, denominator = value.as_integer_ratio()
    if basis is ChargeBasis.FLAT:
        return round_half_up(numerator * 10 ** decimals_of(book.terms.currency), denominator)
    base = {
        ChargeBasis.PERCENT_OF_PRINCIPAL: principal,
        ChargeBasis.PERCENT_OF_INTEREST: interest,
        ChargeBasis.PERCENT_OF_PRINCIPAL_AND_INTEREST: principal + interest,
    }[basis]
    return round_half_up(numerator * max(0, base), 100 * denominator)


def put_on(book: Book, charge: Charge) -> None:
    """Make the charge a part of its row."""
    book.charges[charge.key] = charge
    charge.row.charges.append(charge)
    charge.row.due[PENALTY if charge.penalty else FEE] += charge.amount


def deduct_fees(book: Book, fact: Disbursed) -> None:
    """Keep the fees of a payout back from it: a row of the day that is paid at once. Flat ones are of the first payout."""
    row = Row(f"D{fact.sequence}", InstalmentKind.DISBURSEMENT, fact.on, fact.on)
    for rule in book.terms.charges:
        if rule.time is not ChargeTime.DISBURSEMENT or (rule.basis is ChargeBasis.FLAT and book.disbursed):
            continue
        amount = amount_of(book, rule.basis, rule.value, fact.amount_minor, 0)
        key = f"{rule.code}:{row.tag}"
        charge = Charge(key, rule.code, rule.title, rule.time, rule.penalty, fact.on, fact.on, row, rule, amount)
        put_on(book, charge)
        charge.paid = amount
    total = sum(row.due)
    if total == 0:
        return
    parts = Parts()
    for index in (FEE, PENALTY):
        row.paid[index] = row.due[index]
        parts.add(row, index, row.due[index])
    row.completed_on = fact.on
    book.others.append(row)
    book.payments.append(Paid(fact.id, fact.on, parts, PaymentKind.DEDUCTION, total, 0))


def refresh_charges(book: Book, row: Row) -> None:
    """Compute the charges that come with every instalment again, after the row's principal or interest changed."""
    if not row.charges and not book.terms.charges:
        return
    for rule in book.terms.charges:
        if rule.time is not ChargeTime.INSTALMENT:
            continue
        key = f"{rule.code}:{row.tag}"
        charge = book.charges.get(key)
        is_empty = row.due[PRINCIPAL] == 0 and row.due[INTEREST] == 0
        amount = 0 if is_empty else amount_of(book, rule.basis, rule.value, row.due[PRINCIPAL], row.due[INTEREST])
        if charge is None:
            charge = Charge(key, rule.code, rule.title, rule.time, rule.penalty, row.from_on, row.due_on, row, rule, amount)
            put_on(book, charge)
            continue
        charge.due_on = row.due_on
        met = charge.paid + charge.waived + charge.lost
        row.due[PENALTY if charge.penalty else FEE] += max(amount, met) - charge.amount
        charge.amount = max(amount, met)


def threaten(book: Book, row: Row) -> None:
    """Note when each penalty of a row that fell due would be made: on the day after the last day of its grace.

    Penal interest is borne by whatever is overdue, other penalties are made for rows of the plan alone.
    """
    for rule in book.terms.charges:
        is_for_row = rule.is_penal_interest or row.kind is InstalmentKind.NORMAL
        if rule.time is ChargeTime.OVERDUE_INSTALMENT and is_for_row:
            book.threats.append((row.due_on + timedelta(days=rule.grace_days + 1), row, rule))


def penalise_until(book: Book, day: date) -> None:
    """Make the penalties whose day has come, each once, on rows that are still unpaid of principal, interest or fees.

    Penal interest begins to be borne then. A row that was moved and is late again is penalised again.
    """
    if not book.threats:
        return
    waiting = []
    for made_on, row, rule in book.threats:
        if made_on > day:
            waiting.append((made_on, row, rule))
            continue
        principal, interest = row.unpaid_of(PRINCIPAL), row.unpaid_of(INTEREST)
        if principal + interest + row.unpaid_of(FEE) <= 0:
            continue
        if rule.is_penal_interest:
            since = made_on - timedelta(days=1)
            book.overdue.append(Overdue(row, rule, since, since))
            continue
        amount = amount_of(book, rule.basis, rule.value, principal, interest)
        key = f"{rule.code}:{row.tag}"
        key = f"{key}@{made_on.isoformat()}" if key in book.charges else key
        put_on(book, Charge(key, rule.code, rule.title, rule.time, True, made_on, made_on, row, rule, amount))
    book.threats = waiting


def add_charge(book: Book, fact: ChargeAdded) -> None:
    """A charge made by staff: on the row whose period its due date is in, or else on the next one not complete.

    After maturity, or when no row is left to pay, it gets a row of its own.
    """
    row = _row_for(book, fact.due_on) or _own_row(book, fact)
    amount = amount_of(book, fact.basis, fact.value, _base_principal(book, row, fact), row.due[INTEREST])
    key = str(fact.id)
    put_on(
        book,
        Charge(
            key, fact.code, fact.title, ChargeTime.SPECIFIED_DUE_DATE, fact.penalty, fact.on, fact.due_on, row, None, amount
        ),
    )
    if row.unpaid:
        row.completed_on = None


def _base_principal(book: Book, row: Row, fact: ChargeAdded) -> int:
    return book.disbursed if fact.basis is ChargeBasis.PERCENT_OF_PRINCIPAL else row.due[PRINCIPAL]


def _row_for(book: Book, due_on: date) -> Row | None:
    """The first row not complete that is due on the day or later. Paid rows never change."""
    return next((row for row in book.rows if row.due_on >= due_on and row.completed_on is None), None)


def _own_row(book: Book, fact: ChargeAdded) -> Row:
    """A row after maturity, shared by what falls due on the same day."""
    for row in book.others:
        if row.kind is InstalmentKind.ADDITIONAL and row.due_on == fact.due_on and row.completed_on is None:
            return row
    last = book.rows[-1].due_on if book.rows else fact.due_on
    row = Row(f"A{fact.sequence}", InstalmentKind.ADDITIONAL, min(last, fact.due_on), fact.due_on)
    book.others.append(row)
    return row
