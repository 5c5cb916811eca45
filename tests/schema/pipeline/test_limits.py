"""Limits: each refuses with its code, before anything is executed, and just at its bound nothing is refused."""

from __future__ import annotations

import pytest
from graphql import get_introspection_query

from schema.pipeline import Limits, Pipeline, Request, RequestRefused
from tests.schema.pipeline.conftest import run
from tests.support.small_schema import small_schema

LIMITS = Limits(document_bytes=400, tokens=60, depth=3, aliases=2, root_fields=3, directives=2, cost=100)


def refusal(query: str, limits: Limits = LIMITS, **more: bool) -> RequestRefused:
    with pytest.raises(RequestRefused) as refused:
        Pipeline(small_schema(), limits=limits, **more).prepare(Request(query=query))
    return refused.value


def passes(query: str, limits: Limits = LIMITS) -> None:
    Pipeline(small_schema(), limits=limits).prepare(Request(query=query))


def padded(size: int) -> str:
    return "{ greeting }".ljust(size, " ")


@pytest.mark.attack("document size", on="Pipeline")
def test_bytes() -> None:
    passes(padded(400))
    assert (refusal(padded(401)).code, refusal(padded(401)).status) == ("DOCUMENT_TOO_LARGE", 413)
    # A character of another script is several bytes.
    assert refusal('{ greeting(name: "' + "न" * 140 + '") }').code == "DOCUMENT_TOO_LARGE"


@pytest.mark.attack("token flood", on="Pipeline")
def test_tokens() -> None:
    limits = Limits(tokens=60, root_fields=100)
    passes("{" + "greeting " * 58 + "}", limits)
    assert refusal("{" + "greeting " * 59 + "}", limits).code == "DOCUMENT_TOO_LARGE"


@pytest.mark.attack("depth", on="Pipeline")
@pytest.mark.parametrize(
    "nesting",
    [
        '{ shelf(id: "a") { neighbours { label } } }',
        '{ shelf(id: "a") { neighbours { ... on Shelf { label } } } }',
        '{ ...A } fragment A on Query { shelf(id: "a") { ...B } } fragment B on Shelf { neighbours { label } }',
    ],
)
def test_depth(nesting: str) -> None:
    passes(nesting)
    deeper = refusal(nesting.replace("label", "neighbours { label }"))
    assert deeper.code == "DEPTH_LIMIT_EXCEEDED"


@pytest.mark.attack("depth", on="Pipeline")
@pytest.mark.attack("input recursion", on="Pipeline")
def test_what_nests_without_end_is_not_even_read() -> None:
    nested = '{ shelf(id: "a")' + "{ neighbours" * 900 + "{ id }" + "}" * 901
    assert refusal(nested, Limits()).code == "DEPTH_LIMIT_EXCEEDED"


@pytest.mark.attack("aliases", on="Pipeline")
def test_aliases() -> None:
    passes("{ a: greeting b: greeting greeting }")
    assert refusal("{ a: greeting b: greeting c: greeting }").code == "ALIAS_LIMIT_EXCEEDED"
    hidden = "{ ...A } fragment A on Query { a: greeting b: greeting ... on Query { c: greeting } }"
    assert refusal(hidden).code == "ALIAS_LIMIT_EXCEEDED"


@pytest.mark.attack("breadth", on="Pipeline")
def test_root_fields() -> None:
    passes("{ __typename greeting refused whence }")
    assert refusal("{ greeting refused whence broken }").code == "ROOT_FIELD_LIMIT_EXCEEDED"
    hidden = "{ ...A greeting } fragment A on Query { refused ... { whence broken } }"
    assert refusal(hidden).code == "ROOT_FIELD_LIMIT_EXCEEDED"


@pytest.mark.attack("directive overload", on="Pipeline")
def test_directives() -> None:
    passes("{ greeting @include(if: true) @skip(if: false) }")
    many = "query ($a: Boolean!) { ... @include(if: $a) { greeting @include(if: $a) @skip(if: $a) } }"
    assert refusal(many).code == "DIRECTIVE_LIMIT_EXCEEDED"


