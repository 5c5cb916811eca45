"""The facts of a loan and what follows from them.

Instalments and charges are a projection of the facts: whoever adds or takes back a fact replays and writes them anew. Facts,
transactions and allocations are history: they stay, and can only be reversed.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tortoise import fields
from tortoise.models import Model

from domain.kit import clock
from domain.kit.money import Money, MoneyOf
from domain.lending import stored
from domain.lending.rules.facts import AnyFact
from domain.lending.rules.state import Components, InstalmentKind
from domain.lending.rules.terms import ChargeTime
from domain.lending.states import (
    FactKind,
    PaymentChannel,
    TransactionKind,
)


class LoanFact(Model):
    """A dated fact of a loan; ``sequence`` is the order of booking. Kept as it is, but can be taken back."""

    id = fields.UUIDField(primary_key=True)
    loan_id = fields.UUIDField()
    sequence = fields.IntField()
    kind = fields.CharEnumField(FactKind, max_length=20)
    happened_on = fields.DateField()
    payload: fields.Field[dict[str, Any]] = fields.JSONField()
    money: fields.Field[dict[str, Any] | None] = fields.JSONField(null=True)
    note = fields.CharField(max_length=500, default="")
    recorded_by_id = fields.UUIDField()
    recorded_at = fields.DatetimeField()
    reversed_by_id = fields.UUIDField(null=True)
    reversed_at = fields.DatetimeField(null=True)
    reversal_reason = fields.CharField(max_length=500, null=True)

    class Meta:
        table = "loan_fact"

    @property
    def fact(self) -> AnyFact:
        """As the engine takes it."""
        return stored.fact_from(self.kind, self.id, self.happened_on, self.sequence, self.payload)


class LoanInstalment(Model):
    """One row of the schedule as it stands; per component due, paid, waived and written off."""

    id = fields.UUIDField(primary_key=True)
    loan_id = fields.UUIDField()
    branch_id = fields.UUIDField()
    currency = fields.CharField(max_length=3)
    number = fields.IntField()
    kind = fields.CharEnumField(InstalmentKind, max_length=12)
    from_on = fields.DateField()
    due_on = fields.DateField()
    principal_minor = fields.BigIntField()
    interest_minor = fields.BigIntField()
    fee_minor = fields.BigIntField()
    penalty_minor = fields.BigIntField()
    principal_paid_minor = fields.BigIntField(default=0)
    interest_paid_minor = fields.BigIntField(default=0)
    fee_paid_minor = fields.BigIntField(default=0)
    penalty_paid_minor = fields.BigIntField(default=0)
    principal_waived_minor = fields.BigIntField(default=0)
    interest_waived_minor = fields.BigIntField(default=0)
    fee_waived_minor = fields.BigIntField(default=0)
    penalty_waived_minor = fields.BigIntField(default=0)
    principal_written_off_minor = fields.BigIntField(default=0)
    interest_written_off_minor = fields.BigIntField(default=0)
    fee_written_off_minor = fields.BigIntField(default=0)
    penalty_written_off_minor = fields.BigIntField(default=0)
    balance_after_minor = fields.BigIntField()
    due_minor = fields.BigIntField(generated=True)
    unpaid_minor = fields.BigIntField(generated=True)
    completed_on = fields.DateField(null=True)
    officer_id = fields.UUIDField(null=True)

    class Meta:
        table = "loan_instalment"

    @property
    def due(self) -> Components:
        return Components(self.principal_minor, self.interest_minor, self.fee_minor, self.penalty_minor)

    @property
    def paid(self) -> Components:
        return Components(self.principal_paid_minor, self.interest_paid_minor, self.fee_paid_minor, self.penalty_paid_minor)

    @property
    def waived(self) -> Components:
        return Components(
            self.principal_waived_minor, self.interest_waived_minor, self.fee_waived_minor, self.penalty_waived_minor
        )

    @property
    def written_off(self) -> Components:
        return Components(
            self.principal_written_off_minor,
            self.interest_written_off_minor,
            self.fee_written_off_minor,
            self.penalty_written_off_minor,
        )

    @property
    def unpaid(self) -> Components:
        return self.due - self.paid - self.waived - self.written_off

    principal = MoneyOf("principal_minor")
    interest = MoneyOf("interest_minor")
    fee = MoneyOf("fee_minor")
    penalty = MoneyOf("penalty_minor")

    due_amount = MoneyOf("due_minor")

    @property
    def paid_amount(self) -> Money:
        return Money(self.paid.total, self.currency)

    @property
    def waived_amount(self) -> Money:
        return Money(self.waived.total, self.currency)

    @property
    def written_off_amount(self) -> Money:
        return Money(self.written_off.total, self.currency)

    unpaid_amount = MoneyOf("unpaid_minor")
    balance_after = MoneyOf("balance_after_minor")

    def past_due_days_on(self, on: date) -> int:
        return max(0, (on - self.due_on).days) if self.unpaid.total else 0

    @property
    def past_due_days(self) -> int:
        return self.past_due_days_on(clock.today())


class LoanTransaction(Model):
    """A movement on a loan's statement, with the journal entry that books it."""

    id = fields.UUIDField(primary_key=True)
    loan_id = fields.UUIDField()
    branch_id = fields.UUIDField()
    fact_id = fields.UUIDField(null=True)
    kind = fields.CharEnumField(TransactionKind, max_length=18)
    happened_on = fields.DateField()
    currency = fields.CharField(max_length=3)
    amount_minor = fields.BigIntField()
    principal_minor = fields.BigIntField(default=0)
    interest_minor = fields.BigIntField(default=0)
    fee_minor = fields.BigIntField(default=0)
    penalty_minor = fields.BigIntField(default=0)
    overpaid_minor = fields.BigIntField(default=0)
    channel = fields.CharEnumField(PaymentChannel, max_length=6, null=True)
    reference = fields.CharField(max_length=120, default="")
    payer_id = fields.UUIDField(null=True)
    note = fields.CharField(max_length=500, default="")
    entry_id = fields.UUIDField(null=True)
    recorded_by_id = fields.UUIDField()
    recorded_at = fields.DatetimeField()
    reversed_by_id = fields.UUIDField(null=True)
    reversed_at = fields.DatetimeField(null=True)
    reversal_entry_id = fields.UUIDField(null=True)
    replaced_by_id = fields.UUIDField(null=True)
    officer_id = fields.UUIDField(null=True)

    class Meta:
        table = "loan_transaction"

    amount = MoneyOf("amount_minor")
    principal = MoneyOf("principal_minor")
    interest = MoneyOf("interest_minor")
    fee = MoneyOf("fee_minor")
    penalty = MoneyOf("penalty_minor")
    overpaid = MoneyOf("overpaid_minor")

    @property
    def reversed(self) -> bool:
        return self.reversed_at is not None


