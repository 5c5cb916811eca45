"""Reading booked sessions."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest
from domain.payments import models
from domain.payments.queries import sessions
from domain.payments.states import SessionStatus
from schema.kit import ID, Info, argument, attribute, input_type, listing, query, read_id, read_optional_id
from schema.payments.sessions.types import ServiceSession


@input_type("Which booked sessions; what is left out does not narrow.")
class ServiceSessionFilter:
    status: SessionStatus | None = attribute("Only those that stand so.", default=None)
    client_id: ID | None = attribute("Only those that this user pays.", default=None)
    payee_id: ID | None = attribute("Only those that this user gives.", default=None)


@strawberry.type
class Query:
    @listing(
        ServiceSession,
        "Booked sessions in which one takes part, or all of them for staff who collect; the latest first.",
        requires=Permission.SIGNED_IN,
    )
    async def service_sessions(
        self,
        info: Info,
        page: PageRequest,
        filter: Annotated[ServiceSessionFilter | None, argument("Which of them.")] = None,
    ) -> Page[models.ServiceSession]:
        wanted = filter or ServiceSessionFilter()
        return await sessions.service_sessions(
            info.context.actor,
            page,
            status=wanted.status,
            client_id=read_optional_id("User", wanted.client_id, "filter", "clientId"),
            payee_id=read_optional_id("User", wanted.payee_id, "filter", "payeeId"),
        )

    @query(
        ServiceSession | None,
        "One booked session; null when there is none that one may see.",
        requires=Permission.SIGNED_IN,
    )
    async def service_session(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(sessions.service_sessions_by_id, read_id("ServiceSession", id, "id"))
