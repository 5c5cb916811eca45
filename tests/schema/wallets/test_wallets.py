"""Wallets in the API: what one has, how it came to be, sending it, and hearing of it."""

from __future__ import annotations

from typing import Any

import pytest

from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.permissions import Role
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.wallets.models import Wallet
from domain.wallets.service import hold_funds, wallet_of
from tests.support.graphql import (
    ask,
    ask_refused,
    do,
    do_refused,
    encode_id,
    feed_refused,
    heard,
    refused_to_strangers,
    run,
)
from tests.support.happenings import assert_integrity
from tests.support.invoices import a_seller, an_actor_of, an_investor, balance, inr, staff
from tests.support.operations import money, operation, shown
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")

WALLETS = operation("wallets/Wallets")
WALLET = "query ($currency: CurrencyCode) { wallet(currency: $currency) { id userId balance { amount currency } } }"
STATEMENT = operation("wallets/WalletTransactions")
TRANSFER = operation("wallets/TransferFunds")
LIVE = operation("wallets/WalletBalanceChanged")


async def a_wallet(owner: Actor, currency: str = "INR") -> str:
    return encode_id("Wallet", (await wallet_of(owner.id, currency)).id)


async def a_transfer(sender: Actor, recipient: Actor, amount: str = "250.00", **more: Any) -> dict[str, Any]:
    wallets = {"fromWalletId": await a_wallet(sender), "toWalletId": await a_wallet(recipient)}
    return {**wallets, "amount": money(amount), "description": "For the flour"} | more


MOVEMENT = """mutation ($input: TransferFundsInput!) { transferFunds(input: $input) {
    replayed amount { amount } errors { code }
    wallet { id number } transaction { id amount { amount } balanceAfter { amount } type kind description timestamp } } }"""


async def test_a_transfer_is_four_statements_and_told_again_as_it_was() -> None:
    sender, recipient = an_investor(), a_seller()
    sent = await a_transfer(sender, recipient, idempotencyKey="rent")
    with statements() as asked:
        first = await do(sender, MOVEMENT, input=sent)
    assert [words for statement in asked for words in STEPS if words in statement] == list(STEPS)
    assert len(asked) == len(STEPS)
    again = await do(sender, MOVEMENT, input=sent)
    assert again == first | {"replayed": True}
    assert (first["transaction"]["type"], first["transaction"]["balanceAfter"]["amount"]) == ("DEBIT", "999750.00")
    await assert_integrity()


STEPS = ("from wallet where", "ledger_post", "insert into outbox")
"""Between BEGIN, which claims the key, and COMMIT."""


async def test_a_wallet_is_for_its_owner() -> None:
    await refused_to_strangers(WALLET)
    investor = an_investor()
    assert await ask(investor, WALLET) is None
    wallet_id = await a_wallet(investor)
    assert await ask(investor, WALLET) == {
        "id": wallet_id,
        "userId": encode_id("User", investor.id),
        "balance": {"amount": "1000000.00", "currency": "INR"},
    }
    assert await ask(investor, WALLET, currency="USD") is None
    node = "query ($id: ID!) { node(id: $id) { id ... on Wallet { balance { amount } } } }"
    assert await ask(an_investor(), node, id=wallet_id) is None
    assert (await ask(staff(), node, id=wallet_id))["balance"]["amount"] == "1000000.00"


async def test_what_is_held_is_not_available() -> None:
    investor = an_investor()
    await a_wallet(investor, "USD")
    wallet = await wallet_of(investor.id, "INR")
    await hold_funds(wallet=wallet, amount=inr("1250.50"), description="Held for a test")
    await refused_to_strangers(WALLETS)
    assert await ask(an_investor(), WALLETS) == []
    rupees, dollars = await ask(investor, WALLETS)
    assert [rupees[name]["amount"] for name in ("balance", "held", "available")] == ["1000000.00", "1250.50", "998749.50"]
    assert dollars["currency"] == "USD"
    assert dollars["balance"] == {"amount": "0.00", "currency": "USD", "formatted": "USD 0.00"}


