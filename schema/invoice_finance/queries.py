"""Reading invoices, the marketplace and what people see at a glance."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.invoice_finance import dashboards, market, models, queries
from domain.invoice_finance.errors import InvoiceNotFound
from domain.invoice_finance.market import MarketSort
from domain.invoice_finance.risk import risk_scores
from domain.invoice_finance.states import InvestmentState, InvoiceStatus, Party
from domain.kit.paging import Page, PageRequest
from schema.invoice_finance.dashboards import InvestorAnalytics, Portfolio, UserDashboard
from schema.invoice_finance.inputs import MarketplaceFilter
from schema.invoice_finance.risk import RiskScore
from schema.invoice_finance.types import Bid, Investment, Invoice, InvoiceMessage
from schema.kit import ID, CurrencyCode, Info, argument, listing, query, read_id

InvoiceId = Annotated[ID, argument("The invoice.")]
InCurrency = Annotated[CurrencyCode | None, argument("In which currency; the house's default when left out.")]


@strawberry.type
class Query:
    @query(Invoice | None, "One invoice; null when there is none, or none for you.", requires=Permission.INVOICE_READ)
    async def invoice(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(queries.invoices_by_id, read_id("Invoice", id, "id"))

    @listing(
        Invoice,
        "Invoices that the viewer may see, the newest first: sold, owed or funded by them, and what is on the marketplace.",
        requires=Permission.INVOICE_READ,
    )
    async def invoices(
        self,
        info: Info,
        page: PageRequest,
        statuses: Annotated[list[InvoiceStatus] | None, argument("Only those that stand in one of these ways.")] = None,
        party: Annotated[Party | None, argument("Only those to which the viewer is this.")] = None,
    ) -> Page[models.Invoice]:
        return await queries.invoices(info.context.actor, page, statuses=statuses or (), party=party)

    @listing(
        Invoice,
        "What takes money now. An invoice that is funded, withdrawn or past its deadline is not here.",
        requires=Permission.INVOICE_READ,
    )
    async def marketplace_invoices(
        self,
        info: Info,
        page: PageRequest,
        filter: Annotated[MarketplaceFilter | None, argument("What to look for.")] = None,
        sort: Annotated[MarketSort, argument("In which order.")] = MarketSort.NEWEST,
    ) -> Page[models.Invoice]:
        wanted = filter.parse() if filter else None
        return await market.marketplace(info.context.actor, page, wanted=wanted, sort=sort)

    @listing(
        Investment,
        "The viewer's own investments, the newest first; for a seller those in the own invoices.",
        requires=Permission.INVOICE_READ,
    )
    async def investments(
        self,
        info: Info,
        page: PageRequest,
        invoice_id: Annotated[ID | None, argument("Only those in this invoice.")] = None,
        states: Annotated[list[InvestmentState] | None, argument("Only those in one of these states.")] = None,
    ) -> Page[models.Investment]:
        found = None if invoice_id is None else read_id("Invoice", invoice_id, "invoiceId")
        return await queries.investments(info.context.actor, page, invoice_id=found, states=states or ())

    @listing(
        Bid,
        "All bids for an invoice, the best first, those that no longer stand included. Who bid is for the seller to know.",
        requires=Permission.INVOICE_READ,
    )
    async def bids(self, info: Info, page: PageRequest, invoice_id: InvoiceId) -> Page[models.Bid]:
        return await queries.bids(info.context.actor, page, invoice_id=read_id("Invoice", invoice_id, "invoiceId"))

    @listing(InvoiceMessage, "The conversation about an invoice, in the order of time.", requires=Permission.INVOICE_READ)
    async def invoice_messages(self, info: Info, page: PageRequest, invoice_id: InvoiceId) -> Page[models.InvoiceMessage]:
        found = read_id("Invoice", invoice_id, "invoiceId")
        return await queries.invoice_messages(info.context.actor, page, invoice_id=found)

    @query(RiskScore | None, "How risky the rules find an invoice, and why.", requires=Permission.INVOICE_READ)
    async def risk_score(self, info: Info, invoice_id: InvoiceId) -> object:
        found = await info.context.load(risk_scores, read_id("Invoice", invoice_id, "invoiceId"))
        if found is None:
            raise InvoiceNotFound(field=("invoiceId",))
        return found

    @query(UserDashboard, "The viewer's wallet and the numbers beside it.", requires=Permission.WALLET_USE, cost=5)
    async def user_dashboard(self, info: Info, currency: InCurrency = None) -> object:
        return await dashboards.user_dashboard(info.context.actor, currency)

    @query(Portfolio, "What the viewer has invested.", requires=Permission.INVOICE_FUND, cost=5)
    async def portfolio(self, info: Info, currency: InCurrency = None) -> object:
        return await dashboards.portfolio(info.context.actor, currency)

    @query(InvestorAnalytics, "How the viewer's investing has done.", requires=Permission.INVOICE_FUND, cost=10)
    async def investor_analytics(self, info: Info, currency: InCurrency = None) -> object:
        return await dashboards.investor_analytics(info.context.actor, currency)
