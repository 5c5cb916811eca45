"""What staff can follow live: every event of the house."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import orjson
import strawberry

from domain.events.event import every_event
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.errors import InvalidInput
from schema.kit import ID, LiveEvent, Parent, argument, encode_id, event_feed, event_type, field
from schema.kit.feeds import Shown
from schema.kit.scalars import Json
from subscriptions.feed import EVERYTHING, domain_topic, kind_topic


@event_type("Any event of the house, as the log keeps it.")
class DomainEvent(LiveEvent):
    @field(str, "What happened, such as `ledger.entry_posted`.", shared=True)
    def name(self, shown: Parent[Shown]) -> str:
        return shown.event.name

    @field(int, "The version of the payload's form.", shared=True)
    def version(self, shown: Parent[Shown]) -> int:
        return shown.event.version

    @field(str, "The business in which it happened, such as `ledger`.", shared=True)
    def domain(self, shown: Parent[Shown]) -> str:
        return shown.event.domain

    @field(ID | None, "The user who did it; null for strangers, and for what happens by the clock.", shared=True)
    def actor_id(self, shown: Parent[Shown]) -> ID | None:
        return None if shown.event.actor_id is None else ID(encode_id("User", shown.event.actor_id))

    @field(UUID, "What all that came of one request, job or event has in common.", shared=True)
    def correlation_id(self, shown: Parent[Shown]) -> UUID:
        return shown.event.correlation_id

    @field(Json, "What the event says, as an object. Amounts are in minor units, with their currency.", shared=True)
    def payload(self, shown: Parent[Shown]) -> object:
        return orjson.loads(shown.event.payload)


Domains = Annotated[list[str] | None, argument("All events of these businesses, such as `ledger`.")]
Types = Annotated[list[str] | None, argument("All events of these names, such as `ledger.entry_posted`.")]


@strawberry.type
class Subscription:
    @event_feed(
        "Every event of the house that the viewer may see, for staff: of some businesses and some kinds, all when neither "
        "is named.",
        requires=Permission.EVENTS_READ,
        shows=DomainEvent,
    )
    async def events(actor: Actor, domains: Domains = None, types: Types = None) -> list[str]:
        kinds = every_event()
        _require_known(domains, {kind.domain() for kind in kinds}, "domains")
        _require_known(types, {kind.name for kind in kinds}, "types")
        topics = [*map(domain_topic, domains or ()), *map(kind_topic, types or ())]
        return topics or [EVERYTHING]


def _require_known(asked: list[str] | None, known: set[str], argument_name: str) -> None:
    unknown = sorted(set(asked or ()) - known)
    if unknown:
        raise InvalidInput(
            f"there is nothing named {unknown[0][:60]!r} among: {', '.join(sorted(known))}", field=(argument_name,)
        )
