"""What a person is told."""

from __future__ import annotations

from enum import Enum
from typing import Final

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from domain.identity.models import EnumArrayField
from domain.identity.rules import masked_email, masked_phone


class Priority(str, Enum):
    """How much a notification matters: CRITICAL wants action now, LOW is nice to know."""

    CRITICAL = "CRITICAL"
    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"


class Channel(str, Enum):
    """A way by which a notification reaches its recipient."""

    DATABASE = "DATABASE"
    BROADCAST = "BROADCAST"
    MAIL = "MAIL"
    SMS = "SMS"


ALWAYS: Final = (Channel.DATABASE, Channel.BROADCAST)
"""By these ways every notification goes: into the recipient's list, and live to their screens."""

OUTWARD: Final = (Channel.MAIL, Channel.SMS)
"""Ways that leave the house: somebody else carries the message, takes time for it and may fail."""


def masked(channel: Channel, address: str) -> str:
    """An address as far as others than its owner may see it."""
    return masked_phone(address) if channel is Channel.SMS else masked_email(address)


class Category(str, Enum):
    """The businesses that people choose by: the first word of the event that is told of."""

    IDENTITY = "IDENTITY"
    WALLETS = "WALLETS"
    INVOICE_FINANCE = "INVOICE_FINANCE"
    LENDING = "LENDING"
    MILLING = "MILLING"
    ACCOUNTING = "ACCOUNTING"
    APPROVALS = "APPROVALS"
    REPORTS = "REPORTS"
    WEBHOOKS = "WEBHOOKS"
    PAYMENTS = "PAYMENTS"
    SCHOOL = "SCHOOL"
    PRIVACY = "PRIVACY"


class LoanAction(str, Enum):
    """The step of a loan application that a notification is about."""

    SUBMITTED = "SUBMITTED"
    DOCUMENTS_ADDED = "DOCUMENTS_ADDED"
    KYC_VERIFIED = "KYC_VERIFIED"
    APPROVED = "APPROVED"
    DISBURSED = "DISBURSED"
    REJECTED = "REJECTED"


_LOAN_ACTIONS: Final = {
    "lending.loan_application_submitted": LoanAction.SUBMITTED,
    "lending.loan_documents_added": LoanAction.DOCUMENTS_ADDED,
    "lending.loan_kyc_verified": LoanAction.KYC_VERIFIED,
    "lending.loan_approved": LoanAction.APPROVED,
    "lending.loan_disbursed": LoanAction.DISBURSED,
    "lending.loan_rejected": LoanAction.REJECTED,
}


def loan_action_of(kind: str) -> LoanAction | None:
    """The step that an event is, if it is one."""
    return _LOAN_ACTIONS.get(kind)


class MillNotificationType(str, Enum):
    """What a notification of the mill is about."""

    LOW_STOCK = "LOW_STOCK"
    OUT_OF_STOCK = "OUT_OF_STOCK"
    WAREHOUSE_CAPACITY = "WAREHOUSE_CAPACITY"
    PRODUCTION_COMPLETED = "PRODUCTION_COMPLETED"
    SALE_COMPLETED = "SALE_COMPLETED"
    PURCHASE_COMPLETED = "PURCHASE_COMPLETED"
    PAYMENT_RECEIVED = "PAYMENT_RECEIVED"
    INVENTORY_UPDATED = "INVENTORY_UPDATED"
    SYSTEM = "SYSTEM"


def category_of(kind: str) -> Category:
    return Category(kind.partition(".")[0].upper())


def mill_type_of(kind: str, type: str) -> MillNotificationType | None:
    """What a notification of the mill is about; None for one of another business."""
    return MillNotificationType(type) if category_of(kind) is Category.MILLING else None


