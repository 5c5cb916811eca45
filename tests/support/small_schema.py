"""A schema in miniature, written with the kit as a business writes its part: for tests of kit, pipeline and edge."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.schema.config import StrawberryConfig

from domain.identity.actor import Actor
from domain.identity.events import UserRegistered
from domain.identity.models import User
from domain.identity.permissions import Permission
from domain.kit import money
from domain.kit.context import current_call
from domain.kit.errors import InvalidInput, NotFound
from domain.kit.paging import Page, PageRequest, page_of
from schema.kit import (
    ID,
    Answer,
    CurrencyCode,
    Cursor,
    Info,
    LiveEvent,
    Money,
    MoneyInput,
    Parent,
    ReplayablePayload,
    argument,
    attribute,
    event_feed,
    event_type,
    field,
    global_id,
    idempotency_key,
    input_type,
    listing,
    mutation,
    object_type,
    payload_type,
    query,
    read_id,
    state_feed,
)
from schema.kit.finish import finish
from schema.kit.scalars import SCALARS


@dataclass(frozen=True)
class ShelfRow:
    id: UUID
    label: str
    keeper_id: UUID


# The same in every process, because pytest-xdist compares the names of tests, in which ids may stand.
KEEPER = UUID(int=100)
SHELVES = [ShelfRow(UUID(int=n + 1), f"shelf {n}", KEEPER) for n in range(5)]
batches: list[list[UUID]] = []
"""The keys of each time that shelves were loaded."""
written: list[str] = []
"""What mutations did."""


async def load_shelves(actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, ShelfRow]:
    batches.append(list(ids))
    return {row.id: row for row in SHELVES if row.id in ids}


@object_type("A shelf.")
class Shelf:
    id: ID = global_id("Shelf", "Its id.")
    label: str = attribute("What is written on it.")
    keeper_id: ID = global_id("User", "Who keeps it.")

    @field(list["Shelf"], "The shelves beside it.", size=20)
    async def neighbours(self, shelf: Parent[ShelfRow], info: Info) -> object:
        return [await info.context.load(load_shelves, row.id) for row in SHELVES if row is not shelf][:2]

    @field(str, "A note that only bookkeepers see.", requires=Permission.LEDGER_READ)
    def note(self, shelf: Parent[ShelfRow]) -> str:
        return f"note on {shelf.label}"

    @field(str, "How the viewer calls it.")
    def called(self, shelf: Parent[ShelfRow], info: Info) -> str:
        return f"{info.context.actor.name}'s {shelf.label}"


@object_type("A person on file.")
class Person:
    id: ID = global_id("User", "The id.")
    name: str = attribute("The name.")


@object_type("The values that came in, as they were understood.")
class Echo:
    decimal: Decimal | None = attribute("The decimal.")
    at: datetime | None = attribute("The instant.")
    on: date | None = attribute("The day.")
    cursor: Cursor | None = attribute("The cursor.")
    currency: CurrencyCode | None = attribute("The currency.")
    money: Money | None = attribute("The amount.")


@dataclass(frozen=True)
class EchoRow:
    decimal: Decimal | None
    at: datetime | None
    on: date | None
    cursor: str | None
    currency: str | None
    money: money.Money | None


@strawberry.type
class Query:
    @query(str, "A greeting.", requires=Permission.PUBLIC)
    def greeting(self, name: Annotated[str, argument("Whom to greet.")] = "world") -> str:
        return f"Hello {name}"

    @query(str, "For whoever is signed in.", requires=Permission.SIGNED_IN)
    def vault(self, info: Info) -> str:
        return f"{info.context.actor.name}'s gold"

    @query(str, "For bookkeepers.", requires=Permission.LEDGER_READ)
    def books(self) -> str:
        return "balanced"

    @query(str | None, "The correlation id and the address of the call.", requires=Permission.PUBLIC)
    def whence(self) -> str:
        return f"{current_call().correlation_id} {current_call().address}"

    @query(str | None, "Fails with a secret in its message.", requires=Permission.PUBLIC)
    def broken(self) -> str:
        raise RuntimeError("the secret is 42")

    @query(Decimal | None, "Answers a float, which is our mistake.", requires=Permission.PUBLIC)
    def inexact(self) -> object:
        return 0.1

    @query(str | None, "Refuses.", requires=Permission.PUBLIC)
    def refused(self) -> str:
        raise NotFound("there is no such thing", field=("thing",))

    @query(str | None, "Never answers.", requires=Permission.PUBLIC)
    async def endless(self) -> str:
        await asyncio.Event().wait()
        return "never"

    @query(Echo, "What came in.", requires=Permission.PUBLIC)
    def echo(
        self,
        decimal: Annotated[Decimal | None, argument("A decimal.")] = None,
        at: Annotated[datetime | None, argument("An instant.")] = None,
        on: Annotated[date | None, argument("A day.")] = None,
        cursor: Annotated[Cursor | None, argument("A cursor.")] = None,
        currency: Annotated[CurrencyCode | None, argument("A currency.")] = None,
        money: Annotated[MoneyInput | None, argument("An amount.")] = None,
    ) -> Any:
        return EchoRow(decimal, at, on, cursor, currency, None if money is None else money.parse("money", "amount"))

    @query(Shelf | None, "One shelf.", requires=Permission.PUBLIC)
    async def shelf(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(load_shelves, read_id("Shelf", id, "id"))

    @query(list[Shelf | None], "Some shelves.", requires=Permission.PUBLIC, size="ids")
    async def shelves(self, info: Info, ids: Annotated[list[ID], argument("Their ids.")]) -> object:
        return list(await asyncio.gather(*(info.context.load(load_shelves, read_id("Shelf", each, "ids")) for each in ids)))

    @listing(Person, "People by name.", requires=Permission.PUBLIC)
    async def people(self, info: Info, page: PageRequest) -> Page[User]:
        return await page_of(User.all(), page, "name", "id")


@input_type("A new label for a shelf.")
class RelabelInput:
    label: str = attribute("What shall be written on it.")
    worth: MoneyInput | None = attribute("What it is worth.", default=None)
    idempotency_key: str | None = idempotency_key()


@payload_type("What came of relabelling.")
class RelabelPayload(ReplayablePayload):
    label: str | None = attribute("What is written on it now.")


@strawberry.type
class Mutation:
    @mutation(RelabelPayload, "Write a label.", requires=Permission.PUBLIC)
    async def relabel(self, input: Annotated[RelabelInput, argument("The label.")]) -> Answer:
        if not input.label:
            raise InvalidInput("a label has at least one character", field=("input", "label"))
        if input.label == "breaks":
            raise RuntimeError("the secret is 42")
        if input.worth is not None:
            input.worth.parse("input", "worth", "amount")
        written.append(input.label)
        return Answer(label=input.label)


@event_type("Somebody registered.")
class PersonRegistered(LiveEvent):
    user_id: ID = global_id("User", "Who.")
    user_name: str = attribute("The name.")

    @field(str, "How the viewer calls them.")
    def called(self, event: Parent[Any], info: Info) -> str:
        return f"{info.context.actor.name}'s {event.user_name}"

    @field(str, "What is written on the first shelf as it is now.", shared=True)
    async def first_shelf(self, event: Parent[Any], info: Info) -> str:
        shelf = await info.context.load(load_shelves, SHELVES[0].id)
        return str(shelf.label)


@object_type("How many there are.")
class Tally:
    people: int = attribute("People.")


@dataclass(frozen=True)
class TallyRow:
    people: int


async def tally(actor: Actor) -> TallyRow:
    return TallyRow(await User.all().count())


@strawberry.type
class Subscription:
    @event_feed("People who register.", requires=Permission.SIGNED_IN, shows={UserRegistered: PersonRegistered})
    async def person_registered(
        actor: Actor, letter: Annotated[str | None, argument("Only names that begin so.")] = None
    ) -> list[str]:
        if letter is not None and len(letter) != 1:
            raise InvalidInput("one letter", field=("letter",))
        return ["domain:identity"]

    @state_feed("How many people there are.", requires=Permission.SIGNED_IN, state=tally, shows=Tally, on=[UserRegistered])
    async def people_counted(actor: Actor) -> list[str]:
        return ["domain:identity"]


@cache
def small_schema() -> strawberry.Schema:
    """The schema, built once for all tests."""
    built = strawberry.Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    finish(built._schema)
    return built
