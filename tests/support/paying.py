"""Paying in tests: an installation that has an account, somebody who is to pay, and a worker that does what is left."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from domain.events import log
from domain.events.listeners import catch_up
from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.jobs.runner import Runner
from domain.jobs.settings import JobSettings
from domain.kit import clock, database
from domain.kit.clock import clock_set_to
from domain.payments import provider, settings
from domain.payments.handlers import purposes
from domain.payments.models import Payment, PaymentPrompt, ServiceSession
from domain.payments.service.initiating import initiate_mpesa_payment
from domain.payments.service.sessions import book_service_session
from domain.payments.states import Purpose
from tests.support.collected import kes
from tests.support.mpesa import PHONE, Mpesa
from tests.support.people import an_actor

WRITTEN = "0712 345 678"
PHONE_SHOWN = "2547*****678"


@contextmanager
def paying_settings(**chosen: Any) -> Iterator[None]:
    """An installation with an account at M-Pesa whose operator may reverse."""
    before = settings.current()
    settings.configure(replace(before, **{"has_account": True, "takes_commands": True, **chosen}))
    try:
        yield
    finally:
        settings.configure(before)


@asynccontextmanager
async def asking(mpesa: Mpesa, **account: Any) -> AsyncIterator[None]:
    """The worker asks this simulator."""
    async with mpesa.daraja(**account) as daraja:
        with provider.installed(daraja):
            yield


@dataclass(frozen=True)
class Booked:
    """A session that a client is to pay for."""

    session: ServiceSession
    client: Actor
    payee: Actor

    async def pays(self, phone: str = WRITTEN) -> Payment:
        """The client asks to pay; nothing is sent yet."""
        return await initiate_mpesa_payment(
            self.client, purpose=Purpose.SERVICE_SESSION, target_id=self.session.id, phone=phone
        )


async def a_booking(price: int = 2500) -> Booked:
    client, payee = await an_actor(Role.BORROWER, name="John Doe"), await an_actor(Role.TEACHER, name="Dr. Smith")
    session = await book_service_session(
        payee, client_id=client.id, title="Counselling", price=kes(price), starts_at=clock.now() + timedelta(days=1)
    )
    return Booked(session, client, payee)


async def worked(*, after: float = 0.0) -> int:
    """Have a worker do what is due, so many seconds from now; how many attempts that were."""
    moment = clock.now() + timedelta(seconds=after)
    with clock_set_to(lambda: moment):
        return await Runner(JobSettings(places=20)).run_what_is_there()


async def brought() -> None:
    """What was announced is heard by who brings money to its purpose."""
    while await log.sequence(database):
        pass
    await catch_up(purposes)


async def now(payment: Payment) -> Payment:
    return await Payment.get(id=payment.id)


async def prompt_of(payment: Payment, attempt_no: int = 1) -> PaymentPrompt:
    return await PaymentPrompt.get(payment_id=payment.id, attempt_no=attempt_no)


# Every text of every row, but for the two places that are allowed to have whole numbers, and a message's own words.
_TEXTS = """
select table_name::text as name from information_schema.tables
where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not in ('payment_prompt', 'mpesa_message')
"""


async def tables_with(text: str) -> list[str]:
    """In which tables a text stands anywhere."""
    found = []
    for table in await database.fetch(_TEXTS):
        looked = f"""select exists (select from "{table["name"]}" as whole where whole::text like '%' || $1 || '%')"""
        if await database.fetchval(looked, text):
            found.append(table["name"])
    return sorted(found)


__all__ = [
    "PHONE",
    "PHONE_SHOWN",
    "WRITTEN",
    "Booked",
    "a_booking",
    "asking",
    "brought",
    "now",
    "paying_settings",
    "prompt_of",
    "tables_with",
    "worked",
]
