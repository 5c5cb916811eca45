"""Simulated users: sellers list, investors fund and talk, the debtor pays, branches lend, the mill mills and sells,
the school collects, and telephones pay, so that live screens move."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Final

import structlog
from tortoise.queryset import QuerySet

from api.demo import people
from api.demo.branch_traffic import BranchTraffic
from api.demo.invoices import inr
from api.demo.mill_traffic import MillTraffic
from api.demo.payment_traffic import PaymentTraffic
from api.demo.people import acting, bring_in
from api.demo.school_traffic import SchoolTraffic
from domain.invoice_finance import service
from domain.invoice_finance.models import Invoice
from domain.invoice_finance.rules import FeeTerms
from domain.invoice_finance.service import InvoiceTerms
from domain.invoice_finance.states import FeeMethod, Industry, InvoiceStatus, SaleMethod
from domain.kit import clock
from domain.kit.errors import DomainError
from domain.kit.money import Money

PAUSE_S: Final = 1.2
MOST_OPEN_OFFERS: Final = 12

OPEN: Final = (InvoiceStatus.LISTED, InvoiceStatus.PARTIALLY_FUNDED)
INVESTORS: Final = (people.INVESTOR, people.SECOND_INVESTOR, people.THIRD_INVESTOR)

logger = structlog.get_logger(__name__)


class Traffic:
    """Acts every few seconds until it is cancelled. What the rules refuse, a simulated user takes as an answer.

    ``pays`` is whether telephones may be prompted: only where M-Pesa is simulated.
    """

    def __init__(self, seed: int = 2026, pause_s: float = PAUSE_S, *, pays: bool = False) -> None:
        self._rng = random.Random(seed)
        self._pause_s = pause_s
        self._numbers = count(int(clock.now().timestamp()))
        self._branches = BranchTraffic(self._rng)
        self.mill = MillTraffic(self._rng)
        self.school = SchoolTraffic(self._rng)
        self._payments = PaymentTraffic(self._rng) if pays else None

    async def run(self) -> None:
        while True:
            await asyncio.sleep(self._pause_s * self._rng.uniform(0.5, 1.5))
            await self.act()

    async def act(self) -> None:
        """One act of one user, whatever comes to mind."""
        try:
            await self._rng.choice(self.possible)()
        except DomainError as refusal:
            logger.debug("simulated_user_refused", code=refusal.code, reason=refusal.message)

    @property
    def possible(self) -> list[Callable[[], Awaitable[None]]]:
        return [
            self._list,
            self._fund,
            self._fund,
            self._fund,
            self._settle,
            self._talk,
            *self._branches.acts,
            *self.mill.acts,
            *self.school.acts,
            *(self._payments.acts if self._payments is not None else ()),
        ]

    async def _list(self) -> None:
        if await Invoice.filter(status__in=OPEN).count() >= MOST_OPEN_OFFERS:
            return
        debtor = await bring_in(people.DEBTOR)
        seller = await bring_in(self._rng.choice((people.SELLER, people.SECOND_SELLER)))
        terms = InvoiceTerms(
            number=f"LIVE-{next(self._numbers)}",
            debtor_name=people.DEBTOR.name,
            debtor_id=debtor.id,
            face=inr(self._rng.randrange(20_000, 120_000, 1_000)),
            due_on=clock.today() + timedelta(days=self._rng.randrange(20, 90)),
            industry=self._rng.choice(list(Industry)),
            description="Listed by a simulated seller.",
            advance_rate=Decimal(self._rng.choice((70, 80, 90))),
            fee=FeeTerms(FeeMethod.FLAT, rate_bps=self._rng.randrange(150, 600, 25)),
        )
        with acting(seller):
            await service.create_invoice(seller, terms=terms)

    async def _fund(self) -> None:
        invoice = await self._any(Invoice.filter(status__in=OPEN, sale_method=SaleMethod.FIXED))
        if invoice is None:
            return
        investor = await bring_in(self._rng.choice(INVESTORS))
        share = Money(max(1, invoice.requested_minor // self._rng.choice((1, 2, 3, 4))), invoice.currency)
        with acting(investor):
            await service.fund_invoice(investor, invoice_id=invoice.id, amount=share, allow_partial=True)

    async def _settle(self) -> None:
        debtor = await bring_in(people.DEBTOR)
        paying = (InvoiceStatus.FUNDED, InvoiceStatus.PARTIALLY_REPAID)
        invoice = await self._any(Invoice.filter(status__in=paying, number__startswith="LIVE-", debtor_id=debtor.id))
        if invoice is not None:
            with acting(debtor):
                await service.settle_invoice(debtor, invoice_id=invoice.id)

    async def _talk(self) -> None:
        invoice = await self._any(Invoice.filter(status__in=OPEN))
        if invoice is not None:
            investor = await bring_in(self._rng.choice(INVESTORS))
            with acting(investor):
                await service.send_invoice_message(investor, invoice_id=invoice.id, body="Is this still open?")

    async def _any(self, query: QuerySet[Invoice]) -> Invoice | None:
        found = await query.limit(50)
        return self._rng.choice(found) if found else None
