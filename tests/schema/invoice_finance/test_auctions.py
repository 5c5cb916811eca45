"""Auctions through the API: bids everybody sees, bidders only the seller knows."""

from __future__ import annotations

from typing import Any

import pytest

from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.permissions import Role
from domain.invoice_finance.models import Invoice
from domain.invoice_finance.states import SaleMethod
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, feed_refused, heard, refused_to_strangers
from tests.support.happenings import assert_integrity
from tests.support.invoices import a_listed_invoice, a_seller, an_actor_of, an_investor, balance, flat, inr, purse, staff
from tests.support.operations import operation

pytestmark = pytest.mark.usefixtures("database")

BID = operation("invoice_finance/PlaceBid")
WITHDRAW = operation("invoice_finance/WithdrawBid")
CLOSE = operation("invoice_finance/CloseAuction")
BIDS = operation("invoice_finance/Bids")
PLACED = operation("invoice_finance/BidPlaced")
CLOSED = operation("invoice_finance/AuctionClosed")


async def an_auction(seller: Actor, **changes: Any) -> Invoice:
    terms = {"face": inr(10_000), "sale_method": SaleMethod.AUCTION, "fee": flat("3")} | changes
    return await a_listed_invoice(seller, **terms)


def about(invoice: Invoice, **more: Any) -> dict[str, Any]:
    return {"invoiceId": encode_id("Invoice", invoice.id)} | more


async def test_the_lowest_rate_wins_and_the_loser_is_free() -> None:
    seller, ravi, meera = a_seller(), an_investor("Ravi Kapoor"), an_investor("Meera Shah")
    invoice = await an_auction(seller)
    order = about(invoice, rate="2.50", idempotencyKey="bid")
    await refused_to_strangers(BID, input=order)
    placed = await do(ravi, BID, input=order)
    assert placed["bid"]["rate"] == placed["invoice"]["auction"]["bestRate"] == "2.50"
    assert (await do(ravi, BID, input=order))["replayed"]
    await do(meera, BID, input=about(invoice, rate="1.75"))
    assert (await purse(ravi)).held == inr(10_000)
    act = about(invoice, idempotencyKey="close")
    await refused_to_strangers(CLOSE, input=act)
    closed = await do(seller, CLOSE, input=act)
    assert (closed["winner"]["rate"], closed["winner"]["bidderName"], closed["invoice"]["status"]) == (
        "1.75",
        "Meera Shah",
        "FUNDED",
    )
    assert (await do(seller, CLOSE, input=act))["replayed"]
    assert (await balance(ravi), await balance(meera), (await purse(ravi)).held) == (inr(1_000_000), inr(990_000), inr(0))
    for viewer in (seller, ravi, meera):
        [end] = await heard(viewer, CLOSED)
        assert (end["winningRate"], end["bidCount"]) == ("1.75", 2)
        assert [item["rate"] for item in await heard(viewer, PLACED)] == ["2.50", "1.75"]
    assert len(await heard(seller, operation("invoice_finance/InvoiceFunded"))) == 1
    assert len(await heard(meera, operation("invoice_finance/InvestmentSuccess"))) == 1
    await assert_integrity()


async def test_who_bid_is_known_to_the_bidder_the_seller_and_staff() -> None:
    seller, ravi, meera = a_seller(), an_investor("Ravi Kapoor"), an_investor("Meera Shah")
    invoice = await an_auction(seller)
    variables = {"invoiceId": encode_id("Invoice", invoice.id)}
    await refused_to_strangers(BIDS, **variables)
    assert (await ask(seller, BIDS, **variables))["nodes"] == []
    for who, rate in ((ravi, "2.50"), (meera, "1.75")):
        await do(who, BID, input=about(invoice, rate=rate))
    everybody = [("1.75", "Meera Shah"), ("2.50", "Ravi Kapoor")]
    for knowing in (seller, staff()):
        assert [(bid["rate"], bid["bidderName"]) for bid in (await ask(knowing, BIDS, **variables))["nodes"]] == everybody
    seen = (await ask(ravi, BIDS, **variables))["nodes"]
    assert [(bid["rate"], bid["bidderName"], bid["mine"]) for bid in seen] == [
        ("1.75", None, False),
        ("2.50", "Ravi Kapoor", True),
    ]
    assert await ask_refused(a_seller(), BIDS, **variables) == "INVOICE_NOT_FOUND"
    assert "Meera" not in str(await heard(ravi, PLACED))


