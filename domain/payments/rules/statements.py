"""Statements of an M-Pesa account as the provider exports them, for customers and for organisations, read row by row.

Files come from many hands: with or without a byte order mark, with commas, semicolons or tabs, headings in another order or
spelling, a preamble above them, and dates and amounts as the writer's country has them. A row that cannot be read is a
:class:`RowError` with its number, and the rows after it are read all the same. Rows are numbered as a spreadsheet does, the
first of the file being 1, so that an import goes on after the last one that it has worked through.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from typing import Final

from domain.kit.errors import DomainError
from domain.kit.money import Money
from domain.payments.rules.phones import BadPhone, Sender, scrubbed
from domain.payments.rules.wire import EAST_AFRICA, plain, receipt_of
from domain.payments.states import Outcome

CURRENCY: Final = "KES"
MAX_PREAMBLE: Final = 40
MAX_CELL: Final = 2_000
MAX_CELLS: Final = 60


class RowKind(StrEnum):
    """What a row is. A charge has the receipt number of the payment that it is charged for."""

    PAYMENT_IN = "PAYMENT_IN"
    PAYMENT_OUT = "PAYMENT_OUT"
    REVERSAL = "REVERSAL"
    CHARGE = "CHARGE"


class RowProblem(StrEnum):
    """Why a row, or the whole file, cannot be read."""

    NO_HEADINGS = "NO_HEADINGS"
    NOT_CSV = "NOT_CSV"
    MISSING_CELL = "MISSING_CELL"
    BAD_RECEIPT = "BAD_RECEIPT"
    BAD_DATE = "BAD_DATE"
    BAD_AMOUNT = "BAD_AMOUNT"
    NO_AMOUNT = "NO_AMOUNT"
    TWO_AMOUNTS = "TWO_AMOUNTS"
    UNKNOWN_STATUS = "UNKNOWN_STATUS"
    UNKNOWN_ORIGINAL = "UNKNOWN_ORIGINAL"


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that cannot be read, and the heading of the cell that is wrong."""

    number: int
    problem: RowProblem
    column: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    """One movement on the account."""

    number: int
    kind: RowKind
    outcome: Outcome
    receipt: str
    completed_at: datetime
    initiated_at: datetime | None
    amount: Money
    """Without a sign; the kind says which way it went, and for a reversal :attr:`came_in`."""
    came_in: bool
    balance: Money | None
    details: str
    reverses: str | None = None
    """The receipt of the payment that a reversal takes back."""
    reference: str | None = None
    """The account number that the payer typed."""
    reason: str | None = None
    sender: Sender | None = None
    other_party: str | None = None


class _Bad(ValueError):
    def __init__(self, problem: RowProblem, column: str = "") -> None:
        super().__init__(problem.value)
        self.problem, self.column = problem, column


_HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "receipt": ("receiptno", "receiptnumber", "receipt", "transactionid"),
    "completed": ("completiontime", "completedtime", "completedon", "transactiontime", "date"),
    "initiated": ("initiationtime", "initiatedtime"),
    "details": ("details", "description", "transactiondetails"),
    "status": ("transactionstatus", "status"),
    "paid_in": ("paidin", "credit", "moneyin"),
    "withdrawn": ("withdrawn", "withdrawal", "withdrawals", "debit", "moneyout"),
    "balance": ("balance", "runningbalance"),
    "reason": ("reasontype", "transactiontype"),
    "other_party": ("otherpartyinfo", "otherparty", "counterparty"),
    "linked": ("linkedtransactionid", "linkedtransaction"),
    "account": ("acno", "accountno", "accountnumber", "billrefnumber"),
}
_REQUIRED: Final = ("receipt", "completed", "paid_in", "withdrawn")

_OUTCOMES: Final[Mapping[str, Outcome]] = {
    "completed": Outcome.PAID,
    "success": Outcome.PAID,
    "successful": Outcome.PAID,
    "pending": Outcome.PENDING,
    "authorized": Outcome.PENDING,
    "failed": Outcome.FAILED,
    "declined": Outcome.FAILED,
    "cancelled": Outcome.CANCELLED,
    "expired": Outcome.EXPIRED,
    "reversed": Outcome.REVERSED,
}

