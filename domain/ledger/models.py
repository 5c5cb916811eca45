"""Accounts, entries, lines and holds as they are read. Writing goes through the service, which lets the database post."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from domain.kit.money import Money, MoneyOf
from domain.ledger.chart import AccountKind


class Account(Model):
    """An account of the ledger. A guarded one (a wallet's) keeps its balance in the row and is never overdrawn."""

    id = fields.UUIDField(primary_key=True)
    code = fields.CharField(max_length=20)
    name = fields.CharField(max_length=120)
    kind = fields.CharEnumField(AccountKind, max_length=9)
    currency = fields.CharField(max_length=3)
    owner_id = fields.UUIDField(null=True)
    guarded = fields.BooleanField(default=False)
    balance_minor = fields.BigIntField(default=0)
    held_minor = fields.BigIntField(default=0)
    opened_at = fields.DatetimeField()

    class Meta:
        table = "ledger_account"


class JournalEntry(Model):
    """An entry: two lines or more that balance in each currency. Immutable."""

    id = fields.UUIDField(primary_key=True)
    number = fields.BigIntField(generated=True)
    kind = fields.CharField(max_length=60)
    description = fields.CharField(max_length=300)
    reference_kind = fields.CharField(max_length=40, null=True)
    reference_id = fields.UUIDField(null=True)
    effective_on = fields.DateField()
    recorded_at = fields.DatetimeField()
    actor_id = fields.UUIDField(null=True)
    correlation_id = fields.UUIDField()
    reverses_id = fields.UUIDField(null=True)
    branch_id = fields.UUIDField(null=True)

    class Meta:
        table = "journal_entry"


class JournalLine(Model):
    """One line of an entry; ``amount_minor`` is positive for a debit, negative for a credit."""

    id = fields.BigIntField(primary_key=True)
    entry_id = fields.UUIDField()
    line_no = fields.SmallIntField()
    account_id = fields.UUIDField()
    amount_minor = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    effective_on = fields.DateField()
    recorded_at = fields.DatetimeField()
    balance_after_minor = fields.BigIntField(null=True)

    class Meta:
        table = "journal_line"

    @property
    def debit(self) -> Money | None:
        return Money(self.amount_minor, self.currency) if self.amount_minor > 0 else None

    @property
    def credit(self) -> Money | None:
        return Money(-self.amount_minor, self.currency) if self.amount_minor < 0 else None


class Hold(Model):
    """An amount set aside on a guarded account: PENDING, then POSTED, VOIDED or EXPIRED."""

    id = fields.UUIDField(primary_key=True)
    account_id = fields.UUIDField()
    amount_minor = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    state = fields.CharField(max_length=7)
    posted_minor = fields.BigIntField(null=True)
    entry_id = fields.UUIDField(null=True)
    description = fields.CharField(max_length=300)
    reference_kind = fields.CharField(max_length=40, null=True)
    reference_id = fields.UUIDField(null=True)
    placed_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "ledger_hold"

    amount = MoneyOf("amount_minor")
