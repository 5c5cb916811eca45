"""The database's own guards, and the checks that would find damage which came past them."""

from __future__ import annotations

import pytest

from domain.invoice_finance.models import Invoice
from domain.invoice_finance.service import create_invoice, fund_invoice, place_bid, settle_invoice
from domain.invoice_finance.states import TRANSITIONS, FundingMode, InvoiceStatus, SaleMethod
from domain.kit.checks import recompute
from domain.kit.database import connection, execute
from tests.support.invoices import (
    a_debtor,
    a_funded_invoice,
    a_listed_invoice,
    a_seller,
    an_investor,
    flat,
    inr,
    terms,
)

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize(
    ("change", "guard"),
    [
        ("funded_minor = -1", "invoice_funded_is_within_requested"),
        ("funded_minor = requested_minor + 1", "invoice_funded_is_within_requested"),
        ("funded_minor = 1", "invoice_unfunded_states_hold_nothing"),
        ("status = 'PARTIALLY_FUNDED'", "invoice_partly_funded_is_between"),
        ("status = 'FUNDED'", "invoice_financed_states_are_filled"),
        ("status = 'SOLD'", "invoice_status_is_known"),
        ("status = 'EXPIRED'", "invoice_end_has_a_time"),
        ("requested_minor = face_minor + 1", "invoice_requested_is_within_face"),
        ("repaid_minor = 1", "invoice_re.*"),
        ("repaid_minor = 1, seller_paid_minor = 1", "invoice_repaid_only_when_financed"),
        ("loss_minor = 1", "invoice_loss_ends_a_recovery"),
        ("default_fee_minor = 1", "invoice_default_fee_needs_a_default"),
        ("awarded_rate_bps = 0", "invoice_award_comes_of_an_auction"),
        ("listed_at = null", "invoice_listed_has_a_time"),
        ("face_minor = face_minor + 1", "the terms of a listed invoice are fixed"),
        ("seller_id = gen_random_uuid()", "the terms of a listed invoice are fixed"),
        ("fee_rate_bps = 1", "the terms of a listed invoice are fixed"),
    ],
)
async def test_an_invoice_cannot_be_made_to_contradict_itself(change: str, guard: str) -> None:
    await a_listed_invoice(a_seller(), fee=flat("2"))
    with pytest.raises(Exception, match=guard):
        await execute(f"update invoice set {change}")


async def test_nobody_owes_to_themselves() -> None:
    await create_invoice(a_seller(), terms=terms(), draft=True)
    with pytest.raises(Exception, match="invoice_debtor_is_not_the_seller"):
        await execute("update invoice set debtor_id = seller_id")


async def test_a_settled_invoice_is_repaid_to_the_end() -> None:
    await a_funded_invoice(a_seller(), an_investor(), face=inr(10_000))
    with pytest.raises(Exception, match="invoice_settled_is_repaid"):
        await execute("update invoice set status = 'SETTLED', ended_at = now()")
    with pytest.raises(Exception, match="invoice_repaid_is_within_face"):
        await execute(
            """update invoice set status = 'OVERDUE', repaid_minor = face_minor + 1, investors_paid_minor = face_minor + 1"""
        )


async def test_a_bidder_has_one_bid_that_stands() -> None:
    invoice, bidder = await a_listed_invoice(a_seller(), sale_method=SaleMethod.AUCTION), an_investor()
    await place_bid(bidder, invoice_id=invoice.id, rate=invoice.fee.rate)
    with pytest.raises(Exception, match="bid_one_stands"):
        await execute(
            """insert into bid select gen_random_uuid(), invoice_id, bidder_id, bidder_name, rate_bps, amount_minor,
                      currency, hold_id, state, placed_at, ended_at from bid"""
        )


def test_every_state_says_what_may_follow_it_and_the_ends_are_final() -> None:
    assert set(TRANSITIONS) == set(InvoiceStatus)
    assert {status for status, following in TRANSITIONS.items() if not following} == {
        InvoiceStatus.SETTLED, InvoiceStatus.RECOVERED, InvoiceStatus.CANCELLED, InvoiceStatus.EXPIRED,
    }  # fmt: skip
    reachable, fresh = {InvoiceStatus.DRAFT}, {InvoiceStatus.DRAFT}
    while fresh:
        fresh = {after for before in fresh for after in TRANSITIONS[before]} - reachable
        reachable |= fresh
    assert reachable == set(InvoiceStatus)


def test_a_step_that_is_not_allowed_is_our_own_mistake() -> None:
    invoice = Invoice(status=InvoiceStatus.SETTLED)
    with pytest.raises(AssertionError, match="from SETTLED to LISTED"):
        invoice.become(InvoiceStatus.LISTED)


OVERSTATED = "update invoice_payment set amount_minor = amount_minor + 1, seller_minor = seller_minor + 1"


@pytest.mark.parametrize(
    ("damage", "check"),
    [
        ("update investment set amount_minor = amount_minor + 1 where state = 'ACTIVE'", "shares_sum_to_funded"),
        ("update investment set amount_minor = amount_minor + 1 where state = 'ACTIVE'", "sellers_got_what_is_funded"),
        (
            "update invoice_payment set amount_minor = amount_minor + 1, seller_minor = seller_minor + 1",
            "repaid_is_payments",
        ),
        (OVERSTATED, "repayments_are_in_the_journal"),
        ("update payout set amount_minor = amount_minor - 1", "payouts_sum_to_payments"),
        ("update investment set paid_minor = paid_minor + 1 where paid_minor > 0", "paid_back_is_payouts"),
        ("update investment set state = 'RELEASED', ended_at = now() where state = 'HELD'", "holds_match"),
        ("update invoice set seller_id = (select investor_id from investment limit 1)", "nobody_finances_themselves"),
    ],
)
async def test_damage_is_found(damage: str, check: str) -> None:
    seller, investor, debtor = a_seller(), an_investor(), await a_debtor()
    paid = await a_funded_invoice(seller, investor, debtor_id=debtor.id, face=inr(10_000))
    await settle_invoice(debtor, invoice_id=paid.id, amount=inr(2_500))
    waiting = await a_listed_invoice(seller, funding_mode=FundingMode.ALL_OR_NOTHING)
    await fund_invoice(investor, invoice_id=waiting.id, amount=inr(5_000))
    assert not [result.check.name for result in await recompute() if not result.holds]
    async with connection() as c, c.transaction():
        await c.execute("set local session_replication_role = replica")
        await c.execute(damage)
    broken = {result.check.name for result in await recompute() if not result.holds}
    assert check in broken