_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}(?:$|[ T])", re.ASCII)
_DAY_FIRST: Final = ("%d-%m-%Y %H:%M", "%d-%m-%Y %H:%M:%S")
_CHARGE: Final = re.compile(r"\bcharges?\b")
_MASKED_INSIDE: Final = re.compile(r"(?<!\S)\d{1,5}\*{2,}\d{1,5}(?!\S)", re.ASCII)
_RECEIPT_INSIDE: Final = re.compile(r"\b(?=[A-Z0-9]*[A-Z])(?=[A-Z0-9]*\d)[A-Z0-9]{10}\b", re.ASCII)
_ACCOUNT_INSIDE: Final = re.compile(r"\bpay\s?bill\s+(?!online\b)(?:\S+\s+-\s+.*\bacc\.\s*)?(\S{1,20})$", re.IGNORECASE)
_ACCOUNT_NAMED: Final = re.compile(r"\bacc(?:ount)?\.?\s*(?:no\.?\s*)?[:#]?\s*(\S{1,20})$", re.IGNORECASE)
_WITH_COMMAS: Final = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,2})?", re.ASCII)
_WITH_POINTS: Final = re.compile(r"(?:\d{1,3}(?:\.\d{3})+|\d{1,15}),\d{1,2}", re.ASCII)


def decoded(raw: bytes) -> str:
    """The text of a file, by what its first bytes say of it; without that as UTF-8, and failing it as Windows Latin."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def read_statement(text: str, *, after: int = 0) -> Iterator[StatementRow | RowError]:
    """The rows below the headings, from the one after number ``after``; a file without headings is one error."""
    for number, record, columns in _below_headings(text):
        if number > after:
            yield record if isinstance(record, RowError) else _row(number, record, columns)


def rows_in(text: str, *, at_most: int) -> int:
    """How many rows and errors :func:`read_statement` gives, without reading what is in them; counted up to ``at_most``."""
    return sum(1 for _ in islice(_below_headings(text), at_most))


def _below_headings(text: str) -> Iterator[tuple[int, list[str] | RowError, Mapping[str, int]]]:
    """The records that are rows, with their numbers, and where each column is in them."""
    columns: dict[str, int] | None = None
    for number, record in _records(text):
        if columns is None:
            columns = None if isinstance(record, RowError) else _columns(record)
            if columns is None and number >= MAX_PREAMBLE:
                break
        elif isinstance(record, RowError) or any(cell.strip() for cell in record):
            yield number, record, columns
    if columns is None:
        yield 1, RowError(1, RowProblem.NO_HEADINGS), {}


def _records(text: str) -> Iterator[tuple[int, list[str] | RowError]]:
    """The records with their numbers. Where quotes do not close, what is left of the file is one record and an error."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    number = 0
    while True:
        number += 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield number, RowError(number, RowProblem.NOT_CSV)
            continue
        if len(record) > MAX_CELLS or any(len(cell) > MAX_CELL for cell in record):
            yield number, RowError(number, RowProblem.NOT_CSV)
        else:
            yield number, record


def _delimiter(text: str) -> str:
    """What the line with the headings is cut by."""
    for line in text[: 20 * MAX_CELL].splitlines()[:MAX_PREAMBLE]:
        for delimiter in (",", ";", "\t", "|"):
            if _columns(line.replace('"', "").split(delimiter)) is not None:
                return delimiter
    return ","


def _columns(record: Sequence[str]) -> dict[str, int] | None:
    """Where each column is, when these are headings."""
    places: dict[str, int] = {}
    for place, cell in enumerate(record):
        heading = "".join(character for character in cell.lower() if character.isalnum())
        for column, names in _HEADINGS.items():
            if heading in names:
                places.setdefault(column, place)
    return places if all(column in places for column in _REQUIRED) else None


def _row(number: int, record: Sequence[str], columns: Mapping[str, int]) -> StatementRow | RowError:
    cells = {column: plain(record[place]) if place < len(record) else "" for column, place in columns.items()}
    try:
        return _movement(number, cells)
    except _Bad as bad:
        return RowError(number, bad.problem, bad.column)


def _movement(number: int, cells: Mapping[str, str]) -> StatementRow:
    receipt = receipt_of(_needed(cells, "receipt"))
    if receipt is None:
        raise _Bad(RowProblem.BAD_RECEIPT, "receipt")
    outcome = _OUTCOMES.get(cells.get("status", "completed").lower() or "completed")
    if outcome is None:
        raise _Bad(RowProblem.UNKNOWN_STATUS, "status")
    amount, came_in = _amount(cells)
    kind = _kind(cells, came_in=came_in)
    sender, party = _party(cells)
    balance = cells.get("balance")
    return StatementRow(
        number=number,
        kind=kind,
        outcome=outcome,
        receipt=receipt,
        completed_at=_instant(_needed(cells, "completed"), "completed"),
        initiated_at=_instant(cells["initiated"], "initiated") if cells.get("initiated") else None,
        amount=amount,
        came_in=came_in,
        balance=_signed(balance, "balance") if balance else None,
        details=scrubbed(cells.get("details", "")),
        reverses=_reversed_receipt(cells, receipt) if kind is RowKind.REVERSAL else None,
        reference=_reference(cells) if kind is RowKind.PAYMENT_IN else None,
        reason=cells.get("reason") or None,
        sender=sender,
        other_party=party,
    )


