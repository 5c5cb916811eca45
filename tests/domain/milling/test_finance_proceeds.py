"""What investors paid for invoices of the mill: from the seller's wallet into the mill, or on to a supplier."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.invoice_finance.service import record_invoice_payment
from domain.kit import clock, database
from domain.kit.errors import CurrencyMismatch, DomainError, Forbidden, InvalidAmount, InvalidInput
from domain.kit.money import Money
from domain.ledger.chart import BANK
from domain.milling.accounts import FINANCE_ADVANCES, FINANCE_COSTS, FINANCE_PROCEEDS, TRADE_PAYABLES, TRADE_RECEIVABLES
from domain.milling.errors import ChannelNotPossible, ExceedsDue, ExceedsProceeds, PurchaseNotOpen
from domain.milling.handlers import follower
from domain.milling.models import Proceeds
from domain.milling.queries.proceeds import finance_proceeds
from domain.milling.service.proceeds import collect_finance_proceeds
from domain.milling.service.supplier_payments import pay_purchase, record_supplier_refund, reverse_supplier_payment
from domain.milling.states import PaymentMethod, ProceedsKind
from domain.wallets.queries import balances_of
from domain.wallets.service import transfer_funds, wallet_of
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.milling import in_books
from tests.support.offered_sales import Offer, an_offer, everybody_hears
from tests.support.people import a_user, actor_for
from tests.support.purchases import BILLED, a_mill, a_purchase, now
from tests.support.races import outcomes_of
from tests.support.sales import mill_money

pytestmark = pytest.mark.usefixtures("database")

WALLET = PaymentMethod.WALLET


async def a_financed_sale() -> Offer:
    """Investors have paid 4,800.00 into the wallet of whoever offered a sale for 6,000.00, and take 120.00 for it."""
    offer = await an_offer(advance_rate=Decimal(80), fee_rate=Decimal(2))
    await offer.fund()
    await everybody_hears()
    return offer


async def in_wallet(actor: Actor) -> int:
    currency = mill_money(0).currency
    wallet = await wallet_of(actor.id, currency)
    return int(await database.fetchval("select balance_minor from ledger_account where id = $1", wallet.account_id))


async def books() -> list[int]:
    return [await in_books(each) for each in (FINANCE_PROCEEDS, FINANCE_ADVANCES, FINANCE_COSTS, TRADE_RECEIVABLES)]


async def test_what_investors_pay_is_the_mills_from_the_advance_to_the_rebate() -> None:
    offer = await a_financed_sale()
    before = await in_wallet(offer.seller)
    assert await books() == [4_800_00, -4_800_00, 0, 6_000_00]
    collected = await collect_finance_proceeds(offer.seller, amount=mill_money(1_000))
    assert (collected.amount, collected.proceeds.available) == (mill_money(1_000), mill_money(3_800))
    assert (await in_wallet(offer.seller), await books()) == (before - 1_000_00, [3_800_00, -4_800_00, 0, 6_000_00])
    accountant = await actor_for(await a_user(Role.ACCOUNTANT))
    await record_invoice_payment(accountant, invoice_id=(await offer.invoice()).id, amount=mill_money(6_000))
    await everybody_hears()
    assert await books() == [4_880_00, 0, 120_00, 0]
    assert (await collect_finance_proceeds(offer.seller)).amount == mill_money(4_880)
    assert (await books(), await in_wallet(offer.seller)) == ([0, 0, 120_00, 0], before - 4_800_00)
    stands = await finance_proceeds(offer.seller)
    assert (stands.received, stands.collected, stands.spent) == (mill_money(5_880), mill_money(5_880), mill_money(0))
    told = [each.fact for each in await events_so_far() if each.name == "milling.proceeds_changed"]
    assert [(each.kind, each.available) for each in told] == [
        (ProceedsKind.RECEIVED, mill_money(4_800)),
        (ProceedsKind.COLLECTED, mill_money(3_800)),
        (ProceedsKind.RECEIVED, mill_money(4_880)),
        (ProceedsKind.COLLECTED, mill_money(0)),
    ]
    await assert_integrity()


async def test_what_was_heard_before_comes_once() -> None:
    offer = await a_financed_sale()
    heard = [each for each in await events_so_far() if each.name == "invoice_finance.invoice_updated"]
    async with nothing_happens():
        for logged in heard:
            await follower.react(logged)
    assert (await finance_proceeds(offer.seller)).received == mill_money(4_800)


async def test_a_supplier_is_paid_out_of_the_wallet() -> None:
    offer = await a_financed_sale()
    before, mill = await in_wallet(offer.seller), await a_mill()
    purchase, bank = await a_purchase(mill, up_to=BILLED), await in_books(BANK)
    paid = await pay_purchase(offer.seller, purchase_id=purchase.id, method=WALLET, note="Out of what investors paid")
    assert (paid.payment.method, paid.payment.wallet_owner_id, paid.payment.amount) == (
        WALLET, offer.seller.id, mill_money(1_000),
    )  # fmt: skip
    assert (await now(purchase)).due_amount == mill_money(0)
    assert [await in_books(each) for each in (TRADE_PAYABLES, FINANCE_PROCEEDS)] == [0, 3_800_00]
    assert await in_books(BANK) == bank - 1_000_00
    assert await in_wallet(offer.seller) == before - 1_000_00
    spent = await Proceeds.get(kind=ProceedsKind.SPENT)
    assert (spent.payment_id, spent.amount) == (paid.payment.id, mill_money(-1_000))
    async with nothing_happens():
        with pytest.raises(ChannelNotPossible):
            await reverse_supplier_payment(offer.seller, payment_id=paid.payment.id, reason="A slip")
    await assert_integrity()


async def test_nobody_takes_twice_what_is_there_once() -> None:
    offer, mill = await a_financed_sale(), await a_mill()
    purchases = [await a_purchase(mill, up_to=BILLED) for _ in range(3)]
    acts = [pay_purchase(offer.seller, purchase_id=each.id, method=WALLET) for each in purchases]
    sweeps = [collect_finance_proceeds(offer.seller, amount=mill_money(2_000)) for _ in range(3)]
    await outcomes_of([*acts, *sweeps])
    stands = await finance_proceeds(offer.seller)
    assert stands.available < mill_money(2_000) and stands.available.amount_minor >= 0
    assert stands.collected + stands.spent + stands.available == stands.received == mill_money(4_800)
    await assert_integrity()


async def test_what_is_refused_changes_nothing() -> None:
    offer, mill = await a_financed_sale(), await a_mill()
    stranger = await actor_for(await a_user(Role.MILL_MANAGER))
    purchase, order = await a_purchase(mill, up_to=BILLED), await a_purchase(mill)
    big = await a_purchase(mill, up_to=BILLED)

    async def pay(actor: Actor, **said: Any) -> None:
        await pay_purchase(actor, **{"purchase_id": purchase.id, "method": WALLET, **said})

    for kind, act in (
        (ExceedsProceeds, lambda: collect_finance_proceeds(offer.seller, amount=mill_money("4800.01"))),
        (ExceedsProceeds, lambda: collect_finance_proceeds(stranger)),
        (InvalidAmount, lambda: collect_finance_proceeds(offer.seller, amount=mill_money(0))),
        (InvalidAmount, lambda: collect_finance_proceeds(offer.seller, amount=mill_money(-1))),
        (CurrencyMismatch, lambda: collect_finance_proceeds(offer.seller, amount=Money(1, "GHS"))),
        (Forbidden, lambda: collect_finance_proceeds(mill.keeper)),
        (ExceedsProceeds, lambda: pay(stranger)),
        (ExceedsDue, lambda: pay(offer.seller, amount=mill_money(1_001))),
        (PurchaseNotOpen, lambda: pay(offer.seller, purchase_id=order.id, amount=mill_money(1))),
        (InvalidInput, lambda: pay(offer.seller, paid_at=clock.now())),
        (InvalidInput, lambda: record_supplier_refund(offer.seller, purchase_id=big.id, method=WALLET)),
    ):
        async with nothing_happens():
            with pytest.raises(kind):
                await act()


async def test_what_the_seller_has_spent_is_not_there() -> None:
    """The wallet is the seller's: what is gone from there cannot be brought in, and stays what they owe the mill."""
    offer = await a_financed_sale()
    other = await actor_for(await a_user(Role.INVESTOR))
    mine, theirs = [await wallet_of(each.id, mill_money(0).currency) for each in (offer.seller, other)]
    all_of_it = (await balances_of([mine.id]))[mine.id].balance
    await transfer_funds(offer.seller, from_wallet_id=mine.id, to_wallet_id=theirs.id, amount=all_of_it)
    async with nothing_happens():
        with pytest.raises(DomainError) as refused:
            await collect_finance_proceeds(offer.seller)
    assert refused.value.code == "INSUFFICIENT_FUNDS"
    assert (await finance_proceeds(offer.seller)).available == mill_money(4_800)
    await assert_integrity()


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("update mill_proceeds set amount_minor = 1", "stays as it is"),
        ("delete from mill_proceeds", "stays as it is"),
        (
            "insert into mill_proceeds (id, seller_id, kind, currency, amount_minor, entry_id, created_by_id, created_at, "
            "correlation_id) select gen_random_uuid(), seller_id, 'COLLECTED', currency, -480001, entry_id, created_by_id, "
            "now(), correlation_id from mill_proceeds",
            "more was taken than came",
        ),
    ],
)
async def test_the_tables_hold_whoever_writes(sql: str, said: str) -> None:
    await a_financed_sale()
    async with nothing_happens():
        with pytest.raises(asyncpg.CheckViolationError, match=said):
            await database.execute(sql)
