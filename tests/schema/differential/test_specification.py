"""What the specification says of execution (its section 6), told by graphql-core and by compiled operations alike."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from graphql import GraphQLList, GraphQLNonNull, GraphQLOutputType

from tests.schema.differential.specified import SHAPES, both, specified
from tests.schema.differential.world import Later

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

BROKEN = ValueError("broken")
ONE_LEVEL: list[Any] = [None, BROKEN, [], ["x"], ["x", None], [BROKEN, "y"], [None, BROKEN]]
TWO_LEVELS: list[Any] = [None, BROKEN, [], [["x"]], [["x"], None], [["x", None], ["y"]], [[BROKEN], []], [BROKEN, ["x"]]]
VALUES = {
    name: TWO_LEVELS if name in ("rows", "gaps") else ONE_LEVEL if name[-1] == "s" else ["x", None, BROKEN]
    for name in SHAPES
}
PLACES = ["leaves", "sureLeaves", "manyLeaves"]


class Missing(Exception):
    """A value that was promised."""


def as_specified(type_: GraphQLOutputType, value: Any) -> Any:
    """CompleteValue and HandleFieldError of the specification, for leaves: errors are nulls, and nulls go up."""
    if isinstance(type_, GraphQLNonNull):
        found = as_specified(type_.of_type, value)
        if found is None:
            raise Missing
        return found
    if value is None or isinstance(value, Exception):
        return None
    if isinstance(type_, GraphQLList):
        try:
            return [as_specified(type_.of_type, each) for each in value]
        except Missing:
            return None
    return value


def _placed(place: str, row: Any) -> Any:
    name = {"leaves": "leaves", "sureLeaves": "sure_leaves", "manyLeaves": "many_leaves"}[place]
    return SimpleNamespace(**{name: [row] if place == "manyLeaves" else row})


@pytest.mark.parametrize("later", [False, True], ids=["at once", "later"])
@pytest.mark.parametrize(("place", "name"), list(product(PLACES, SHAPES)))
async def test_nulls_go_up_to_the_next_place_that_may_be_null(place: str, name: str, later: bool) -> None:
    type_ = specified()[0]._schema.type_map["Leaves"].fields[name].type  # type: ignore[attr-defined]
    for value in VALUES[name]:
        python_name = name if name.islower() else "".join(f"_{c.lower()}" if c.isupper() else c for c in name)

        def root(value: Any = value, python_name: str = python_name) -> Any:
            found = Later(value, 2) if later else value
            return _placed(place, SimpleNamespace(**{python_name: found, name: found}))

        (core, _), (compiled, _) = await both(f"{{ {place} {{ {name} }} }}", root)
        assert compiled[0] == core[0] == _expected(place, name, type_, value), f"{name}: {value}"
        assert sorted(map(repr, compiled[1])) == sorted(map(repr, core[1])), f"{name}: {value}"
        assert bool(compiled[1]) == _goes_wrong(type_, value), "what is null for no fault has no error"


def _expected(place: str, name: str, type_: GraphQLOutputType, value: Any) -> Any:
    try:
        row: Any = {name: as_specified(type_, value)}
    except Missing:
        return None if place == "sureLeaves" else {place: None}
    return {place: [row] if place == "manyLeaves" else row}


def _goes_wrong(type_: GraphQLOutputType, value: Any) -> bool:
    if isinstance(value, Exception) or (value is None and isinstance(type_, GraphQLNonNull)):
        return True
    inner = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    return isinstance(inner, GraphQLList) and value is not None and any(_goes_wrong(inner.of_type, each) for each in value)


def cat(name: Any = "Tom", **more: Any) -> Any:
    return SimpleNamespace(**{"graphql_type_name": "Cat", "name": name, "lives": 9, "friends": None, **more})


def dog(name: Any = "Rex", **more: Any) -> Any:
    return SimpleNamespace(**{"graphql_type_name": "Dog", "name": name, "lives": 1, "tricks": ["sit"], **more})


ROOT = SimpleNamespace(a="A", b="B", pet=cat(), pets=[cat(), dog(), None], named=dog("Dora"), leaves=None)

MERGED: list[tuple[str, dict[str, Any]]] = [
    ("{ b a }", {"b": "B", "a": "A"}),
    ("{ b a b }", {"b": "B", "a": "A"}),
    ("{ x: a a y: a }", {"x": "A", "a": "A", "y": "A"}),
    ("{ ...F b } fragment F on Query { a ...G } fragment G on Query { b x: b }", {"a": "A", "b": "B", "x": "B"}),
    ("{ ... { b } ... on Query { a } b }", {"b": "B", "a": "A"}),
    ("{ ...F ...F } fragment F on Query { a }", {"a": "A"}),
    ("{ pet { ... on Cat { name } } pet { ... on Cat { lives } } }", {"pet": {"name": "Tom", "lives": 9}}),
    ("{ pet { __typename ... on Dog { tricks } ... on Named { name } } }", {"pet": {"__typename": "Cat", "name": "Tom"}}),
    ("{ pets { ... on Cat { n: lives } ... on Dog { n: lives } } }", {"pets": [{"n": 9}, {"n": 1}, None]}),
    ("{ named { name ... on Pet { __typename } ... on Cat { lives } } }", {"named": {"name": "Dora", "__typename": "Dog"}}),
    ("{ __typename t: __typename }", {"__typename": "Query", "t": "Query"}),
    ("{ a @skip(if: true) b @include(if: false) x: a @include(if: true) @skip(if: false) }", {"x": "A"}),
    ("{ a @skip(if: true) @include(if: true) ... @skip(if: true) { b } b }", {"b": "B"}),
    ("{ a @include(if: false) a }", {"a": "A"}),
    ("{ ...F @skip(if: true) ...F } fragment F on Query { a }", {"a": "A"}),
    ("{ b ... @include(if: true) { a } pet @include(if: false) { __typename } }", {"b": "B", "a": "A"}),
]


@pytest.mark.parametrize(("text", "expected"), MERGED, ids=range(len(MERGED)))
async def test_fields_are_collected_and_merged_in_order(text: str, expected: Any) -> None:
    (core, _), (compiled, _) = await both(text, ROOT)
    assert compiled == core == (expected, [])
    assert list(compiled[0]) == list(expected), "the order of keys is the order of selections"


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"yes": True}, {"a": "A"}),
        ({"yes": False}, {"b": "B"}),
        ({}, {"b": "B"}),
        ({"yes": True, "more": True}, {"a": "A", "c": "A"}),
    ],
)
async def test_conditions_by_variables(variables: dict[str, Any], expected: Any) -> None:
    header = "query ($yes: Boolean! = false, $more: Boolean! = false)"
    text = f"{header} {{ a @include(if: $yes) b @skip(if: $yes) c: a @include(if: $more) }}"
    (core, _), (compiled, _) = await both(text, ROOT, variables)
    assert compiled == core == (expected, [])


def said(**given: Any) -> dict[str, Any]:
    names = ("text", "number", "sure", "numbers", "colour", "colours", "point", "points", "amount", "id")
    defaults: dict[str, Any] = {**dict.fromkeys(names, "None"), "text": "'nothing'", "sure": "1"}
    return {"said": " ".join((defaults | given)[name] for name in names)}


P = "Point(x=1, y={}, label={})".format
COERCED: list[tuple[str, dict[str, Any], dict[str, Any] | None]] = [
    ("{ said }", {}, said()),
    ("{ said(text: null) }", {}, said(text="None")),
    ('{ said(text: "x" number: 3 sure: 2) }', {}, said(text="'x'", number="3", sure="2")),
    ("query ($t: String) { said(text: $t) }", {}, said()),
    ("query ($t: String) { said(text: $t) }", {"t": None}, said(text="None")),
    ('query ($t: String = "d") { said(text: $t) }', {}, said(text="'d'")),
    ('query ($t: String = "d") { said(text: $t) }', {"t": None}, said(text="None")),
    ('query ($t: String = "d") { said(text: $t) }', {"t": "x"}, said(text="'x'")),
    ("query ($n: Int) { said(sure: $n) }", {}, said()),
    ("query ($n: Int) { said(sure: $n) }", {"n": None}, None),
    ("query ($n: Int = 4) { must(number: $n) }", {}, {"must": "4"}),
    ("query ($n: Int = 4) { must(number: $n) }", {"n": None}, {"must": None}),
    ("query ($n: Int!) { must(number: $n) }", {"n": 5}, {"must": "5"}),
    ("query ($n: Int!) { must(number: $n) }", {"n": 5.0}, {"must": "5"}),
    ("query ($n: Int!) { must(number: $n) }", {}, None),
    ("query ($n: Int!) { must(number: $n) }", {"n": None}, None),
    ("query ($n: Int!) { must(number: $n) }", {"n": "5"}, None),
    ("query ($n: Int!) { must(number: $n) }", {"n": 5.5}, None),
    ("query ($n: Int!) { must(number: $n) }", {"n": True}, None),
    ("query ($n: Int!) { must(number: $n) }", {"n": 2**31}, None),
    ("{ said(numbers: 1) }", {}, said(numbers="[1]")),
    ("{ said(numbers: []) }", {}, said(numbers="[]")),
    ("query ($l: [Int!]) { said(numbers: $l) }", {"l": 1}, said(numbers="[1]")),
    ("query ($l: [Int!]) { said(numbers: $l) }", {"l": [1, 2]}, said(numbers="[1, 2]")),
    ("query ($l: [Int!]) { said(numbers: $l) }", {"l": [1, None]}, None),
    ("query ($n: Int!) { said(numbers: [1, $n]) }", {"n": 2}, said(numbers="[1, 2]")),
    (
        "query ($c: Colour) { said(colour: $c, colours: [RED, $c]) }",
        {"c": "BLUE"},
        said(colour="<Colour.BLUE: 'blue'>", colours="[<Colour.RED: 'red'>, <Colour.BLUE: 'blue'>]"),
    ),
    ("query ($c: Colour) { said(colours: [RED, $c]) }", {}, said(colours="[<Colour.RED: 'red'>, None]")),
    ("query ($c: Colour) { said(colour: $c) }", {"c": "blue"}, None),
    ("{ said(point: {x: 1}) }", {}, said(point=P(5, None))),
    ("{ said(point: {x: 1, y: null}) }", {}, said(point=P(None, None))),
    ("query ($l: String) { said(point: {x: 1, label: $l}) }", {"l": "w"}, said(point=P(5, "'w'"))),
    ("query ($l: String) { said(point: {x: 1, label: $l}) }", {}, said(point=P(5, None))),
    ("query ($p: Point) { said(point: $p) }", {"p": {"x": 1}}, said(point=P(5, None))),
    ("query ($p: Point = {x: 1, y: 2}) { said(point: $p) }", {}, said(point=P(2, None))),
    ("query ($p: Point) { said(point: $p) }", {"p": {"y": 1}}, None),
    ("query ($p: Point) { said(point: $p) }", {"p": {"x": 1, "z": 1}}, None),
    ("query ($p: [Point!]) { said(points: $p) }", {"p": {"x": 1}}, said(points=f"[{P(5, None)}]")),
    ('{ said(amount: "1.50") }', {}, said(amount="Decimal('1.50')")),
    ("{ said(amount: 1.50) }", {}, said(amount="Decimal('1.50')")),
    ("query ($a: Decimal) { said(amount: $a) }", {"a": 1.5}, None),
    ("{ said(id: 7) }", {}, said(id="'7'")),
    ("query ($i: ID) { said(id: $i) }", {"i": 7}, said(id="'7'")),
]


@pytest.mark.parametrize(("text", "variables", "expected"), COERCED, ids=range(len(COERCED)))
async def test_variables_and_arguments_are_coerced(text: str, variables: dict[str, Any], expected: Any) -> None:
    (core, _), (compiled, _) = await both(text, ROOT, variables)
    assert compiled == core
    assert compiled[0] == expected
    assert (not compiled[1]) == (expected is not None and None not in expected.values())


FAILING: list[tuple[str, Any, Any, list[list[Any]]]] = [
    ("{ x: pet { ... on Named { y: name } } }", SimpleNamespace(pet=cat(BROKEN)), {"x": {"y": None}}, [["x", "y"]]),
    (
        "{ pets { ... on Cat { lives } } }",
        SimpleNamespace(pets=[cat(), cat(lives=None)]),
        {"pets": [{"lives": 9}, None]},
        [["pets", 1, "lives"]],
    ),
    (
        "{ pets { ... on Dog { tricks } } }",
        SimpleNamespace(pets=[dog(tricks=["a", BROKEN])]),
        {"pets": [None]},
        [["pets", 0, "tricks", 1]],
    ),
    (
        "{ pet { ... on Cat { friends { name ... on Cat { lives } } } } }",
        SimpleNamespace(pet=cat(friends=[dog(), cat(lives="x")])),
        {"pet": {"friends": None}},
        [["pet", "friends", 1, "lives"]],
    ),
    (
        "{ pet { __typename } a }",
        SimpleNamespace(pet=SimpleNamespace(graphql_type_name="Query"), a="A"),
        {"pet": None, "a": "A"},
        [["pet"]],
    ),
    ("{ pet { __typename } }", SimpleNamespace(pet=SimpleNamespace(graphql_type_name="Bird")), {"pet": None}, [["pet"]]),
    ("{ pet { __typename } }", SimpleNamespace(pet=object()), {"pet": None}, [["pet"]]),
    ("{ named { name } }", SimpleNamespace(named=cat()), {"named": {"name": "Tom"}}, []),
    ("{ pets { __typename } }", SimpleNamespace(pets=5), {"pets": None}, [["pets"]]),
    (
        "{ pets { __typename } }",
        SimpleNamespace(pets=[BROKEN, cat()]),
        {"pets": [None, {"__typename": "Cat"}]},
        [["pets", 0]],
    ),
    ("{ a b }", SimpleNamespace(a=BROKEN, b=BROKEN), {"a": None, "b": None}, [["a"], ["b"]]),
    (
        "{ b sureLeaves { sure } a }",
        SimpleNamespace(a=BROKEN, b=BROKEN, sure_leaves=SimpleNamespace(sure=None)),
        None,
        [["b"], ["sureLeaves", "sure"]],
    ),
    (
        "{ leaves { sure maybe } }",
        SimpleNamespace(leaves=SimpleNamespace(sure=None, maybe=BROKEN)),
        {"leaves": None},
        [["leaves", "sure"]],
    ),
    (
        "{ leaves { maybe sure } }",
        SimpleNamespace(leaves=SimpleNamespace(sure=None, maybe=BROKEN)),
        {"leaves": None},
        [["leaves", "maybe"], ["leaves", "sure"]],
    ),
]


@pytest.mark.parametrize(("text", "root", "expected", "paths"), FAILING, ids=range(len(FAILING)))
async def test_errors_say_where(text: str, root: Any, expected: Any, paths: list[list[Any]]) -> None:
    (core, _), (compiled, _) = await both(text, root)
    assert compiled == core
    assert compiled[0] == expected
    assert [error["path"] for error in compiled[1]] == paths


SERIAL: list[tuple[str, Any, list[str]]] = [
    (
        "mutation { set(to: 1) { number later } b: set(to: 2) { later } }",
        {"set": {"number": 1, "later": 1}, "b": {"later": 2}},
        ["begins 1", "told 1", "begins 2", "told 2"],
    ),
    (
        "mutation { set(to: -1) { number } b: set(to: 2) { number } }",
        {"set": None, "b": {"number": 2}},
        ["begins -1", "begins 2"],
    ),
    (
        "mutation { setSurely(to: 1) { number } b: setSurely(to: -1) { number } c: set(to: 3) { number } }",
        None,
        ["begins 1", "begins -1"],
    ),
    (
        "mutation { b: set(to: 1) { number } ... { a: set(to: 2) { number } } b: set(to: 1) { later } }",
        {"b": {"number": 1, "later": 1}, "a": {"number": 2}},
        ["begins 1", "told 1", "begins 2"],
    ),
]


@pytest.mark.parametrize(("text", "expected", "log"), SERIAL, ids=range(len(SERIAL)))
async def test_mutations_run_one_after_another(text: str, expected: Any, log: list[str]) -> None:
    (core, core_log), (compiled, compiled_log) = await both(text)
    assert compiled == core
    assert compiled[0] == expected
    assert compiled_log == core_log == log, "each once, and the next when all that the one before answers is there"


async def test_one_operation_of_several_is_run() -> None:
    text = "query A { a } query B { b ...F } fragment F on Query { x: a }"
    (core, _), (compiled, _) = await both(text, ROOT, name="B")
    assert compiled == core == ({"b": "B", "x": "A"}, [])