async def test_the_first_example_of_the_page_runs() -> None:
    investor = an_investor()
    await a_wallet(investor)
    result = await run(investor, operation("wallets/Wallet"))
    assert result.errors == []
    assert result.data is not None
    assert result.data["wallet"]["balance"]["formatted"] == "INR 1,000,000.00"
    [opening] = result.data["walletTransactions"]["nodes"]
    assert (opening["type"], opening["description"]) == ("CREDIT", "Demo opening credit")


async def test_a_statement_lists_movements_the_newest_first() -> None:
    await refused_to_strangers(STATEMENT)
    sender, recipient = an_investor(), a_seller()
    assert (await ask(sender, STATEMENT))["nodes"] == []
    for amount in ("10.00", "20.00"):
        await do(sender, TRANSFER, input=await a_transfer(sender, recipient, amount))
    first = await ask(sender, STATEMENT, first=2)
    assert [(node["type"], node["amount"]["amount"], node["balanceAfter"]["amount"]) for node in first["nodes"]] == [
        ("DEBIT", "20.00", "999970.00"),
        ("DEBIT", "10.00", "999990.00"),
    ]
    assert first["pageInfo"]["hasNextPage"]
    [opening] = (await ask(sender, STATEMENT, after=first["pageInfo"]["endCursor"]))["nodes"]
    assert (opening["kind"], opening["balanceAfter"]["amount"]) == ("wallets.opening_credit", "1000000.00")
    incoming = (await ask(recipient, STATEMENT, type="CREDIT", first=1))["nodes"]
    assert [(node["description"], node["invoiceId"]) for node in incoming] == [("For the flour", None)]
    assert [node["type"] for node in (await ask(sender, STATEMENT, type="CREDIT"))["nodes"]] == ["CREDIT"]


async def test_somebody_elses_statement_is_for_those_who_may_read_all() -> None:
    owner = an_investor()
    wallet_id = await a_wallet(owner)
    [movement] = (await ask(owner, STATEMENT, walletId=wallet_id))["nodes"]
    assert await ask_refused(an_investor(), STATEMENT, walletId=wallet_id) == "WALLET_NOT_FOUND"
    assert await ask_refused(owner, STATEMENT, walletId=encode_id("Wallet", new_id())) == "WALLET_NOT_FOUND"
    assert await ask_refused(owner, STATEMENT, walletId=encode_id("Invoice", new_id())) == "NOT_FOUND"
    assert (await ask(staff(), STATEMENT, walletId=wallet_id))["nodes"] == [movement]
    node = "query ($id: ID!) { node(id: $id) { ... on WalletTransaction { amount { amount } } } }"
    assert await ask(owner, node, id=movement["id"]) == {"amount": {"amount": "1000000.00"}}
    assert await ask(an_investor(), node, id=movement["id"]) is None