class LoanAllocation(Model):
    """What a transaction paid of one instalment."""

    id = fields.UUIDField(primary_key=True)
    transaction_id = fields.UUIDField()
    loan_id = fields.UUIDField()
    instalment_number = fields.IntField()
    principal_minor = fields.BigIntField(default=0)
    interest_minor = fields.BigIntField(default=0)
    fee_minor = fields.BigIntField(default=0)
    penalty_minor = fields.BigIntField(default=0)

    class Meta:
        table = "loan_allocation"


class LoanBooking(Model):
    """What a loan has in the journal; see :mod:`domain.lending.booking`."""

    id = fields.UUIDField(primary_key=True)
    loan_id = fields.UUIDField()
    content = fields.TextField()
    entry_id = fields.UUIDField(null=True)
    transaction_id = fields.UUIDField(null=True)
    booked_at = fields.DatetimeField()
    reversal_entry_id = fields.UUIDField(null=True)
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "loan_booking"


class LoanCharge(Model):
    """A fee or penalty as it stands; ``key`` is the engine's."""

    id = fields.UUIDField(primary_key=True)
    loan_id = fields.UUIDField()
    currency = fields.CharField(max_length=3)
    key = fields.CharField(max_length=120)
    code = fields.CharField(max_length=40)
    title = fields.CharField(max_length=120)
    time = fields.CharEnumField(ChargeTime, max_length=20)
    penalty = fields.BooleanField()
    instalment_number = fields.IntField()
    charged_on = fields.DateField()
    due_on = fields.DateField()
    amount_minor = fields.BigIntField()
    paid_minor = fields.BigIntField(default=0)
    waived_minor = fields.BigIntField(default=0)
    written_off_minor = fields.BigIntField(default=0)

    class Meta:
        table = "loan_charge"

    @property
    def unpaid_minor(self) -> int:
        gone: int = self.paid_minor + self.waived_minor + self.written_off_minor
        return int(self.amount_minor) - gone

    amount = MoneyOf("amount_minor")
    paid = MoneyOf("paid_minor")
    waived = MoneyOf("waived_minor")
    written_off = MoneyOf("written_off_minor")
    unpaid = MoneyOf("unpaid_minor")
