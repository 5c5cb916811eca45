"""The weeks of the demo in which people paid by M-Pesa, as they went by: a client is prompted, pays or does not, M-Pesa
tells us, and the worker does what is due.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Final, TypeVar

from api.demo.books import kes
from api.demo.mpesa_then import ADDRESS, MpesaThen
from api.demo.people import ADMIN, BORROWER, CLIENT, COUNSELLOR, DEBTOR, SECOND_CLIENT, THIRD_INVESTOR, DemoPerson
from api.demo.stage import A_MOMENT, Stage
from domain.events import log
from domain.events.listeners import catch_up
from domain.invoice_finance.handlers import offers as financing
from domain.jobs import leases
from domain.jobs.queue import every_queue
from domain.kit import clock, database
from domain.kit.context import as_part_of, call_context
from domain.kit.database import fetch
from domain.milling.handlers import follower as trading
from domain.payments import settings
from domain.payments.intake import store_message
from domain.payments.intake.storing import DRAIN
from domain.payments.models import Discrepancy, Payment, ServiceSession
from domain.payments.purposes.applying import bring_to_purpose
from domain.payments.service.discrepancies import assign_discrepancy, resolve_discrepancy
from domain.payments.service.initiating import initiate_mpesa_payment
from domain.payments.service.sessions import book_service_session
from domain.payments.states import DiscrepancyType, MessageKind, Purpose, Resolution

A_SECOND: Final = timedelta(seconds=1)
THE_PIN: Final = timedelta(seconds=21)
"""So long a customer takes to enter it."""

TELEPHONES: Final = {
    CLIENT: "254712000101",
    SECOND_CLIENT: "254722000102",
    BORROWER: "254700000103",
    DEBTOR: "254733000104",
    THIRD_INVESTOR: "254710000105",
}

AT_ONCE: Final = 20
LEASE: Final = timedelta(minutes=1)

# Payments whose purpose does not have yet what there is for it, and has not refused it.
TO_BE_BROUGHT: Final = """
select payment.id, payment.correlation_id from payment left join payment_application there on there.payment_id = payment.id
where payment.purpose_minor + coalesce(there.written_off_minor, 0) <> coalesce(there.amount_minor, 0)
  and there.refused_code is null
