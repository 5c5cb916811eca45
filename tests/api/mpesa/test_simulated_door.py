"""What the simulator lets in, as strictly as Safaricom does; its statement; and the page that people see."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from typing import Any

import httpx
import pytest

from api.mpesa import Daraja
from api.mpesa.account import password
from api.mpesa.simulator.config import CONSUMER_KEY, CONSUMER_SECRET, PASSKEY, SHORT_CODE
from domain.payments.provider import WhenWeAreSilent
from tests.support.mpesa import PHONE, Mpesa, pushed

STAMP = "20250305101530"
RIGHT: dict[str, Any] = {
    "BusinessShortCode": SHORT_CODE,
    "Password": password(SHORT_CODE, PASSKEY, STAMP),
    "Timestamp": STAMP,
    "TransactionType": "CustomerPayBillOnline",
    "Amount": 1,
    "PartyA": PHONE,
    "PartyB": SHORT_CODE,
    "PhoneNumber": PHONE,
    "CallBackURL": "http://127.0.0.1:9/stk",
    "AccountReference": "ABCDEFGHIJKL",
    "TransactionDesc": "ABCDEFGHIJKLM",
}


async def token(mpesa: Mpesa) -> str:
    answer = await mpesa.http.get(
        "/oauth/v1/generate", params={"grant_type": "client_credentials"}, auth=(CONSUMER_KEY, CONSUMER_SECRET)
    )
    return str(answer.json()["access_token"])


async def post(mpesa: Mpesa, path: str, **content: Any) -> httpx.Response:
    headers = {"authorization": f"Bearer {await token(mpesa)}"}
    return await mpesa.http.post(path, headers=headers, **content)


async def test_texts_are_taken_for_numbers(mpesa: Mpesa) -> None:
    for change in (
        {},
        {"Amount": "250000"},
        {"Amount": 10.0},
        {"PhoneNumber": int(PHONE)},
        {"BusinessShortCode": int(SHORT_CODE)},
    ):
        answer = await post(mpesa, "/mpesa/stkpush/v1/processrequest", json=RIGHT | change)
        assert answer.json()["ResponseCode"] == "0"


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("Timestamp", ["", "2025", None]),
        ("TransactionType", ["", "Pay Bill", None]),
        ("Amount", [0, -1, 1.5, "1.5", "NaN", "1e9", 250_001, None, True, "", [], "9" * 50]),
        ("PhoneNumber", ["0712345678", "+254712345678", "254212345678", None, 712345678]),
        ("PartyB", ["", "x"]),
        ("CallBackURL", ["", "ftp://x", "nothing", None]),
        ("AccountReference", ["", "  ", "ABCDEFGHIJKLM", None]),
        ("TransactionDesc", ["", "ABCDEFGHIJKLMN", None]),
    ],
)
async def test_a_field_that_is_wrong_is_named(mpesa: Mpesa, name: str, wrong: list[Any]) -> None:
    for value in wrong:
        answer = await post(mpesa, "/mpesa/stkpush/v1/processrequest", json=RIGHT | {name: value})
        assert answer.status_code == 400, value
        assert (answer.json()["errorCode"], answer.json()["errorMessage"]) == ("400.002.02", f"Bad Request - Invalid {name}")
    assert (await mpesa.counts())["begun"] == 0


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'"x"', b"\xff"])
async def test_what_is_no_request(mpesa: Mpesa, content: bytes) -> None:
    answer = await post(mpesa, "/mpesa/stkpush/v1/processrequest", content=content)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "400.002.02")


async def test_a_request_has_an_end(mpesa: Mpesa) -> None:
    answer = await post(mpesa, "/mpesa/stkpush/v1/processrequest", content=b" " * 65_537)
    assert answer.status_code == 413


async def test_who_is_let_in(mpesa: Mpesa) -> None:
    push, oauth = "/mpesa/stkpush/v1/processrequest", "/oauth/v1/generate"
    for authorization in ("", "Bearer", "Bearer guessed", "Basic guessed"):
        answer = await mpesa.http.post(push, json=RIGHT, headers={"authorization": authorization})
        assert (answer.status_code, answer.json()["errorCode"]) == (404, "404.001.03")
    for authorization in ("", "Basic", "Basic !", "Basic /w==", "Bearer x"):
        grant = {"grant_type": "client_credentials"}
        answer = await mpesa.http.get(oauth, params=grant, headers={"authorization": authorization})
        assert (answer.status_code, answer.json()["errorCode"]) == (400, "400.008.01")
    assert (await mpesa.http.get(oauth)).json()["errorCode"] == "400.008.02"


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


async def test_the_statement_has_what_was_paid_and_taken_back(daraja: Daraja, mpesa: Mpesa) -> None:
    await daraja.register_urls(WhenWeAreSilent.COMPLETE)
    for misbehaviour in ("MISSING", "REVERSED"):
        await mpesa.chosen(misbehaviour=misbehaviour)
        await pushed(daraja, misbehaviour)
        await mpesa.delivered()
    await pushed(daraja, phone="254799001032")
    await mpesa.customer_pays("FEE-42", "1999.50")
    await mpesa.delivered()
    missing, taken_back, _, own = await mpesa.truth()

    rows = rows_of((await mpesa.http.get("/simulator/statement.csv")).text)
    assert [row["Receipt No."] for row in rows[:2]] == [missing["receipt"], taken_back["receipt"]]
    assert [row["Paid In"] for row in rows] == ["2500.00", "2500.00", "", "1999.50"]
    assert [row["Withdrawn"] for row in rows] == ["", "", "2500.00", ""]
    assert [row["Balance"] for row in rows] == ["12500.00", "15000.00", "12500.00", "14499.50"]
    assert [row["Details"] for row in rows[1:]] == [
        "Pay Bill Online",
        f"Reversal of {taken_back['receipt']}",
        "Pay Bill FEE-42",
    ]
    assert rows[2]["Linked Transaction ID"] == taken_back["receipt"]
    assert rows[3]["Receipt No."] == own["receipt"] and rows[3]["A/C No."] == "FEE-42"
    assert rows[3]["Other Party Info"] == f"2547*****678 - {own['payer']}"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", rows[0]["Completion Time"])

    customer = rows_of((await mpesa.http.get("/simulator/statement.csv", params={"layout": "customer"})).text)
    assert list(customer[0]) == [
        "Receipt No.", "Completion Time", "Details", "Transaction Status", "Paid In", "Withdrawn", "Balance",
    ]  # fmt: skip
    assert [row["Withdrawn"] for row in customer] == ["", "", "-2,500.00", ""]
    assert customer[3]["Paid In"] == "1,999.50" and "0****678" in customer[3]["Details"]
    assert re.fullmatch(r"\d\d/\d\d/\d{4} \d\d:\d\d:\d\d", customer[0]["Completion Time"])


async def test_the_statement_may_show_charges(daraja: Daraja, mpesa: Mpesa) -> None:
    await pushed(daraja)
    await pushed(daraja, shillings=1)
    await mpesa.delivered()
    rows = rows_of((await mpesa.http.get("/simulator/statement.csv", params={"charges": "true"})).text)
    charges = [row for row in rows if row["Reason Type"] == "Pay merchant Charge"]
    assert sorted(row["Withdrawn"] for row in charges) == ["0.01", "13.75"]
    assert {row["Receipt No."] for row in charges} == {row["Receipt No."] for row in rows if row["Paid In"]}
    moved = sum(Decimal(row["Paid In"] or 0) - Decimal(row["Withdrawn"] or 0) for row in rows)
    assert Decimal(rows[-1]["Balance"]) == 10_000 + moved


async def test_the_statement_of_some_days(daraja: Daraja, mpesa: Mpesa) -> None:
    await pushed(daraja)
    await mpesa.delivered()
    for query, rows in (({"to": "2020-01-01"}, 0), ({"from": "2020-01-01"}, 1), ({"from": "2999-01-01"}, 0)):
        assert len(rows_of((await mpesa.http.get("/simulator/statement.csv", params=query)).text)) == rows
    for query in ({"to": "yesterday"}, {"layout": "mine"}):
        assert (await mpesa.http.get("/simulator/statement.csv", params=query)).status_code == 400


async def test_the_page_says_what_it_is(daraja: Daraja, mpesa: Mpesa) -> None:
    empty = (await mpesa.http.get("/")).text
    assert "Nobody has paid anything yet" in empty and "This is no M-Pesa" in empty
    await pushed(daraja, "<b>FEE</b>")
    await mpesa.delivered()
    page = await mpesa.http.get("/")
    [payment] = await mpesa.truth()
    assert payment["receipt"] in page.text and "&lt;b&gt;FEE&lt;/b&gt;" in page.text and "<b>FEE" not in page.text
    assert PHONE not in page.text and "2547*****678" in page.text
    assert "254799001032" in page.text and "254798000006" in page.text
    assert not re.search(r"(src|href)=\"(?!/simulator/)", page.text), "nothing comes from elsewhere"
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert (await mpesa.http.get("/health/live")).text == "ok"


async def test_a_payment_is_found_by_what_it_is_called(daraja: Daraja, mpesa: Mpesa) -> None:
    accepted = await pushed(daraja)
    await mpesa.delivered()
    [payment] = await mpesa.truth()
    for name in (accepted.checkout_request_id, payment["receipt"], "1"):
        assert (await mpesa.http.get(f"/simulator/payments/{name}")).json() == payment
    assert (await mpesa.http.get("/simulator/payments/2")).status_code == 404
    assert PHONE not in (await mpesa.http.get("/simulator/payments")).text.replace(accepted.checkout_request_id, "")
