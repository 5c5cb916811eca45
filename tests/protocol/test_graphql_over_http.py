"""The public audits of GraphQL over HTTP, as npm graphql-http ships them."""

from __future__ import annotations

import json

from tests.support.servers import run_node, served, small_app

AUDITS = 61


async def test_every_audit_passes_without_a_warning() -> None:
    async with served(small_app()) as address:
        status, out, err = await run_node("audit.mjs", f"{address}/graphql")
    assert status == 0, err
    results = json.loads(out)
    assert [each for each in results if each["status"] != "ok"] == []
    assert len(results) == AUDITS
