"""Nobody reads a whole telephone number in a message, wherever it hides; and all else stays to be read."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.payments.rules.redaction import MAX_SHOWN, redacted, shown_body

PHONE = "254712345678"
NATIONAL = "712345678"
CALLBACK = {
    "Body": {
        "stkCallback": {
            "MerchantRequestID": "11111-2222222-1",
            "CheckoutRequestID": "ws_CO_05032025101530123712345678",
            "ResultCode": 0,
            "ResultDesc": "processed",
            "CallbackMetadata": {
                "Item": [
                    {"Name": "Amount", "Value": 2500.0},
                    {"Name": "MpesaReceiptNumber", "Value": "TC51ABCD2E"},
                    {"Name": "TransactionDate", "Value": 20250712101544},
                    {"Name": "PhoneNumber", "Value": 254712345678},
                ]
            },
        }
    }
}


def test_a_callback_is_shown_without_its_telephone() -> None:
    shown = shown_body(json.dumps(CALLBACK).encode())
    read = json.loads(shown.replace("254*****678", '"254*****678"'))["Body"]["stkCallback"]
    assert read["CheckoutRequestID"] == "ws_CO_05032025101530123*****678"
    assert read["MerchantRequestID"] == "11111-2222222-1"
    values = [item["Value"] for item in read["CallbackMetadata"]["Item"]]
    assert values == [2500.0, "TC51ABCD2E", 20250712101544, "254*****678"]


@pytest.mark.parametrize(
    "written",
    [
        "254712345678",
        "+254712345678",
        "0712345678",
        "712345678",
        "112345678",
        "254112345678",
        "+254 712 345 678",
        "0712-345-678",
        "(0712) 345678",
        "07 12 34 56 78",
        "254_712_345_678",
        "254712345678.0",
        "2.54712345678E11",
        "2.54712345678e+11",
        "ws_CO_191220191020363925712345678",
        "99254712345678",
        "2547123456780000",
        "254712345678254712345678",
        "ws_CO_254712345678_05032025",
        "\\u0032\\u0035\\u0034712345678",
        "2\\u0035471234567\\u0038",
        "２５４７１２３４５６７８",
        "٢٥٤٧١٢٣٤٥٦٧٨",
        "254712\u200b345678",
        "254\x00712\x00345678",
        "BillRef 0712345678 for rent",
        "x0712345678y",
    ],
)
def test_wherever_a_number_hides(written: str) -> None:
    shown = redacted(f'{{"Value":"{written}"}}')
    assert NATIONAL not in re.sub(r"\D", "", shown)
    assert "*****" in shown


def test_a_hash_of_a_number_is_as_good_as_the_number() -> None:
    assert redacted('"MSISDN":"' + "a1" * 32 + '"') == '"MSISDN":"*****"'


@pytest.mark.parametrize(
    "kept",
    [
        '{"TransTime":"20250107101544","TransAmount":"999.50","BusinessShortCode":"600000"}',
        '{"ResultCode":"1032","ResultDesc":"Request cancelled by user"}',
        '{"ConversationID":"AG_20191219_00005797af5d7d75f652"}',
        '{"OrgAccountBalance":"10999.50","TransID":"TC61QWER3T","MSISDN":"2547*****001"}',
        '{"TransactionCompletedDateTime":"07.12.2019 11:45:50"}',
        '{"Value":"{Amount={CurrencyCode=KES, BasicAmount=1.0E3}}"}',
        '{"quoted":"a \\u0022 b"}',
    ],
)
def test_what_is_no_number_stays(kept: str) -> None:
    assert redacted(kept) == kept


def test_anything_can_be_shown() -> None:
    assert shown_body(b"") == ""
    assert shown_body(b"\xff\xfe<xml>0712345678</xml>") == "��<xml>0*****678</xml>"
    assert shown_body("254712345678".encode("utf-16")).count("*") == 5
    assert len(shown_body(b"x" * 70_000)) == MAX_SHOWN


@given(before=st.text(max_size=20), after=st.text(max_size=20), national=st.from_regex(r"[17][0-9]{8}", fullmatch=True))
def test_no_text_around_a_number_lets_it_through(before: str, after: str, national: str) -> None:
    for number in (f"254{national}", f"0{national}"):
        assert national not in redacted(before + number + after)


@given(st.binary(max_size=300))
def test_whatever_comes_is_shown(body: bytes) -> None:
    assert "\x00" not in shown_body(body)
