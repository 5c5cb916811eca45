"""What the tests of the pipeline share: people, and one way to ask."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.permissions import Role
from domain.kit.context import CallContext
from domain.kit.ids import new_id
from schema.kit.context import Context
from schema.pipeline import Pipeline, Request
from tests.support.small_schema import small_schema

ASHA = Actor(id=new_id(), name="Asha", roles=frozenset({Role.SELLER}))
BINA = Actor(id=new_id(), name="Bina", roles=frozenset({Role.ACCOUNTANT}))

Run = Callable[..., Awaitable[dict[str, Any]]]


async def run(
    pipeline: Pipeline,
    query: str,
    variables: Mapping[str, Any] | None = None,
    *,
    actor: Actor = ANONYMOUS,
    address: str = "192.0.2.1",
    **more: Any,
) -> dict[str, Any]:
    """What a client of ``actor`` is answered; raises RequestRefused when nothing is executed."""
    request = Request.from_parameters({"query": query, "variables": variables, **more})
    prepared = pipeline.prepare(request)
    context = Context(actor, CallContext(address=address), pipeline.services)
    return (await pipeline.execute(prepared, request, context)).to_json()


@pytest.fixture
def pipeline() -> Pipeline:
    return Pipeline(small_schema())
