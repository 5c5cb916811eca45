"""The story of a report: asked for over HTTP, followed on a socket, fetched as a file, by its owner alone."""

from __future__ import annotations

import asyncio
import io

import httpx
import openpyxl
import pytest

from domain.identity.models import User
from domain.identity.permissions import Role
from subscriptions.relay import Relay
from tests.domain.jobs.queues import a_runner
from tests.protocol.clients import graphql_ws
from tests.subscriptions.listening import PATIENCE_S
from tests.support.operations import operation
from tests.support.people import a_user, signed_in
from tests.support.servers import settings_for_tests
from tests.support.whole_server import a_server

GENERATE, READY = operation("reports/GenerateReport"), operation("reports/ReportReady")
TRIAL = {"kind": "trial_balance", "format": "XLSX", "parameters": {"asOf": "2026-03-31"}}


async def token_of(user: User) -> str:
    return (await signed_in(user)).access_token


@pytest.mark.usefixtures("relay")
async def test_a_report_is_followed_and_fetched(relay: Relay, database_url: str, redis_url: str) -> None:
    anna, bina = await a_user(Role.ACCOUNTANT), await a_user(Role.ACCOUNTANT)
    token = await token_of(anna)
    settings = settings_for_tests(database_url=database_url, redis_url=redis_url)
    async with (
        a_server(settings) as address,
        httpx.AsyncClient(base_url=address, headers={"authorization": f"Bearer {token}"}) as http,
        graphql_ws(address, token, READY) as following,
    ):
        _, item = await following.next()
        assert item["__typename"] == "Ready"
        working = asyncio.create_task(a_runner().run())
        answer = await http.post("/graphql", json={"query": GENERATE, "variables": {"input": TRIAL}})
        report = answer.json()["data"]["generateReport"]["report"]
        async with asyncio.timeout(PATIENCE_S):
            _, ready = await following.next()
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        assert (ready["__typename"], ready["reportId"]) == ("ReportReady", report["id"])
        fetched = await http.get(ready["downloadPath"])
        assert (fetched.status_code, len(fetched.content)) == (200, ready["sizeBytes"])
        assert ready["fileName"] in fetched.headers["content-disposition"]
        book = openpyxl.load_workbook(io.BytesIO(fetched.content))
        assert book["Trial balance"]["A2"].value.startswith("As of 2026-03-31")
        others = {"authorization": f"Bearer {await token_of(bina)}"}
        assert (await http.get(ready["downloadPath"], headers=others)).status_code == 404
