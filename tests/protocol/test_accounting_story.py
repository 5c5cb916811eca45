"""The accountant's story: an expense posted over HTTP is on her dashboard, and told, on a socket that was open before."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from domain.accounting import accounts
from domain.identity.permissions import Role
from domain.ledger.chart import BANK
from tests.protocol.clients import Following, graphql_ws
from tests.subscriptions.listening import PATIENCE_S
from tests.support.accounting import id_of
from tests.support.graphql import encode_id
from tests.support.operations import money, operation, shown
from tests.support.people import a_user, signed_in
from tests.support.servers import settings_for_tests
from tests.support.whole_server import a_server

POSTED = operation("accounting/ExpensePosted")
DASHBOARD = """
subscription {
  accountingDashboardUpdated(period: TODAY, currency: "INR") {
    __typename
    ... on FeedItem { cursor }
    ... on AccountingDashboardState {
      state { profitAndLoss { net { amount } } cashPosition { total { amount } } draftCount }
    }
  }
}"""


async def until(following: Following, wanted: Any) -> dict[str, Any]:
    """The first item of which ``wanted`` is true; earlier ones were of an earlier moment."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            _, item = await following.next()
            if wanted(item):
                return item


@pytest.mark.usefixtures("relay", "database")
async def test_a_posted_expense_is_on_the_dashboard(database_url: str, redis_url: str) -> None:
    accountant = await a_user(Role.ACCOUNTANT)
    token = (await signed_in(accountant)).access_token
    settings = settings_for_tests(database_url=database_url, redis_url=redis_url)
    expense = {
        "amount": money("1200.00"),
        "categoryAccountId": encode_id("Account", id_of(accounts.RENT)),
        "paidFromAccountId": encode_id("Account", id_of(BANK)),
        "payee": "Kijani Properties",
        "description": "Office rent",
    }
    async with (
        a_server(settings) as address,
        httpx.AsyncClient(base_url=address, headers={"authorization": f"Bearer {token}"}) as http,
        graphql_ws(address, token, DASHBOARD) as dashboard,
        graphql_ws(address, token, POSTED) as told,
    ):
        for following in (dashboard, told):
            await until(following, lambda item: item["__typename"] == "Ready")

        async def act(name: str, field: str, **input: Any) -> Any:
            document = {"query": operation(f"accounting/{name}"), "variables": {"input": input}}
            answer = (await http.post("/graphql", json=document)).json()["data"][field]
            assert answer["errors"] == []
            return answer["expense"]

        drafted = await act("CreateExpense", "createExpense", **expense)
        await act("PostExpense", "postExpense", expenseId=drafted["id"])
        item = await until(told, lambda item: item["__typename"] == "ExpensePosted")
        assert (item["expense"]["id"], item["expense"]["amount"]) == (drafted["id"], shown("1,200.00"))
        board = await until(dashboard, lambda item: item.get("state", {}).get("draftCount") == 0 and _spent(item))
        assert board["state"]["cashPosition"]["total"]["amount"] == "-1200.00"


def _spent(item: dict[str, Any]) -> bool:
    return bool(item["state"]["profitAndLoss"]["net"]["amount"] == "-1200.00")
