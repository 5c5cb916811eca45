"""Reading branches, users, sessions and keys."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity import models, queries
from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest
from schema.identity.inputs import UserFilter
from schema.identity.types import ApiKey, Branch, Session, User
from schema.kit import ID, Info, argument, listing, query, read_id


@strawberry.type
class Query:
    @query(User, "The user who asks, or for whom the API key acts.", requires=Permission.SIGNED_IN)
    async def me(self, info: Info) -> models.User:
        return await queries.me(info.context.actor)

    @query(User | None, "One user; null for others than oneself and those who manage users.", requires=Permission.SIGNED_IN)
    async def user(self, info: Info, id: Annotated[ID, argument("Their id.")]) -> object:
        return await info.context.load(queries.users_by_id, read_id("User", id, "id"))

    @listing(User, "All users, the newest first.", requires=Permission.USERS_MANAGE)
    async def users(
        self, info: Info, page: PageRequest, filter: Annotated[UserFilter | None, argument("Only some of them.")] = None
    ) -> Page[models.User]:
        wanted = filter or UserFilter()
        branch_id = None if wanted.branch_id is None else read_id("Branch", wanted.branch_id, "filter", "branchId")
        return await queries.users(
            info.context.actor, page, search=wanted.search, role=wanted.role, active=wanted.active, branch_id=branch_id
        )

    @listing(Branch, "The branches, by their codes.", requires=Permission.SIGNED_IN)
    async def branches(
        self,
        info: Info,
        page: PageRequest,
        active: Annotated[bool | None, argument("Only open or only closed ones.")] = None,
    ) -> Page[models.Branch]:
        return await queries.branches(info.context.actor, page, active=active)

    @query(Branch | None, "One branch.", requires=Permission.SIGNED_IN)
    async def branch(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(queries.branches_by_id, read_id("Branch", id, "id"))

    @listing(Session, "Where one is signed in now, the newest sign-in first.", requires=Permission.SIGNED_IN)
    async def sessions(self, info: Info, page: PageRequest) -> Page[models.Session]:
        return await queries.sessions(info.context.actor, page)

    @listing(ApiKey, "One's API keys, those that ended too, the newest first.", requires=Permission.SIGNED_IN)
    async def api_keys(self, info: Info, page: PageRequest) -> Page[models.ApiKey]:
        return await queries.api_keys(info.context.actor, page)
