"""The public audits of GraphQL over HTTP, as npm graphql-http ships them."""

from __future__ import annotations

import json

from subscriptions.relay import Relay
from tests.api.sockets.talking import a_place
from tests.support.servers import run_node, served, small_app

AUDITS = 61


async def assert_conformance(address: str) -> None:
    status, out, err = await run_node("audit.mjs", f"{address}/graphql")
    assert status == 0, err
    results = json.loads(out)
    assert [each for each in results if each["status"] != "ok"] == []
    assert len(results) == AUDITS


async def test_every_audit_passes_without_a_warning() -> None:
    async with served(small_app()) as address:
        await assert_conformance(address)


async def test_neither_do_sockets_and_event_streams_on_the_same_path_change_that(
    relay: Relay, database_url: str, redis_url: str
) -> None:
    async with a_place(database_url, redis_url) as place:
        await assert_conformance(place.address)
