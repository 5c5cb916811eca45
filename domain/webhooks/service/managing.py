"""What owners do with their endpoints. Whoever may follow every event of the house may have them sent.

Only a person who is signed in manages them: an API key that leaked could otherwise go on listening after it was revoked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from domain.events import log
from domain.identity import rules as identity_rules
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.jobs.queue import enqueue
from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.webhooks import messages, settings
from domain.webhooks.errors import (
    TooManyWebhookEndpoints,
    WebhookEndpointNotEnabled,
    WebhookEndpointNotFound,
    WebhookMessageUnknown,
)
from domain.webhooks.events import WebhookEndpointChanged
from domain.webhooks.models import EndpointState, WebhookEndpoint
from domain.webhooks.rules import clean_url, known_types

MAX_ENDPOINTS: Final = 10
SECRETS_OVERLAP: Final = timedelta(hours=24)
"""So long the secret before signs beside a new one, so that the receiver can change over without missing anything."""
SEND_TEST: Final = "webhooks.send_test"

_FRESH: Final[dict[str, Any]] = {
    "state": EndpointState.ENABLED,
    "disabled_because": None,
    "failures": 0,
    "failing_since": None,
    "due_at": None,
    # Whoever is sending to it right now finds that somebody else has the endpoint, and stops.
    "lease_id": None,
    "leased_until": None,
}


@dataclass(frozen=True, slots=True)
class CreatedEndpoint:
    """``secret`` is what the receiver checks signatures with: never store this result."""

    endpoint: WebhookEndpoint
    secret: str = field(repr=False)


@retried
async def create_webhook_endpoint(
    actor: Actor, *, name: str, url: str, domains: Sequence[str] = (), types: Sequence[str] = ()
) -> CreatedEndpoint:
    """Have events sent to a server, from the next one on. Refuses with INVALID_NAME, INVALID_WEBHOOK_URL, UNKNOWN_EVENT_TYPE
    and TOO_MANY_WEBHOOK_ENDPOINTS."""
    _require_manager(actor)
    name, url = identity_rules.clean_name(name), clean_url(url, public_only=settings.current().public_only)
    known, of_businesses = known_types(types, domains)
    async with unit_of_work() as work:
        await work.execute("select pg_advisory_xact_lock(hashtextextended('webhooks of ' || $1::text, 0))", str(actor.id))
        if await WebhookEndpoint.filter(owner_id=actor.id).count() >= MAX_ENDPOINTS:
            raise TooManyWebhookEndpoints(f"you have {MAX_ENDPOINTS} webhook endpoints; delete one of them")
        head = await log.head(work)
        endpoint = await WebhookEndpoint.create(
            id=new_id(),
            owner_id=actor.id,
            name=name,
            url=url,
            types=known,
            domains=of_businesses,
            state=EndpointState.ENABLED,
            epoch=head.epoch,
            position=head.position,
            created_at=clock.now(),
        )
        _tell(work, endpoint)
    return CreatedEndpoint(endpoint, _secret_of(endpoint))


@retried
async def update_webhook_endpoint(
    actor: Actor,
    *,
    endpoint_id: UUID,
    name: str | None = None,
    url: str | None = None,
    domains: Sequence[str] | None = None,
    types: Sequence[str] | None = None,
) -> WebhookEndpoint:
    """Change what is said; None leaves it as it is. It goes on from where it was."""
    async with unit_of_work() as work:
        endpoint = await _locked(actor, endpoint_id)
        if name is not None:
            endpoint.name = identity_rules.clean_name(name)
        if url is not None:
            endpoint.url = clean_url(url, public_only=settings.current().public_only)
        endpoint.types, endpoint.domains = known_types(
            endpoint.types if types is None else types, endpoint.domains if domains is None else domains
        )
        await endpoint.save(update_fields=["name", "url", "types", "domains"])
        _tell(work, endpoint)
    return endpoint


@retried
async def pause_webhook_endpoint(actor: Actor, *, endpoint_id: UUID) -> WebhookEndpoint:
    """Send it nothing until it is resumed. What happens meanwhile waits in the log, as long as the log is kept."""
    async with unit_of_work() as work:
        endpoint = await _locked(actor, endpoint_id)
        if endpoint.state is not EndpointState.PAUSED:
            await _change(work, endpoint, **{**_FRESH, "state": EndpointState.PAUSED})
    return endpoint


@retried
async def resume_webhook_endpoint(
    actor: Actor, *, endpoint_id: UUID, after_message_id: str | None = None, from_now: bool = False
) -> WebhookEndpoint:
    """Send to it again, at once: what it has not had yet, or what came after a message, or only what is still to come.

    Refuses with WEBHOOK_MESSAGE_UNKNOWN what the log cannot be read from.
    """
    if from_now and after_message_id is not None:
        raise InvalidInput("say after which message, or from now on, and not both", field=("input", "fromNow"))
    async with unit_of_work() as work:
        endpoint = await _locked(actor, endpoint_id)
        place = {}
        if from_now or after_message_id is not None:
            oldest, head = await log.bounds(work)
            start = head if after_message_id is None else messages.place_in(after_message_id)
            if start is None or start.epoch != head.epoch or not oldest - 1 <= start.position <= head.position:
                raise WebhookMessageUnknown("the log cannot be read from there")
            place = {"epoch": start.epoch, "position": start.position}
        await _change(work, endpoint, **_FRESH, **place)
    return endpoint


@retried
async def rotate_webhook_secret(actor: Actor, *, endpoint_id: UUID) -> CreatedEndpoint:
    """A new signing secret. The one before signs beside it for 24 hours; one that was before that, no more."""
    async with unit_of_work() as work:
        endpoint = await _locked(actor, endpoint_id)
        changed = {
            "secret_generation": endpoint.secret_generation + 1,
            "previous_until": clock.now() + SECRETS_OVERLAP,
        }
        await _change(work, endpoint, **changed)
    return CreatedEndpoint(endpoint, _secret_of(endpoint))


@retried
async def delete_webhook_endpoint(actor: Actor, *, endpoint_id: UUID) -> WebhookEndpoint:
    """Send it nothing more, and forget it."""
    async with unit_of_work() as work:
        endpoint = await _locked(actor, endpoint_id)
        await endpoint.delete()
        _tell(work, endpoint, deleted=True)
    return endpoint


@retried
async def test_webhook_endpoint(actor: Actor, *, endpoint_id: UUID) -> WebhookEndpoint:
    """Have a test message sent at once. Its attempt tells how it went; it is not tried again."""
    async with unit_of_work() as work:
        endpoint = await _locked(actor, endpoint_id)
        if endpoint.state is not EndpointState.ENABLED:
            raise WebhookEndpointNotEnabled("the endpoint is not enabled; resume it first")
        await enqueue(work, SEND_TEST, {"endpoint_id": str(endpoint.id)}, dedupe_key=str(endpoint.id))
    return endpoint


def _require_manager(actor: Actor) -> None:
    actor.require(Permission.EVENTS_READ)
    actor.require_session()


async def _locked(actor: Actor, endpoint_id: UUID) -> WebhookEndpoint:
    _require_manager(actor)
    endpoint = await WebhookEndpoint.filter(id=endpoint_id, owner_id=actor.id).select_for_update().first()
    if endpoint is None:
        raise WebhookEndpointNotFound("there is no such webhook endpoint of yours")
    return endpoint


async def _change(work: Work, endpoint: WebhookEndpoint, **changed: Any) -> None:
    endpoint.update_from_dict(changed)
    await endpoint.save(update_fields=list(changed))
    _tell(work, endpoint)


def _tell(work: Work, endpoint: WebhookEndpoint, *, deleted: bool = False) -> None:
    work.record(
        WebhookEndpointChanged(
            endpoint_id=endpoint.id,
            owner_id=endpoint.owner_id,
            endpoint_name=endpoint.name,
            state=None if deleted else endpoint.state,
        )
    )


def _secret_of(endpoint: WebhookEndpoint) -> str:
    return messages.secret_of(settings.current().secret, endpoint.id, endpoint.secret_generation)
