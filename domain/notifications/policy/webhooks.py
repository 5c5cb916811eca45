"""Webhooks: whoever owns an endpoint hears that it does not take what it is sent."""

from __future__ import annotations

from typing import Any, Final

from domain.events.event import LoggedEvent
from domain.notifications.recipients import Recipients, persons
from domain.notifications.rule import HIGH, MONTH, Rule, Subject
from domain.webhooks.events import WebhookEndpointDisabled, WebhookEndpointFailing
from domain.webhooks.models import DisabledBecause

WHY: Final = {
    DisabledBecause.FAILING: "it failed for too long",
    DisabledBecause.GONE: "it says that it is gone",
    DisabledBecause.OWNER_LOST_ACCESS: "you may not read events any more",
}


def the_owner(fact: Any, logged: LoggedEvent) -> Recipients:
    return persons(fact.owner_id)


def the_endpoint(fact: Any) -> Subject:
    return Subject("webhook_endpoint", fact.endpoint_id, {"name": fact.endpoint_name})


RULES: Final[tuple[Rule[Any], ...]] = (
    Rule(
        on=WebhookEndpointFailing,
        to=the_owner,
        priority=HIGH,
        title="A webhook endpoint does not answer",
        body=lambda fact: (
            f"{fact.endpoint_name}: {fact.error}. What comes after waits. It is disabled on "
            f"{fact.disabled_at:%Y-%m-%d %H:%M} UTC if it goes on like this."
        ),
        kept_for=MONTH,
        about=the_endpoint,
    ),
    Rule(
        on=WebhookEndpointDisabled,
        to=the_owner,
        priority=HIGH,
        title="A webhook endpoint was disabled",
        body=lambda fact: (
            f"{fact.endpoint_name} is sent nothing any more, because {WHY[fact.because]} ({fact.error}). "
            "Resume it, and it gets what it has missed."
        ),
        kept_for=MONTH,
        about=the_endpoint,
    ),
)
