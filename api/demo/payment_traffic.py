"""Simulated payers: sessions are booked and paid, instalments and top-ups come in, and now and then something goes wrong.

Telephones are prompted by the worker, over HTTP, at the simulator; whom it pretends to reach by the number. At a real M-Pesa
nobody is prompted in jest. What does not agree is left to whoever tries the demo.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

from api.demo.books import kes
from api.demo.branch_traffic import PURPOSE as OF_SIMULATED_LOANS
from api.demo.people import BORROWER, CLIENT, COUNSELLOR, SECOND_BORROWER, SECOND_CLIENT, DemoPerson, acting, bring_in
from api.mpesa.simulator.fates import IN_ORDER, PHONE_OF_MISBEHAVIOUR, PHONE_OF_RESULTS
from domain.kit import clock
from domain.lending.models import Loan
from domain.lending.states import LoanStatus
from domain.payments import settings
from domain.payments.models import ServiceSession
from domain.payments.service.initiating import initiate_mpesa_payment
from domain.payments.service.sessions import book_service_session
from domain.payments.states import Purpose, SessionStatus

TITLE: Final = "A simulated session"
MOST_UNPAID: Final = 3
PRICES: Final = (1_500, 2_000, 2_500, 3_000)
CLIENTS: Final = (CLIENT, SECOND_CLIENT)
BORROWERS: Final = (BORROWER, SECOND_BORROWER)
DECLINED: Final = 1032
ONE_IN: Final = 5
"""Of so many payments one goes wrong."""


class PaymentTraffic:
    """Acts of one simulated day; which one comes is for the caller to draw."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    @property
    def acts(self) -> list[Callable[[], Awaitable[None]]]:
        return [self._book, self._pay_session, self._pay_session, self._pay_loan, self._top_up]

    async def _book(self) -> None:
        if await self._unpaid().count() >= MOST_UNPAID:
            return
        client = await bring_in(self._rng.choice(CLIENTS))
        said = {"client_id": client.id, "title": TITLE, "price": kes(self._rng.choice(PRICES))}
        starts_at = clock.now() + timedelta(days=self._rng.randrange(1, 8))
        await self._does(COUNSELLOR, book_service_session, starts_at=starts_at, **said)

    async def _pay_session(self) -> None:
        if not await self._unpaid().exists():
            await self._book()
        session = await self._unpaid().order_by("created_at").first()
        if session is not None:
            people = {(await bring_in(client)).id: client for client in CLIENTS}
            await self._pay(people[session.client_id], Purpose.SERVICE_SESSION, target_id=session.id)

    async def _pay_loan(self) -> None:
        payer = self._rng.choice(BORROWERS)
        running = Loan.filter(purpose=OF_SIMULATED_LOANS, status=LoanStatus.ACTIVE, borrower_id=(await bring_in(payer)).id)
        loan = await running.order_by("-created_at").first()
        if loan is not None:
            await self._pay(payer, Purpose.LOAN_INSTALMENT, target_id=loan.id)

    async def _top_up(self) -> None:
        payer = self._rng.choice((*CLIENTS, *BORROWERS))
        amount = kes(self._rng.randrange(100, 2_000, 50))
        await self._pay(payer, Purpose.WALLET_TOP_UP, target_id=(await bring_in(payer)).id, amount=amount)

    async def _pay(self, payer: DemoPerson, purpose: Purpose, **what: Any) -> None:
        if settings.current().has_account:
            await self._does(payer, initiate_mpesa_payment, purpose=purpose, phone=self._telephone(), **what)

    def _telephone(self) -> str:
        """Most pay; some decline, and with some it goes wrong in each of the ways that the simulator has."""
        if self._rng.randrange(ONE_IN):
            return f"25471{self._rng.randrange(10**7):07}"
        way = self._rng.randrange(len(IN_ORDER) + 1)
        return f"{PHONE_OF_MISBEHAVIOUR}{way:06}" if way else f"{PHONE_OF_RESULTS}{DECLINED:06}"

    def _unpaid(self) -> Any:
        return ServiceSession.filter(title=TITLE, status=SessionStatus.BOOKED)

    async def _does(self, person: DemoPerson, act: Callable[..., Awaitable[Any]], **said: Any) -> Any:
        actor = await bring_in(person)
        with acting(actor):
            return await act(actor, **said)
