"""Vouchers of four kinds, the lines of those written by hand, fiscal years and periods.

The four kinds share a table and a life (see :mod:`domain.accounting.states`); each has a class of its own, which sees only
its rows and calls the two accounts by their names in the field.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from tortoise import fields
from tortoise.manager import Manager
from tortoise.models import Model
from tortoise.queryset import QuerySet

from domain.accounting.names import ExpenseNames, RevenueNames, TransferNames
from domain.accounting.states import TRANSITIONS, PeriodState, VoucherKind, VoucherState
from domain.kit import clock
from domain.kit.money import Money


class OfKind(Manager):
    """Looks at vouchers of one kind."""

    def __init__(self, kind: VoucherKind) -> None:
        super().__init__()
        self._kind = kind

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(kind=self._kind)


class Voucher(Model):
    """What all vouchers have."""

    of_kind: ClassVar[VoucherKind]

    id = fields.UUIDField(primary_key=True)
    number = fields.BigIntField(generated=True)
    kind = fields.CharEnumField(VoucherKind, max_length=13)
    state = fields.CharEnumField(VoucherState, max_length=16, default=VoucherState.DRAFT)
    dated_on = fields.DateField()
    currency = fields.CharField(max_length=3, null=True)
    amount_minor = fields.BigIntField(null=True)
    debit_account_id = fields.UUIDField(null=True)
    credit_account_id = fields.UUIDField(null=True)
    party = fields.CharField(max_length=120, default="")
    description = fields.CharField(max_length=300)
    reference = fields.CharField(max_length=120, default="")
    branch_id = fields.UUIDField(null=True)
    created_by = fields.UUIDField()
    created_at = fields.DatetimeField()
    changed_by = fields.UUIDField()
    changed_at = fields.DatetimeField()
    submitted_by = fields.UUIDField(null=True)
    submitted_at = fields.DatetimeField(null=True)
    decided_by = fields.UUIDField(null=True)
    decided_at = fields.DatetimeField(null=True)
    decision_comment = fields.CharField(max_length=1000, default="")
    posted_by = fields.UUIDField(null=True)
    posted_at = fields.DatetimeField(null=True)
    entry_id = fields.UUIDField(null=True)
    reversal_id = fields.UUIDField(null=True)
    reversed_by = fields.UUIDField(null=True)
    reversed_at = fields.DatetimeField(null=True)

    class Meta:
        abstract = True

    @property
    def amount(self) -> Money | None:
        """How much it is of; an entry by hand has its amounts in its lines."""
        return None if self.amount_minor is None or self.currency is None else Money(self.amount_minor, self.currency)

    @property
    def makers(self) -> frozenset[UUID]:
        """Those whose work it is, none of whom may check it."""
        return frozenset({self.created_by, self.changed_by} | ({self.submitted_by} if self.submitted_by else set()))

    def become(self, state: VoucherState) -> None:
        """Move on to another state; what may follow what is our own concern."""
        assert state in TRANSITIONS[self.state], f"a voucher cannot go from {self.state.value} to {state.value}"
        self.state = state

    def be_changed(self, by: UUID) -> None:
        """Be somebody's draft again: whatever was asked or decided about it was about something else."""
        if self.state is not VoucherState.DRAFT:
            self.become(VoucherState.DRAFT)
        self.changed_by, self.changed_at = by, clock.now()
        self.submitted_by = self.submitted_at = self.decided_by = self.decided_at = None
        self.decision_comment = ""

    def be_submitted(self, by: UUID) -> None:
        self.become(VoucherState.PENDING_APPROVAL)
        self.submitted_by, self.submitted_at = by, clock.now()

    def be_decided(self, by: UUID, comment: str = "") -> None:
        self.decided_by, self.decided_at, self.decision_comment = by, clock.now(), comment

    def be_posted(self, by: UUID, entry_id: UUID) -> None:
        self.become(VoucherState.POSTED)
        self.posted_by, self.posted_at, self.entry_id = by, clock.now(), entry_id

    def be_reversed(self, by: UUID, reversal_id: UUID) -> None:
        self.become(VoucherState.REVERSED)
        self.reversed_by, self.reversed_at, self.reversal_id = by, clock.now(), reversal_id


