"""Strawberry at its best without help: rows of asyncpg read by name, DataLoaders, and its caches of parsing and
validation."""

from __future__ import annotations

import operator
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Any, NewType

import strawberry
from starlette.applications import Starlette
from starlette.routing import Route
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig

from tests.performance.peers.book import Book, global_id, major, open_book, row_id_of
from tests.performance.peers.serving import serve

Decimal = NewType("Decimal", str)
Instant = NewType("Instant", datetime)
SCALARS: dict[object, Any] = {
    Decimal: strawberry.scalar(name="Decimal", serialize=str, parse_value=str),
    Instant: strawberry.scalar(
        name="DateTime",
        serialize=lambda instant: instant.isoformat().replace("+00:00", "Z"),
        parse_value=datetime.fromisoformat,
    ),
}


@strawberry.type
class Money:
    amount: Decimal


@strawberry.type
class User:
    name: str

    @strawberry.field
    def id(self: Any) -> strawberry.ID:
        return strawberry.ID(global_id("User", self["id"]))


@strawberry.type
class LoanInstalment:
    number: int
    due_on: date
    completed_on: date | None

    @strawberry.field
    def due(self: Any) -> Money:
        return {"amount": major(self["due_minor"])}  # type: ignore[return-value]


@strawberry.type
class Loan:
    number: str
    borrower_name: str
    status: str
    annual_rate: Decimal
    instalment_count: int
    created_at: Instant

    @strawberry.field
    def id(self: Any) -> strawberry.ID:
        return strawberry.ID(global_id("Loan", self["id"]))

    @strawberry.field
    def requested_principal(self: Any) -> Money:
        return {"amount": major(self["requested_minor"])}  # type: ignore[return-value]

    @strawberry.field
    async def borrower(self: Any, info: strawberry.Info) -> User | None:
        return await info.context["people"].load(self["borrower_id"])  # type: ignore[no-any-return]

    @strawberry.field
    async def schedule(self: Any, info: strawberry.Info) -> list[LoanInstalment]:
        return await info.context["schedules"].load(self["id"])  # type: ignore[no-any-return]


@strawberry.type
class LoanConnection:
    nodes: list[Loan]


@strawberry.type
class Query:
    @strawberry.field
    async def loan(self, info: strawberry.Info, id: strawberry.ID) -> Loan | None:
        return await info.context["book"].loan(row_id_of(id))  # type: ignore[no-any-return]

    @strawberry.field
    async def loans(self, info: strawberry.Info, first: int) -> LoanConnection:
        return {"nodes": await info.context["book"].loans(first)}  # type: ignore[return-value]


class Endpoint(GraphQL[Any, None]):
    book: Book

    async def get_context(self, request: Any, response: Any) -> dict[str, Any]:
        book = self.book
        return {
            "book": book,
            "people": DataLoader(load_fn=book.people),
            "schedules": DataLoader(load_fn=book.schedules),
        }


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    async with open_book() as Endpoint.book:
        yield


def main() -> None:
    schema = strawberry.Schema(
        Query,
        extensions=[ParserCache, ValidationCache],
        config=StrawberryConfig(default_resolver=operator.getitem, scalar_map=SCALARS),
    )
    serve(Starlette(routes=[Route("/graphql", Endpoint(schema, graphql_ide=None))], lifespan=_lifespan))


if __name__ == "__main__":
    main()