@pytest.mark.attack("field duplication", on="Pipeline")
@pytest.mark.parametrize(
    "hostile",
    [
        "{" + "greeting " * 2_900 + "}",
        '{ shelf(id: "a") {' + "neighbours { label } " * 700 + "} }",
        "{"
        + "".join(f"...f{i} " for i in range(250))
        + "}"
        + "".join(f"fragment f{i} on Query {{ greeting refused }}" for i in range(250)),
    ],
    ids=["fields", "objects", "fragments"],
)
def test_what_would_take_long_to_compare_is_given_up(hostile: str) -> None:
    assert refusal(hostile, Limits()).code == "GRAPHQL_VALIDATION_FAILED"


@pytest.mark.attack("circular fragments", on="Pipeline")
def test_fragments_that_multiply_are_looked_at_once() -> None:
    fan = "".join(f"fragment f{i} on Query {{ ...f{i + 1} ...f{i + 1} }}" for i in range(100))
    passes(f"{{ ...f0 }} {fan} fragment f100 on Query {{ greeting }}", Limits())


@pytest.mark.attack("introspection", on="Pipeline")
async def test_introspection() -> None:
    open_to_all = Pipeline(small_schema())
    assert "__schema" in (await run(open_to_all, get_introspection_query()))["data"]
    closed = Pipeline(small_schema(), introspection=False)
    for query in ("{ __schema { queryType { name } } }", '{ __type(name: "Shelf") { name } }'):
        with pytest.raises(RequestRefused) as refused:
            await run(closed, query)
        assert refused.value.code == "GRAPHQL_VALIDATION_FAILED"
    assert (await run(closed, "{ __typename greeting }"))["data"]["__typename"] == "Query"


MISSPELT = [
    ("{ greetingx }", None),
    ("{ greeting(namex: 1) }", None),
    ("{ ... on Shelfx { id } }", None),
    ("query ($a: Stringx) { greeting(name: $a) }", None),
    ("mutation ($i: RelabelInput!) { relabel(input: $i) { label } }", {"i": {"label": "a", "worthx": None}}),
]


@pytest.mark.attack("suggestions", on="Pipeline")
@pytest.mark.parametrize(("query", "variables"), MISSPELT)
async def test_suggestions_are_for_those_who_may_look(query: str, variables: dict[str, object] | None) -> None:
    for introspection in (True, False):
        with pytest.raises(RequestRefused) as refused:
            await run(Pipeline(small_schema(), introspection=introspection), query, variables)
        assert ("Did you mean" in refused.value.errors[0]["message"]) is introspection


def test_what_is_known_is_not_read_again_and_is_bounded() -> None:
    limits = Limits(prepared_documents=3, prepared_characters=60)
    pipeline = Pipeline(small_schema(), limits=limits)

    def prepared(text: str) -> object:
        return pipeline.prepare(Request(query=text))

    first = prepared("{ greeting }")
    prepared("{ refused }")
    assert prepared("{ greeting }") is first
    prepared("{ whence }")
    prepared("{ broken }")
    assert prepared("{ greeting }") is first, "used lately"
    long = prepared(padded(50))
    assert prepared("{ greeting }") is not first, "pushed out by a long one"
    assert prepared(padded(50)) is not long, "and that one by the next, for both are more than there is room for"


def test_the_operations_of_a_document_are_told_apart() -> None:
    pipeline = Pipeline(small_schema())
    text = "query A { greeting } query B { whence }"
    a, b = (pipeline.prepare(Request(query=text, operation_name=name)) for name in "AB")
    assert a is not b
    assert pipeline.prepare(Request(query=text, operation_name="A")) is a


@pytest.mark.attack("long operations", on="Pipeline")
async def test_time() -> None:
    pipeline = Pipeline(small_schema(), limits=Limits(timeout_s=0.01))
    with pytest.raises(RequestRefused) as refused:
        await run(pipeline, "{ endless }")
    assert (refused.value.code, refused.value.status) == ("TIMEOUT", 503)
