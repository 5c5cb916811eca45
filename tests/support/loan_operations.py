"""Loans as clients send and read them, for tests of the API."""

from __future__ import annotations

from itertools import count
from typing import Any

from domain.identity.actor import Actor
from domain.lending.models import Loan, LoanProduct, LoanTransaction
from tests.support.graphql import ask, do, encode_id, heard
from tests.support.happenings import nothing_happens
from tests.support.operations import money, operation, shown

_keys = count(1)

FEEDS = (
    "LoanApplicationSubmitted",
    "LoanDocumentsAdded",
    "LoanReviewed",
    "LoanKycVerified",
    "LoanApproved",
    "LoanRejected",
    "LoanDisbursed",
    "PaymentProcessed",
    "LoanRescheduled",
    "LoanEnded",
    "LoanDelinquencyChanged",
    "InstalmentDue",
)
"""The feeds of one kind of fact each; ``LoanUpdated`` and ``LoanStatusChanged`` go with all of them."""


def op(name: str) -> str:
    """A canonical operation of lending, without the cursor that live pages read first."""
    return operation(f"lending/{name}").replace("  asOf\n", "")


def shillings(amount: str) -> dict[str, str]:
    """A MoneyInput."""
    return money(amount, "KES")


def kes_shown(amount: str) -> dict[str, str]:
    """Money as the operations of lending select it."""
    return shown(amount, "KES")


def of(loan: Loan, **more: Any) -> dict[str, Any]:
    """An input about a loan."""
    return {"loanId": encode_id("Loan", loan.id)} | more


def of_movement(transaction: LoanTransaction, **more: Any) -> dict[str, Any]:
    return {"transactionId": encode_id("LoanTransaction", transaction.id)} | more


def form(product: LoanProduct, **changes: Any) -> dict[str, Any]:
    """An application for the usual loan of a product, changed as said."""
    asked = {"productId": encode_id("LoanProduct", product.id), "principal": shillings("12000.00"), "purpose": "Stock"}
    return asked | changes


async def schedule_of(actor: Actor, loan: Loan) -> list[dict[str, Any]]:
    """The instalments of a loan as somebody reads them."""
    rows: list[dict[str, Any]] = (await ask(actor, op("Loan"), id=encode_id("Loan", loan.id)))["schedule"]
    return rows


async def changes_heard(actor: Actor, loan: Loan | None = None) -> list[str]:
    """What somebody hears to have become of loans: the changes, in order."""
    about = {} if loan is None else {"loanId": encode_id("Loan", loan.id)}
    return [item["change"] for item in await heard(actor, op("LoanUpdated"), **about)]


async def statuses_heard(actor: Actor, loan: Loan) -> list[tuple[str, str]]:
    """From which status to which one a loan went, as somebody hears it."""
    items = await heard(actor, op("LoanStatusChanged"), loanId=encode_id("Loan", loan.id))
    return [(item["previousStatus"], item["status"]) for item in items]


async def facts_heard(actor: Actor) -> list[str]:
    """Every fact that somebody hears of loans, by its type, feed by feed."""
    return [item["__typename"] for feed in FEEDS for item in await heard(actor, op(feed))]


async def do_twice(actor: Actor, document: str, **asked: Any) -> Any:
    """The payload of a mutation with an idempotency key, sent again: the same answer, and nothing moves."""
    asked["idempotencyKey"] = f"key {next(_keys)}"
    first = await do(actor, document, input=asked)
    async with nothing_happens():
        second = await do(actor, document, input=asked)
    assert (first.pop("replayed"), second.pop("replayed")) == (False, True)
    assert second == first
    return first


async def told_in_order(actor: Actor, loan: Loan) -> list[str]:
    """All that feeds tell somebody of one loan, in the order of the log; changes and statuses by their value."""
    about = {"loanId": encode_id("Loan", loan.id)}
    items = [item for feed in (*FEEDS, "LoanUpdated", "LoanStatusChanged") for item in await heard(actor, op(feed), **about)]
    said = {"LoanUpdated": "change", "LoanStatusChanged": "status"}
    ordered = sorted(items, key=lambda item: int(item["cursor"].removeprefix("cursor ")))
    return [item.get(said.get(item["__typename"], ""), item["__typename"]) for item in ordered]
