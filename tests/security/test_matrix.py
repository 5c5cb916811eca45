"""Every operation with every role: who lacks its permission is refused and nothing happens, and for all others it is run.

What is expected is read from the contract's catalogue, which clients read, too.
"""

from __future__ import annotations

import dataclasses
import json
from functools import cache
from typing import Any

import orjson
import pytest

from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.permissions import UNSCOPED, Permission, Role
from domain.kit.context import CallContext
from domain.kit.errors import DomainError
from schema.kit.context import Context
from schema.pipeline import Request, RequestRefused
from tests.security.documents import Operation, every_operation
from tests.support.graphql import ADDRESS, pipeline
from tests.support.happenings import nothing_happens
from tests.support.operations import OPERATIONS
from tests.support.people import a_branch, an_actor

NOBODY = "anonymous"
KEY = "API key without scope"
VISITORS = [NOBODY, KEY, *(role.value for role in Role)]

NARROWER: dict[str, set[str]] = {
    # A cancellation is its maker's or the manager's.
    "Mutation.cancelPurchaseReturn": {"STOREKEEPER"},
    "Mutation.cancelSaleReturn": {"SALES_CLERK"},
    "Mutation.cancelStockDocument": {"STOREKEEPER"},
    # Who may read invoices, or sell goods, need not be one who owes, or sells invoices.
    "Mutation.settleInvoice": {"ACCOUNTANT", "INVESTOR"},
    "Mutation.settleInvoices": {"ACCOUNTANT", "INVESTOR"},
    "Mutation.offerSaleForFinance": {"SALES_CLERK"},
    # Read by many, changed by those who apply or review.
    "Mutation.updateLoanApplication": {"ACCOUNTANT"},
    # A branch has no balance sheet of its own.
    "Query.balanceSheet": {"BRANCH_MANAGER"},
    # One's own wallet, for those who have one.
    "Query.walletTransactions": {KEY, "ACCOUNTANT"},
    "Subscription.walletBalanceChanged": {KEY, "ACCOUNTANT"},
    # Fees are told to those who keep them and to guardians of the student.
    "Subscription.feeUpdated": {
        *[KEY, "LOAN_OFFICER", "BRANCH_MANAGER", "BORROWER", "SELLER", "INVESTOR", "DEBTOR", "MILL_MANAGER", "STOREKEEPER"],
        *["SALES_CLERK", "REGISTRAR", "TEACHER", "GUARDIAN"],
    },
}
"""Where the permission lets in more than the service does, and whom the service refuses of those."""


@cache
def catalogue() -> Any:
    return json.loads((OPERATIONS.parent / "catalogue" / "permissions.json").read_text())


def permissions_of(visitor: str) -> set[str]:
    if visitor == NOBODY:
        return {Permission.PUBLIC.value}
    if visitor == KEY:
        return {each.value for each in UNSCOPED}
    return set(catalogue()["roles"][visitor]) | {each.value for each in UNSCOPED}


async def actor_of(visitor: str) -> Actor:
    if visitor == NOBODY:
        return ANONYMOUS
    if visitor == KEY:
        return dataclasses.replace(await an_actor(Role.ADMIN), scopes=frozenset())
    return await an_actor(Role(visitor), branch_id=(await a_branch()).id)


async def code_of(actor: Actor, operation: Operation) -> str | None:
    """With which code it is refused, at the top or in its payload; None when it is not."""
    request = Request(query=operation.document, variables=operation.variables)
    call = CallContext(actor_id=None if actor is ANONYMOUS else actor.id, address=ADDRESS)
    context = Context(actor, call, pipeline().services)
    prepared = pipeline().prepare(request)
    try:
        if operation.kind == "Subscription":
            subscription = await pipeline().subscribe(prepared, request, context)
            await subscription.feed.topics(actor, subscription.arguments)
            return None
        answer = orjson.loads((await pipeline().execute(prepared, request, context)).to_bytes())
    except (RequestRefused, DomainError) as refused:
        return str(refused.code)
    if answer.get("errors"):
        return str(answer["errors"][0]["extensions"]["code"])
    payload = answer["data"][operation.name]
    errors = payload.get("errors") if isinstance(payload, dict) else None
    return str(errors[0]["code"]) if errors else None


@pytest.mark.attack("function-level authorisation", on="Pipeline")
@pytest.mark.parametrize("visitor", VISITORS)
@pytest.mark.usefixtures("database")
async def test_each_operation_is_refused_or_run_as_the_catalogue_says(visitor: str) -> None:
    has, demands = permissions_of(visitor), catalogue()["fields"]
    allowed = [each for each in every_operation() if demands[each.place]["permission"] in has]
    refused = [each for each in every_operation() if demands[each.place]["permission"] not in has]
    assert len(allowed) + len(refused) > 400
    actor = await actor_of(visitor)
    async with nothing_happens():
        codes = {each.place: await code_of(actor, each) for each in refused}
    expected = "UNAUTHENTICATED" if visitor == NOBODY else "FORBIDDEN"
    assert {place: code for place, code in codes.items() if code != expected} == {}
    told = {each.place: await code_of(actor, each) for each in allowed}
    assert {place for place, code in told.items() if code in ("UNAUTHENTICATED", "INTERNAL")} == set()
    by_service = {place for place, code in told.items() if code == "FORBIDDEN"}
    assert by_service == {place for place, visitors in NARROWER.items() if visitor in visitors}


def test_the_catalogue_names_every_operation_and_every_role() -> None:
    assert {each.place for each in every_operation()} <= set(catalogue()["fields"])
    assert set(catalogue()["roles"]) == {role.value for role in Role}
