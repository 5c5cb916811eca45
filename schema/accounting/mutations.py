"""Writing vouchers, posting them, taking them back; closing and reopening fiscal periods."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

import strawberry

from domain.accounting import models, service
from domain.identity.permissions import Permission
from domain.kit.errors import NotFound
from domain.kit.idempotency import Outcome, once
from schema.accounting.inputs import (
    AddVoucherPapersInput,
    CreateExpenseInput,
    CreateFiscalYearInput,
    CreateJournalEntryInput,
    CreateRevenueInput,
    CreateTransferInput,
    ExpenseActInput,
    FiscalPeriodActInput,
    FiscalYearActInput,
    JournalDraftActInput,
    PostJournalEntryInput,
    RevenueActInput,
    ReverseExpenseInput,
    ReverseJournalEntryInput,
    ReverseRevenueInput,
    ReverseTransferInput,
    TransferActInput,
    Unread,
    UpdateExpenseInput,
    UpdateJournalEntryInput,
    UpdateRevenueInput,
    UpdateTransferInput,
    said_in,
)
from schema.accounting.types import Expense, FiscalPeriod, FiscalYear, JournalDraft, Revenue, Transfer, Voucher
from schema.core.books import JournalEntry
from schema.kit import (
    Answer,
    Info,
    Payload,
    ReplayablePayload,
    argument,
    attribute,
    mutation,
    payload_type,
    read_id,
)
from schema.kit.ids import decode_id


@payload_type("The expense as the act left it.")
class ExpensePayload(ReplayablePayload):
    expense: Expense | None = attribute("The expense.")


@payload_type("The revenue as the act left it.")
class RevenuePayload(ReplayablePayload):
    revenue: Revenue | None = attribute("The revenue.")


@payload_type("The transfer as the act left it.")
class TransferPayload(ReplayablePayload):
    transfer: Transfer | None = attribute("The transfer.")


@payload_type("The draft of an entry as the act left it.")
class JournalDraftPayload(ReplayablePayload):
    journal_draft: JournalDraft | None = attribute("The draft.")


@payload_type("The voucher as the act left it.")
class VoucherPayload(ReplayablePayload):
    voucher: Voucher | None = attribute("The voucher.")


@payload_type("What came of posting an entry.")
class JournalEntryPayload(ReplayablePayload):
    journal_entry: JournalEntry | None = attribute(
        "The entry that is in the books now; null while its draft waits for somebody else's approval."
    )
    journal_draft: JournalDraft | None = attribute("The draft that it was, or is; null when it was posted without one.")


@payload_type("The fiscal year as the act left it.")
class FiscalYearPayload(ReplayablePayload):
    fiscal_year: FiscalYear | None = attribute("The fiscal year.")


@payload_type("The fiscal period as the act left it.")
class FiscalPeriodPayload(Payload):
    fiscal_period: FiscalPeriod | None = attribute("The fiscal period.")


_KINDS = {model.__name__: model.of_kind for model in (models.Expense, models.Revenue, models.Transfer, models.JournalDraft)}

Service = Callable[..., Awaitable[Any]]
WRITE, APPROVE = Permission.ACCOUNTING_WRITE, Permission.ACCOUNTING_APPROVE

OneExpense = Annotated[ExpenseActInput, argument("Which expense.")]
OneRevenue = Annotated[RevenueActInput, argument("Which revenue.")]
OneTransfer = Annotated[TransferActInput, argument("Which transfer.")]
OnePeriod = Annotated[FiscalPeriodActInput, argument("Which period.")]
OneYear = Annotated[FiscalYearActInput, argument("Which fiscal year.")]


@strawberry.type
class Mutation:
    @mutation(ExpensePayload, "Write an expense down as a draft.", requires=WRITE)
    async def create_expense(self, info: Info, input: Annotated[CreateExpenseInput, argument("The expense.")]) -> Answer:
        outcome = await once(input.idempotency_key, service.create_expense, info.context.actor, terms=input.terms())
        return Answer(expense=outcome.result, replayed=outcome.replayed)

    @mutation(
        ExpensePayload,
        "Change an expense that is not in the books. What waits for approval, or was rejected, is a draft again.",
        requires=WRITE,
    )
    async def update_expense(
        self, info: Info, input: Annotated[UpdateExpenseInput, argument("Which expense, and what to change.")]
    ) -> Answer:
        expense_id = read_id("Expense", input.expense_id, "input", "expenseId")
        act, key = service.update_expense, input.idempotency_key
        return _expense(await _act(info, key, act, expense_id=expense_id, changes=_changes(input)))

    @mutation(
        ExpensePayload,
        "Bring an expense into the books. Above the threshold of the house its maker asks for approval by this, and "
        "somebody else who may approve brings it in.",
        requires=WRITE,
    )
    async def post_expense(self, info: Info, input: OneExpense) -> Answer:
        return _expense(await _act(info, input.idempotency_key, service.post_expense, expense_id=_of_expense(input)))

    @mutation(ExpensePayload, "Throw away an expense that is not in the books.", requires=WRITE)
    async def void_expense(self, info: Info, input: OneExpense) -> Answer:
        return _expense(await _act(info, input.idempotency_key, service.void_expense, expense_id=_of_expense(input)))

    @mutation(ExpensePayload, "Take back an expense that is in the books, by the opposite entry of today.", requires=APPROVE)
    async def reverse_expense(
        self, info: Info, input: Annotated[ReverseExpenseInput, argument("Which expense, and why.")]
    ) -> Answer:
        act, key = service.reverse_expense, input.idempotency_key
        return _expense(await _act(info, key, act, expense_id=_of_expense(input), reason=input.reason))

    @mutation(RevenuePayload, "Write a revenue down as a draft.", requires=WRITE)
    async def create_revenue(self, info: Info, input: Annotated[CreateRevenueInput, argument("The revenue.")]) -> Answer:
        outcome = await once(input.idempotency_key, service.create_revenue, info.context.actor, terms=input.terms())
        return Answer(revenue=outcome.result, replayed=outcome.replayed)

    @mutation(
        RevenuePayload,
        "Change a revenue that is not in the books. What waits for approval, or was rejected, is a draft again.",
        requires=WRITE,
    )
    async def update_revenue(
        self, info: Info, input: Annotated[UpdateRevenueInput, argument("Which revenue, and what to change.")]
    ) -> Answer:
        revenue_id = read_id("Revenue", input.revenue_id, "input", "revenueId")
        act, key = service.update_revenue, input.idempotency_key
        return _revenue(await _act(info, key, act, revenue_id=revenue_id, changes=_changes(input)))

    @mutation(
        RevenuePayload,
        "Bring a revenue into the books; above the threshold of the house by two people, as with expenses.",
        requires=WRITE,
    )
    async def post_revenue(self, info: Info, input: OneRevenue) -> Answer:
        return _revenue(await _act(info, input.idempotency_key, service.post_revenue, revenue_id=_of_revenue(input)))

    @mutation(RevenuePayload, "Throw away a revenue that is not in the books.", requires=WRITE)
    async def void_revenue(self, info: Info, input: OneRevenue) -> Answer:
        return _revenue(await _act(info, input.idempotency_key, service.void_revenue, revenue_id=_of_revenue(input)))

    @mutation(RevenuePayload, "Take back a revenue that is in the books, by the opposite entry of today.", requires=APPROVE)
    async def reverse_revenue(
        self, info: Info, input: Annotated[ReverseRevenueInput, argument("Which revenue, and why.")]
    ) -> Answer:
        act, key = service.reverse_revenue, input.idempotency_key
        return _revenue(await _act(info, key, act, revenue_id=_of_revenue(input), reason=input.reason))

    @mutation(TransferPayload, "Write a transfer between accounts of the house down as a draft.", requires=WRITE)
    async def create_transfer(
        self, info: Info, input: Annotated[CreateTransferInput, argument("From where to where, and how much.")]
    ) -> Answer:
        outcome = await once(input.idempotency_key, service.create_transfer, info.context.actor, terms=input.terms())
        return Answer(transfer=outcome.result, replayed=outcome.replayed)

    @mutation(
        TransferPayload,
        "Change a transfer that is not in the books. What waits for approval, or was rejected, is a draft again.",
        requires=WRITE,
    )
    async def update_transfer(
        self, info: Info, input: Annotated[UpdateTransferInput, argument("Which transfer, and what to change.")]
    ) -> Answer:
        transfer_id = read_id("Transfer", input.transfer_id, "input", "transferId")
        act, key = service.update_transfer, input.idempotency_key
        return _transfer(await _act(info, key, act, transfer_id=transfer_id, changes=_changes(input)))

    @mutation(
        TransferPayload,
        "Move the money, never more than there is; above the threshold of the house by two people, as with expenses.",
        requires=WRITE,
    )
    async def process_transfer(self, info: Info, input: OneTransfer) -> Answer:
        act, key = service.process_transfer, input.idempotency_key
        return _transfer(await _act(info, key, act, transfer_id=_of_transfer(input)))

    @mutation(TransferPayload, "Throw away a transfer that is not in the books.", requires=WRITE)
    async def void_transfer(self, info: Info, input: OneTransfer) -> Answer:
        return _transfer(await _act(info, input.idempotency_key, service.void_transfer, transfer_id=_of_transfer(input)))

    @mutation(TransferPayload, "Move the money of a transfer back, as far as it is there.", requires=APPROVE)
    async def reverse_transfer(
        self, info: Info, input: Annotated[ReverseTransferInput, argument("Which transfer, and why.")]
    ) -> Answer:
        act, key = service.reverse_transfer, input.idempotency_key
        return _transfer(await _act(info, key, act, transfer_id=_of_transfer(input), reason=input.reason))

    @mutation(
        JournalDraftPayload,
        "Write an entry down as a draft. One that does not balance is refused.",
        requires=Permission.LEDGER_POST,
    )
    async def create_journal_entry(
        self, info: Info, input: Annotated[CreateJournalEntryInput, argument("The entry.")]
    ) -> Answer:
        act = service.create_journal_entry
        outcome = await once(input.idempotency_key, act, info.context.actor, terms=input.terms())
        return Answer(journal_draft=outcome.result, replayed=outcome.replayed)

    @mutation(
        JournalDraftPayload,
        "Change the draft of an entry. What waits for approval, or was rejected, is a draft again.",
        requires=Permission.LEDGER_POST,
    )
    async def update_journal_entry(
        self, info: Info, input: Annotated[UpdateJournalEntryInput, argument("Which draft, and what to change.")]
    ) -> Answer:
        draft_id = read_id("JournalDraft", input.draft_id, "input", "draftId")
        act, key = service.update_journal_entry, input.idempotency_key
        outcome = await _act(info, key, act, draft_id=draft_id, changes=_changes(input))
        return Answer(journal_draft=outcome.result, replayed=outcome.replayed)

    @mutation(JournalDraftPayload, "Throw away the draft of an entry.", requires=Permission.LEDGER_POST)
    async def void_journal_entry(
        self, info: Info, input: Annotated[JournalDraftActInput, argument("Which draft.")]
    ) -> Answer:
        draft_id = read_id("JournalDraft", input.draft_id, "input", "draftId")
        outcome = await _act(info, input.idempotency_key, service.void_journal_draft, draft_id=draft_id)
        return Answer(journal_draft=outcome.result, replayed=outcome.replayed)

    @mutation(
        JournalEntryPayload,
        "Post an entry by hand to accounts of the house: a draft, or one that is stated here. Accounts that a process "
        "keeps, such as wallets, take none. Above the threshold of the house it waits as a draft until somebody else "
        "approves it.",
        requires=Permission.LEDGER_POST,
    )
    async def post_journal_entry(
        self, info: Info, input: Annotated[PostJournalEntryInput, argument("The entry.")]
    ) -> Answer:
        lines = input.parse_lines()
        if input.draft_id is not None:
            draft_id = read_id("JournalDraft", input.draft_id, "input", "draftId")
            outcome = await _act(info, input.idempotency_key, service.post_journal_draft, draft_id=draft_id)
        else:
            outcome = await once(
                input.idempotency_key,
                service.post_by_hand,
                info.context.actor,
                lines=lines,
                description=input.description or "",
                effective_on=input.effective_on,
            )
        by_hand = outcome.result
        return Answer(journal_entry=by_hand.entry, journal_draft=by_hand.draft, replayed=outcome.replayed)

    @mutation(
        JournalEntryPayload,
        "Take back an entry that was posted by hand, by posting its opposite; once.",
        requires=Permission.LEDGER_POST,
    )
    async def reverse_journal_entry(
        self, info: Info, input: Annotated[ReverseJournalEntryInput, argument("Which entry, and why.")]
    ) -> Answer:
        outcome = await once(
            input.idempotency_key,
            service.reverse_by_hand,
            info.context.actor,
            entry_id=read_id("JournalEntry", input.entry_id, "input", "entryId"),
            reason=input.reason,
        )
        return Answer(journal_entry=outcome.result, replayed=outcome.replayed)

    @mutation(
        VoucherPayload,
        "Add receipts or other papers to a voucher; whoever sees it can read them, and nobody can delete them.",
        requires=WRITE,
    )
    async def add_voucher_papers(
        self, info: Info, input: Annotated[AddVoucherPapersInput, argument("Which voucher, and which files.")]
    ) -> Answer:
        type_name, _ = decode_id(input.voucher_id, "input", "voucherId")
        if type_name not in _KINDS:
            raise NotFound("this is not the id of a voucher", field=("input", "voucherId"))
        outcome = await _act(
            info,
            input.idempotency_key,
            service.add_papers,
            kind=_KINDS[type_name],
            voucher_id=read_id(type_name, input.voucher_id, "input", "voucherId"),
            file_ids=[read_id("File", file_id, "input", "fileIds") for file_id in input.file_ids],
        )
        return Answer(voucher=outcome.result, replayed=outcome.replayed)

    @mutation(
        FiscalYearPayload, "Set up a fiscal year with its periods, a month each.", requires=Permission.FISCAL_PERIODS_MANAGE
    )
    async def create_fiscal_year(
        self, info: Info, input: Annotated[CreateFiscalYearInput, argument("When it starts, and how long it is.")]
    ) -> Answer:
        act, key = service.create_fiscal_year, input.idempotency_key
        outcome = await _act(info, key, act, starts_on=input.starts_on, months=input.months, name=input.name)
        return Answer(fiscal_year=outcome.result, replayed=outcome.replayed)

    @mutation(
        FiscalYearPayload,
        "Close a fiscal year that is over: its result is carried into retained earnings, its periods are closed.",
        requires=Permission.FISCAL_PERIODS_MANAGE,
    )
    async def close_fiscal_year(self, info: Info, input: OneYear) -> Answer:
        outcome = await _act(info, input.idempotency_key, service.close_fiscal_year, year_id=_of_year(input))
        return Answer(fiscal_year=outcome.result, replayed=outcome.replayed)

    @mutation(
        FiscalYearPayload,
        "Reopen a fiscal year: its closing entries are taken back. Each period stays closed until it is reopened.",
        requires=Permission.FISCAL_PERIODS_MANAGE,
    )
    async def reopen_fiscal_year(self, info: Info, input: OneYear) -> Answer:
        outcome = await _act(info, input.idempotency_key, service.reopen_fiscal_year, year_id=_of_year(input))
        return Answer(fiscal_year=outcome.result, replayed=outcome.replayed)

    @mutation(
        FiscalPeriodPayload,
        "Close a fiscal period: nothing can be dated into it from now on, whoever posts.",
        requires=Permission.FISCAL_PERIODS_MANAGE,
    )
    async def close_fiscal_period(self, info: Info, input: OnePeriod) -> Answer:
        period_id = read_id("FiscalPeriod", input.period_id, "input", "periodId")
        return Answer(fiscal_period=await service.close_fiscal_period(info.context.actor, period_id=period_id))

    @mutation(
        FiscalPeriodPayload,
        "Reopen a fiscal period of a fiscal year that is open.",
        requires=Permission.FISCAL_PERIODS_MANAGE,
    )
    async def reopen_fiscal_period(self, info: Info, input: OnePeriod) -> Answer:
        period_id = read_id("FiscalPeriod", input.period_id, "input", "periodId")
        return Answer(fiscal_period=await service.reopen_fiscal_period(info.context.actor, period_id=period_id))


async def _act(info: Info, key: str | None, act: Service, **what: Any) -> Outcome[Any]:
    return await once(key, act, info.context.actor, **what)


def _changes(input: object) -> dict[str, Any]:
    unread = Unread()
    said = said_in(input, unread)
    unread.require_none()
    return said


def _expense(outcome: Outcome[Any]) -> Answer:
    return Answer(expense=outcome.result, replayed=outcome.replayed)


def _revenue(outcome: Outcome[Any]) -> Answer:
    return Answer(revenue=outcome.result, replayed=outcome.replayed)


def _transfer(outcome: Outcome[Any]) -> Answer:
    return Answer(transfer=outcome.result, replayed=outcome.replayed)


def _of_expense(input: ExpenseActInput | ReverseExpenseInput) -> UUID:
    return read_id("Expense", input.expense_id, "input", "expenseId")


def _of_revenue(input: RevenueActInput | ReverseRevenueInput) -> UUID:
    return read_id("Revenue", input.revenue_id, "input", "revenueId")


def _of_transfer(input: TransferActInput | ReverseTransferInput) -> UUID:
    return read_id("Transfer", input.transfer_id, "input", "transferId")


def _of_year(input: FiscalYearActInput) -> UUID:
    return read_id("FiscalYear", input.year_id, "input", "yearId")
