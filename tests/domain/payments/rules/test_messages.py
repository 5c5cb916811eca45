"""Messages as the provider sends them, in all the variants that were seen of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kit.money import Money
from domain.payments.rules.messages import (
    C2BPayment,
    Malformed,
    Result,
    StkCallback,
    parse_c2b,
    parse_result,
    parse_stk_callback,
)
from domain.payments.rules.phones import PhoneForm
from domain.payments.rules.results import MAX_RESULT_DESCRIPTION, C2BAnswer, c2b_body, outcome_of
from domain.payments.rules.wire import MAX_TEXT, Reason
from domain.payments.states import Outcome

PAID = b"""
{"Body":{"stkCallback":{"MerchantRequestID":"11111-2222222-1","CheckoutRequestID":"ws_CO_05032025101530123712345678",
 "ResultCode":0,"ResultDesc":"processed","CallbackMetadata":{"Item":[{"Name":"Amount","Value":2500.0},
 {"Name":"MpesaReceiptNumber","Value":"TC51ABCD2E"},{"Name":"Balance"},{"Name":"TransactionDate","Value":20250305101544},
 {"Name":"PhoneNumber","Value":254700000001}]}}}}
"""
CANCELLED = b"""
{"Body":{"stkCallback":{"MerchantRequestID":"11111-2222222-2","CheckoutRequestID":"ws_CO_05032025101611123712345678",
 "ResultCode":"1032","ResultDesc":"cancelled"}}}
"""
CONFIRMED = b"""
{"TransactionType":"Pay Bill","TransID":"TC61QWER3T","TransTime":"20250306090102","TransAmount":"999.50",
 "BusinessShortCode":"600000",
 "BillRefNumber":"FEE-42","InvoiceNumber":"","OrgAccountBalance":"10999.50","ThirdPartyTransID":"","MSISDN":"2547*****001","FirstName":"AMA","MiddleName":"","LastName":""}
"""
REVERSED: dict[str, Any] = {
    "Result": {
        "ResultType": 0,
        "ResultCode": "0",
        "ResultDesc": "processed",
        "OriginatorConversationID": "8521-4298025-1",
        "ConversationID": "AG_20250305_00004e48cf7e3533f581",
        "TransactionID": "TC51ZZZZ9K",
        "ResultParameters": {
            "ResultParameter": [
                {"Key": "Amount", "Value": "2500.00"},
                {"Key": "TransCompletedTime", "Value": 20250305110210},
                {"Key": "OriginalTransactionID", "Value": "TC51ABCD2E"},
                {"Key": "DebitPartyPublicName", "Value": "2547*****001 - A MENSAH"},
            ]
        },
    }
}


def paid_with(**items: Any) -> bytes:
    """The callback with other metadata; None leaves an item's value out."""
    body = json.loads(PAID)
    body["Body"]["stkCallback"]["CallbackMetadata"]["Item"] = [
        {"Name": name} if value is None else {"Name": name, "Value": value} for name, value in items.items()
    ]
    return json.dumps(body).encode()


def with_code(code: Any) -> bytes:
    body = json.loads(PAID)
    body["Body"]["stkCallback"]["ResultCode"] = code
    return json.dumps(body).encode()


def test_a_paid_prompt() -> None:
    said = parse_stk_callback(PAID)
    assert isinstance(said, StkCallback) and said.sender is not None
    assert (said.outcome, said.receipt, said.amount) == (Outcome.PAID, "TC51ABCD2E", Money(250_000, "KES"))
    assert said.checkout_request_id == "ws_CO_05032025101530123712345678"
    assert said.transacted_at == datetime(2025, 3, 5, 7, 15, 44, tzinfo=UTC)
    assert said.sender.msisdn == "254700000001"
    assert "254700000001" not in repr(said)


def test_a_cancelled_prompt_says_its_code_as_text() -> None:
    said = parse_stk_callback(CANCELLED)
    assert isinstance(said, StkCallback)
    assert (said.result_code, said.outcome, said.receipt, said.amount) == (1032, Outcome.CANCELLED, None, None)


@pytest.mark.parametrize("amount", [2500, 2500.0, "2500", "2500.0", "2500.00"])
def test_an_amount_is_the_same_however_it_is_written(amount: Any) -> None:
    said = parse_stk_callback(paid_with(Amount=amount))
    assert isinstance(said, StkCallback) and said.amount == Money(250_000, "KES")