order by payment.id
"""

T = TypeVar("T")


@dataclass(slots=True)
class Weeks:
    """The weeks as they go by, moment after moment; M-Pesa and the worker do their part in between."""

    stage: Stage
    mpesa: MpesaThen = field(default_factory=MpesaThen)
    now: datetime = field(default_factory=clock.now)

    def begin(self, days_ago: int) -> None:
        self.now = self.stage.morning(days_ago)

    async def does(self, person: DemoPerson, act: Callable[..., Awaitable[T]], **said: Any) -> T:
        self.now += A_MOMENT
        return await self.does_at_once(person, act, **said)

    async def does_at_once(self, person: DemoPerson, act: Callable[..., Awaitable[T]], **said: Any) -> T:
        with self.stage.acting(person, self.now) as actor:
            return await act(actor, **said)

    async def goes_by(self, pause: timedelta) -> None:
        """Time passes, and at its end the worker does what is due: prompts, reads, settles, brings money where it goes."""
        self.now += pause
        began_s = monotonic()
        # What takes time takes it in the story as well.
        with clock.clock_set_to(lambda: self.now + timedelta(seconds=monotonic() - began_s)):
            await _work()
            for row in await fetch(TO_BE_BROUGHT):
                with as_part_of(row["correlation_id"]):
                    await bring_to_purpose(row["id"])

    async def listeners_hear(self) -> None:
        """The mill and the investors' market hear of each other what they have not heard yet."""
        with clock.clock_set_to(self.now):
            for hearing in (financing, trading):
                while await log.sequence(database):
                    pass
                await catch_up(hearing)

    async def hears(self, *bodies: bytes, kind: MessageKind = MessageKind.STK_CALLBACK) -> None:
        with clock.clock_set_to(self.now):
            for body in bodies:
                await store_message(kind=kind, body=body, source_address=ADDRESS)

    async def books(self, client: DemoPerson, price: int, title: str, days_ahead: int = 1) -> ServiceSession:
        said = {"client_id": self.stage.actors[client].id, "title": title, "price": kes(price)}
        starts_at = self.now + timedelta(days=days_ahead)
        return await self.does(COUNSELLOR, book_service_session, starts_at=starts_at, **said)

    async def asks(self, client: DemoPerson, purpose: Purpose, target: Any, amount: int | None = None) -> Payment:
        """A client has their own telephone prompted."""
        return await self.does(
            client,
            initiate_mpesa_payment,
            purpose=purpose,
            target_id=target.id,
            phone=TELEPHONES[client],
            amount=None if amount is None else kes(amount),
        )

    async def session(self, client: DemoPerson, price: int, title: str) -> Payment:
        """A client books a session and is prompted for its price."""
        return await self.asks(client, Purpose.SERVICE_SESSION, await self.books(client, price, title))

    async def pays(self, client: DemoPerson, *payments: Payment, **differently: Any) -> None:
        """Prompts are sent, and those who have them enter their PIN."""
        await self.goes_by(A_SECOND)
        self.now += THE_PIN
        with clock.clock_set_to(self.now):
            bodies = [self.mpesa.pays(each.reference, payer=payer_of(client), **differently) for each in payments]
        await self.hears(*bodies)

    async def pays_bill(self, client: DemoPerson, typed: str, amount: int) -> None:
        """A client pays by Paybill, unasked."""
        self.now += A_MOMENT
        with clock.clock_set_to(self.now):
            body = self.mpesa.pays_bill(typed, kes(amount), phone=TELEPHONES[client], payer=payer_of(client))
        await self.hears(body, kind=MessageKind.C2B_CONFIRMATION)

    async def declines(self, payment: Payment, code: int) -> None:
        """The prompt is sent, and whoever has it does not pay."""
        await self.goes_by(A_SECOND)
        self.now += THE_PIN
        await self.hears(self.mpesa.declines(payment.reference, code))

    async def is_over(self) -> None:
        """All that came is read, and whether anything is missing is looked for."""
        await self.goes_by(settings.current().callback_within + A_SECOND)

    async def found(self, payment: Payment | None, kind: DiscrepancyType) -> Discrepancy:
        """What was found last."""
        found = Discrepancy.filter(type=kind, payment_id=payment and payment.id)
        row = await found.order_by("-serial").first()
        assert row is not None, f"the story expects that {kind.value} is found"
        return row

    async def resolves(
        self, payment: Payment | None, kind: DiscrepancyType, resolution: Resolution, note: str, **how: Any
    ) -> None:
        row = await self.found(payment, kind)
        await self.does(ADMIN, resolve_discrepancy, discrepancy_id=row.id, resolution=resolution, note=note, **how)

    async def takes_on(self, payment: Payment | None, kind: DiscrepancyType) -> None:
        """The administrator has it in hand."""
        await self.does(ADMIN, assign_discrepancy, discrepancy_id=(await self.found(payment, kind)).id)


async def _work() -> None:
    """What the worker would have done by now for payments, one thing after the other."""
    queues = {queue.name: queue for queue in every_queue() if queue.name.startswith("payments.")}
    while await leases.anything_to_do(queues):
        taken = await leases.take(queues, places=AT_ONCE, lease=LEASE)
        # What M-Pesa said is read before anybody asks what became of it.
        for leased in sorted(taken, key=lambda each: each.queue.name != DRAIN):
            with call_context(leased.call):
                await leased.queue.handle(leased.payload, leased.attempt)
            await leases.end_well(leased, took_ms=0)


def payer_of(client: DemoPerson) -> str:
    """The name as M-Pesa has it."""
    return client.name.upper()
