"""Arguments and variables arrive as graphql-core would have them arrive, and so do their errors."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

import pytest

from schema.compiled import Compiler
from tests.schema.compiled.things import context_with, plan_of, same, schema, thing

EVERY = """query ($text: String, $number: Int = 5, $decimal: Decimal, $colour: Colour, $colours: [Colour!], $wish: Wish,
  $ids: [ID!]) { told(text: $text, number: $number, decimal: $decimal, colour: $colour, colours: $colours, wish: $wish,
  ids: $ids) }"""


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"text": None, "number": None},
        {"text": "a", "number": 7, "decimal": "1.50", "colour": "RED", "colours": ["RED", "BLUE"], "ids": ["a", 5]},
        {"number": 5.0, "decimal": 5, "colours": "RED", "ids": "one"},
        {"wish": {"text": "x", "colours": ["BLUE"], "deeper": {"text": "y"}}},
        {"wish": {"text": "x", "deeper": {"text": "y", "deeper": None}}},
        {"unknown": 1},
        {"text": 5},
        {"number": "5"},
        {"number": 2**31},
        {"number": True},
        {"decimal": 1.5},
        {"decimal": "1e5"},
        {"colour": "GREEN"},
        {"colours": [None]},
        {"wish": {"txt": "x"}},
        {"wish": {"text": "x", "colours": ["GREEN", 5]}},
        {"ids": [None, {}]},
    ],
)
async def test_variables(variables: dict[str, Any]) -> None:
    await same(EVERY, None, variables)


@pytest.mark.parametrize(
    "arguments",
    [
        "",
        "(text: null)",
        '(text: "a", number: 3, decimal: 1.50, colour: RED, colours: [RED], ids: "x")',
        '(wish: {text: "a", deeper: {text: "b", colours: BLUE}})',
        "(wish: {text: $text}, ids: [$id, $id])",
        "(text: $text, number: $absent)",
        "(colours: [$colour, BLUE])",
    ],
)
async def test_literals(arguments: str) -> None:
    used = {name: f"${name}" in arguments for name in ("text", "id", "absent", "colour")}
    types = {"text": "String!", "id": "ID!", "absent": "Int", "colour": "Colour!"}
    given = {"text": "t", "id": "i", "colour": "RED"}
    head = ", ".join(f"${name}: {types[name]}" for name, is_used in used.items() if is_used)
    document = f"query {f'({head})' if head else ''} {{ told{arguments} }}"
    await same(document, None, {name: value for name, value in given.items() if used[name]})


async def test_what_is_missing_is_told() -> None:
    await same("query ($text: String!) { told(text: $text) }", None, {})
    await same("query ($text: String!) { told(text: $text) }", None, {"text": None})


async def test_a_null_where_a_default_allowed_the_variable() -> None:
    """Whoever sends null for a variable with a default may be told so by the field."""
    document = 'query ($keys: [ID!] = ["a"]) { thing { many(keys: $keys) { text } } }'
    await same(document, thing(), {"keys": None})
    await same(document, thing(), {})


async def test_conditions_make_variants() -> None:
    document = "query ($a: Boolean!, $b: Boolean = true) { thing { text @include(if: $a) number @skip(if: $b) } }"
    row = thing(text="t", number=1)
    for a in (True, False):
        for b in (True, False):
            data, _ = await same(document, row, {"a": a, "b": b})
            assert data["thing"] == ({"text": "t"} if a else {}) | ({} if b else {"number": 1})


@pytest.mark.parametrize(("max_source", "compiled"), [(100_000, 2), (100, 4)])
async def test_no_more_is_kept_than_its_bound_and_what_was_dropped_is_compiled_again(
    max_source: int, compiled: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiler = Compiler(schema()._schema, schema(), hide_suggestions=False, max_source=max_source)
    begun = Mock(wraps=compiler._compile)
    monkeypatch.setattr(compiler, "_compile", begun)
    texts, numbers = (plan_of(f"{{ thing {{ {each} }} }}", by=compiler) for each in ("text", "number"))
    for _ in range(2):
        assert (await texts.run(context_with(thing(text="t")), {})).data_json == b'{"thing":{"text":"t"}}'
        assert (await numbers.run(context_with(thing(number=1)), {})).data_json == b'{"thing":{"number":1}}'
    assert begun.call_count == compiled