@pytest.mark.parametrize("code", [0, "0", 0.0])
def test_a_result_code_is_a_number_or_text(code: Any) -> None:
    said = parse_stk_callback(with_code(code))
    assert isinstance(said, StkCallback) and said.outcome is Outcome.PAID


@pytest.mark.parametrize("code", [None, "", "zero", "0x0", 1.5, True, [0], {"code": 0}, 10**40, "٠"])
def test_a_result_code_that_is_none(code: Any) -> None:
    said = parse_stk_callback(with_code(code))
    assert isinstance(said, Malformed) and said.field.endswith("ResultCode")


def test_the_balance_may_be_a_text() -> None:
    said = parse_stk_callback(paid_with(Balance="{Amount={BasicAmount=10.00}}", Amount=1, MpesaReceiptNumber="tc51abcd2e "))
    assert isinstance(said, StkCallback) and said.receipt == "TC51ABCD2E"


@given(st.permutations(["Amount", "MpesaReceiptNumber", "Balance", "TransactionDate", "PhoneNumber"]))
def test_items_come_in_any_order(names: list[str]) -> None:
    items = {item["Name"]: item.get("Value") for item in json.loads(PAID)["Body"]["stkCallback"]["CallbackMetadata"]["Item"]}
    assert parse_stk_callback(paid_with(**{name: items[name] for name in names})) == parse_stk_callback(PAID)


def test_a_success_may_say_nothing_else() -> None:
    for metadata in (None, {}, {"Item": []}, {"Item": None}):
        body = json.loads(PAID)
        body["Body"]["stkCallback"]["CallbackMetadata"] = metadata
        said = parse_stk_callback(json.dumps(body).encode())
        assert isinstance(said, StkCallback) and said.outcome is Outcome.PAID and said.receipt is None


@pytest.mark.parametrize(
    ("items", "field"),
    [
        ({"Amount": -2500}, "Amount"),
        ({"Amount": 0}, "Amount"),
        ({"Amount": "2,500"}, "Amount"),
        ({"Amount": 2500.001}, "Amount"),
        ({"Amount": "1e400"}, "Amount"),
        ({"Amount": "NaN"}, "Amount"),
        ({"Amount": 10**30}, "Amount"),
        ({"Amount": [2500]}, "Amount"),
        ({"Amount": True}, "Amount"),
        ({"Amount": "2500." + "0" * 40 + "1"}, "Amount"),
        ({"MpesaReceiptNumber": "'; drop table"}, "MpesaReceiptNumber"),
        ({"MpesaReceiptNumber": "TC51ABCD2EX"}, "MpesaReceiptNumber"),
        ({"MpesaReceiptNumber": {"a": 1}}, "MpesaReceiptNumber"),
        ({"TransactionDate": 20251305101544}, "TransactionDate"),
        ({"TransactionDate": "yesterday"}, "TransactionDate"),
    ],
)
def test_a_success_with_a_field_that_cannot_be(items: dict[str, Any], field: str) -> None:
    said = parse_stk_callback(paid_with(**items))
    assert said == Malformed(Reason.BAD_FIELD, f"Body.stkCallback.CallbackMetadata.{field}")


def test_a_number_that_is_none_is_not_the_payers_but_the_money_is() -> None:
    said = parse_stk_callback(paid_with(Amount=1, MpesaReceiptNumber="TC51ABCD2E", PhoneNumber="0000"))
    assert isinstance(said, StkCallback) and said.sender is None and said.receipt


def test_a_name_with_two_values_is_refused_and_with_the_same_value_is_not() -> None:
    twice = paid_with(Amount=1).replace(
        b'{"Name": "Amount", "Value": 1}', b'{"Name":"Amount","Value":1},{"Name":"Amount","Value":9}'
    )
    assert isinstance(parse_stk_callback(twice), Malformed)
    assert isinstance(parse_stk_callback(twice.replace(b":9}", b":1}")), StkCallback)


def test_a_field_that_is_there_twice_is_refused() -> None:
    twice = CANCELLED.replace(b'"ResultCode"', b'"ResultCode":0,"ResultCode"')
    assert parse_stk_callback(twice) == Malformed(Reason.NOT_JSON)


def test_midnight_in_nairobi_is_the_day_before_in_london() -> None:
    said = parse_stk_callback(paid_with(TransactionDate="20250306010000"))
    assert isinstance(said, StkCallback) and said.transacted_at == datetime(2025, 3, 5, 22, tzinfo=UTC)


