"""Values on their way in and out: exact decimals, instants with an offset, days, money, cursors and ids."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kit.errors import NotFound
from domain.kit.money import Money as ExactMoney
from schema.kit import encode_id, read_id, read_number_id
from schema.kit.scalars import read_decimal, write_decimal
from schema.pipeline import Pipeline, RequestRefused
from tests.schema.pipeline.conftest import run
from tests.support.happenings import nothing_happens
from tests.support.small_schema import SHELVES, small_schema, written

PIPELINE = Pipeline(small_schema())
QUERIES = {
    "decimal": "query ($v: Decimal!) { echo(decimal: $v) { decimal } }",
    "at": "query ($v: DateTime!) { echo(at: $v) { at } }",
    "on": "query ($v: Date!) { echo(on: $v) { on } }",
    "cursor": "query ($v: Cursor!) { echo(cursor: $v) { cursor } }",
    "currency": "query ($v: CurrencyCode!) { echo(currency: $v) { currency } }",
}


async def echoed(name: str, value: Any) -> Any:
    answer = await run(PIPELINE, QUERIES[name], {"v": value})
    assert "errors" not in answer, answer
    return answer["data"]["echo"][name]


@pytest.mark.parametrize(
    ("name", "sent", "understood"),
    [
        ("decimal", "1250.00", "1250.00"),
        ("decimal", "-0.001", "-0.001"),
        ("decimal", "+7", "7"),
        ("decimal", 12, "12"),
        ("decimal", -(2**53), str(-(2**53))),
        ("decimal", "9" * 40, "9" * 40),
        ("at", "2026-01-31T09:30:00Z", "2026-01-31T09:30:00Z"),
        ("at", "2026-01-31T09:30:00.5+05:30", "2026-01-31T04:00:00.500000Z"),
        ("at", "2026-12-31T23:59:59.999999-12:00", "2027-01-01T11:59:59.999999Z"),
        ("on", "2024-02-29", "2024-02-29"),
        ("cursor", "anything", "anything"),
        ("currency", "INR", "INR"),
    ],
)
async def test_what_is_understood(name: str, sent: Any, understood: str) -> None:
    assert await echoed(name, sent) == understood


NO_DECIMALS = [
    "NaN", "sNaN", "-NaN", "Infinity", "-inf", "1e400", "1E3", "1e-3", "0x10", "1_000", "1,000.00", "1 000", " 1", "1 ",
    "1\n", "", ".", ".5", "5.", "--1", "+", "१२३", "１２", "1²", "٣", "1.2.3", "₹5", "9" * 41,
    1.5, 100.0, True, False, [], {}, ["1"], {"amount": "1"},
]  # fmt: skip

REFUSED = [
    *(("decimal", value, "INVALID_AMOUNT") for value in NO_DECIMALS),
    ("at", "2026-01-31T09:30:00", "INVALID_INPUT"),
    ("at", "2026-01-31", "INVALID_INPUT"),
    ("at", "2026-01-31 09:30:00Z", "INVALID_INPUT"),
    ("at", "2026-02-30T09:30:00Z", "INVALID_INPUT"),
    ("at", "2026-01-31T24:30:00Z", "INVALID_INPUT"),
    ("at", "2026-01-31T09:30:00+25:00", "INVALID_INPUT"),
    ("at", "0001-01-01T00:00:00+14:00", "INVALID_INPUT"),
    ("at", "9999-12-31T23:59:59-14:00", "INVALID_INPUT"),
    ("at", "２０２６-01-31T09:30:00Z", "INVALID_INPUT"),
    ("at", 1769851800, "INVALID_INPUT"),
    ("at", None, "INVALID_VARIABLES"),
    ("on", "2026-02-30", "INVALID_INPUT"),
    ("on", "2026-1-3", "INVALID_INPUT"),
    ("on", "20260131", "INVALID_INPUT"),
    ("on", "2026-W05-6", "INVALID_INPUT"),
    ("on", "2026-01-31T00:00:00Z", "INVALID_INPUT"),
    ("on", 20260131, "INVALID_INPUT"),
    ("cursor", 5, "INVALID_INPUT"),
    ("currency", "inr", "CURRENCY_MISMATCH"),
    ("currency", "XXX", "CURRENCY_MISMATCH"),
    ("currency", "", "CURRENCY_MISMATCH"),
    ("currency", 356, "CURRENCY_MISMATCH"),
]


@pytest.mark.parametrize(("name", "sent", "code"), REFUSED)
async def test_what_is_not_understood_is_refused_before_anything_runs(name: str, sent: Any, code: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        await run(PIPELINE, QUERIES[name], {"v": sent})
    assert refused.value.code == code
    assert refused.value.status == 400


@pytest.mark.parametrize("literal", ["1250.00", '"1250.00"', "1250.000000000000000000000000000001", "-3"])
async def test_a_literal_is_exact_with_or_without_quotes(literal: str) -> None:
    answer = await run(PIPELINE, f"{{ echo(decimal: {literal}) {{ decimal }} }}")
    assert answer["data"]["echo"]["decimal"] == literal.strip('"')


@pytest.mark.parametrize("literal", ["1e3", '"1e3"', "1.5E400", "NaN", "true", "[1]", "{a: 1}", '""', '"१"'])
async def test_a_literal_that_is_no_decimal(literal: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        await run(PIPELINE, f"{{ echo(decimal: {literal}) {{ decimal }} }}")
    assert refused.value.code == "INVALID_AMOUNT"


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=6))
def test_a_decimal_comes_back_as_it_was(value: Any) -> None:
    assert read_decimal(write_decimal(value)) == value
    assert "E" not in write_decimal(value)


@pytest.mark.parametrize("ours", [float("nan"), 0.1, "1.00", None])
def test_what_we_answer_is_a_finite_decimal_or_a_mistake(ours: object) -> None:
    with pytest.raises(TypeError):
        write_decimal(ours)


MONEY = "query ($v: MoneyInput!) { echo(money: $v) { money { amount currency formatted } } }"


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [("1250", "INR", ("1250.00", "INR 1,250.00")), ("0.01", "USD", ("0.01", "USD 0.01")), (7, "JPY", ("7", "JPY 7"))],
)
async def test_money(amount: Any, currency: str, shown: tuple[str, str]) -> None:
    answer = await run(PIPELINE, MONEY, {"v": {"amount": amount, "currency": currency}})
    money = answer["data"]["echo"]["money"]
    assert (money["amount"], money["formatted"]) == shown
    assert money["currency"] == currency


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("0", "INR"), ("-1", "INR"), ("1.005", "INR"), ("0.5", "JPY"), ("10000000000000.01", "INR"), ("9" * 40, "INR")],
)
async def test_money_that_nobody_can_pay(amount: str, currency: str) -> None:
    answer = await run(PIPELINE, MONEY, {"v": {"amount": amount, "currency": currency}})
    assert answer["data"] is None
    (error,) = answer["errors"]
    assert (error["extensions"]["code"], error["extensions"]["field"]) == ("INVALID_AMOUNT", ["money", "amount"])


RELABEL = """mutation ($i: RelabelInput!) { relabel(input: $i) { label replayed errors { code message field } } }"""


async def test_a_mutation_answers_refusals_as_data(database: None) -> None:
    before = list(written)
    async with nothing_happens():
        worthless = {"amount": "0", "currency": "INR"}
        answer = await run(PIPELINE, RELABEL, {"i": {"label": "x", "worth": worthless}})
        nameless = await run(PIPELINE, RELABEL, {"i": {"label": ""}})
    assert "errors" not in answer
    assert answer["data"]["relabel"] == {
        "label": None,
        "replayed": False,
        "errors": [
            {
                "code": "INVALID_AMOUNT",
                "message": "an amount must be greater than zero",
                "field": ["input", "worth", "amount"],
            }
        ],
    }
    assert nameless["data"]["relabel"]["errors"][0]["field"] == ["input", "label"]
    assert written == before


async def test_a_mutation_that_works_has_no_errors() -> None:
    answer = await run(PIPELINE, RELABEL, {"i": {"label": "top", "worth": {"amount": "1", "currency": "INR"}}})
    assert answer["data"]["relabel"] == {"label": "top", "replayed": False, "errors": []}
    assert written[-1] == "top"


def test_ids_name_their_type() -> None:
    key = uuid4()
    assert read_id("Shelf", encode_id("Shelf", key)) == key
    assert read_number_id("Line", encode_id("Line", 17)) == 17
    assert encode_id("Shelf", key) != encode_id("Invoice", key)


A_KEY = UUID("01a1fcaa-0fb0-7395-9996-b92a29eb55d8")
BAD_IDS = ["", "x", "===", "Shelf:1", "é", "ÿ" * 300, "A" * 100_000, str(A_KEY), encode_id("Shelf", "1; drop table"), "4"]


@pytest.mark.parametrize("bad", [*BAD_IDS, encode_id("Invoice", A_KEY)])
def test_an_id_that_is_none_of_the_type(bad: str) -> None:
    for read in (read_id, read_number_id):
        with pytest.raises(NotFound) as refused:
            read("Shelf", bad, "input", "shelfId")
        assert refused.value.field == ("input", "shelfId")
        assert len(refused.value.message) < 120


@pytest.mark.parametrize(
    "bad", [encode_id("Line", "-1"), encode_id("Line", "1.5"), encode_id("Line", "9" * 19), encode_id("Line", "１")]
)
def test_a_numbered_id_that_is_none(bad: str) -> None:
    with pytest.raises(NotFound):
        read_number_id("Line", bad)


async def test_an_id_of_another_type_and_one_of_nothing() -> None:
    query = "query ($id: ID!) { shelf(id: $id) { label } }"
    right = await run(PIPELINE, query, {"id": encode_id("Shelf", SHELVES[1].id)})
    assert right["data"] == {"shelf": {"label": "shelf 1"}}
    nothing = await run(PIPELINE, query, {"id": encode_id("Shelf", uuid4())})
    assert nothing["data"] == {"shelf": None}
    other = await run(PIPELINE, query, {"id": encode_id("User", SHELVES[1].id)})
    assert other["data"] == {"shelf": None}
    extensions = other["errors"][0]["extensions"]
    assert (extensions["code"], extensions["field"]) == ("NOT_FOUND", ["id"])


async def test_columns_that_point_at_others_are_shown_as_their_ids() -> None:
    shelf = SHELVES[0]
    answer = await run(PIPELINE, "query ($id: ID!) { shelf(id: $id) { id keeperId } }", {"id": encode_id("Shelf", shelf.id)})
    assert answer["data"]["shelf"] == {"id": encode_id("Shelf", shelf.id), "keeperId": encode_id("User", shelf.keeper_id)}


def test_money_is_shown_by_its_own_attributes() -> None:
    money = ExactMoney.of("-1250.5", "INR")
    assert (str(money.amount), money.formatted) == ("-1250.50", "INR -1,250.50")
