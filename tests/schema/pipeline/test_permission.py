"""Permission: every selected field's demand is met before anything runs, wherever it is selected."""

from __future__ import annotations

from typing import Any

import pytest

from domain.identity.actor import ANONYMOUS, Actor
from schema.kit import encode_id
from schema.pipeline import Pipeline, RequestRefused
from tests.schema.pipeline.conftest import ASHA, BINA, run
from tests.support.small_schema import SHELVES, batches

SHELF = encode_id("Shelf", SHELVES[0].id)
NOTES = [
    f'{{ shelf(id: "{SHELF}") {{ label note }} }}',
    f'{{ shelf(id: "{SHELF}") {{ ...A }} }} fragment A on Shelf {{ ... on Shelf {{ label note }} }}',
    f'{{ shelf(id: "{SHELF}") {{ label neighbours {{ note }} }} }}',
    f'{{ greeting ... {{ shelf(id: "{SHELF}") {{ label note }} }} }}',
]


@pytest.mark.attack("function-level authorisation", on="Pipeline")
@pytest.mark.parametrize("query", NOTES)
@pytest.mark.parametrize(("actor", "code", "status"), [(ANONYMOUS, "UNAUTHENTICATED", 401), (ASHA, "FORBIDDEN", 403)])
async def test_nothing_runs_for_who_may_not(pipeline: Pipeline, query: str, actor: Actor, code: str, status: int) -> None:
    batches.clear()
    with pytest.raises(RequestRefused) as refused:
        await run(pipeline, query, actor=actor)
    assert (refused.value.code, refused.value.status) == (code, status)
    assert refused.value.errors[0]["path"][-1] == "note"
    assert batches == []


@pytest.mark.parametrize("query", NOTES)
async def test_all_runs_for_who_may(pipeline: Pipeline, query: str) -> None:
    answer = await run(pipeline, query, actor=BINA)
    assert "errors" not in answer
    assert "note" in str(answer["data"])


async def test_every_missing_permission_is_told(pipeline: Pipeline) -> None:
    with pytest.raises(RequestRefused) as refused:
        await run(pipeline, f'{{ vault mine: books shelf(id: "{SHELF}") {{ note }} }}')
    assert [each["path"] for each in refused.value.errors] == [["vault"], ["mine"], ["shelf", "note"]]
    assert refused.value.errors[0]["locations"] == [{"line": 1, "column": 3}]


@pytest.mark.parametrize(
    ("directive", "variables", "allowed"),
    [
        ("@include(if: $x)", {"x": False}, True),
        ("@include(if: $x)", {"x": True}, False),
        ("@include(if: $x)", {}, False),
        ("@skip(if: $x)", {"x": True}, True),
        ("@skip(if: $x)", {"x": False}, False),
        ("@skip(if: $x) @include(if: true)", {"x": False}, False),
    ],
)
async def test_what_is_left_out_demands_nothing(
    pipeline: Pipeline, directive: str, variables: dict[str, Any], allowed: bool
) -> None:
    query = f"query ($x: Boolean! = true) {{ greeting ... {directive} {{ books }} }}"
    if allowed:
        assert (await run(pipeline, query, variables))["data"] == {"greeting": "Hello world"}
    else:
        with pytest.raises(RequestRefused) as refused:
            await run(pipeline, query, variables)
        assert refused.value.code == "UNAUTHENTICATED"


@pytest.mark.attack("function-level authorisation", on="Pipeline")
@pytest.mark.parametrize("odd", ["false", 0, None, [], {}])
async def test_a_condition_that_is_no_boolean_opens_nothing(pipeline: Pipeline, odd: Any) -> None:
    query = "query ($x: Boolean!) { greeting books @include(if: $x) }"
    with pytest.raises(RequestRefused) as refused:
        await run(pipeline, query, {"x": odd})
    assert refused.value.code in ("INVALID_VARIABLES", "UNAUTHENTICATED")