def test_a_confirmation() -> None:
    said = parse_c2b(CONFIRMED)
    assert isinstance(said, C2BPayment) and said.sender is not None
    assert (said.receipt, said.amount, said.reference, said.payer) == ("TC61QWER3T", Money(99_950, "KES"), "FEE-42", "AMA")
    assert said.transacted_at == datetime(2025, 3, 6, 6, 1, 2, tzinfo=UTC)
    assert (said.sender.form, said.sender.masked, said.short_code) == (PhoneForm.MASKED, "2547*****001", "600000")


@pytest.mark.parametrize("field", ["TransID", "TransAmount", "BusinessShortCode"])
def test_a_confirmation_without_what_matters(field: str) -> None:
    body = json.loads(CONFIRMED)
    del body[field]
    assert parse_c2b(json.dumps(body).encode()) == Malformed(Reason.MISSING_FIELD, field)


def test_a_confirmation_of_numbers_instead_of_texts() -> None:
    numbers = {"TransID": "TC61QWER3T", "TransAmount": 999.5, "BusinessShortCode": 600000, "MSISDN": 254712345678}
    said = parse_c2b(json.dumps(numbers | {"BillRefNumber": 42, "TransTime": 20250306090102}).encode())
    assert isinstance(said, C2BPayment)
    assert (said.amount, said.short_code, said.reference) == (Money(99_950, "KES"), "600000", "42")


def test_names_cannot_carry_controls() -> None:
    body = json.loads(CONFIRMED) | {"FirstName": "A\x00M\u202eA\ud800", "BillRefNumber": " x " * 500}
    said = parse_c2b(json.dumps(body).encode())
    assert isinstance(said, C2BPayment) and said.payer == "A M A"
    assert said.reference is not None and len(said.reference) <= MAX_TEXT


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (0, Outcome.PAID),
        (1032, Outcome.CANCELLED),
        (1031, Outcome.CANCELLED),
        (1037, Outcome.EXPIRED),
        (1019, Outcome.EXPIRED),
        (1, Outcome.FAILED),
        (17, Outcome.FAILED),
        (2001, Outcome.FAILED),
        (424242, Outcome.FAILED),
    ],
)
def test_what_a_result_code_means(code: int, outcome: Outcome) -> None:
    assert outcome_of(code) is outcome


@pytest.mark.parametrize(
    ("code", "success"), [(0, True), ("0", True), ("R000001", False), (2001, False), ("00000000", True)]
)
def test_the_result_of_a_command_has_a_number_or_a_word(code: Any, success: bool) -> None:
    said = parse_result(json.dumps({"Result": REVERSED["Result"] | {"ResultCode": code}}).encode())
    assert isinstance(said, Result) and said.is_success is success and said.result_code == str(code)


@pytest.mark.parametrize("code", [None, "", "two words", [0], True])
def test_a_result_of_a_command_without_a_code(code: Any) -> None:
    said = parse_result(json.dumps({"Result": REVERSED["Result"] | {"ResultCode": code}}).encode())
    assert isinstance(said, Malformed) and said.field.endswith("ResultCode")


def test_the_result_of_a_reversal() -> None:
    said = parse_result(json.dumps(REVERSED).encode())
    assert isinstance(said, Result) and said.is_success
    assert (said.transaction_id, said.receipt, said.amount) == ("TC51ZZZZ9K", "TC51ABCD2E", Money(250_000, "KES"))
    assert said.transacted_at == datetime(2025, 3, 5, 8, 2, 10, tzinfo=UTC)


def test_a_result_that_failed_names_no_transaction() -> None:
    failed = {"Result": REVERSED["Result"] | {"ResultCode": 2001, "TransactionID": "0000000000", "ResultParameters": None}}
    said = parse_result(json.dumps(failed).encode())
    assert isinstance(said, Result) and not said.is_success
    assert (said.transaction_id, said.receipt, said.amount) == (None, None, None)


def test_one_parameter_may_stand_without_a_list() -> None:
    single = {"ResultParameter": {"Key": "ReceiptNo", "Value": "TC51ABCD2E"}}
    said = parse_result(json.dumps({"Result": REVERSED["Result"] | {"ResultParameters": single}}).encode())
    assert isinstance(said, Result) and said.receipt == "TC51ABCD2E"


def test_what_a_validation_answers() -> None:
    assert c2b_body(C2BAnswer.ACCEPTED, "Accepted") == {"ResultCode": "0", "ResultDesc": "Accepted"}
    refusal = c2b_body(C2BAnswer.INVALID_ACCOUNT, "x" * 200)
    assert refusal == {"ResultCode": "C2B00012", "ResultDesc": "x" * MAX_RESULT_DESCRIPTION}
