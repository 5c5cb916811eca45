"""Input that is wrong in one place, for every place of an operation: it may be refused, and must never be an accident."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import orjson
from graphql import GraphQLInputObjectType, GraphQLInputType, GraphQLList, get_nullable_type

from domain.identity.actor import Actor
from schema.pipeline import RequestRefused
from tests.support.graphql import encode_id, pipeline, run
from tests.support.operations import money

WRONG: Final[dict[str, list[Any]]] = {
    "String": ["a\x00b", "x" * 3_000, "%_\\"],
    "ID": ["a\x00b", encode_id("Loan", "x")],
    "Int": [-1, 2**31 - 1],
    "Decimal": ["-1", "1e400", "0.0000000000001", "1." + "0" * 37 + "1", "9" * 40],
    "Date": ["0001-01-01", "9999-12-31"],
    "DateTime": ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"],
    "MoneyInput": [money("1", "XXX"), money("1e-9", "KES")],
}
Case = tuple[Actor, str, dict[str, Any]]
"""Who asks, the name of a canonical operation, and variables with which it is not refused."""


def spoilt(value: Any, type_: GraphQLInputType) -> Iterator[Any]:
    """The value with one field after another set to something wrong."""
    inner: Any = get_nullable_type(type_)
    if inner is type_:
        yield None
    if isinstance(inner, GraphQLList):
        yield []
        for each in spoilt(value[0] if value else None, inner.of_type):
            yield [each]
    elif inner.name in WRONG:
        yield from WRONG[inner.name]
    elif isinstance(inner, GraphQLInputObjectType) and value is not None:
        for name, part in inner.fields.items():
            for each in spoilt(value.get(name), part.type):
                yield value | {name: each}


async def accidents(cases: list[Case], operation: Callable[[str], str]) -> list[tuple[str, dict[str, Any]]]:
    """The operations that failed in a way that nobody foresaw, and with which variables."""
    whole = pipeline()._schema
    fields = {name: field for root in (whole.query_type, whole.mutation_type) if root for name, field in root.fields.items()}
    failed = []
    for actor, name, given in cases:
        arguments = fields[name[0].lower() + name[1:]].args
        for argument, value in given.items():
            for wrong in spoilt(value, arguments[argument].type):
                variables = given | {argument: wrong}
                if await _is_accident(actor, operation(name), variables):
                    failed.append((name, variables))
    return failed


async def _is_accident(actor: Actor, document: str, variables: dict[str, Any]) -> bool:
    try:
        answer = orjson.loads((await run(actor, document, **variables)).to_bytes())
    except RequestRefused as refused:
        return refused.code == "INTERNAL"
    return any(error["extensions"]["code"] == "INTERNAL" for error in answer.get("errors", []))


def inputs(*cases: Case) -> list[Case]:
    """Cases of operations whose one variable is an input."""
    return [(actor, name, {"input": given}) for actor, name, given in cases]