async def test_what_a_bid_is_refused_for() -> None:
    seller, investor = an_actor_of(Role.SELLER, Role.INVESTOR), an_investor()
    invoice = await an_auction(seller)
    await do(investor, BID, input=about(invoice, rate="2.00"))
    rate = ["input", "rate"]
    assert await do_refused(investor, BID, input=about(invoice, rate="2.00")) == ("BID_TOO_HIGH", rate)
    assert await do_refused(an_investor(), BID, input=about(invoice, rate="3.01")) == ("BID_TOO_HIGH", rate)
    assert await do_refused(an_investor(), BID, input=about(invoice, rate="-1.00")) == ("INVALID_INPUT", rate)
    assert await do_refused(an_investor(), BID, input=about(invoice, rate="1.005")) == ("INVALID_INPUT", rate)
    assert await ask_refused(an_investor(), BID, input=about(invoice, rate="NaN")) == "INVALID_AMOUNT"
    assert await do_refused(seller, BID, input=about(invoice, rate="1.00")) == ("SELF_FUNDING", ["input", "invoiceId"])
    fixed = await a_listed_invoice(seller)
    assert await do_refused(investor, BID, input=about(fixed, rate="1.00")) == ("AUCTION_CLOSED", ["input", "invoiceId"])
    large = await an_auction(seller, face=inr(3_000_000))
    assert (await do_refused(investor, BID, input=about(large, rate="1.00")))[0] == "INSUFFICIENT_FUNDS"
    funding = about(invoice, amount={"amount": "10.00", "currency": "INR"})
    fund = operation("invoice_finance/FundInvoice")
    assert await do_refused(investor, fund, input=funding) == ("INVOICE_NOT_OPEN", ["input", "invoiceId"])


async def test_a_bid_is_taken_back() -> None:
    seller, investor = a_seller(), an_investor()
    invoice = await an_auction(seller)
    await do(investor, BID, input=about(invoice, rate="2.00"))
    await refused_to_strangers(WITHDRAW, input=about(invoice))
    assert await do_refused(an_investor(), WITHDRAW, input=about(invoice)) == ("BID_NOT_FOUND", ["input", "invoiceId"])
    assert (await do(investor, WITHDRAW, input=about(invoice)))["bid"]["state"] == "WITHDRAWN"
    assert (await purse(investor)).held == inr(0)
    withdrawn = (await heard(seller, PLACED))[-1]
    assert (withdrawn["__typename"], withdrawn["bestRate"], withdrawn["bidCount"]) == ("BidWithdrawn", None, 0)


async def test_only_the_seller_closes_and_without_bids_it_expires() -> None:
    seller = a_seller()
    invoice = await an_auction(seller)
    assert await do_refused(a_seller(), CLOSE, input=about(invoice)) == ("INVOICE_NOT_FOUND", ["input", "invoiceId"])
    assert await ask_refused(an_investor(), CLOSE, input=about(invoice)) == "FORBIDDEN"
    closed = await do(seller, CLOSE, input=about(invoice))
    assert (closed["winner"], closed["invoice"]["status"]) == (None, "EXPIRED")
    assert await do_refused(seller, CLOSE, input=about(invoice)) == ("AUCTION_CLOSED", ["input", "invoiceId"])
    assert await feed_refused(ANONYMOUS, CLOSED) == "UNAUTHENTICATED"
    [end] = await heard(seller, CLOSED, invoiceId=encode_id("Invoice", invoice.id))
    assert end["winningRate"] is None
