"""Transfers: never of more than there is, however many try at once; and drafts of entries by hand."""

from __future__ import annotations

import asyncpg
import pytest

from domain.accounting.errors import AccountNotSuitable, DraftNotFound, NotUnposted, SameAccount
from domain.accounting.models import Transfer
from domain.accounting.queries import lines_of_drafts
from domain.accounting.service import (
    JournalTerms,
    create_journal_entry,
    post_expense,
    post_journal_draft,
    process_transfer,
    reverse_transfer,
    update_journal_entry,
    update_transfer,
    validate_journal_entry,
    validate_transfer,
    void_journal_draft,
    void_transfer,
)
from domain.accounting.states import VoucherState
from domain.kit.database import execute
from domain.kit.errors import CurrencyMismatch, Forbidden
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.ledger.chart import BANK, CAPITAL, CASH, CREDITORS, WALLETS, house_account
from domain.ledger.errors import AccountNotManual, InsufficientFunds, UnbalancedEntry
from domain.ledger.service import Line, credit, debit, open_account
from tests.support.accounting import (
    a_drafted_expense,
    a_drafted_transfer,
    a_transfer,
    an_accountant,
    capital,
    id_of,
    in_account,
    inr,
)
from tests.support.happenings import assert_integrity, names_of_events, nothing_happens
from tests.support.invoices import an_investor
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")


def lines(amount: int = 100, other: int | None = None) -> list[Line]:
    return [debit(id_of(BANK), inr(amount)), credit(id_of(CAPITAL), inr(amount if other is None else other))]


async def test_money_moves_and_moves_back() -> None:
    accountant = an_accountant()
    await capital(1_000)
    transfer = await a_drafted_transfer(accountant)
    processed = await process_transfer(accountant, transfer_id=transfer.id)
    assert processed.state is VoucherState.POSTED
    assert (await in_account(BANK), await in_account(CASH)) == (inr(0), inr(1_000))
    await reverse_transfer(accountant, transfer_id=transfer.id, reason="Not today")
    assert (await in_account(BANK), await in_account(CASH)) == (inr(1_000), inr(0))
    assert (await names_of_events())[1:] == [
        "accounting.transfer_created",
        "ledger.entry_posted",
        "accounting.transfer_processed",
        "ledger.entry_posted",
        "accounting.voucher_changed",
    ]
    await assert_integrity()


async def test_what_is_wrong_with_a_transfer() -> None:
    accountant = an_accountant()
    await capital(1_000)
    cases = [
        (a_transfer(amount=inr("1000.01")), InsufficientFunds, "amount"),
        (a_transfer(to_account_id=id_of(BANK)), SameAccount, "toAccountId"),
        (a_transfer(to_account_id=id_of(CREDITORS)), AccountNotSuitable, "toAccountId"),
        (a_transfer(to_account_id=id_of(CASH, "KES")), CurrencyMismatch, "toAccountId"),
    ]
    async with nothing_happens():
        for terms, refusal, field in cases:
            [problem] = await validate_transfer(accountant, terms=terms)
            assert (type(problem), problem.field) == (refusal, ("input", field))
        with pytest.raises(InsufficientFunds, match=r"only INR 0\.00 is available"):
            await a_drafted_transfer(accountant, from_account_id=id_of(CASH), to_account_id=id_of(BANK))
        with pytest.raises(Forbidden):
            await validate_transfer(an_investor(), terms=a_transfer())
    assert await validate_transfer(accountant, terms=a_transfer()) == []


async def test_transfers_at_once_take_no_more_than_there_is() -> None:
    accountant = an_accountant()
    await capital(2_500)
    drafted = [await a_drafted_transfer(accountant) for _ in range(8)]
    outcomes = await outcomes_of(process_transfer(accountant, transfer_id=each.id) for each in drafted)
    assert sum(isinstance(outcome, Transfer) for outcome in outcomes) == 2
    assert sum(isinstance(outcome, InsufficientFunds) for outcome in outcomes) == 6
    assert (await in_account(BANK), await in_account(CASH)) == (inr(500), inr(2_000))
    await assert_integrity()


