"""Documents that a machine makes up of the whole schema: whatever comes of them, it is no accident of ours.

``FUZZ_EXAMPLES=20000 pytest tests/security/test_schemathesis.py`` makes up more of them, over the demo's rows.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from functools import cache
from random import Random
from typing import Any, Final

import httpx
import pytest
import pytest_asyncio
import schemathesis
from graphql import (
    ArgumentNode,
    GraphQLField,
    ObjectFieldNode,
    StringValueNode,
    Visitor,
    get_named_type,
    parse,
    print_ast,
    visit,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.graphql import nodes

from api.app import create_app
from api.demo import story
from api.health import Health
from domain.identity.permissions import Role
from domain.kit.money import CURRENCIES
from schema.kit import encode_id
from schema.kit.errors import ErrorCode
from schema.kit.nodes import every_node_kind
from schema.pipeline import Limits, Pipeline
from tests.security.documents import NOBODY, type_of_id
from tests.support.graphql import pipeline
from tests.support.imagined import every_model
from tests.support.people import an_actor, configure_identity
from tests.support.servers import authenticator, settings_for_tests

FEW: Final = 60
EXAMPLES: Final = int(os.environ.get("FUZZ_EXAMPLES", FEW))

LAX: Final = Limits(
    document_bytes=10**7, tokens=10**6, depth=500, aliases=10**5, root_fields=100, directives=10**4, cost=10**9, timeout_s=60
)
"""Everything is run, however much it asks for: what is refused for its size never comes to where accidents happen."""

ROLES: Final = [*[Role.ADMIN] * 6, Role.BORROWER, Role.GUARDIAN]
KINDS: Final = {kind.rows: kind.name for kind in every_node_kind()}
ids_by_type: dict[str, list[str]] = {name: [encode_id(name, NOBODY)] for name in KINDS.values()}
"""Ids of no row, and those of rows where there are any."""


def texts(*strategies: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(*strategies).map(str).map(nodes.String)


SCALARS: Final = {
    "ID": texts(st.text(max_size=20)),
    "Cursor": texts(st.text(max_size=20)),
    "CurrencyCode": texts(st.just("KES"), st.just("KES"), st.sampled_from(sorted(CURRENCIES)), st.text(max_size=3)),
    "Decimal": texts(st.integers(1, 100), st.decimals(0, 100, places=2), st.decimals(allow_nan=True, allow_infinity=True)),
    "Date": texts(st.dates()),
    "DateTime": texts(st.datetimes(timezones=st.timezones()).map(lambda at: at.isoformat())),
}


class Fitted(Visitor):
    """Puts ids that fit where a document asks for ids: of what the argument's name tells, or of what the field shows."""

    def __init__(self, field: GraphQLField, chance: Random) -> None:
        super().__init__()
        self._about = get_named_type(field.type).name
        self._chance = chance

    def enter_argument(self, node: ArgumentNode, *_: Any) -> Any:
        return self._fitted(node)

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> Any:
        return self._fitted(node)

    def _fitted(self, node: Any) -> Any:
        known = ids_by_type.get(type_of_id(node.name.value, self._about)) if node.name.value.lower().endswith("id") else None
        if known is None or not isinstance(node.value, StringValueNode) or self._chance.random() < 0.1:
            return None
        return type(node)(name=node.name, value=nodes.String(self._chance.choice(known)))


@cache
def operations() -> list[Any]:
    for name, strategy in SCALARS.items():
        schemathesis.graphql.scalar(name, strategy)
    whole = schemathesis.graphql.from_dict({"data": {"__schema": pipeline()._strawberry.introspect()["__schema"]}}["data"])
    return [each.ok() for each in whole.get_all_operations()]


@pytest_asyncio.fixture
async def client(database: None) -> AsyncIterator[httpx.AsyncClient]:
    configure_identity()
    if EXAMPLES > FEW:
        await story.tell()
        for model in every_model():
            keys = await model.all().limit(20).values_list(model._meta.pk_attr, flat=True)
            if model in KINDS:
                ids_by_type[KINDS[model]] += [encode_id(KINDS[model], key) for key in keys]
    actors = {role.value: await an_actor(role) for role in set(ROLES)}
    lax = Pipeline(pipeline()._strawberry, limits=LAX, services=pipeline().services)
    app = create_app(settings_for_tests(), pipeline=lax, authenticate=authenticator(actors), health=Health([]))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://daftari.example", timeout=60) as client:
        yield client


@pytest.mark.attack("malformed messages", on="POST")
@pytest.mark.attack("verbose errors", on="POST")
@pytest.mark.timeout(0)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data(), st.sampled_from(ROLES), st.randoms(use_true_random=False))
async def test_nothing_that_is_made_up_is_an_accident(
    client: httpx.AsyncClient, data: st.DataObject, role: Role, chance: Random
) -> None:
    operation = data.draw(st.sampled_from(operations()))
    made_up = parse(data.draw(operation.as_strategy()).body)
    document = print_ast(visit(made_up, Fitted(operation.definition.raw, chance)))
    response = await client.post(
        "/graphql",
        json={"query": document},
        headers={"authorization": f"Bearer {role.value}", "accept": "application/graphql-response+json"},
    )
    assert response.status_code < 500, response.text
    codes = {each["extensions"]["code"] for each in response.json().get("errors", ())}
    assert codes <= ErrorCode.__members__.keys() - {"INTERNAL"}, response.text
