"""What came from the provider, what we asked of it, and the claims that both make."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from domain.kit.money import Money
from domain.payments.states import Channel, CommandKind, CommandState, MessageKind, MessageOrigin, MessageState, Outcome


class MpesaMessage(Model):
    """Something that was sent to us, word by word. Its body may have a whole telephone number in it: nobody is shown it."""

    id = fields.UUIDField(primary_key=True)
    kind = fields.CharEnumField(MessageKind, max_length=16)
    origin = fields.CharEnumField(MessageOrigin, max_length=7)
    source_address = fields.CharField(max_length=45, null=True)
    size_bytes = fields.IntField()
    body = fields.BinaryField(null=True)
    received_at = fields.DatetimeField()
    work_at = fields.DatetimeField()
    state = fields.CharEnumField(MessageState, max_length=9)
    attempts = fields.IntField(default=0)
    problem = fields.CharField(max_length=200, null=True)
    payment_id = fields.UUIDField(null=True)
    worked_at = fields.DatetimeField(null=True)
    correlation_id = fields.UUIDField()

    class Meta:
        table = "mpesa_message"


class MpesaCommand(Model):
    """A request of ours that the provider answers later: a reversal, or a question after a receipt."""

    id = fields.UUIDField(primary_key=True)
    kind = fields.CharEnumField(CommandKind, max_length=8)
    receipt = fields.CharField(max_length=12)
    payment_id = fields.UUIDField(null=True)
    amount_minor = fields.BigIntField(null=True)
    currency = fields.CharField(max_length=3, null=True)
    remarks = fields.CharField(max_length=100)
    state = fields.CharEnumField(CommandState, max_length=8)
    conversation_id = fields.CharField(max_length=80, null=True)
    originator_conversation_id = fields.CharField(max_length=80, null=True)
    result_code = fields.CharField(max_length=20, null=True)
    result_text = fields.CharField(max_length=200, null=True)
    discrepancy_id = fields.UUIDField(null=True)
    requested_by = fields.UUIDField(null=True)
    created_at = fields.DatetimeField()
    asked_at = fields.DatetimeField(null=True)
    finished_at = fields.DatetimeField(null=True)
    correlation_id = fields.UUIDField()
    version = fields.IntField(default=1)

    class Meta:
        table = "mpesa_command"

    @property
    def amount(self) -> Money | None:
        return _money(self.amount_minor, self.currency)


class PaymentEvidence(Model):
    """One claim about a payment. The sender may be a whole telephone number, and is shown masked only."""

    id = fields.BigIntField(primary_key=True, generated=True)
    payment_id = fields.UUIDField(null=True)
    message_id = fields.UUIDField(null=True)
    statement_row_id = fields.UUIDField(null=True)
    channel = fields.CharEnumField(Channel, max_length=9)
    outcome = fields.CharEnumField(Outcome, max_length=9)
    received_at = fields.DatetimeField()
    prompt = fields.CharField(max_length=80, null=True)
    receipt = fields.CharField(max_length=12, null=True)
    reverses = fields.CharField(max_length=12, null=True)
    amount_minor = fields.BigIntField(null=True)
    currency = fields.CharField(max_length=3, null=True)
    transacted_at = fields.DatetimeField(null=True)
    sender = fields.CharField(max_length=80, null=True)
    reference = fields.CharField(max_length=200, null=True)
    payer_name = fields.CharField(max_length=200, null=True)
    result_code = fields.IntField(null=True)

    class Meta:
        table = "payment_evidence"

    @property
    def amount(self) -> Money | None:
        return _money(self.amount_minor, self.currency)


def _money(amount_minor: int | None, currency: str | None) -> Money | None:
    return None if amount_minor is None or currency is None else Money(amount_minor, currency)