def _needed(cells: Mapping[str, str], column: str) -> str:
    if not cells.get(column):
        raise _Bad(RowProblem.MISSING_CELL, column)
    return cells[column]


def _amount(cells: Mapping[str, str]) -> tuple[Money, bool]:
    """What moved, and whether it came in. What was withdrawn is written with a minus or without, what came in without."""
    came = _signed(cells["paid_in"], "paid_in") if cells["paid_in"] else Money.zero(CURRENCY)
    went = _signed(cells["withdrawn"], "withdrawn") if cells["withdrawn"] else Money.zero(CURRENCY)
    if came and went:
        raise _Bad(RowProblem.TWO_AMOUNTS, "withdrawn")
    if came.amount_minor < 0:
        raise _Bad(RowProblem.BAD_AMOUNT, "paid_in")
    if not came and not went:
        raise _Bad(RowProblem.NO_AMOUNT, "paid_in")
    return (came, True) if came else (Money(abs(went.amount_minor), CURRENCY), False)


def _signed(written: str, column: str) -> Money:
    """``2,500.00``, ``2.500,00``, ``-2500``, ``(2500.00)`` or ``KES 2500``; what could be read in two ways is refused."""
    text = written.upper().removeprefix(CURRENCY).replace(" ", "").replace("\u2212", "-").replace("'", "")
    negative = text.startswith("-") or (text.startswith("(") and text.endswith(")"))
    digits = text.lstrip("+-").strip("()")
    if _WITH_COMMAS.fullmatch(digits):
        number = digits.replace(",", "")
    elif _WITH_POINTS.fullmatch(digits):
        number = digits.replace(".", "").replace(",", ".")
    else:
        raise _Bad(RowProblem.BAD_AMOUNT, column)
    try:
        amount = Money.of(number, CURRENCY)
    except DomainError:
        raise _Bad(RowProblem.BAD_AMOUNT, column) from None
    return -amount if negative else amount


def _instant(written: str, column: str) -> datetime:
    """A time in East Africa as an instant; the day stands before the month unless the year is first."""
    text = re.sub(r"[/.]", "-", written[:10]) + written[10:]
    try:
        if _ISO.match(text):
            moment = datetime.fromisoformat(text)
        else:
            day, _, time = text.replace("T", " ", 1).partition(" ")
            moment = datetime.strptime(f"{day} {time or '00:00'}"[:19], _DAY_FIRST[len(time) > 5])  # noqa: DTZ007
        if not 2000 <= moment.year < 2100:
            raise ValueError(written)
    except ValueError:
        raise _Bad(RowProblem.BAD_DATE, column) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=EAST_AFRICA)).astimezone(UTC)


def _kind(cells: Mapping[str, str], *, came_in: bool) -> RowKind:
    """A payer may have typed any word as the account number, so of what came in the details alone decide little."""
    reason, details = cells.get("reason", "").lower(), cells.get("details", "").lower()
    if _CHARGE.search(reason) or (not came_in and _CHARGE.search(details)):
        return RowKind.CHARGE
    if "revers" in reason or details.startswith("reversal") or (not came_in and "reversal" in details):
        return RowKind.REVERSAL
    return RowKind.PAYMENT_IN if came_in else RowKind.PAYMENT_OUT


def _reversed_receipt(cells: Mapping[str, str], own: str) -> str:
    """Which payment a reversal takes back: named beside it, or in its details."""
    linked = receipt_of(cells.get("linked", ""))
    named = [linked] if linked else _RECEIPT_INSIDE.findall(cells.get("details", "").upper())
    others: list[str] = [receipt for receipt in dict.fromkeys(named) if receipt != own]
    if len(others) != 1:
        raise _Bad(RowProblem.UNKNOWN_ORIGINAL, "details")
    return others[0]


def _reference(cells: Mapping[str, str]) -> str | None:
    if cells.get("account"):
        return cells["account"]
    details = cells.get("details", "")
    found = _ACCOUNT_NAMED.search(details) or _ACCOUNT_INSIDE.search(details)
    return found[1] if found else None


def _party(cells: Mapping[str, str]) -> tuple[Sender | None, str | None]:
    """``2547*****001 - A MENSAH`` as number and name; a customer's statement has ``0****393`` in the details."""
    written = cells.get("other_party", "")
    number, _, called = written.partition(" - ")
    hidden = _MASKED_INSIDE.search(cells.get("details", ""))
    try:
        return Sender.read(number if written or not hidden else hidden[0]), scrubbed(called) or None
    except BadPhone:
        return None, scrubbed(written) or None
