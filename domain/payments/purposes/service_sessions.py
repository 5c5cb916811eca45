"""A booked session as something that is paid for: its client pays, and the money goes to the wallet of whoever gives it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.models import User
from domain.identity.permissions import Permission
from domain.kit.database import fetch
from domain.kit.errors import Forbidden
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.payments import accounts
from domain.payments.access import service_session_of
from domain.payments.errors import AlreadyPaid, ServiceSessionNotBooked, ServiceSessionNotFound
from domain.payments.events import ServiceSessionFigures, SessionChanged
from domain.payments.models import ServiceSession
from domain.payments.purposes.registry import Due, PaidFor, PurposeKind, near, register_purpose
from domain.payments.rules.references import bare
from domain.payments.states import Purpose, SessionStatus
from domain.wallets.service import post_to_wallets, wallet_of

TARGET: Final = ("input", "targetId")

_NUMBER: Final = re.compile(r"SES(\d{1,16})", re.ASCII)

# Booked sessions of about a price, the nearest to it ($4) first.
PRICED_NEAR: Final = """
select id from service_session
where status = 'BOOKED' and currency = $1 and price_minor between $2 and $3
order by abs(price_minor - $4), starts_at, id limit $5
"""

LOCK: Final = "select from service_session where id = any($1::uuid[]) order by id for update"

ACCOUNTS: Final = """
select w.account_id from service_session s join wallet w on w.user_id = s.payee_id and w.currency = s.currency
where s.id = any($1::uuid[])
"""


async def due(actor: Actor, session_id: UUID) -> Due:
    """The price, and nothing else. Refuses with SERVICE_SESSION_NOT_FOUND, SERVICE_SESSION_NOT_BOOKED, ALREADY_PAID and
    FORBIDDEN."""
    session = await service_session_of(actor, session_id, field=TARGET)
    if actor.id != session.client_id and Permission.PAYMENTS_COLLECT not in actor.staff_permissions:
        raise Forbidden("the client pays for a session, or staff who collect from the client")
    if session.status is SessionStatus.PAID:
        raise AlreadyPaid("the session is paid already", field=TARGET)
    _require_booked(session, field=TARGET)
    [found] = await _dues([session])
    return found


async def due_by_reference(reference: str) -> Due | None:
    named = _NUMBER.fullmatch(bare(reference))
    if named is None:
        return None
    session = await ServiceSession.get_or_none(number=f"SES-{named[1]}", status=SessionStatus.BOOKED)
    return None if session is None else (await _dues([session]))[0]


async def candidates(amount: Money, limit: int) -> Sequence[Due]:
    rows = await fetch(PRICED_NEAR, amount.currency, *near(amount), amount.amount_minor, limit)
    sessions = {session.id: session for session in await ServiceSession.filter(id__in=[row["id"] for row in rows])}
    return await _dues([sessions[row["id"]] for row in rows])


async def _dues(sessions: Sequence[ServiceSession]) -> list[Due]:
    involved = {person for session in sessions for person in (session.client_id, session.payee_id)}
    people = {person.id: person for person in await User.filter(id__in=involved)}
    return [
        Due(
            purpose=Purpose.SERVICE_SESSION,
            target_id=session.id,
            title=session.title,
            amount=session.price,
            exact=True,
            currency=session.currency,
            client_id=session.client_id,
            client_name=people[session.client_id].name,
            payee_id=session.payee_id,
            payee_name=people[session.payee_id].name,
            branch_id=people[session.payee_id].branch_id,
            account_reference=session.number,
        )
        for session in sessions
    ]


@retried
async def apply(paid: PaidFor) -> UUID:
    """All that came goes to the payee: another amount than the price got here only because a person let it through."""
    async with unit_of_work() as work:
        session = await locked_session(paid.target_id)
        _require_booked(session)
        posted = await post_to_wallets(
            kind=accounts.SESSION_PAID,
            description=f"Session {session.number}, {paid.reference}",
            lines=await accounts.into_wallet(await _payee_account(session), paid.amount),
            reference=accounts.of_payment(paid.payment_id),
        )
        session.payment_id = paid.payment_id
        session.become(SessionStatus.PAID)
        await keep_session(work, session)
    return posted.entry_id


@retried
async def undo(paid: PaidFor, record_id: UUID) -> None:
    """The session is booked, and unpaid, again; INSUFFICIENT_FUNDS when the payee has spent the money."""
    async with unit_of_work() as work:
        session = await locked_session(paid.target_id)
        await post_to_wallets(
            kind=accounts.SESSION_UNPAID,
            description=f"Session {session.number} is unpaid again, {paid.reference}",
            lines=await accounts.out_of_wallet(await _payee_account(session), paid.amount),
            reference=accounts.of_payment(paid.payment_id),
            reverses_id=record_id,
        )
        session.payment_id = None
        session.become(SessionStatus.BOOKED)
        await keep_session(work, session)


async def lock(work: Work, session_ids: Sequence[UUID]) -> Sequence[UUID]:
    """The sessions, and the wallets of those who give them."""
    await work.execute(LOCK, session_ids)
    return [row["account_id"] for row in await work.fetch(ACCOUNTS, session_ids)]


async def locked_session(session_id: UUID) -> ServiceSession:
    session = await ServiceSession.filter(id=session_id).select_for_update().get_or_none()
    if session is None:
        raise ServiceSessionNotFound
    return session


async def keep_session(work: Work, session: ServiceSession) -> None:
    """Save a session and tell of it."""
    session.version += 1
    await session.save()
    work.record(SessionChanged(session=ServiceSessionFigures.of(session)))


async def _payee_account(session: ServiceSession) -> UUID:
    return (await wallet_of(session.payee_id, session.currency)).account_id


def _require_booked(session: ServiceSession, *, field: tuple[str, ...] | None = None) -> None:
    if session.status is not SessionStatus.BOOKED:
        raise ServiceSessionNotBooked(f"the session is {session.status.value.lower()}", field=field)


register_purpose(
    PurposeKind(
        purpose=Purpose.SERVICE_SESSION,
        title="Session",
        due=due,
        due_by_reference=due_by_reference,
        candidates=candidates,
        apply=apply,
        undo=undo,
        lock=lock,
        numbers=_NUMBER,
    )
)
