"""What accounting announces, to the accountants of the house and, of a branch's vouchers, to those of the branch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Self
from uuid import UUID

from domain.accounting.names import ExpenseNames, RevenueNames, TransferNames
from domain.accounting.states import PeriodState, VoucherChange, VoucherKind, VoucherState
from domain.events.event import Event, event
from domain.identity.actor import staff_of
from domain.identity.permissions import Permission
from domain.kit.money import Money

ACCOUNTING = "accounting"
FISCAL_PERIODS = "fiscal_periods"


@dataclass(frozen=True, kw_only=True)
class VoucherSnapshot:
    """A voucher as it stood when something happened to it; the names are those of the voucher itself."""

    id: UUID
    kind: VoucherKind
    number: int
    state: VoucherState
    dated_on: date
    amount: Money | None
    debit_account_id: UUID | None
    credit_account_id: UUID | None
    party: str
    description: str
    reference: str
    branch_id: UUID | None
    created_by: UUID
    created_at: datetime
    changed_by: UUID
    changed_at: datetime
    submitted_by: UUID | None
    submitted_at: datetime | None
    decided_by: UUID | None
    decided_at: datetime | None
    decision_comment: str
    posted_by: UUID | None
    posted_at: datetime | None
    entry_id: UUID | None
    reversal_id: UUID | None
    reversed_by: UUID | None
    reversed_at: datetime | None

    @classmethod
    def of(cls, voucher: object) -> Self:
        return cls(**{column.name: getattr(voucher, column.name) for column in fields(cls)})


@dataclass(frozen=True, kw_only=True)
class ExpenseSnapshot(ExpenseNames, VoucherSnapshot):
    """An expense as it stood."""


@dataclass(frozen=True, kw_only=True)
class RevenueSnapshot(RevenueNames, VoucherSnapshot):
    """A revenue as it stood."""


@dataclass(frozen=True, kw_only=True)
class TransferSnapshot(TransferNames, VoucherSnapshot):
    """A transfer as it stood."""


class _AboutVoucher(Event):
    @property
    def about(self) -> VoucherSnapshot:
        raise NotImplementedError

    def topics(self) -> Iterable[str]:
        return [ACCOUNTING, f"voucher:{self.about.id}"]

    def audience(self) -> Iterable[str]:
        return staff_of(Permission.ACCOUNTING_READ, self.about.branch_id)


@dataclass(frozen=True, kw_only=True)
class _AboutExpense(_AboutVoucher):
    expense: ExpenseSnapshot

    @property
    def about(self) -> VoucherSnapshot:
        return self.expense


@dataclass(frozen=True, kw_only=True)
class _AboutRevenue(_AboutVoucher):
    revenue: RevenueSnapshot

    @property
    def about(self) -> VoucherSnapshot:
        return self.revenue


@dataclass(frozen=True, kw_only=True)
class _AboutTransfer(_AboutVoucher):
    transfer: TransferSnapshot

    @property
    def about(self) -> VoucherSnapshot:
        return self.transfer


@dataclass(frozen=True, kw_only=True)
class _AboutDraft(_AboutVoucher):
    draft: VoucherSnapshot

    @property
    def about(self) -> VoucherSnapshot:
        return self.draft


@event("accounting.expense_created")
@dataclass(frozen=True, kw_only=True)
class ExpenseCreated(_AboutExpense):
    """An expense was written down, as a draft."""


@event("accounting.expense_posted")
@dataclass(frozen=True, kw_only=True)
class ExpensePosted(_AboutExpense):
    """An expense is in the books."""


@event("accounting.revenue_created")
@dataclass(frozen=True, kw_only=True)
class RevenueCreated(_AboutRevenue):
    """A revenue was written down, as a draft."""


@event("accounting.revenue_posted")
@dataclass(frozen=True, kw_only=True)
class RevenuePosted(_AboutRevenue):
    """A revenue is in the books."""


@event("accounting.transfer_created")
@dataclass(frozen=True, kw_only=True)
class TransferCreated(_AboutTransfer):
    """A transfer between accounts of the house was written down, as a draft."""


@event("accounting.transfer_processed")
@dataclass(frozen=True, kw_only=True)
class TransferProcessed(_AboutTransfer):
    """Money of the house has moved from one of its accounts to another."""


@event("accounting.journal_entry_drafted")
@dataclass(frozen=True, kw_only=True)
class JournalEntryDrafted(_AboutDraft):
    """An entry by hand was written down, as a draft."""


@event("accounting.journal_draft_posted")
@dataclass(frozen=True, kw_only=True)
class JournalDraftPosted(_AboutDraft):
    """The draft of an entry by hand is in the books."""


@event("accounting.voucher_changed")
@dataclass(frozen=True, kw_only=True)
class VoucherChanged(_AboutVoucher):
    """A voucher was edited, submitted, rejected, thrown away or taken back."""

    voucher: VoucherSnapshot
    change: VoucherChange
    comment: str

    @property
    def about(self) -> VoucherSnapshot:
        return self.voucher


@dataclass(frozen=True, kw_only=True)
class _AboutBooks(Event):
    """What concerns the books of the whole house."""

    def topics(self) -> Iterable[str]:
        return [ACCOUNTING, FISCAL_PERIODS]

    def audience(self) -> Iterable[str]:
        return [f"permission:{Permission.ACCOUNTING_READ.value}"]


@event("accounting.fiscal_year_changed")
@dataclass(frozen=True, kw_only=True)
class FiscalYearChanged(_AboutBooks):
    """A fiscal year was set up, closed or reopened; ``entry_ids`` carried its result, or took it back."""

    year_id: UUID
    year_name: str
    starts_on: date
    ends_on: date
    state: PeriodState
    entry_ids: list[UUID]


@event("accounting.fiscal_period_changed")
@dataclass(frozen=True, kw_only=True)
class FiscalPeriodChanged(_AboutBooks):
    """A fiscal period was closed or reopened."""

    period_id: UUID
    year_id: UUID
    period_name: str
    starts_on: date
    ends_on: date
    state: PeriodState
