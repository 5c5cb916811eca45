"""What accounting announces, to the accountants of the house and, of a branch's vouchers, to those of the branch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.accounting.states import PeriodState, VoucherChange, VoucherKind, VoucherState
from domain.events.event import Event, event
from domain.identity.actor import staff_of
from domain.identity.permissions import Permission
from domain.kit.money import Money

ACCOUNTING = "accounting"


@dataclass(frozen=True, kw_only=True)
class _AboutVoucher(Event):
    """The voucher as it stands now. An entry by hand has no one amount and no two accounts; its lines are its own."""

    voucher_id: UUID
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
    entry_id: UUID | None
    reversal_id: UUID | None

    def topics(self) -> Iterable[str]:
        return [ACCOUNTING, f"voucher:{self.voucher_id}"]

    def audience(self) -> Iterable[str]:
        return staff_of(Permission.ACCOUNTING_READ, self.branch_id)


@event("accounting.expense_created")
@dataclass(frozen=True, kw_only=True)
class ExpenseCreated(_AboutVoucher):
    """An expense was written down, as a draft."""


@event("accounting.expense_posted")
@dataclass(frozen=True, kw_only=True)
class ExpensePosted(_AboutVoucher):
    """An expense is in the books."""


@event("accounting.revenue_created")
@dataclass(frozen=True, kw_only=True)
class RevenueCreated(_AboutVoucher):
    """A revenue was written down, as a draft."""


@event("accounting.revenue_posted")
@dataclass(frozen=True, kw_only=True)
class RevenuePosted(_AboutVoucher):
    """A revenue is in the books."""


@event("accounting.transfer_created")
@dataclass(frozen=True, kw_only=True)
class TransferCreated(_AboutVoucher):
    """A transfer between accounts of the house was written down, as a draft."""


@event("accounting.transfer_processed")
@dataclass(frozen=True, kw_only=True)
class TransferProcessed(_AboutVoucher):
    """Money of the house has moved from one of its accounts to another."""


@event("accounting.journal_entry_drafted")
@dataclass(frozen=True, kw_only=True)
class JournalEntryDrafted(_AboutVoucher):
    """An entry by hand was written down, as a draft."""


@event("accounting.journal_draft_posted")
@dataclass(frozen=True, kw_only=True)
class JournalDraftPosted(_AboutVoucher):
    """The draft of an entry by hand is in the books."""


@event("accounting.voucher_changed")
@dataclass(frozen=True, kw_only=True)
class VoucherChanged(_AboutVoucher):
    """A voucher was edited, submitted, rejected, thrown away or taken back."""

    change: VoucherChange
    comment: str


@dataclass(frozen=True, kw_only=True)
class _AboutBooks(Event):
    """What concerns the books of the whole house."""

    def topics(self) -> Iterable[str]:
        return [ACCOUNTING, "fiscal_periods"]

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
