"""Who sees which invoice, in every state that it can be in."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.permissions import Role
from domain.invoice_finance import market, queries
from domain.invoice_finance.errors import InvoiceNotFound
from domain.invoice_finance.market import MarketFilter
from domain.invoice_finance.models import Invoice
from domain.invoice_finance.service import (
    close_auction,
    create_invoice,
    fund_invoice,
    place_bid,
    settle_invoice,
    withdraw_invoice,
)
from domain.invoice_finance.service.listing import expire_offer
from domain.invoice_finance.states import InvestmentState, SaleMethod
from domain.kit import clock
from domain.kit.errors import Forbidden, InvalidInput, Unauthenticated
from domain.kit.ids import new_id
from domain.kit.paging import PageRequest
from tests.support.invoices import (
    a_debtor,
    a_funded_invoice,
    a_listed_invoice,
    a_seller,
    an_actor_of,
    an_investor,
    flat,
    inr,
    staff,
    terms,
)

pytestmark = pytest.mark.usefixtures("database")

PAGE = PageRequest()


class Cast:
    """Everybody who might look at an invoice."""

    def __init__(self, debtor: Actor) -> None:
        self.seller, self.debtor, self.holder, self.staff = a_seller(), debtor, an_investor(), staff()
        self.investor, self.other_seller = an_investor("Meera Shah"), a_seller("Other Mills")

    async def who_see(self, invoice: Invoice) -> set[str]:
        return {
            name for name, actor in vars(self).items() if invoice.id in await queries.invoices_by_id(actor, [invoice.id])
        }


async def test_who_sees_an_invoice_as_it_goes_along() -> None:
    cast = Cast(await a_debtor())
    own = {"debtor_id": cast.debtor.id, "face": inr(1_000)}
    draft = await create_invoice(cast.seller, terms=terms(**own), draft=True)
    assert await cast.who_see(draft) == {"seller", "staff"}
    listed = await a_listed_invoice(cast.seller, **own)
    assert await cast.who_see(listed) == {"seller", "debtor", "staff", "holder", "investor"}
    await fund_invoice(cast.holder, invoice_id=listed.id, amount=inr(400))
    assert await cast.who_see(listed) == {"seller", "debtor", "staff", "holder", "investor"}
    await fund_invoice(cast.holder, invoice_id=listed.id, amount=inr(600))
    assert await cast.who_see(listed) == {"seller", "debtor", "staff", "holder"}
    await settle_invoice(cast.debtor, invoice_id=listed.id)
    assert await cast.who_see(listed) == {"seller", "debtor", "staff", "holder"}
    withdrawn = await a_listed_invoice(cast.seller, **own)
    await withdraw_invoice(cast.seller, invoice_id=withdrawn.id)
    assert await cast.who_see(withdrawn) == {"seller", "debtor", "staff"}
    expired = await a_listed_invoice(cast.seller, **own)
    with clock.clock_set_to(expired.funding_deadline_at + timedelta(seconds=1)):
        assert await expire_offer(expired.id)
    assert await cast.who_see(expired) == {"seller", "debtor", "staff"}


async def test_those_who_bid_see_how_the_auction_went_on() -> None:
    cast = Cast(await a_debtor())
    auction = await a_listed_invoice(cast.seller, sale_method=SaleMethod.AUCTION, fee=flat("3"), face=inr(1_000))
    await place_bid(cast.holder, invoice_id=auction.id, rate=Decimal(2))
    await place_bid(an_investor(), invoice_id=auction.id, rate=Decimal(1))
    await close_auction(cast.seller, invoice_id=auction.id)
    assert await cast.who_see(auction) == {"seller", "staff", "holder"}
    [lost, won] = sorted((await queries.bids(cast.holder, PAGE, invoice_id=auction.id)).rows, key=lambda bid: -bid.rate_bps)
    assert queries.knows_bidder(cast.holder, lost, auction)
    assert not queries.knows_bidder(cast.holder, won, auction)
    assert queries.knows_bidder(cast.seller, won, auction)


async def test_everything_about_an_invoice_one_may_not_see_is_missing() -> None:
    invoice, stranger = await a_funded_invoice(a_seller(), an_investor()), an_investor()
    for ask in (queries.bids, queries.invoice_messages, queries.investments):
        for missing in (invoice.id, new_id()):
            with pytest.raises(InvoiceNotFound):
                await ask(stranger, PAGE, invoice_id=missing)
    for load in (queries.investments_of, queries.standing_bids_of, queries.payments_of):
        assert await load(stranger, [invoice.id]) == {}


async def test_reading_needs_the_permission() -> None:
    teacher = an_actor_of(Role.TEACHER)
    for ask in (queries.invoices, queries.investments, market.marketplace):
        with pytest.raises(Forbidden):
            await ask(teacher, PAGE)
        with pytest.raises(Unauthenticated):
            await ask(ANONYMOUS, PAGE)


async def test_investments_are_paged_by_keyset() -> None:
    investor, seller = an_investor(), a_seller()
    invoice = await a_listed_invoice(seller, face=inr(1_000))
    for amount in (100, 200, 300):
        await fund_invoice(investor, invoice_id=invoice.id, amount=inr(amount))
    first = await queries.investments(investor, PageRequest(first=2), states=[InvestmentState.ACTIVE])
    # A new row in front of the list does not shift the next page.
    await fund_invoice(investor, invoice_id=invoice.id, amount=inr(400))
    second = await queries.investments(investor, PageRequest(first=2, after=first.cursors[-1]))
    assert [row.amount for row in (*first.rows, *second.rows)] == [inr(300), inr(200), inr(100)]
    assert (first.has_next, second.has_next) == (True, False)
    assert await second.count() == 4


async def test_a_filter_is_about_one_currency_and_plain_words() -> None:
    investor = an_investor()
    for wanted in (
        MarketFilter(currency="USD", max_remaining=inr(5)),
        MarketFilter(search="x" * 101),
        MarketFilter(search="\x00"),
        MarketFilter(min_yield=Decimal("1.005")),
    ):
        with pytest.raises(InvalidInput):
            await market.marketplace(investor, PAGE, wanted=wanted)
