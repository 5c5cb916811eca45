"""Two months of invoice finance, with invoices in every state that one can be in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from api.demo import people
from api.demo.people import DemoPerson
from api.demo.stage import Say, Stage
from domain.identity.actor import Actor
from domain.invoice_finance import service
from domain.invoice_finance.models import Invoice
from domain.invoice_finance.rules import FeeTerms, FeeTier
from domain.invoice_finance.service import InvoiceTerms
from domain.invoice_finance.states import FeeMethod, Industry, SaleMethod
from domain.kit import clock
from domain.kit.money import Money

BEGAN_DAYS_AGO: Final = 60


def inr(amount: int | str) -> Money:
    return Money.of(amount, "INR")


async def tell(stage: Stage, say: Say) -> None:
    for chapter in CHAPTERS:
        say((chapter.__doc__ or "").strip().rstrip("."))
        await chapter(_Cast(stage))


class _Cast:
    """The stage, with days counted from the beginning of this story."""

    def __init__(self, stage: Stage) -> None:
        self.actors = stage.actors
        self._stage = stage

    def acting(self, person: DemoPerson, day: int) -> AbstractContextManager[Actor]:
        return self._stage.acting(person, self._stage.morning(BEGAN_DAYS_AGO - day))


async def settled_in_time(cast: _Cast) -> None:
    """an invoice that was funded by two and paid in time."""
    invoice = await offer(cast, 0, "AT-2001", "200000.00", due_in=30, advance="80", fee="3")
    await fund(cast, people.INVESTOR, 1, invoice, "100000.00")
    await fund(cast, people.SECOND_INVESTOR, 2, invoice, "60000.00")
    with cast.acting(people.DEBTOR, 28) as debtor:
        await service.settle_invoice(debtor, invoice_id=invoice.id)


async def partly_repaid(cast: _Cast) -> None:
    """an invoice of which the debtor has paid a part."""
    invoice = await offer(cast, 10, "AT-2002", "150000.00", due_in=70, advance="90", fee="2.5")
    await fund(cast, people.SECOND_INVESTOR, 11, invoice, "135000.00")
    with cast.acting(people.DEBTOR, 40) as debtor:
        await service.settle_invoice(debtor, invoice_id=invoice.id, amount=inr("50000.00"))


async def overdue_and_default(cast: _Cast) -> None:
    """an invoice that is overdue, and one that is in default."""
    late = await offer(cast, 12, "AT-2003", "80000.00", due_in=46, advance="80", fee="4")
    await fund(cast, people.INVESTOR, 13, late, "64000.00")
    lost = await offer(cast, 5, "AT-2004", "60000.00", due_in=20, advance="75", fee="5")
    await fund(cast, people.SECOND_INVESTOR, 6, lost, "45000.00")


async def auction(cast: _Cast) -> None:
    """an auction with two bids, which goes on."""
    with cast.acting(people.SELLER, 58) as seller:
        invoice = await service.create_invoice(
            seller,
            terms=InvoiceTerms(
                number="AT-2010",
                debtor_name="Metro Retail",
                debtor_id=cast.actors[people.DEBTOR].id,
                face=inr("120000.00"),
                due_on=clock.today() + timedelta(days=60),
                industry=Industry.RETAIL,
                description="Winter collection, to be sold to the cheapest bid.",
                advance_rate=Decimal(80),
                fee=FeeTerms(FeeMethod.FLAT, rate_bps=600),
                funding_deadline_at=clock.now() + timedelta(days=9),
                sale_method=SaleMethod.AUCTION,
            ),
        )
    for person, day, rate in ((people.THIRD_INVESTOR, 58, "4.50"), (people.INVESTOR, 59, "4.10")):
        with cast.acting(person, day) as bidder:
            await service.place_bid(bidder, invoice_id=invoice.id, rate=Decimal(rate))


async def marketplace(cast: _Cast) -> None:
    """a marketplace with open invoices and a first conversation."""
    half = await offer(cast, 55, "AT-2011", "300000.00", due_in=45, advance="85", fee="3.25")
    await fund(cast, people.INVESTOR, 56, half, "100000.00")
    tiers = (FeeTier(30, 150), FeeTier(60, 300), FeeTier(90, 450))
    await offer(cast, 57, "BM-1001", "250000.00", due_in=75, advance="80", seller=people.SECOND_SELLER, tiers=tiers)
    await offer(cast, 58, "AT-2012", "90000.00", due_in=30, advance="70", fee="2")
    with cast.acting(people.SECOND_INVESTOR, 58) as investor:
        await service.send_invoice_message(investor, invoice_id=half.id, body="Is delivery of the goods confirmed?")
    with cast.acting(people.SELLER, 59) as seller:
        await service.send_invoice_message(seller, invoice_id=half.id, body="Yes, the debtor signed for them on Monday.")


CHAPTERS: Final[tuple[Callable[[_Cast], Awaitable[None]], ...]] = (
    settled_in_time,
    partly_repaid,
    overdue_and_default,
    auction,
    marketplace,
)


async def offer(
    cast: _Cast,
    day: int,
    number: str,
    face: str,
    *,
    due_in: int,
    advance: str,
    fee: str = "0",
    seller: DemoPerson = people.SELLER,
    tiers: tuple[FeeTier, ...] = (),
) -> Invoice:
    """List an invoice on the demo debtor."""
    terms: Any = FeeTerms(FeeMethod.FLAT, rate_bps=int(Decimal(fee) * 100))
    if tiers:
        terms = FeeTerms(FeeMethod.TIERED, tiers=tiers)
    with cast.acting(seller, day) as actor:
        return await service.create_invoice(
            actor,
            terms=InvoiceTerms(
                number=number,
                debtor_name="Metro Retail",
                debtor_id=cast.actors[people.DEBTOR].id,
                face=inr(face),
                due_on=clock.today() + timedelta(days=due_in),
                industry=Industry.MANUFACTURING if seller is people.SELLER else Industry.AGRICULTURE,
                description=f"Goods delivered under order {number}.",
                advance_rate=Decimal(advance),
                fee=terms,
            ),
        )


async def fund(cast: _Cast, person: DemoPerson, day: int, invoice: Invoice, amount: str) -> UUID:
    with cast.acting(person, day) as investor:
        return (await service.fund_invoice(investor, invoice_id=invoice.id, amount=inr(amount))).investment.id
