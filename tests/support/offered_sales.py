"""Sales whose invoices are offered to investors, and everybody who hears of that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.events.listeners import catch_up, every_listener
from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.invoice_finance.models import Invoice
from domain.invoice_finance.service import fund_invoice
from domain.milling.models import Sale
from domain.milling.service.financing import FinanceTerms, offer_sale_for_finance
from domain.milling.service.sale_invoices import invoice_sale
from tests.support.happenings import events_so_far
from tests.support.people import a_user, actor_for
from tests.support.sales import Shop, a_registered_customer, a_sale, a_shop, flour, put_into_wallet


async def everybody_hears() -> None:
    """The log is numbered, and read by all who listen, until nobody has anything to say any more."""
    for _ in range(4):
        await events_so_far()
        for each in every_listener():
            await catch_up(each)
    await events_so_far()


@dataclass
class Offer:
    """A sale of 100 kg for 6,000.00 to a registered customer, offered by a manager who is a registered user."""

    shop: Shop
    seller: Actor
    sale: Sale

    async def now(self) -> Sale:
        await everybody_hears()
        return await Sale.get(id=self.sale.id)

    async def invoice(self) -> Invoice:
        await everybody_hears()
        assert self.sale.finance_invoice_id is not None
        return await Invoice.get(id=self.sale.finance_invoice_id)

    async def fund(self) -> Invoice:
        """All of it is funded by one investor."""
        investor = await actor_for(await a_user(Role.INVESTOR, name="Ravi Kapoor"))
        await put_into_wallet(investor.id, 10_000)
        invoice = await self.invoice()
        return (await fund_invoice(investor, invoice_id=invoice.id, amount=invoice.requested_amount)).invoice


async def an_offer(*roles: Role, **terms: Any) -> Offer:
    shop = await a_shop()
    seller = await actor_for(await a_user(Role.MILL_MANAGER, name="Wanjiku Kimani"))
    customer = await a_registered_customer(*roles)
    sale = await a_sale(shop, flour(shop, 100), customer=customer)
    await invoice_sale(seller, sale_id=sale.id)
    return Offer(shop, seller, await offer_sale_for_finance(seller, sale_id=sale.id, terms=FinanceTerms(**terms)))
