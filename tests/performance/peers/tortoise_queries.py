"""Strawberry over Tortoise's models, as most people would write it, with DataLoaders and Strawberry's caches."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import strawberry
from starlette.applications import Starlette
from starlette.routing import Route
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig
from tortoise import Tortoise, fields
from tortoise.expressions import Q, Subquery
from tortoise.models import Model

from tests.performance.peers.book import BRANCH, POOL_SIZE, VIEWER, global_id, major, row_id_of
from tests.performance.peers.serving import serve
from tests.performance.peers.strawberry_queries import SCALARS, Instant, Money
from tests.performance.peers.strawberry_queries import Decimal as Text

SEEN: Final = (
    Q(borrower_id=VIEWER)
    | Q(created_by_id=VIEWER, submitted_at__isnull=True)
    | Q(submitted_at__isnull=False, branch_id=BRANCH)
)


class LoanRow(Model):
    id = fields.UUIDField(primary_key=True)
    number = fields.CharField(max_length=20)
    borrower_id = fields.UUIDField()
    borrower_name = fields.CharField(max_length=120)
    branch_id = fields.UUIDField()
    created_by_id = fields.UUIDField()
    submitted_at = fields.DatetimeField(null=True)
    status = fields.CharField(max_length=12)
    requested_minor = fields.BigIntField()
    annual_rate: fields.Field[Decimal] = fields.DecimalField(max_digits=16, decimal_places=12)
    instalment_count = fields.IntField()
    created_at = fields.DatetimeField()

    class Meta:
        table = "loan"


class InstalmentRow(Model):
    id = fields.UUIDField(primary_key=True)
    loan_id = fields.UUIDField()
    number = fields.IntField()
    due_on = fields.DateField()
    completed_on = fields.DateField(null=True)
    due_minor = fields.BigIntField()

    class Meta:
        table = "loan_instalment"


class UserRow(Model):
    id = fields.UUIDField(primary_key=True)
    name = fields.CharField(max_length=120)

    class Meta:
        table = "app_user"


@strawberry.type
class User:
    name: str

    @strawberry.field
    def id(self: Any) -> strawberry.ID:
        return strawberry.ID(global_id("User", self.pk))


@strawberry.type
class LoanInstalment:
    number: int
    due_on: date
    completed_on: date | None

    @strawberry.field
    def due(self: Any) -> Money:
        return Money(amount=Text(major(self.due_minor)))


@strawberry.type
class Loan:
    number: str
    borrower_name: str
    status: str
    instalment_count: int
    created_at: Instant

    @strawberry.field
    def id(self: Any) -> strawberry.ID:
        return strawberry.ID(global_id("Loan", self.pk))

    @strawberry.field
    def annual_rate(self: Any) -> Text:
        return Text(format(self.__dict__["annual_rate"].normalize(), "f"))

    @strawberry.field
    def requested_principal(self: Any) -> Money:
        return Money(amount=Text(major(self.requested_minor)))

    @strawberry.field
    async def borrower(self: Any, info: strawberry.Info) -> User | None:
        return await info.context["people"].load(self.borrower_id)  # type: ignore[no-any-return]

    @strawberry.field
    async def schedule(self: Any, info: strawberry.Info) -> list[LoanInstalment]:
        return await info.context["schedules"].load(self.pk)  # type: ignore[no-any-return]


@strawberry.type
class LoanConnection:
    nodes: list[Loan]


@strawberry.type
class Query:
    @strawberry.field
    async def loan(self, id: strawberry.ID) -> Loan | None:
        return await LoanRow.filter(SEEN).get_or_none(id=row_id_of(id))  # type: ignore[return-value]

    @strawberry.field
    async def loans(self, first: int) -> LoanConnection:
        rows: Any = await LoanRow.filter(SEEN).order_by("-created_at", "-id").limit(first)
        return LoanConnection(nodes=rows)


async def people(ids: list[UUID]) -> Sequence[UserRow | None]:
    found = {row.id: row for row in await UserRow.filter(id__in=ids)}
    return [found.get(each) for each in ids]


async def schedules(loan_ids: list[UUID]) -> list[list[InstalmentRow]]:
    seen = Subquery(LoanRow.filter(SEEN).values("id"))
    found: dict[UUID, list[InstalmentRow]] = {each: [] for each in loan_ids}
    for row in await InstalmentRow.filter(loan_id__in=loan_ids).filter(loan_id__in=seen).order_by("loan_id", "number"):
        found[row.loan_id].append(row)
    return list(found.values())


class Endpoint(GraphQL[Any, None]):
    async def get_context(self, request: Any, response: Any) -> dict[str, Any]:
        return {"people": DataLoader(load_fn=people), "schedules": DataLoader(load_fn=schedules)}


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    url = f"{os.environ['DATABASE_URL'].replace('postgres', 'asyncpg', 1)}?minsize={POOL_SIZE}&maxsize={POOL_SIZE}"
    await Tortoise.init(db_url=url, modules={"models": [__name__]}, use_tz=True, _enable_global_fallback=True)
    yield
    await Tortoise.close_connections()


def main() -> None:
    config = StrawberryConfig(scalar_map=SCALARS)
    schema = strawberry.Schema(Query, extensions=[ParserCache, ValidationCache], config=config)
    serve(Starlette(routes=[Route("/graphql", Endpoint(schema, graphql_ide=None))], lifespan=_lifespan))


if __name__ == "__main__":
    main()
