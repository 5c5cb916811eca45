"""Values of all kinds, and objects in all places."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from domain.kit.money import Money, MoneyOf
from tests.schema.compiled.things import STORE, Colour, box, context_with, plan_of, same, thing

LEAVES = "text maybeText number maybeNumber yes ratio decimal at on uuid colour cursor currency anything texts colours"
NOTHING = dict.fromkeys(
    ("maybe_text", "maybe_number", "yes", "ratio", "decimal", "at", "on", "uuid", "colour", "cursor", "currency")
) | dict.fromkeys(("anything", "texts", "colours"))


class Text(str):
    pass


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("text", "plain"),
        ("text", Text("a subclass")),
        ("text", 5),
        ("text", True),
        ("text", None),
        ("text", ["no text"]),
        ("maybe_text", ValueError("as a value")),
        ("number", 2**31 - 1),
        ("number", 2**31),
        ("number", -(2**31) - 1),
        ("number", True),
        ("number", 5.0),
        ("number", 5.5),
        ("number", "7"),
        ("yes", 1),
        ("yes", False),
        ("yes", "no"),
        ("ratio", 0.25),
        ("ratio", float("nan")),
        ("decimal", Decimal("1E+3")),
        ("decimal", Decimal("10.50")),
        ("decimal", Decimal("NaN")),
        ("decimal", 1),
        ("at", datetime(2026, 1, 31, 9, 30, 0, 5, tzinfo=UTC)),
        ("at", datetime(999, 1, 1, tzinfo=ZoneInfo("UTC"))),
        ("at", datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("Africa/Nairobi"))),
        ("at", datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(0)))),
        ("at", datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=3)))),
        ("at", datetime(2026, 7, 1)),  # noqa: DTZ001  it is refused
        ("on", date(1, 2, 3)),
        ("on", datetime(2026, 7, 1, tzinfo=UTC)),
        ("uuid", UUID(int=5)),
        ("uuid", str(UUID(int=5))),
        ("colour", Colour.RED),
        ("colour", "blue"),
        ("colour", "GREEN"),
        ("cursor", 5),
        ("currency", "INR"),
        ("anything", {"at": "now", "list": [1, None, {"deep": 0.5}]}),
        ("anything", {"at": datetime(2026, 1, 1, tzinfo=UTC)}),
        ("texts", ["a", "b"]),
        ("texts", ("a", None)),
        ("texts", "text"),
        ("texts", {"a": 1}),
        ("texts", iter(["once"])),
        ("maybe_texts", ["a", None, [], ValueError("one of them")]),
        ("colours", [Colour.RED, Colour.BLUE, "x"]),
    ],
)
async def test_leaves(name: str, value: Any) -> None:
    def row() -> Any:
        # What can be walked through once only is made anew for each of the two.
        mine = iter(["once"]) if hasattr(value, "__next__") else value
        return thing(**{"text": "", "number": 0} | NOTHING | {name: mine})

    await same(f"{{ thing {{ {LEAVES} {'maybeTexts' if name == 'maybe_texts' else ''} }} }}", row)


async def test_money_is_written_where_it_stands() -> None:
    row = thing(money=Money.of("1234.50", "INR"), worth=Money.of("5", "JPY"))
    data, errors = await same("{ thing { money { amount currency formatted } worth { __typename amount } } }", row)
    assert data["thing"]["money"] == {"amount": "1234.50", "currency": "INR", "formatted": "INR 1,234.50"}
    assert errors == []


@pytest.mark.parametrize("money", [None, ValueError("no"), "text", Money(5, "XXX")])
async def test_money_that_there_is_not(money: Any) -> None:
    await same("{ thing { text money { amount formatted } } }", thing(text="", money=money))
    await same("{ thing { one { text } worth { amount } } }", thing(one=thing(text=""), worth=money))


DEEP = """
query ($with: Boolean = true, $without: Boolean!) {
  first: thing { ...A things { ...A id @include(if: $with) number @skip(if: $without) } }
  thing { things { text } __typename ... { things { maybeText perhaps { number } } } }
}
fragment A on Thing { text perhaps { ...B } perhapsThings { ...B } grid { ...B } strictThings { number } }
fragment B on Thing { number other: text }
"""


@pytest.mark.parametrize("variables", [{"without": True}, {"without": False, "with": False}, {"without": False}])
async def test_objects_in_all_places(variables: dict[str, Any]) -> None:
    small = thing(number=1, text="one", id=5)
    lists = {"perhaps_things": [small, None], "grid": [[small, None], []], "strict_things": [small, small]}
    inner = thing(number=2, text="two", id=6, maybe_text=None, perhaps=small, **lists)
    without = thing(**vars(inner) | dict.fromkeys(["perhaps", *lists]))
    outer = thing(**vars(inner), things=[inner, without, inner])
    data, errors = await same(DEEP, outer, variables)
    assert errors == []
    assert data["thing"]["things"][0] == {"text": "two", "maybeText": None, "perhaps": {"number": 1}}


@pytest.mark.parametrize("several", [[], (), None, "text", 5, [None], [ValueError("x")], [[]]])
async def test_lists_of_all_kinds(several: Any) -> None:
    row = thing(text="", things=several, perhaps_things=several, strict_things=several, grid=several)
    for field in ("perhapsThings", "strictThings", "grid", "things"):
        await same(f"{{ thing {{ text {field} {{ number }} }} }}", row)


async def test_lists_that_can_be_walked_through_once() -> None:
    await same("{ thing { things { number } } }", lambda: thing(things=iter([thing(number=1)])))


async def test_types_are_told_apart_and_the_order_kept() -> None:
    row = thing(
        either=box(label="b", size=3, inside=thing(number=1)),
        labelled=[thing(label="1", number=1), box(label="2", size=2), thing(label=None, number=3), box(label="4", size=4)],
    )
    query = """{ thing {
      either { __typename ... on Box { size inside { number } } ... on Thing { number } }
      labelled { label ... on Thing { number } ... on Box { size } __typename }
    } }"""
    data, errors = await same(query, row)
    assert [each["label"] for each in data["thing"]["labelled"]] == ["1", "2", None, "4"]
    assert errors == []


@pytest.mark.parametrize("name", ["Nothing", "Money", None, "Colour", 5])
async def test_rows_of_another_type(name: Any) -> None:
    strange = thing(label="x")
    strange.graphql_type_name = name
    row = thing(text="t", either=strange, labelled=[box(label="2"), strange])
    await same("{ thing { text either { ... on Box { size } } labelled { label } } }", row)


async def test_a_level_loads_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {key: thing(text=key, stored_id="b", other_id=None, list_id="l") for key in "abc"}
    monkeypatch.setattr(STORE, "rows", {**rows, "l": [rows["a"], rows["b"]]})
    top = thing(things=[thing(stored_id="a", other_id="b", list_id="l"), thing(stored_id="zz", other_id="a", list_id=None)])
    query = "{ thing { things { stored { text stored { text } } storedToo { text } storedThings { text } } } }"
    await same(query, top)
    monkeypatch.setattr(STORE, "asked", [])
    await plan_of(query).run(context_with(top), {})
    assert STORE.asked == [("stored", ["a", "zz", "b"]), ("lists", ["l"])], "and nothing again on the next level"


async def test_pages_are_counted_when_asked() -> None:
    row = thing(things=[thing(text="a"), thing(text="b")], count=7)
    query = """query ($n: Int) {
      pages(first: $n) { totalCount nodes { text } edges { cursor node { text } } pageInfo { endCursor } }
    }"""
    data, errors = await same(query, row, {"n": 1})
    assert (data["pages"]["totalCount"], data["pages"]["pageInfo"]["endCursor"]) == (7, "0")
    row.count = None
    data, errors = await same(query, row, {"n": 2})
    assert data is None
    data, errors = await same(query, row, {"n": 0})
    assert errors[0]["path"] == ["pages"]


class Priced:
    """A row that shows its columns of minor units as money, as models do."""

    graphql_type_name = "Thing"
    money = MoneyOf("money_minor")
    worth = MoneyOf("worth_minor")

    def __init__(self, money_minor: Any, worth_minor: Any, currency: Any) -> None:
        self.money_minor, self.worth_minor, self.currency = money_minor, worth_minor, currency


Priced._meta = SimpleNamespace(model=Priced)  # type: ignore[attr-defined]


@pytest.mark.parametrize("currency", ["INR", "JPY", "XXX", 5, None])
async def test_amounts_of_columns(currency: Any) -> None:
    rows = [Priced(money, worth, currency) for money, worth in ((0, 5), (-5, 123_456), (10**18, -99), (None, 1), ("x", 2.5))]
    query = "{ thing { perhapsThings { money { __typename units: amount currency } worth { currency amount } } } }"
    await same(query, thing(perhaps_things=rows))
    await same("{ thing { perhapsThings { money { amount formatted } } } }", thing(perhaps_things=rows))
    await same("{ thing { perhapsThings { money { amount } } } }", thing(perhaps_things=[*rows, thing(money=None)]))