async def test_money_is_sent_once_for_a_key() -> None:
    sender, recipient = an_investor(), a_seller()
    transfer = await a_transfer(sender, recipient, idempotencyKey="thanks")
    await refused_to_strangers(TRANSFER, input=transfer)
    for replayed in (False, True):
        payload = await do(sender, TRANSFER, input=transfer)
        assert payload["replayed"] is replayed
        assert payload["amount"] == shown("250.00")
        assert payload["wallet"]["balance"] == payload["wallet"]["available"] == shown("999,750.00")
        assert (payload["transaction"]["type"], payload["transaction"]["amount"]) == ("DEBIT", shown("250.00"))
    assert (await balance(sender), await balance(recipient)) == (inr("999750.00"), inr("1000250.00"))
    other = transfer | {"amount": money("250.01")}
    assert await do_refused(sender, TRANSFER, input=other) == ("IDEMPOTENCY_KEY_REUSED", ["input", "idempotencyKey"])
    await assert_integrity()


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1e5", "1_000", "٣", "", "1,000.00", 1.5, None])
async def test_what_is_no_amount_is_refused_before_anything_runs(amount: Any) -> None:
    sender, recipient = an_investor(), a_seller()
    transfer = await a_transfer(sender, recipient) | {"amount": {"amount": amount, "currency": "INR"}}
    assert await ask_refused(sender, TRANSFER, input=transfer) in ("INVALID_AMOUNT", "INVALID_VARIABLES")


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"amount": money("-1.00")}, "INVALID_AMOUNT", ["input", "amount"]),
        ({"amount": money("0.00")}, "INVALID_AMOUNT", ["input", "amount"]),
        ({"amount": money("1.001")}, "INVALID_AMOUNT", ["input", "amount"]),
        ({"amount": money("1234567890123456789")}, "INVALID_AMOUNT", ["input", "amount"]),
        ({"amount": money("1.00", "USD")}, "CURRENCY_MISMATCH", ["input", "amount"]),
        ({"amount": money("1000000.01")}, "INSUFFICIENT_FUNDS", ["input", "amount"]),
        ({"description": ""}, "INVALID_INPUT", ["input", "description"]),
        ({"description": "x" * 141}, "INVALID_INPUT", ["input", "description"]),
        ({"toWalletId": encode_id("Wallet", new_id())}, "WALLET_NOT_FOUND", ["input", "toWalletId"]),
        ({"toWalletId": "not an id"}, "NOT_FOUND", ["input", "toWalletId"]),
        ({"idempotencyKey": ""}, "INVALID_INPUT", ["input", "idempotencyKey"]),
    ],
)
async def test_what_a_transfer_is_refused_for(change: dict[str, Any], code: str, field: list[str]) -> None:
    sender, recipient = an_investor(), a_seller()
    transfer = await a_transfer(sender, recipient) | change
    assert await do_refused(sender, TRANSFER, input=transfer) == (code, field)


async def test_nobody_sends_from_somebody_elses_wallet_or_to_the_same() -> None:
    sender, recipient = an_investor(), a_seller()
    stolen = await a_transfer(recipient, sender)
    assert await do_refused(sender, TRANSFER, input=stolen) == ("WALLET_NOT_FOUND", ["input", "fromWalletId"])
    assert await do_refused(sender, TRANSFER, input=await a_transfer(sender, sender)) == (
        "SAME_WALLET",
        ["input", "toWalletId"],
    )
    staff_member = an_actor_of(Role.ACCOUNTANT)
    assert await ask_refused(staff_member, TRANSFER, input=await a_transfer(sender, recipient)) == "FORBIDDEN"


async def test_both_sides_hear_of_a_transfer_and_nobody_else() -> None:
    sender, recipient = an_investor(), a_seller()
    await do(sender, TRANSFER, input=await a_transfer(sender, recipient))
    assert await feed_refused(ANONYMOUS, LIVE) == "UNAUTHENTICATED"
    told = (await heard(sender, LIVE))[-1]
    assert (told["__typename"], told["walletId"]) == ("WalletBalanceChanged", await a_wallet(sender))
    assert [told[name]["amount"] for name in ("change", "balance", "held", "available")] == [
        "-250.00",
        "999750.00",
        "0.00",
        "999750.00",
    ]
    assert [item["change"]["amount"] for item in await heard(recipient, LIVE)] == ["1000000.00", "250.00"]
    assert await heard(an_investor(), LIVE) == []
    assert [item["kind"] for item in await heard(staff(), LIVE, walletId=await a_wallet(sender))] == [
        "wallets.opening_credit",
        "wallets.transfer",
    ]
    assert await feed_refused(recipient, LIVE, walletId=await a_wallet(sender)) == "WALLET_NOT_FOUND"


async def test_a_hold_is_told_with_no_change_of_the_balance() -> None:
    investor = an_investor()
    wallet: Wallet = await wallet_of(investor.id, "INR")
    await hold_funds(wallet=wallet, amount=Money.of(5, "INR"), description="Held for a test")
    told = (await heard(investor, LIVE))[-1]
    assert (told["change"]["amount"], told["held"]["amount"], told["available"]["amount"]) == ("0.00", "5.00", "999995.00")
