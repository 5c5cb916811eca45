"""What a person is told, the messages about it that leave the house, and what a person chose."""

from __future__ import annotations

from datetime import datetime

from domain.identity.queries import people
from domain.notifications import models, queries
from domain.notifications.models import (
    Category,
    Channel,
    DeliveryState,
    LoanAction,
    MillNotificationType,
    Priority,
    Suppression,
)
from domain.notifications.quiet import clock_time
from domain.notifications.service import Choice
from schema.identity.types import User
from schema.kit import ID, Node, Parent, attribute, enum_type, field, global_id, node_type, object_type
from schema.kit.nodes import global_id_of
from schema.kit.relations import relation, relations
from schema.kit.scalars import Json

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


enum_type(
    LoanAction,
    "The step of a loan application that a notification is about.",
    {
        "SUBMITTED": "It was handed in.",
        "DOCUMENTS_ADDED": "Papers came in.",
        "KYC_VERIFIED": "The borrower's identity is verified.",
        "APPROVED": "It was approved.",
        "DISBURSED": "Money was paid out.",
        "REJECTED": "It was turned down.",
    },
    name="LoanNotificationAction",
)

enum_type(
    MillNotificationType,
    "What a notification of the mill is about.",
    {
        "LOW_STOCK": "An item is at or under its reorder level in a warehouse.",
        "OUT_OF_STOCK": "Nothing of an item is left in a warehouse.",
        "WAREHOUSE_CAPACITY": "A warehouse is nearly full.",
        "PRODUCTION_COMPLETED": "What was milled is in the warehouse.",
        "SALE_COMPLETED": "A sale was delivered.",
        "PURCHASE_COMPLETED": "What was bought is in the warehouse.",
        "PAYMENT_RECEIVED": "What the recipient paid for an order has arrived.",
        "INVENTORY_UPDATED": "A production changed what lies in the recipient's warehouse.",
        "SYSTEM": "What the system did by itself, such as valuing stock anew after a document of an earlier moment.",
    },
)

enum_type(
    Category,
    "The businesses by which people choose what reaches them out of the house.",
    {
        "IDENTITY": "Their account: sign-ins, passwords, roles and keys.",
        "WALLETS": "Their wallet.",
        "INVOICE_FINANCE": "Invoices, bids and investments.",
        "LENDING": "Loans: applications, payments and arrears.",
        "MILLING": "The mill: stock, purchases, production and sales.",
        "ACCOUNTING": "The books: expenses, revenues, transfers and periods.",
        "APPROVALS": "What waits for their decision, and what was decided of theirs.",
        "REPORTS": "Reports that are ready.",
        "WEBHOOKS": "Webhook endpoints of theirs that do not answer.",
        "PRIVACY": "Personal data: exports and erasures.",
        "PAYMENTS": "Payments by M-Pesa: what became of them, and for administrators what does not agree.",
        "SCHOOL": "The school: fees, receipts and attendance of their wards, and what staff must see to.",
    },
    name="NotificationCategory",
)

enum_type(
    DeliveryState,
    "Where a message stands.",
    {
        "QUEUED": "It waits: for its turn, the end of its digest, the morning, or a server that is away.",
        "SENDING": "Somebody is sending it now.",
        "SENT": "The mail server or SMS provider has it; or the outbox alone, where there is none.",
        "FAILED": "It was refused too often or for good. It is sent again only by hand.",
        "SUPPRESSED": "It was not wanted, or there was nowhere to send it.",
        "EXPIRED": "It could not be sent while it was news.",
        "DIGESTED": "Another message of the same kind about the same thing says it too.",
    },
    name="NotificationDeliveryState",
)

enum_type(
    Suppression,
    "Why a message was not sent although the policy provides for it.",
    {
        "TURNED_OFF": "The recipient turned this business off for this channel.",
        "NO_ADDRESS": "The recipient has no telephone number.",
        "DEACTIVATED": "The recipient's account was deactivated before it left.",
    },
    name="NotificationSuppression",
)


