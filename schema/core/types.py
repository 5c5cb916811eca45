"""What a person is told, what the audit trail remembers, whether the promises hold, how live it is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.events.models import AuditRecord as AuditRecordRow
from domain.identity import oversight
from domain.identity.queries import people
from domain.kit.checks import CheckResult
from domain.notifications import models as notifications
from domain.notifications.models import Channel, Priority
from domain.notifications.queries import notifications_by_id
from schema.identity.types import User
from schema.kit import ID, Info, Node, Parent, attribute, encode_id, enum_type, field, global_id, node_type, object_type
from schema.kit.fields import FieldRule
from schema.kit.nodes import is_node_type
from schema.kit.scalars import Json

ABOUT_SO_MANY_CHECKS = 30

enum_type(
    Priority,
    "How much a notification matters.",
    {
        "CRITICAL": "Wants action now.",
        "HIGH": "Wants action today.",
        "MEDIUM": "Good to know soon.",
        "LOW": "Nice to know.",
    },
    name="NotificationPriority",
)

enum_type(
    Channel,
    "A way by which a notification reaches its recipient.",
    {
        "DATABASE": "It is in the recipient's list, from where `notifications` reads it.",
        "BROADCAST": "It is shown live to whoever follows `notificationReceived`.",
        "MAIL": "By e-mail.",
        "SMS": "By text message.",
    },
    name="NotificationChannel",
)


def global_id_of(kind: str | None, key: object) -> ID | None:
    """The global id of what the domain calls an ``api_key``, if clients can fetch such a thing."""
    type_name = "".join(word.capitalize() for word in (kind or "").split("_"))
    return ID(encode_id(type_name, key)) if key is not None and is_node_type(type_name) else None


@node_type(notifications.Notification, notifications_by_id, "One thing that one person is told.")
class Notification(Node):
    kind: str = attribute("The name of the event that was the reason, such as `identity.signed_in`.")
    priority: Priority = attribute("How much it matters.")
    channels: list[Channel] = attribute("By which ways it reached its recipient.")
    title: str = attribute("What it is about, in a few words.")
    body: str = attribute("What happened, in a sentence or two.")
    subject_kind: str | None = attribute("What kind of thing it is about, such as `invoice`.")
    data: Json = attribute("Figures of what happened, as an object of texts.")
    created_at: datetime = attribute("When it happened.")
    expires_at: datetime = attribute("When it is taken away, read or not.")
    read_at: datetime | None = attribute("When the recipient read it; null while unread.")

    @field(ID | None, "The id of what it is about, for `node`; null when that cannot be fetched.", shared=True)
    def subject_id(self, notification: Parent[notifications.Notification]) -> ID | None:
        return global_id_of(notification.subject_kind, notification.subject_id)


@node_type(AuditRecordRow, oversight.audit_records_at, "Who did what, from where: one record for each event.", key=int)
class AuditRecord(Node):
    event_name: str = attribute("What happened, such as `ledger.entry_posted`.")
    domain: str = attribute("The business in which it happened, such as `ledger`.")
    actor_id: ID | None = global_id("User", "Who did it; null for strangers, and for what happens by the clock.")
    address: str | None = attribute("The network address that the request came from.")
    correlation_id: UUID = attribute("What all that came of one request, job or event has in common.")
    occurred_at: datetime = attribute("When it happened.")
    payload: Json = attribute("What the event says, as an object. Amounts are in minor units, with their currency.")

    @field(User | None, "Who did it; null for strangers, and for what happens by the clock.")
    async def actor(self, record: Parent[AuditRecordRow], info: Info) -> object:
        return await info.context.load(people, record.actor_id)


@object_type("A promise of the house, and what breaks it now.")
class IntegrityCheck:
    @field(str, "The room that makes the promise, such as `ledger`.", shared=True)
    def domain(self, result: Parent[CheckResult]) -> str:
        return result.check.domain

    @field(str, "The name of the check, such as `entries_balance`.", shared=True)
    def name(self, result: Parent[CheckResult]) -> str:
        return result.check.name

    @field(str, "What is promised, in a sentence.", shared=True)
    def promise(self, result: Parent[CheckResult]) -> str:
        return result.check.promise

    holds: bool = attribute("Nothing breaks it.")
    violations: list[str] = attribute("A sentence for each violation, 100 at most.")


@object_type("Every promise of the house, recomputed from the tables at one moment.")
class IntegrityReport:
    recomputed_at: datetime = attribute("The moment.")
    holds: bool = attribute("Nothing breaks any promise.")
    checks: list[IntegrityCheck] = attribute(
        "All checks, by room and name.", rule=FieldRule(size=ABOUT_SO_MANY_CHECKS, shared=True)
    )
    broken: list[IntegrityCheck] = attribute("Only the checks that found something; empty when all is well.")
