"""The public audits of GraphQL over HTTP, as npm graphql-http ships them."""

from __future__ import annotations

import json

from subscriptions.relay import Relay
from tests.support.servers import run_node, served, settings_for_tests, small_app
from tests.support.whole_server import a_server

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


async def test_a_whole_server_passes_too(relay: Relay, database_url: str, redis_url: str) -> None:
    """With the page, the sockets and the event streams on the same path."""
    async with a_server(settings_for_tests(database_url=database_url, redis_url=redis_url)) as address:
        await assert_conformance(address)