class Notification(Model):
    """One thing that one person is told. ``kind`` is the name of the event that was the reason, ``type`` what clients tell
    notices apart by: one event may be one notice to one and another to somebody else."""

    id = fields.UUIDField(primary_key=True)
    recipient_id = fields.UUIDField()
    source_position = fields.BigIntField()
    kind = fields.CharField(max_length=100)
    type = fields.CharField(max_length=60)
    channels: fields.Field[list[Channel]] = EnumArrayField(Channel)
    priority = fields.CharEnumField(Priority, max_length=8)
    title = fields.CharField(max_length=120)
    body = fields.CharField(max_length=1000)
    subject_kind = fields.CharField(max_length=40, null=True)
    subject_id = fields.UUIDField(null=True)
    data: fields.Field[dict[str, str]] = fields.JSONField()
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    read_at = fields.DatetimeField(null=True)

    class Meta:
        table = "notification"

    @property
    def category(self) -> Category:
        return category_of(self.kind)

    @property
    def loan_action(self) -> LoanAction | None:
        return loan_action_of(self.kind)

    @property
    def mill_type(self) -> MillNotificationType | None:
        return mill_type_of(self.kind, self.type)


class Inbox(Model):
    """How many notifications somebody has not read."""

    user_id = fields.UUIDField(primary_key=True)
    unread = fields.IntField()

    class Meta:
        table = "notification_inbox"


class DeliveryState(str, Enum):
    """Where a message stands. FAILED is its dead letter: no attempt will follow unless an administrator wants one."""

    QUEUED = "QUEUED"
    SENDING = "SENDING"
    SENT = "SENT"
    FAILED = "FAILED"
    SUPPRESSED = "SUPPRESSED"
    EXPIRED = "EXPIRED"
    DIGESTED = "DIGESTED"


class Suppression(str, Enum):
    """Why a message was not sent although the policy provides for it."""

    TURNED_OFF = "TURNED_OFF"
    NO_ADDRESS = "NO_ADDRESS"
    DEACTIVATED = "DEACTIVATED"


class Delivery(Model):
    """One notification on its way by mail or text message: a row of the outbox.

    It is tried from ``due_at`` until ``expires_at``. ``attempts`` counts all tries, ``refusals`` those that the server
    answered with no. What was written is kept with the first attempt. ``carried_by`` is the message of the same digest
    that says this one's words. One ``to_house`` goes to an address of the house and not to the recipient's own.
    """

    id = fields.UUIDField(primary_key=True)
    notification_id = fields.UUIDField()
    recipient_id = fields.UUIDField()
    channel = fields.CharEnumField(Channel, max_length=9)
    state = fields.CharEnumField(DeliveryState, max_length=10)
    suppressed_because = fields.CharEnumField(Suppression, max_length=20, null=True)
    template = fields.CharField(max_length=40)
    urgent = fields.BooleanField()
    digest_key = fields.CharField(max_length=160, null=True)
    window_began_at = fields.DatetimeField(null=True)
    attempts = fields.IntField()
    refusals = fields.IntField()
    created_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    leased_until = fields.DatetimeField(null=True)
    address = fields.CharField(max_length=254, null=True)
    subject = fields.CharField(max_length=200, null=True)
    text = fields.CharField(max_length=10_000, null=True)
    html = fields.TextField(null=True)
    last_error = fields.CharField(max_length=500, null=True)
    transport = fields.CharField(max_length=20, null=True)
    provider_id = fields.CharField(max_length=200, null=True)
    sent_at = fields.DatetimeField(null=True)
    carried_by = fields.UUIDField(null=True)
    to_house = fields.BooleanField(default=False)

    class Meta:
        table = "notification_delivery"

    @property
    def masked_address(self) -> str | None:
        """Where it went, as far as somebody else may see it."""
        return None if self.address is None else masked(self.channel, self.address)


class Preferences(Model):
    """What somebody chose: what does not go out, and when it is night for them. ``turned_off`` holds
    ``CATEGORY:CHANNEL``; the quiet hours are minutes after midnight in ``time_zone``."""

    user_id = fields.UUIDField(primary_key=True)
    turned_off: fields.Field[list[str]] = ArrayField("text")
    quiet_from = fields.SmallIntField(null=True)
    quiet_until = fields.SmallIntField(null=True)
    time_zone = fields.CharField(max_length=64)
    updated_at = fields.DatetimeField()

    class Meta:
        table = "notification_preferences"
