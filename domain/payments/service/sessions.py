"""Booking a session that somebody gives and a client pays for, and calling it off.

Whoever gives the session books it, or staff who collect do. Its price is paid by M-Pesa, whole shillings, and goes to the
payee's wallet.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain.identity import directory
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import CurrencyMismatch, Forbidden, InvalidAmount, InvalidInput, NotFound
from domain.kit.ids import new_id
from domain.kit.money import MAX_AMOUNT_MINOR, Money
from domain.kit.unit_of_work import retried, unit_of_work
from domain.payments.access import service_session_of
from domain.payments.errors import ServiceSessionNotBooked
from domain.payments.events import ServiceSessionFigures, SessionChanged
from domain.payments.models import ServiceSession
from domain.payments.provider import CURRENCY, MINOR_IN_SHILLING
from domain.payments.purposes.service_sessions import keep_session, locked_session
from domain.payments.states import SessionStatus

MAX_TITLE: Final = 120
LONGEST_AGO: Final = timedelta(days=366)
FARTHEST_AHEAD: Final = timedelta(days=2 * 366)


@retried
async def book_service_session(
    actor: Actor, *, client_id: UUID, title: str, price: Money, starts_at: datetime, payee_id: UUID | None = None
) -> ServiceSession:
    """Book a session with a client, given by the actor unless staff who collect name somebody else.

    Refuses with FORBIDDEN, NOT_FOUND (a client or payee who is no active user), INVALID_INPUT, INVALID_AMOUNT and
    CURRENCY_MISMATCH.
    """
    actor.require(Permission.SIGNED_IN)
    payee_id = payee_id or actor.id
    if payee_id != actor.id and Permission.PAYMENTS_COLLECT not in actor.staff_permissions:
        raise Forbidden(f"for somebody else this needs the permission {Permission.PAYMENTS_COLLECT.value}")
    title = _title(title)
    _require_price(price)
    _require_time(starts_at)
    if client_id == payee_id:
        raise InvalidInput("nobody pays themselves", field=("input", "clientId"))
    await _require_user(client_id, "clientId")
    await _require_user(payee_id, "payeeId")
    async with unit_of_work() as work:
        session = ServiceSession(
            id=new_id(),
            client_id=client_id,
            payee_id=payee_id,
            title=title,
            price_minor=price.amount_minor,
            currency=price.currency,
            starts_at=starts_at,
            status=SessionStatus.BOOKED,
            created_by=actor.id,
            created_at=clock.now(),
            version=1,
        )
        await session.save(force_create=True)
        await session.refresh_from_db(fields=["serial", "number"])
        work.record(SessionChanged(session=ServiceSessionFigures.of(session)))
    return session


@retried
async def cancel_service_session(actor: Actor, *, service_session_id: UUID) -> ServiceSession:
    """Call off a session that is not paid: its client may, its payee, and staff who collect.

    Money that comes for it afterwards waits for a person. Refuses with SERVICE_SESSION_NOT_FOUND and
    SERVICE_SESSION_NOT_BOOKED.
    """
    actor.require(Permission.SIGNED_IN)
    async with unit_of_work() as work:
        await service_session_of(actor, service_session_id)
        session = await locked_session(service_session_id)
        if session.status is not SessionStatus.BOOKED:
            raise ServiceSessionNotBooked(f"the session is {session.status.value.lower()}")
        session.become(SessionStatus.CANCELLED)
        session.cancelled_at = clock.now()
        await keep_session(work, session)
    return session


def _title(text: str) -> str:
    text = " ".join(text.split())
    if not 1 <= len(text) <= MAX_TITLE or not text.isprintable():
        raise InvalidInput(f"a title has 1 to {MAX_TITLE} printable characters", field=("input", "title"))
    return text


def _require_price(price: Money) -> None:
    where = ("input", "price")
    if price.currency != CURRENCY:
        raise CurrencyMismatch(f"sessions are paid in {CURRENCY}", field=(*where, "currency"))
    if not 0 < price.amount_minor <= MAX_AMOUNT_MINOR:
        raise InvalidAmount("a price is greater than zero, and not larger than the books can hold", field=where)
    if price.amount_minor % MINOR_IN_SHILLING:
        raise InvalidAmount("M-Pesa moves whole shillings", field=where)


def _require_time(starts_at: datetime) -> None:
    now = clock.now()
    if not now - LONGEST_AGO <= starts_at <= now + FARTHEST_AHEAD:
        raise InvalidInput("a session is within the last year or the next two", field=("input", "startsAt"))


async def _require_user(user_id: UUID, name: str) -> None:
    try:
        await directory.actor_of_user(user_id)
    except NotFound as unknown:
        raise NotFound(unknown.message, field=("input", name)) from None
