"""What feeds tell of accounting."""

from __future__ import annotations

from datetime import date

from domain.accounting import events
from domain.accounting.accounts import REFERENCES
from domain.accounting.states import PeriodState, VoucherChange, VoucherKind, VoucherState
from domain.ledger import queries as books
from schema.accounting.types import Expense, JournalDraft, Revenue, Transfer
from schema.core.books import Account
from schema.kit import ID, LiveEvent, Money, Parent, attribute, event_type, field, global_id, object_type, relation
from schema.kit.fields import FieldRule
from schema.kit.nodes import global_id_of


@event_type("An expense was written down, as a draft.")
class ExpenseCreated(LiveEvent):
    expense: Expense = attribute("The expense as it was then.")


@event_type("An expense is in the books.")
class ExpensePosted(LiveEvent):
    expense: Expense = attribute("The expense as it was then.")


@event_type("A revenue was written down, as a draft.")
class RevenueCreated(LiveEvent):
    revenue: Revenue = attribute("The revenue as it was then.")


@event_type("A revenue is in the books.")
class RevenuePosted(LiveEvent):
    revenue: Revenue = attribute("The revenue as it was then.")


@event_type("A transfer between accounts of the house was written down, as a draft.")
class TransferCreated(LiveEvent):
    transfer: Transfer = attribute("The transfer as it was then.")


@event_type("Money of the house has moved from one of its accounts to another.")
class TransferProcessed(LiveEvent):
    transfer: Transfer = attribute("The transfer as it was then.")


@event_type("An entry by hand was written down, as a draft.")
class JournalEntryDrafted(LiveEvent):
    draft: JournalDraft = attribute("The draft as it was then.")


@event_type("The draft of an entry by hand is in the books.")
class JournalDraftPosted(LiveEvent):
    draft: JournalDraft = attribute("The draft as it was then.")


@event_type("A voucher was edited, submitted, rejected, thrown away or taken back.")
class VoucherChanged(LiveEvent):
    change: VoucherChange = attribute("What happened.")
    comment: str = attribute("What was said with it; empty when nothing.")

    @field(ID, "The voucher, for `node`.", shared=True)
    def voucher_id(self, told: Parent[events.VoucherChanged]) -> ID | None:
        return global_id_of(REFERENCES[told.voucher.kind], told.voucher.id)

    @field(VoucherKind, "What kind of voucher it is.", shared=True)
    def kind(self, told: Parent[events.VoucherChanged]) -> VoucherKind:
        return told.voucher.kind

    @field(int, "The voucher's number.", shared=True)
    def number(self, told: Parent[events.VoucherChanged]) -> int:
        return told.voucher.number

    @field(VoucherState, "Where it stands now.", shared=True)
    def state(self, told: Parent[events.VoucherChanged]) -> VoucherState:
        return told.voucher.state

    @field(Money | None, "How much it is of; null for an entry by hand, which has its amounts in its lines.", shared=True)
    def amount(self, told: Parent[events.VoucherChanged]) -> object:
        return told.voucher.amount

    @field(str, "What it is for.", shared=True)
    def description(self, told: Parent[events.VoucherChanged]) -> str:
        return told.voucher.description


@event_type("A fiscal period was closed or reopened.")
class FiscalPeriodChanged(LiveEvent):
    period_id: ID = global_id("FiscalPeriod", "The period.")
    period_name: str = attribute("What it is called.")
    starts_on: date = attribute("Its first day.")
    ends_on: date = attribute("Its last day.")
    state: PeriodState = attribute("How it stands now.")


@event_type("A fiscal year was set up, closed or reopened.")
class FiscalYearChanged(LiveEvent):
    year_id: ID = global_id("FiscalYear", "The fiscal year.")
    year_name: str = attribute("What it is called.")
    starts_on: date = attribute("Its first day.")
    ends_on: date = attribute("Its last day.")
    state: PeriodState = attribute("How it stands now.")


@object_type("One line of an entry that was posted: a debit or a credit of one account.")
class PostedLine:
    account_id: ID = global_id("Account", "The account.")
    debit: Money | None = attribute("How much is debited; null for a credit.")
    credit: Money | None = attribute("How much is credited; null for a debit.")

    account: Account | None = relation(books.accounts_read, "account_id", "The account.")


@event_type("An entry is in the books, whoever made it.")
class JournalEntryPosted(LiveEvent):
    entry_id: ID = global_id("JournalEntry", "The entry.")
    number: int = attribute("Its number.")
    kind: str = attribute("What made it, such as `ledger.manual` or `accounting.expense`.")
    description: str = attribute("What it is for.")
    effective_on: date = attribute("The date on which it counts.")
    reverses_id: ID | None = global_id("JournalEntry", "The entry that this one takes back.")
    branch_id: ID | None = global_id("Branch", "The branch that it is of; null for the whole house.")
    reference_kind: str | None = attribute("What kind of thing it is about, such as `expense`.")
    lines: list[PostedLine] = attribute("Its lines in their order.", rule=FieldRule(size=4, shared=True))
