"""Documents that a machine makes up of the whole schema: whatever comes of them, it is no accident of ours.

``FUZZ_EXAMPLES=20000 pytest tests/security/test_schemathesis.py`` makes up more of them, over the demo's rows.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from functools import cache
from typing import Any, Final

import httpx
import pytest
import pytest_asyncio
import schemathesis
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
from tests.security.documents import NOBODY
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

ROLES = [Role.ADMIN, Role.BORROWER, Role.GUARDIAN]
KINDS = {kind.rows: kind.name for kind in every_node_kind()}
known_ids: list[str] = [encode_id(name, NOBODY) for name in KINDS.values()]
"""Ids of every type, and those of rows where there are any."""


def texts(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return strategy.map(str).map(nodes.String)


SCALARS: Final = {
    "ID": texts(st.deferred(lambda: st.sampled_from(known_ids))) | texts(st.text(max_size=20)),
    "Cursor": texts(st.text(max_size=20)),
    "CurrencyCode": texts(st.sampled_from(sorted(CURRENCIES))) | texts(st.text(max_size=3)),
    "Decimal": texts(st.decimals(allow_nan=True, allow_infinity=True)) | texts(st.decimals(0, 100, places=2)),
    "Date": texts(st.dates()),
    "DateTime": texts(st.datetimes(timezones=st.timezones()).map(lambda at: at.isoformat())),
}


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
            known_ids.extend(encode_id(KINDS[model], key) for key in keys if model in KINDS)
    actors = {role.value: await an_actor(role) for role in ROLES}
    lax = Pipeline(pipeline()._strawberry, limits=LAX, services=pipeline().services)
    app = create_app(settings_for_tests(), pipeline=lax, authenticate=authenticator(actors), health=Health([]))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://daftari.example", timeout=60) as client:
        yield client


@pytest.mark.attack("malformed messages", on="POST")
@pytest.mark.attack("verbose errors", on="POST")
@pytest.mark.timeout(0)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data(), st.sampled_from(ROLES))
async def test_nothing_that_is_made_up_is_an_accident(client: httpx.AsyncClient, data: st.DataObject, role: Role) -> None:
    case = data.draw(data.draw(st.sampled_from(operations())).as_strategy())
    response = await client.post(
        "/graphql",
        json={"query": case.body},
        headers={"authorization": f"Bearer {role.value}", "accept": "application/graphql-response+json"},
    )
    assert response.status_code < 500, response.text
    codes = {each["extensions"]["code"] for each in response.json().get("errors", ())}
    assert codes <= ErrorCode.__members__.keys() - {"INTERNAL"}, response.text
