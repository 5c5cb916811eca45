"""The statement of the merchant's account as CSV, as customers and as organisations export it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final

from api.mpesa.account import EAST_AFRICA
from api.mpesa.simulator.book import Book, Channel, Line
from domain.payments.rules.phones import mask


class Layout(str, Enum):
    """Who exports it. Customers' statements have fewer columns, day before month, and signs."""

    CUSTOMER = "customer"
    ORGANISATION = "organisation"


CUSTOMER: Final = ("Receipt No.", "Completion Time", "Details", "Transaction Status", "Paid In", "Withdrawn", "Balance")
ORGANISATION: Final = (
    "Receipt No.",
    "Completion Time",
    "Initiation Time",
    "Details",
    "Transaction Status",
    "Paid In",
    "Withdrawn",
    "Balance",
    "Balance Confirmed",
    "Reason Type",
    "Other Party Info",
    "Linked Transaction ID",
    "A/C No.",
)
_ISO: Final = "%Y-%m-%d %H:%M:%S"
_DAY_FIRST: Final = "%d/%m/%Y %H:%M:%S"
_NOTHING: Final = Decimal(0)


def statement(book: Book, layout: Layout, *, first: date | None, last: date | None, charges: bool) -> str:
    """The lines of the days from ``first`` to ``last`` in East Africa; with ``charges``, what M-Pesa takes as well."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(CUSTOMER if layout is Layout.CUSTOMER else ORGANISATION)
    balance = book.opening - (book.opening_charged if charges else _NOTHING)
    for line in book.lines:
        day = line.completed_at.astimezone(EAST_AFRICA).date()
        shown = (first is None or first <= day) and (last is None or day <= last)
        for amount, charged in _parts(line, charges=charges):
            balance += amount
            if shown:
                writer.writerow(_row(line, layout, amount, balance, charged=charged))
    return written.getvalue()


def _parts(line: Line, *, charges: bool) -> Iterator[tuple[Decimal, bool]]:
    """The line itself, and below it, with the same receipt, its charge."""
    yield line.amount, False
    if charges and line.charge:
        yield -line.charge, True


def _row(line: Line, layout: Layout, amount: Decimal, balance: Decimal, *, charged: bool) -> list[str]:
    if layout is Layout.CUSTOMER:
        return _customer_row(line, amount, balance, charged=charged)
    paid_in, withdrawn = (f"{amount:.2f}", "") if amount > 0 else ("", f"{-amount:.2f}")
    reason = "Pay merchant Charge" if charged else "Reversal" if line.linked else "Pay Utility"
    return [
        line.receipt,
        line.completed_at.astimezone(EAST_AFRICA).strftime(_ISO),
        line.begun_at.astimezone(EAST_AFRICA).strftime(_ISO),
        reason if charged else _details(line),
        "Completed",
        paid_in,
        withdrawn,
        f"{balance:.2f}",
        "true",
        reason,
        f"{mask(line.payment.phone)} - {line.payment.payer}",
        line.linked,
        line.payment.reference,
    ]


def _customer_row(line: Line, amount: Decimal, balance: Decimal, *, charged: bool) -> list[str]:
    sender = f"0****{line.payment.phone[-3:]} - {line.payment.payer} Acc. {line.payment.reference}"
    details = "Pay merchant Charge" if charged else f"{_details(line)} from {sender}"
    paid_in, withdrawn = (f"{amount:,.2f}", "") if amount > 0 else ("", f"{amount:,.2f}")
    completed = line.completed_at.astimezone(EAST_AFRICA).strftime(_DAY_FIRST)
    return [line.receipt, completed, details, "Completed", paid_in, withdrawn, f"{balance:,.2f}"]


def _details(line: Line) -> str:
    if line.linked:
        return f"Reversal of {line.linked}"
    return "Pay Bill Online" if line.payment.channel is Channel.PROMPT else f"Pay Bill {line.payment.reference}"