@node_type(models.Delivery, queries.deliveries_by_id, "A notification on its way by mail or text message.")
class NotificationDelivery(Node):
    notification_id: ID = global_id("Notification", "What it tells.")
    recipient_id: ID = global_id("User", "Whom it goes to.")
    channel: Channel = attribute("By which way it goes: `MAIL` or `SMS`.")
    state: DeliveryState = attribute("Where it stands.")
    suppressed_because: Suppression | None = attribute("Why it was not sent, when it is `SUPPRESSED`.")
    masked_address: str | None = attribute("Where it went, its middle masked; null until the first attempt.", name="address")
    subject: str | None = attribute("What it is about, as it was written; null until the first attempt.")
    text: str | None = attribute("Its words, as they were written; null until the first attempt.")
    html: str | None = attribute("The same as HTML; of mail alone. Show it in a sandbox.")
    attempts: int = attribute("How often it was tried.")
    refusals: int = attribute("How often the server said no to it. A server that was away does not count.")
    last_error: str | None = attribute("What the last attempt that failed came to.")
    transport: str | None = attribute("Who took it: `SMTP`, `HTTP`, or `RECORDED` by the outbox alone.")
    provider_id: str | None = attribute("What it is called there.")
    created_at: datetime = attribute("When it was planned.")
    due_at: datetime = attribute("When it is tried next, or was last.")
    expires_at: datetime = attribute("Until when it is worth sending.")
    sent_at: datetime | None = attribute("When it was taken.")
    carried_by_id: ID | None = global_id("NotificationDelivery", "The message that says it too, when it is `DIGESTED`.")

    recipient: User = relation(people, "recipient_id", "Whom it goes to.")
    carried_count: int = relation(
        queries.carried_counts, "id", "How many others of the same kind about the same thing it says in one.", shared=True
    )


@node_type(models.Notification, queries.notifications_by_id, "One thing that one person is told.")
class Notification(Node):
    kind: str = attribute("The name of the event that was the reason, such as `identity.signed_in`.")
    type: str = attribute("What kind of notice it is, such as `LOAN_APPROVED`, to tell them apart by.")
    loan_action: LoanAction | None = attribute("The step of a loan application that it is about, if it is about one.")
    mill_type: MillNotificationType | None = attribute("What it is about, if it is a notification of the mill.")
    priority: Priority = attribute("How much it matters.")
    channels: list[Channel] = attribute(
        "By which ways it goes to its recipient; `deliveries` says how those out of the house fare."
    )
    title: str = attribute("What it is about, in a few words.")
    body: str = attribute("What happened, in a sentence or two.")
    subject_kind: str | None = attribute("What kind of thing it is about, such as `invoice`.")
    data: Json = attribute("Figures of what happened, as an object of texts.")
    created_at: datetime = attribute("When it happened.")
    expires_at: datetime = attribute("When it is taken away, read or not.")
    read_at: datetime | None = attribute("When the recipient read it; null while unread.")

    @field(ID | None, "The id of what it is about, for `node`; null when that cannot be fetched.", shared=True)
    def subject_id(self, notification: Parent[models.Notification]) -> ID | None:
        return global_id_of(notification.subject_kind, notification.subject_id)

    deliveries: list[NotificationDelivery] = relations(
        queries.deliveries_of, "id", "The messages about it that leave the house, at most one by each way.", size=2
    )


@object_type("Whether notifications of a business reach the viewer by a way out of the house.")
class NotificationChoice:
    category: Category = attribute("The business.")
    channel: Channel = attribute("The way: `MAIL` or `SMS`.")
    enabled: bool = attribute("Whether they come. What is `CRITICAL` comes in any case.")


@object_type("The hours in which no mail and no text message comes, but for what is `CRITICAL`. They wait for the end.")
class QuietHours:
    @field(str, "When they begin, by the viewer's own clock, such as `22:00`.", shared=True)
    def begins(self, chosen: Parent[models.Preferences]) -> str | None:
        return clock_time(chosen.quiet_from)

    @field(str, "When they end, on the next day when that is earlier.", shared=True)
    def ends(self, chosen: Parent[models.Preferences]) -> str | None:
        return clock_time(chosen.quiet_until)


@object_type("What the viewer chose of mail and text messages.")
class NotificationPreferences:
    time_zone: str = attribute("The time zone of the viewer's clock, such as `Africa/Nairobi`.")

    @field(list[NotificationChoice], "Every business and way that can be chosen.", size=16, shared=True)
    def choices(self, chosen: Parent[models.Preferences]) -> list[Choice]:
        return queries.choices_of(chosen)

    @field(QuietHours | None, "The quiet hours; null when there are none.", shared=True)
    def quiet_hours(self, chosen: Parent[models.Preferences]) -> models.Preferences | None:
        return None if chosen.quiet_from is None else chosen
