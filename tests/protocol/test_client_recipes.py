"""The recipes of the contract's client, performed as they stand in its README, against a whole server."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

from domain.identity.permissions import Permission, Role
from domain.identity.service import create_api_key
from domain.wallets.service import wallet_of
from schema.kit.ids import encode_id
from subscriptions.relay import Relay
from tests.support.people import PASSWORD, a_user, actor_for
from tests.support.servers import NODE, settings_for_tests
from tests.support.whole_server import a_server

SCRIPT = Path(__file__).resolve().parents[2] / "frontend-contract" / "client" / "tests" / "recipes" / "perform.ts"


async def perform(*arguments: str | Path) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        NODE, SCRIPT, *arguments, stdout=asyncio.subprocess.PIPE, env={"PATH": os.environ.get("PATH", "")}
    )
    try:
        out, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0
    found: dict[str, Any] = json.loads(out)
    return found


async def test_the_recipes_do_what_they_promise(relay: Relay, database_url: str, redis_url: str, tmp_path: Path) -> None:
    ravi, sita = await a_user(name="Ravi Kapoor"), await a_user(name="Sita Mills")
    await wallet_of(ravi.id, "INR")
    theirs = encode_id("Wallet", (await wallet_of(sita.id, "INR")).id)
    staff = await actor_for(await a_user(Role.ADMIN, name="Grace Wanjiru"))
    key = (await create_api_key(staff, name="warehouse", scopes=[Permission.EVENTS_READ, Permission.WALLETS_READ_ALL])).key
    settings = settings_for_tests(database_url=database_url, redis_url=redis_url)
    async with a_server(settings) as address:
        came = await perform(f"{address}/graphql", ravi.email, PASSWORD, theirs, key, tmp_path / "cursor")
    assert came["wrongPassword"] == "the e-mail address or the password is wrong"
    assert came["name"] == "Ravi Kapoor"
    assert came["balances"] == ["1000000.00", "999989.75", "999989.00"]
    assert came["refused"]["problems"].keys() == {"amount"}
    assert came["paid"] == came["again"] == {"balance": "999989.75"}
    # Two transfers, two wallets each: no event is missing and none came twice, although the program was not there at times.
    first, second = came["heard"]
    assert first and second and first + second == ["wallets.balance_changed"] * 4
    assert [came[library]["wallet"]["balance"]["amount"] for library in ("apollo", "urql")] == ["999989.00"] * 2
    assert came["statement"]["total"] == "INR\u00a02,999,978.75"
    assert came["connection"][0] in ("Connecting", "Live") and "Live" in came["connection"]
    assert came["signIns"] == ["Goodbye."] and came["feed"] == "ended"
