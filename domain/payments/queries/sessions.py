"""Reading booked sessions: one's own, or all of them for staff who collect."""

from __future__ import annotations

from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import rows_by_id
from domain.payments.access import seen_service_sessions, visible_service_sessions
from domain.payments.models import ServiceSession
from domain.payments.states import SessionStatus


async def service_sessions(
    actor: Actor,
    page: PageRequest,
    *,
    status: SessionStatus | None = None,
    client_id: UUID | None = None,
    payee_id: UUID | None = None,
) -> Page[ServiceSession]:
    """The latest first; a client or payee narrows what may be seen, and never widens it."""
    actor.require(Permission.SIGNED_IN)
    said = {"status": status, "client_id": client_id, "payee_id": payee_id}
    found = visible_service_sessions(actor)
    for column, value in said.items():
        if value is not None:
            found = found.filter(**{column: value})
    return await page_of(found, page, "-starts_at", "-id")


service_sessions_by_id = rows_by_id(ServiceSession, seen_service_sessions)