async def test_transfers_both_ways_and_expenses_at_once_are_exact() -> None:
    accountant = an_accountant()
    await capital(3_000)
    await capital(3_000, into=CASH)
    there = [await a_drafted_transfer(accountant) for _ in range(5)]
    back = [await a_drafted_transfer(accountant, from_account_id=id_of(CASH), to_account_id=id_of(BANK)) for _ in range(5)]
    paid = [await a_drafted_expense(accountant, amount=inr(500)) for _ in range(3)]
    acts = [process_transfer(accountant, transfer_id=each.id) for pair in zip(there, back, strict=True) for each in pair]
    acts += [post_expense(accountant, expense_id=each.id) for each in paid]  # type: ignore[misc]
    outcomes = await outcomes_of(acts)
    assert all(not isinstance(each, Exception) or isinstance(each, InsufficientFunds) for each in outcomes)
    assert await in_account(BANK) + await in_account(CASH) == inr(4_500)
    await assert_integrity()


async def test_a_transfer_is_not_taken_back_out_of_an_empty_drawer() -> None:
    accountant = an_accountant()
    await capital(1_000)
    transfer = await a_drafted_transfer(accountant)
    await process_transfer(accountant, transfer_id=transfer.id)
    back = await a_drafted_transfer(accountant, from_account_id=id_of(CASH), to_account_id=id_of(BANK), amount=inr(1))
    await process_transfer(accountant, transfer_id=back.id)
    async with nothing_happens():
        with pytest.raises(InsufficientFunds):
            await reverse_transfer(accountant, transfer_id=transfer.id, reason="Too late")


async def test_a_transfer_is_changed_and_thrown_away() -> None:
    accountant = an_accountant()
    await capital(1_000)
    transfer = await a_drafted_transfer(accountant)
    changed = await update_transfer(accountant, transfer_id=transfer.id, changes={"amount": inr(5)})
    assert (changed.amount, changed.from_account_id) == (inr(5), id_of(BANK))
    assert (await void_transfer(accountant, transfer_id=transfer.id)).state is VoucherState.VOIDED


async def test_an_entry_is_drafted_changed_and_posted() -> None:
    accountant = an_accountant()
    draft = await create_journal_entry(accountant, terms=JournalTerms(lines=lines(), description="Capital"))
    [bank, _] = (await lines_of_drafts(accountant, [draft.id]))[draft.id]
    assert (bank.debit, bank.credit, bank.line_no) == (inr(100), None, 1)
    changed = await update_journal_entry(accountant, draft_id=draft.id, changes={"lines": lines(70)})
    assert changed.description == "Capital"
    posted = await post_journal_draft(accountant, draft_id=draft.id)
    assert posted.entry is not None
    assert (posted.entry.kind, posted.entry.reference_kind) == ("ledger.manual", "journal_draft")
    assert await in_account(CAPITAL) == inr(70)
    async with nothing_happens():
        with pytest.raises(NotUnposted):
            await void_journal_draft(accountant, draft_id=draft.id)
        with pytest.raises(DraftNotFound):
            await post_journal_draft(accountant, draft_id=new_id())
    assert await names_of_events() == [
        "accounting.journal_entry_drafted",
        "accounting.voucher_changed",
        "ledger.entry_posted",
        "accounting.journal_draft_posted",
    ]
    await assert_integrity()


async def test_what_is_no_entry_is_no_draft() -> None:
    accountant = an_accountant()
    wallet = await open_account(WALLETS, name="Wallet", currency="INR", owner_id=new_id())
    kes = Money.of(100, "KES")
    mixed = [debit(id_of(BANK), kes), credit(id_of(CAPITAL, "KES"), kes)]
    cases = [
        (lines(100, 99), UnbalancedEntry, ("input", "lines")),
        (lines()[:1], UnbalancedEntry, ("input", "lines")),
        ([*lines()[:1], credit(wallet, inr(100))], AccountNotManual, ("input", "lines", "1", "accountId")),
        (mixed, CurrencyMismatch, ("input", "lines", "0", "accountId")),
    ]
    async with nothing_happens():
        for stated, refusal, field in cases:
            terms = JournalTerms(lines=stated, description="No entry")
            [problem] = await validate_journal_entry(accountant, terms=terms)
            assert (type(problem), problem.field) == (refusal, field)
            with pytest.raises(refusal):
                await create_journal_entry(accountant, terms=terms)
        with pytest.raises(Forbidden):
            await create_journal_entry(an_investor(), terms=JournalTerms(lines=lines(), description="Capital"))


async def test_the_lines_of_a_draft_are_guarded() -> None:
    accountant = an_accountant()
    draft = await create_journal_entry(accountant, terms=JournalTerms(lines=lines(), description="Capital"))
    await post_journal_draft(accountant, draft_id=draft.id)
    await house_account(CASH, "INR")
    for statement in ("update voucher_line set amount_minor = 5 where line_no = 1", "delete from voucher_line"):
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            await execute(statement)
        assert refused.value.constraint_name == "voucher_line_is_of_a_draft"
