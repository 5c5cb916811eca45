"""What fails is told as graphql-core tells it, and nulls spread as far as they do there."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from domain.kit.errors import NotFound
from tests.schema.compiled.things import STORE, box, context_with, plan_of, same, thing


def broken() -> Any:
    raise NotFound("gone", field=("x",))


async def promised(value: Any) -> Any:
    await asyncio.sleep(0)
    if isinstance(value, Exception):
        raise value
    return value


@pytest.mark.parametrize(
    "query",
    [
        "{ thing { text } }",
        "{ thing { maybeText number } }",
        "{ thing { maybeText answer } }",
        "{ thing { answer sureAnswer } }",
        "{ thing { sureAnswer answer } }",
        "{ thing { later sureLater } }",
        "{ thing { sureLater later } }",
        "{ thing { perhaps { answer sureAnswer maybeText } answer } }",
        "{ thing { perhaps { later sureLater } later } }",
        "{ sureThing { maybeText answer } other: sureThing { text } }",
        "{ sureThing { sureAnswer } thing { answer } }",
        "{ thing { answer } sureThing { sureAnswer } }",
        "{ thing { one { one { answer sureAnswer } } } }",
        "{ thing { money { amount } worth { amount } } }",
        "{ thing { things { maybeText text } } }",
        "{ thing { perhapsThings { maybeText text } strictThings { text } } }",
        "{ thing { grid { maybeText text } maybeText } }",
        "{ thing { labelled { label ... on Box { size inside { text } } } } }",
        "{ thing { either { ... on Box { size label } } } }",
        "{ thing { answer a: answer b: later c: sureAnswer } }",
    ],
)
async def test_rows_without_what_is_asked(query: str) -> None:
    """None of the rows has any of the attributes, and every resolver refuses."""
    empty = thing(answer=broken)
    row = thing(
        answer=broken,
        perhaps=empty,
        one=thing(one=empty),
        money=object(),
        things=[empty, empty],
        perhaps_things=[empty, None],
        strict_things=[empty],
        grid=[[empty], [None, empty]],
        labelled=[box(size="x", inside=empty), box(label="y")],
        either=box(size=None),
    )
    await same(query, row)
    await same(query, thing(**{**vars(row), "text": None, "maybe_text": 5, "number": None}))


@pytest.mark.parametrize("failing", [{1}, {0, 2}, {2, 3}])
async def test_some_rows_of_many(failing: set[int]) -> None:
    rows = [thing(number=n, text=None if n in failing else "t", answer=broken if n in failing else str) for n in range(4)]
    for field in ("things", "perhapsThings", "strictThings"):
        row = thing(things=rows, perhaps_things=rows, strict_things=rows, answer=str)
        await same(f"{{ thing {{ answer {field} {{ number text answer }} }} }}", row)
        await same(f"{{ thing {{ {field} {{ number later sureLater }} answer }} }}", row)


async def test_loads_that_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(STORE, "failing", NotFound("nothing to load"))
    rows = [thing(text="a", stored_id="a", other_id=None), thing(text="b", other_id="b")]
    row = thing(things=rows, perhaps_things=rows, answer=str)
    await same("{ thing { things { text stored { text } storedToo { text } } } }", row)
    await same("{ thing { answer perhapsThings { storedAlways { text } } } }", row)


async def test_loads_that_find_nothing_or_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(STORE, "rows", {"a": thing(text="A"), "e": ValueError("found broken"), "l": [None, thing(text=5)]})
    rows = [thing(stored_id=each, list_id=each) for each in ("a", None, "zz", "e")]
    await same("{ thing { perhapsThings { stored { text } } } }", thing(perhaps_things=rows))
    await same("{ thing { perhapsThings { storedAlways { text } } } }", thing(perhaps_things=rows))
    await same("{ thing { storedThings { text } } }", thing(list_id="l"))
    await same('{ thing { many(keys: ["a", "e", "zz"]) { text } } }', thing())


async def test_loads_that_find_no_row_but_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(STORE, "rows", {"none": 0, "many": 7, "text": "x"})
    rows = [thing(count_id=each) for each in ("none", "many", None, "zz")]
    data, _ = await same("{ thing { things { storedCount } } }", thing(things=rows))
    assert [each["storedCount"] for each in data["thing"]["things"]] == [0, 7, None, None]
    rows += [thing(count_id="text"), thing()]
    await same("{ thing { things { storedCount } answer } }", thing(things=rows, answer=broken))


@pytest.mark.parametrize("value", ["fine", None, ValueError("broken promise"), 5])
async def test_attributes_that_promise(value: Any) -> None:
    """graphql-core awaits whatever it is answered."""

    def row() -> Any:
        later = thing(text="t")
        several = [promised(later), promised(None), promised(ValueError("one"))]
        return thing(
            text=promised(value),
            maybe_text=promised(value),
            perhaps=promised(later if value == "fine" else value),
            texts=[promised("a"), promised(value)],
            money=promised(None if value == "fine" else value),
            perhaps_things=several,
            answer=lambda: promised(value),
        )

    await same("{ thing { text maybeText texts } }", row)
    await same("{ thing { maybeText texts money { currency } perhaps { text } } }", row)
    await same("{ thing { perhapsThings { text } answer } }", row)


async def test_errors_come_in_the_order_of_the_answer() -> None:
    row = thing(answer=broken, things=[thing(answer=broken), thing(answer=broken)])
    _, errors = await same("{ thing { later things { later answer } answer } }", row)
    assert [each["path"] for each in errors] == [
        ["thing", "later"],
        ["thing", "things", 0, "later"],
        ["thing", "things", 0, "answer"],
        ["thing", "things", 1, "later"],
        ["thing", "things", 1, "answer"],
        ["thing", "answer"],
    ]


THREE_ACTS = """mutation {
  a: act(name: "%s") { text later } b: act(name: "second") { text number later } c: act(name: "third") { text }
}"""


async def test_the_fields_of_a_mutation_run_one_after_another() -> None:
    context = context_with(None)
    outcome = await plan_of('mutation { a: act(name: "1") { later } b: act(name: "2") { later } }').run(context, {})
    assert outcome.data_json == b'{"a":{"later":"1"},"b":{"later":"2"}}'
    assert context.services.others["done"] == ["1", "1 told", "2", "2 told"]


@pytest.mark.parametrize(("first", "done"), [("first", 2), ("breaks", 1)])
async def test_a_mutation_ends_where_nothing_is_left_of_its_answer(first: str, done: int) -> None:
    document = THREE_ACTS % first
    await same(document, None)
    context = context_with(None)
    await plan_of(document).run(context, {})
    acts = [each for each in context.services.others["done"] if not each.endswith("told")]
    assert acts == [first, "second", "third"][:done], "the number of the second cannot be told, so there is no third"
