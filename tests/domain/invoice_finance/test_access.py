"""Who sees which invoice, who hears of what, and what is said about it: investors stay unknown to each other."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.permissions import Role
from domain.invoice_finance.access import visible_invoices
from domain.invoice_finance.errors import InvoiceNotFound
from domain.invoice_finance.models import Invoice
from domain.invoice_finance.service import (
    create_invoice,
    fund_invoice,
    place_bid,
    send_invoice_message,
    settle_invoice,
    withdraw_invoice,
)
from domain.invoice_finance.states import FundingMode, Party, SaleMethod
from domain.kit.errors import Forbidden, InvalidInput, Unauthenticated
from domain.kit.ids import new_id
from tests.support.happenings import events_so_far, nothing_happens
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


async def sees(actor: Actor, invoice: Invoice) -> bool:
    return await visible_invoices(actor).filter(id=invoice.id).exists()


async def test_a_draft_is_seen_by_its_seller_and_staff_alone() -> None:
    seller, debtor = a_seller(), await a_debtor()
    draft = await create_invoice(seller, terms=terms(debtor_id=debtor.id), draft=True)
    assert [await sees(who, draft) for who in (seller, staff())] == [True, True]
    assert not any([await sees(who, draft) for who in (debtor, an_investor(), a_seller())])


async def test_an_open_invoice_is_seen_by_every_investor_and_by_no_other_seller() -> None:
    seller, debtor = a_seller(), await a_debtor()
    invoice = await a_listed_invoice(seller, debtor_id=debtor.id)
    assert all([await sees(who, invoice) for who in (seller, debtor, an_investor(), staff())])
    assert not any([await sees(who, invoice) for who in (a_seller(), an_actor_of(Role.DEBTOR), ANONYMOUS)])


async def test_a_financed_invoice_is_seen_by_those_who_have_a_part_in_it() -> None:
    seller, investor = a_seller(), an_investor()
    invoice = await a_funded_invoice(seller, investor, face=inr(10_000))
    assert [await sees(who, invoice) for who in (seller, investor, an_investor())] == [True, True, False]


async def test_who_held_money_or_bid_still_sees_what_became_of_it() -> None:
    seller, holder, bidder = a_seller(), an_investor(), an_investor()
    offer = await a_listed_invoice(seller, funding_mode=FundingMode.ALL_OR_NOTHING)
    await fund_invoice(holder, invoice_id=offer.id, amount=inr(5_000))
    auction = await a_listed_invoice(seller, sale_method=SaleMethod.AUCTION, fee=flat("5"))
    await place_bid(bidder, invoice_id=auction.id, rate=Decimal(2))
    for invoice in (offer, auction):
        await withdraw_invoice(seller, invoice_id=invoice.id)
    assert [await sees(holder, invoice) for invoice in (offer, auction)] == [True, False]
    assert [await sees(bidder, invoice) for invoice in (offer, auction)] == [False, True]


async def test_no_event_of_a_whole_life_reaches_a_stranger_or_names_an_investor_to_another() -> None:
    seller, debtor = a_seller(), await a_debtor()
    first, second = an_investor("Ravi"), an_investor("Meera")
    invoice = await a_listed_invoice(seller, debtor_id=debtor.id, face=inr(10_000), fee=flat("0"))
    await fund_invoice(first, invoice_id=invoice.id, amount=inr(4_000))
    await fund_invoice(second, invoice_id=invoice.id, amount=inr(6_000))
    await send_invoice_message(first, invoice_id=invoice.id, body="When will it be paid?")
    await settle_invoice(debtor, invoice_id=invoice.id)
    told = [each for each in await events_so_far() if each.domain == "invoice_finance"]
    strangers = {"seller": a_seller(), "debtor": an_actor_of(Role.DEBTOR), "guardian": an_actor_of(Role.GUARDIAN)}
    for who, stranger in strangers.items():
        assert not any(stranger.audiences & each.audience for each in told), who
    heard_by_second = [each for each in told if second.audiences & each.audience]
    assert heard_by_second
    assert not any(str(first.id) in each.payload or "Ravi" in each.payload for each in heard_by_second)
    late_investor = an_investor()
    assert {each.name.split(".")[1] for each in told if late_investor.audiences & each.audience} == {
        "invoice_listed", "invoice_updated",
    }  # fmt: skip
    last = told[-1]
    assert last.fact.invoice.status.value == "SETTLED"
    assert not late_investor.audiences & last.audience


async def test_a_conversation_knows_investors_by_number() -> None:
    seller, debtor, clerk = a_seller("Sita Mills"), await a_debtor("Big Bazaar"), staff()
    first, second = an_investor("Ravi"), an_investor("Meera")
    invoice = await a_listed_invoice(seller, debtor_id=debtor.id)
    said = [
        await send_invoice_message(who, invoice_id=invoice.id, body=" Hello\nthere ")
        for who in (first, seller, second, first, debtor, clerk)
    ]
    assert [(each.author_party, each.author_label) for each in said] == [
        (Party.INVESTOR, "Investor 1"),
        (Party.SELLER, "Sita Mills"),
        (Party.INVESTOR, "Investor 2"),
        (Party.INVESTOR, "Investor 1"),
        (Party.DEBTOR, "Big Bazaar"),
        (Party.STAFF, "Staff"),
    ]
    assert said[0].body == "Hello\nthere"
    told = [each for each in await events_so_far() if each.name == "invoice_finance.invoice_message_sent"]
    assert len(told) == 6
    assert f"invoice:{invoice.id}" in told[0].topics and "marketplace" not in told[0].topics
    assert "Ravi" not in told[0].payload and str(first.id) not in told[0].payload


async def test_what_cannot_be_said_and_by_whom() -> None:
    seller, investor = a_seller(), an_investor()
    invoice = await a_funded_invoice(seller, investor, face=inr(10_000))
    async with nothing_happens():
        for body in ("", "  \n ", "x" * 2_001, "bell \x07"):
            with pytest.raises(InvalidInput):
                await send_invoice_message(seller, invoice_id=invoice.id, body=body)
        for who in (an_investor(), a_seller()):
            with pytest.raises(InvoiceNotFound):
                await send_invoice_message(who, invoice_id=invoice.id, body="hello")
        with pytest.raises(InvoiceNotFound):
            await send_invoice_message(seller, invoice_id=new_id(), body="hello")
        with pytest.raises(Forbidden):
            await send_invoice_message(an_actor_of(Role.GUARDIAN), invoice_id=invoice.id, body="hello")
        with pytest.raises(Unauthenticated):
            await send_invoice_message(ANONYMOUS, invoice_id=invoice.id, body="hello")
