"""Statements of both layouts, and of the many hands that they went through."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.kit.money import Money
from domain.payments.rules.statements import (
    MAX_CELL,
    RowError,
    RowKind,
    RowProblem,
    StatementRow,
    decoded,
    read_statement,
    rows_in,
)
from domain.payments.states import Outcome

ORGANISATION = """\
Receipt No.,Completion Time,Initiation Time,Details,Transaction Status,Paid In,Withdrawn,Balance,Reason Type,Other Party Info
TC51ABCD2E,2025-03-05 10:15:44,2025-03-05 10:15:30,Pay Bill Online,Completed,2500.00,,12500.00,Pay Utility,2547*****001 - A MENSAH
TC51ZZZZ9K,2025-03-05 11:02:10,2025-03-05 11:02:10,Reversal of TC51ABCD2E,Completed,,2500.00,10000.00,Reversal,2547*****001 - A MENSAH
TC61QWER3T,2025-03-06 09:01:02,2025-03-06 09:00:58,Pay Bill FEE-42,Completed,999.50,,10999.50,Pay Utility,2547*****002 - A OWUSU
"""  # noqa: E501
CUSTOMER = "Receipt No., Completion Time, Details, Transaction Status, Paid In, Withdrawn, Balance\n"


def rows_of(text: str, after: int = 0) -> list[StatementRow]:
    found = list(read_statement(text, after=after))
    assert all(isinstance(row, StatementRow) for row in found), found
    return [row for row in found if isinstance(row, StatementRow)]


def one(cells: str, headings: str = CUSTOMER) -> StatementRow | RowError:
    (found,) = read_statement(headings + cells + "\n")
    return found


def a_row(paid_in: str = "100", withdrawn: str = "", at: str = "2025-03-05 10:15:44", details: str = "Pay Bill") -> str:
    return f'TC51ABCD2E,{at},{details},Completed,"{paid_in}","{withdrawn}",'


def test_the_export_of_an_organisation() -> None:
    paid, taken_back, fee = rows_of(ORGANISATION)
    assert (paid.number, paid.kind, paid.receipt, paid.amount) == (
        2,
        RowKind.PAYMENT_IN,
        "TC51ABCD2E",
        Money(250_000, "KES"),
    )
    assert paid.completed_at == datetime(2025, 3, 5, 7, 15, 44, tzinfo=UTC)
    assert paid.sender is not None and (paid.sender.masked, paid.other_party) == ("2547*****001", "A MENSAH")
    assert (taken_back.kind, taken_back.reverses, taken_back.came_in) == (RowKind.REVERSAL, "TC51ABCD2E", False)
    assert (fee.reference, fee.amount, fee.balance) == ("FEE-42", Money(99_950, "KES"), Money(1_099_950, "KES"))
    assert paid.reference is None


def test_the_export_of_a_customer() -> None:
    text = CUSTOMER + (
        '"TC51ABCD2E","05/03/2025 10:15:44","Funds received from 0****393 AMA","Completed","2,500.00","","12,500.00"\n'
        '"TC51ABCD2E","05/03/2025 10:15:44","Pay Bill Charge","Completed","","-23.00","12,477.00"\n'
        '"TC61QWER3T","06/03/2025 09:01","Customer Transfer to 0712345678","Completed","","-1,000.00","11,477.00"\n'
    )
    received, charge, sent = rows_of(text)
    assert received.sender is not None and received.sender.masked == "0*****393"
    assert (charge.kind, charge.receipt, charge.amount) == (RowKind.CHARGE, received.receipt, Money(2_300, "KES"))
    assert (sent.kind, sent.came_in, sent.amount) == (RowKind.PAYMENT_OUT, False, Money(100_000, "KES"))
    assert sent.details == "Customer Transfer to 07*****678" and sent.completed_at.minute == 1


def test_the_longer_layout_names_account_and_original() -> None:
    text = (
        "Receipt No.;Completion Time;Details;Transaction Status;Paid In;Withdrawn;"
        "Balance Confirmed;Linked Transaction ID;A/C No.\n"
        "TC51ABCD2E;2025-03-05 10:15:44;Pay Bill;Completed;2.500,50;;;;INV 7\n"
        "TC51ZZZZ9K;2025-03-05 11:02:10;Reversal;Completed;;2.500,50;;TC51ABCD2E;\n"
    )
    paid, taken_back = rows_of(text)
    assert (paid.amount, paid.reference) == (Money(250_050, "KES"), "INV 7")
    assert taken_back.reverses == "TC51ABCD2E"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_from_any_program(delimiter: str, end: str, encoding: str) -> None:
    text = ORGANISATION.replace("A MENSAH", "A MÉNSAH").replace(",", delimiter).replace("\n", end)
    assert [row.other_party for row in rows_of(decoded(text.encode(encoding)))] == ["A MÉNSAH", "A MÉNSAH", "A OWUSU"]


def test_headings_in_another_order_and_spelling_below_a_preamble() -> None:
    text = (
        "ACME LTD\nStatement for March, 2025\n\n"
        "Withdrawn,PAID IN,Completion_Time,receipt no,transaction status\n"
        ',"1,000",2025-03-05T10:15:44,tc51abcd2e,COMPLETED\n'
    )
    (row,) = rows_of(text)
    assert (row.number, row.receipt, row.amount) == (5, "TC51ABCD2E", Money(100_000, "KES"))


def test_a_quoted_line_break_is_within_its_row() -> None:
    first = a_row(details='"Pay\nBill, again"')
    rows = rows_of(CUSTOMER + first + "\n\n" + a_row().replace("2E", "3F") + "\n")
    assert [(row.number, row.details) for row in rows] == [(2, "Pay Bill, again"), (4, "Pay Bill")]


@pytest.mark.parametrize(
    ("written", "minor"),
    [
        ("2500", 250_000),
        ("2,500.00", 250_000),
        ("1,234,567.8", 123_456_780),
        ("2.500,00", 250_000),
        ("2500,5", 250_050),
        ("KES 2,500", 250_000),
        ("+2500.00", 250_000),
        (" 2 500.00 ", 250_000),
        ("0.01", 1),
    ],
)
def test_amounts_of_any_country(written: str, minor: int) -> None:
    row = one(a_row(paid_in=written))
    assert isinstance(row, StatementRow) and row.amount == Money(minor, "KES")


@pytest.mark.parametrize("written", ["-2500", "(2,500.00)", "2500.00", "\u22122500"])
def test_what_was_withdrawn_has_a_sign_or_not(written: str) -> None:
    row = one(a_row(paid_in="", withdrawn=written))
    assert isinstance(row, StatementRow) and (row.amount, row.came_in) == (Money(250_000, "KES"), False)


@pytest.mark.parametrize(
    "written", ["NaN", "1e5", "2.500", "1,00,000", "2500.001", "--5", "=1+1", "-100", "9" * 19, "１００", "1O0", "Infinity"]
)
def test_amounts_that_could_be_anything_are_refused(written: str) -> None:
    assert one(a_row(paid_in=written)) == RowError(2, RowProblem.BAD_AMOUNT, "paid_in")


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("2025-03-05 10:15:44", 7),
        ("05/03/2025 10:15:44", 7),
        ("05-03-2025 10:15", 7),
        ("5/3/2025 10:15", 7),
        ("2025-03-05T10:15:44.000", 7),
        ("2025-03-05T10:15:44Z", 10),
        ("05.03.2025 10:15:44", 7),
        ("2025/03/05 10:15:44", 7),
    ],
)
def test_times_of_any_country(written: str, hour: int) -> None:
    row = one(a_row(at=written))
    assert isinstance(row, StatementRow) and row.completed_at.hour == hour and row.completed_at.day == 5


@pytest.mark.parametrize(
    "written", ["03/13/2025 10:15", "05/03/25", "0001-01-01", "9999-12-31", "now", "2025-02-30", "45721.4"]
)
def test_times_that_are_none_are_refused(written: str) -> None:
    assert one(a_row(at=written)) == RowError(2, RowProblem.BAD_DATE, "completed")


@pytest.mark.parametrize(
    ("cells", "problem", "column"),
    [
        ("", RowProblem.MISSING_CELL, "receipt"),
        ("TC51ABCD2E", RowProblem.NO_AMOUNT, "paid_in"),
        ("TC51ABCD2E,,x,Completed,1,,", RowProblem.MISSING_CELL, "completed"),
        ("short,2025-03-05,x,Completed,1,,", RowProblem.BAD_RECEIPT, "receipt"),
        ("TC51ABCD2E,2025-03-05,x,Somehow,1,,", RowProblem.UNKNOWN_STATUS, "status"),
        ("TC51ABCD2E,2025-03-05,x,Completed,1,1,", RowProblem.TWO_AMOUNTS, "withdrawn"),
        ("TC51ABCD2E,2025-03-05,x,Completed,0.00,0.00,", RowProblem.NO_AMOUNT, "paid_in"),
        ("TC51ABCD2E,2025-03-05,x,Completed,1,,much", RowProblem.BAD_AMOUNT, "balance"),
        ("TC51ABCD2E,2025-03-05,Reversal,Completed,,1,", RowProblem.UNKNOWN_ORIGINAL, "details"),
        ("TC51ABCD2E,2025-03-05,Reversal of TC51ABCD2E,Completed,,1,", RowProblem.UNKNOWN_ORIGINAL, "details"),
        ('TC51ABCD2E,2025-03-05,"' + "x" * (MAX_CELL + 1) + '",Completed,1,,', RowProblem.NOT_CSV, ""),
        ('TC51ABCD2E,2025-03-05,"' + "x" * 200_000, RowProblem.NOT_CSV, ""),
        ("," * 1_000, RowProblem.NOT_CSV, ""),
    ],
)
def test_a_row_that_is_wrong_says_where(cells: str, problem: RowProblem, column: str) -> None:
    found = list(read_statement(CUSTOMER + (cells or " ,x") + "\n"))
    assert found == [RowError(2, problem, column)]


def test_rows_after_a_wrong_one_are_read() -> None:
    found = list(read_statement(CUSTOMER + "wrong\n" + a_row() + "\n"))
    assert isinstance(found[0], RowError) and isinstance(found[1], StatementRow) and found[1].number == 3


@pytest.mark.parametrize("text", ["", "\n\n", "a,b,c\n1,2,3\n", "Receipt No.,Paid In\n", "x" * 500_000, '"', "\x00" * 10])
def test_a_file_that_is_no_statement(text: str) -> None:
    assert list(read_statement(text)) == [RowError(1, RowProblem.NO_HEADINGS)]
    assert rows_in(text, at_most=9) == 1 and not list(read_statement(text, after=1))


def test_an_account_number_cannot_make_a_payment_something_else() -> None:
    """Payers type what they like, and what they typed is in the details."""
    for typed in ("CHARGE", "Reversal of TC61QWER3T", "reversal"):
        row = one(a_row(details=f"Pay Bill {typed}"))
        assert isinstance(row, StatementRow) and row.kind is RowKind.PAYMENT_IN


@pytest.mark.parametrize(
    ("details", "reference"),
    [
        ("Pay Bill FEE-42", "FEE-42"),
        ("Pay Bill Online", None),
        ("Paybill fee42", "fee42"),
        ("Customer Transfer", None),
        ("Pay Bill from 2547*****001 - AMA Acc. FEE-42", "FEE-42"),
        ("Merchant Payment Account No: 77", "77"),
    ],
)
def test_the_account_number_in_the_details(details: str, reference: str | None) -> None:
    row = one(a_row(details=details))
    assert isinstance(row, StatementRow) and row.reference == reference


def test_an_import_goes_on_after_the_last_row() -> None:
    text = ORGANISATION + "wrong\n"
    whole = list(read_statement(text))
    assert [row.number for row in whole] == [2, 3, 4, 5]
    assert rows_in(text + " , \n\n", at_most=9) == 4 and rows_in(text, at_most=2) == 2
    for after in range(7):
        assert list(read_statement(text, after=after)) == [row for row in whole if row.number > after]


def test_payments_that_are_not_complete() -> None:
    for status, outcome in (("Failed", Outcome.FAILED), ("Pending", Outcome.PENDING), ("Reversed", Outcome.REVERSED)):
        row = one(a_row().replace("Completed", status))
        assert isinstance(row, StatementRow) and row.outcome is outcome


@given(st.text(max_size=300) | st.lists(st.text('",;\n\r\tA=', max_size=20)).map("".join))
@settings(max_examples=60)
def test_no_text_is_an_accident(text: str) -> None:
    assert all(isinstance(row, StatementRow | RowError) for row in read_statement(text))
    assert all(isinstance(row, StatementRow | RowError) for row in read_statement(CUSTOMER + text))
    decoded(text.encode("utf-8", "surrogatepass"))


@given(st.binary(max_size=300))
def test_no_file_is_an_accident(raw: bytes) -> None:
    assert all(isinstance(row, StatementRow | RowError) for row in read_statement(decoded(raw)))
