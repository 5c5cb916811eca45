"""Whatever is sent, the answer is a refusal with a code or a result: never an exception of ours."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schema.kit.errors import ErrorCode
from schema.pipeline import Limits, Pipeline, Request, RequestRefused
from tests.schema.pipeline.conftest import ASHA, run
from tests.support.small_schema import small_schema

PIPELINE = Pipeline(small_schema(), limits=Limits(prepared_documents=10))

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
WORDS = st.sampled_from(
    [
        *["{", "}", "(", ")", "[", "]", ":", "!", "...", "@", "$", "=", "|", "&", "#", ","],
        *["query", "mutation", "subscription", "fragment", "on", "true", "null", "1", "-1.5e3", '"x"', '"""y"""'],
        *["$v", "A", "B", "Query", "Shelf", "Int", "String", "include", "skip", "if", "__typename", "__schema", "types"],
        *["greeting", "shelf", "shelves", "ids", "id", "label", "neighbours", "echo", "decimal", "money", "amount"],
    ]
)
OPENINGS = st.sampled_from(["{ ", "query A { ", "{ shelf(id: ", "query ($v: Int = ", "mutation { "])
DOCUMENTS = st.builds(lambda opening, words: opening + " ".join(words), OPENINGS, st.lists(WORDS, min_size=1, max_size=12))


async def answered(**parameters: Any) -> None:
    try:
        answer = await run(PIPELINE, actor=ASHA, **parameters)
    except RequestRefused as refused:
        answer = {"errors": refused.errors}
    for error in answer.get("errors", []):
        assert error["extensions"]["code"] in ErrorCode.__members__
        assert error["extensions"]["code"] != "INTERNAL", error


@pytest.mark.attack("malformed messages", on="Pipeline")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DOCUMENTS)
async def test_any_document(document: str) -> None:
    await answered(query=document)


@pytest.mark.attack("malformed messages", on="Pipeline")
@settings(max_examples=100, deadline=None)
@given(value=JSON, kind=st.sampled_from(["echo(decimal: $v)", "echo(money: $v)", "shelf(id: $v)", "shelves(ids: $v)"]))
async def test_any_value(value: Any, kind: str) -> None:
    type_ = {"decimal": "Decimal!", "money": "MoneyInput!", "id": "ID!", "ids": "[ID!]!"}[kind.split("(")[1].split(":")[0]]
    await answered(query=f"query ($v: {type_}) {{ {kind} {{ __typename }} }}", variables={"v": value})


@pytest.mark.attack("malformed messages", on="Pipeline")
@settings(max_examples=50, deadline=None)
@given(JSON)
async def test_any_request(parameters: Any) -> None:
    with suppress(RequestRefused):
        PIPELINE.prepare(Request.from_parameters(parameters))