class Expense(ExpenseNames, Voucher):
    """What the house spent."""

    of_kind = VoucherKind.EXPENSE

    class Meta:
        table = "voucher"
        manager = OfKind(VoucherKind.EXPENSE)


class Revenue(RevenueNames, Voucher):
    """What the house earned outside of its businesses."""

    of_kind = VoucherKind.REVENUE

    class Meta:
        table = "voucher"
        manager = OfKind(VoucherKind.REVENUE)


class Transfer(TransferNames, Voucher):
    """Money of the house that moves from one of its cash and bank accounts to another."""

    of_kind = VoucherKind.TRANSFER

    class Meta:
        table = "voucher"
        manager = OfKind(VoucherKind.TRANSFER)


class JournalDraft(Voucher):
    """A journal entry by hand that is not in the books yet."""

    of_kind = VoucherKind.JOURNAL_ENTRY

    class Meta:
        table = "voucher"
        manager = OfKind(VoucherKind.JOURNAL_ENTRY)


class VoucherLine(Model):
    """One line of a draft of an entry; debits are positive. The key is voucher and line number together."""

    voucher_id = fields.UUIDField(primary_key=True)
    line_no = fields.SmallIntField()
    account_id = fields.UUIDField()
    amount_minor = fields.BigIntField()
    currency = fields.CharField(max_length=3)

    class Meta:
        table = "voucher_line"

    @property
    def debit(self) -> Money | None:
        return Money(self.amount_minor, self.currency) if self.amount_minor > 0 else None

    @property
    def credit(self) -> Money | None:
        return Money(-self.amount_minor, self.currency) if self.amount_minor < 0 else None


class FiscalYear(Model):
    """A year of the books. Closing it carries its result into retained earnings."""

    id = fields.UUIDField(primary_key=True)
    name = fields.CharField(max_length=40)
    starts_on = fields.DateField()
    ends_on = fields.DateField()
    state = fields.CharEnumField(PeriodState, max_length=6)
    created_at = fields.DatetimeField()
    closed_by = fields.UUIDField(null=True)
    closed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "fiscal_year"

    def close(self, by: UUID) -> None:
        self.state, self.closed_by, self.closed_at = PeriodState.CLOSED, by, clock.now()

    def reopen(self) -> None:
        self.state, self.closed_by, self.closed_at = PeriodState.OPEN, None, None


class FiscalPeriod(Model):
    """A stretch of a fiscal year, usually a month. Nothing is dated into a closed one."""

    id = fields.UUIDField(primary_key=True)
    year_id = fields.UUIDField()
    name = fields.CharField(max_length=40)
    starts_on: date = fields.DateField()
    ends_on: date = fields.DateField()
    state = fields.CharEnumField(PeriodState, max_length=6)
    closed_by = fields.UUIDField(null=True)
    closed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "fiscal_period"

    def close(self, by: UUID) -> None:
        self.state, self.closed_by, self.closed_at = PeriodState.CLOSED, by, clock.now()

    def reopen(self) -> None:
        self.state, self.closed_by, self.closed_at = PeriodState.OPEN, None, None


class FiscalYearClosing(Model):
    """The entry that carried a year's result in one currency, and the one that took it back."""

    id = fields.UUIDField(primary_key=True)
    year_id = fields.UUIDField()
    currency = fields.CharField(max_length=3)
    result_minor = fields.DecimalField(max_digits=30, decimal_places=0)
    entry_id = fields.UUIDField()
    reversal_id = fields.UUIDField(null=True)

    class Meta:
        table = "fiscal_year_closing"
