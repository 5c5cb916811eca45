"""Above the threshold it takes two: the maker asks, somebody else looks, and the books hear of it once."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from domain.accounting import accounts, settings
from domain.accounting.models import Expense, JournalDraft
from domain.accounting.service import (
    JournalTerms,
    create_journal_entry,
    post_by_hand,
    post_expense,
    post_journal_draft,
    process_transfer,
    reverse_by_hand,
    reverse_expense,
    update_expense,
    void_expense,
)
from domain.accounting.settings import AccountingSettings
from domain.accounting.states import VoucherState
from domain.approvals.errors import AlreadyDecided, CommentRequired, MakerIsChecker
from domain.approvals.models import Approval, ApprovalStatus
from domain.approvals.service import approve, reject
from domain.kit.database import fetchval
from domain.kit.money import Money
from domain.ledger.chart import BANK, CAPITAL, CASH, house_account
from domain.ledger.errors import InsufficientFunds
from domain.ledger.models import JournalEntry
from domain.ledger.service import Line, credit, debit
from tests.support.accounting import (
    a_drafted_expense,
    a_drafted_transfer,
    a_posted_expense,
    an_accountant,
    capital,
    id_of,
    in_account,
    inr,
)
from tests.support.happenings import assert_integrity, names_of_events, nothing_happens
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")

MAKER, CHECKER = an_accountant("Achieng Otieno"), an_accountant("Brian Kiptoo")


@pytest.fixture(autouse=True)
def threshold() -> Iterator[None]:
    """One thousand of any currency."""
    settings.configure(AccountingSettings(approval_threshold=Decimal(1_000)))
    yield
    settings.configure(AccountingSettings())


async def a_pending_expense(**changes: Any) -> Expense:
    expense = await a_drafted_expense(MAKER, **changes)
    return await post_expense(MAKER, expense_id=expense.id)


async def the_request() -> Approval:
    return await Approval.all().order_by("-requested_at").first()  # type: ignore[return-value]


async def some_capital(amount: int | str) -> list[Line]:
    return [debit(await house_account(BANK, "INR"), inr(amount)), credit(await house_account(CAPITAL, "INR"), inr(amount))]


async def test_at_the_threshold_one_is_enough() -> None:
    posted = await a_posted_expense(MAKER, amount=inr(1_000))
    assert posted.state is VoucherState.POSTED
    assert await Approval.all().count() == 0


async def test_above_it_the_maker_asks_and_another_approves() -> None:
    pending = await a_pending_expense()
    assert (pending.state, pending.submitted_by) == (VoucherState.PENDING_APPROVAL, MAKER.id)
    assert await JournalEntry.all().count() == 0
    request = await the_request()
    assert (request.kind, request.subject_id, request.requested_by) == ("EXPENSE", pending.id, MAKER.id)
    assert (request.amount_minor, request.currency) == (1_200_00, "INR")
    async with nothing_happens():
        with pytest.raises(MakerIsChecker):
            await approve(MAKER, approval_id=request.id)
        with pytest.raises(MakerIsChecker):
            await post_expense(MAKER, expense_id=pending.id)
    await approve(CHECKER, approval_id=request.id, comment="Fine")
    posted = await Expense.get(id=pending.id)
    assert (posted.state, posted.decided_by, posted.decision_comment) == (VoucherState.POSTED, CHECKER.id, "Fine")
    assert await in_account(accounts.RENT) == inr(1_200)
    assert await names_of_events() == [
        "accounting.expense_created",
        "accounting.voucher_changed",
        "approvals.requested",
        "ledger.entry_posted",
        "accounting.expense_posted",
        "approvals.decided",
    ]
    await assert_integrity()


async def test_somebody_else_may_post_it_at_once() -> None:
    drafted = await a_drafted_expense(MAKER)
    posted = await post_expense(CHECKER, expense_id=drafted.id)
    assert (posted.state, posted.posted_by, posted.decided_by) == (VoucherState.POSTED, CHECKER.id, CHECKER.id)
    assert await Approval.all().count() == 0
    await assert_integrity()


async def test_posting_what_is_pending_approves_it() -> None:
    pending = await a_pending_expense()
    posted = await post_expense(CHECKER, expense_id=pending.id)
    assert posted.state is VoucherState.POSTED
    assert (await the_request()).status is ApprovalStatus.APPROVED
    await assert_integrity()


async def test_whoever_changed_it_is_a_maker_too() -> None:
    drafted = await a_drafted_expense(MAKER)
    await update_expense(CHECKER, expense_id=drafted.id, changes={"payee": "My cousin"})
    for person in (MAKER, CHECKER):
        pending = await Expense.get(id=drafted.id)
        if pending.state is VoucherState.PENDING_APPROVAL:
            with pytest.raises(MakerIsChecker):
                await post_expense(person, expense_id=drafted.id)
        else:
            assert (await post_expense(person, expense_id=drafted.id)).state is VoucherState.PENDING_APPROVAL
    assert await JournalEntry.all().count() == 0


async def test_a_rejected_expense_is_changed_and_asked_for_again() -> None:
    pending = await a_pending_expense()
    request = await the_request()
    with pytest.raises(CommentRequired):
        await reject(CHECKER, approval_id=request.id, comment=" ")
    await reject(CHECKER, approval_id=request.id, comment="Too much for March")
    rejected = await Expense.get(id=pending.id)
    assert (rejected.state, rejected.decision_comment) == (VoucherState.REJECTED, "Too much for March")
    changed = await update_expense(MAKER, expense_id=pending.id, changes={"amount": inr(1_100)})
    assert (changed.state, changed.decided_by, changed.decision_comment) == (VoucherState.DRAFT, None, "")
    again = await post_expense(MAKER, expense_id=pending.id)
    assert again.state is VoucherState.PENDING_APPROVAL
    await approve(CHECKER, approval_id=(await the_request()).id)
    assert await in_account(accounts.RENT) == inr(1_100)
    await assert_integrity()


async def test_changing_or_throwing_away_withdraws_the_request() -> None:
    pending = await a_pending_expense()
    first = await the_request()
    await update_expense(MAKER, expense_id=pending.id, changes={"payee": "Landlord"})
    assert (await Approval.get(id=first.id)).status is ApprovalStatus.WITHDRAWN
    await post_expense(MAKER, expense_id=pending.id)
    second = await the_request()
    await void_expense(MAKER, expense_id=pending.id)
    assert (await Approval.get(id=second.id)).status is ApprovalStatus.WITHDRAWN
    with pytest.raises(AlreadyDecided):
        await approve(CHECKER, approval_id=second.id)
    assert await JournalEntry.all().count() == 0


async def test_many_who_approve_at_once_post_once() -> None:
    await a_pending_expense()
    request = await the_request()
    checkers = [an_accountant(f"Checker {n}") for n in range(6)]
    outcomes = await outcomes_of(approve(checker, approval_id=request.id) for checker in checkers)
    assert sum(isinstance(outcome, Approval) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, AlreadyDecided) for outcome in outcomes) == 5
    assert await in_account(accounts.RENT) == inr(1_200)
    await assert_integrity()


async def test_one_person_undoes_no_more_than_they_may_do() -> None:
    pending = await a_pending_expense()
    await post_expense(CHECKER, expense_id=pending.id)
    async with nothing_happens():
        with pytest.raises(MakerIsChecker):
            await reverse_expense(MAKER, expense_id=pending.id, reason="I changed my mind")
    await reverse_expense(CHECKER, expense_id=pending.id, reason="Paid twice")
    assert await in_account(accounts.RENT) == inr(0)
    await assert_integrity()


async def test_a_transfer_is_measured_when_it_is_approved() -> None:
    await capital(2_000)
    transfer = await a_drafted_transfer(MAKER, amount=inr(1_500))
    assert (await process_transfer(MAKER, transfer_id=transfer.id)).state is VoucherState.PENDING_APPROVAL
    await a_posted_expense(MAKER, amount=inr(900))
    request = await the_request()
    async with nothing_happens():
        with pytest.raises(InsufficientFunds, match=r"only INR 1,100\.00 is available"):
            await approve(CHECKER, approval_id=request.id)
    await capital(400)
    await approve(CHECKER, approval_id=request.id)
    assert await in_account(CASH) == inr(1_500)
    await assert_integrity()


async def test_an_entry_by_hand_above_the_threshold_waits_as_a_draft() -> None:
    small = await post_by_hand(MAKER, lines=await some_capital(1_000), description="Capital")
    assert small.entry is not None
    assert small.draft is None
    large = await post_by_hand(MAKER, lines=await some_capital("1000.01"), description="More capital")
    assert large.entry is None
    assert large.draft is not None
    assert large.draft.state is VoucherState.PENDING_APPROVAL
    request = await the_request()
    assert request.kind == "JOURNAL_ENTRY"
    await approve(CHECKER, approval_id=request.id)
    posted = await JournalDraft.get(id=large.draft.id)
    assert posted.state is VoucherState.POSTED
    assert await in_account(BANK) == inr("2000.01")
    await assert_integrity()


async def test_the_threshold_is_of_each_currency() -> None:
    kes = Money.of("1000.01", "KES")
    lines = [
        *await some_capital(1_000),
        debit(await house_account(BANK, "KES"), kes),
        credit(await house_account(CAPITAL, "KES"), kes),
    ]
    draft = await create_journal_entry(MAKER, terms=JournalTerms(lines=lines, description="Two currencies"))
    assert (await post_journal_draft(MAKER, draft_id=draft.id)).entry is None
    request = await the_request()
    assert (request.amount_minor, request.currency) == (1000_01, "KES")


async def test_a_draft_is_taken_back_with_its_entry() -> None:
    draft = await create_journal_entry(MAKER, terms=JournalTerms(lines=await some_capital(5), description="Capital"))
    posted = await post_journal_draft(MAKER, draft_id=draft.id)
    assert posted.entry is not None
    opposite = await reverse_by_hand(MAKER, entry_id=posted.entry.id, reason="Mistake")
    assert opposite.reverses_id == posted.entry.id
    assert (await JournalDraft.get(id=draft.id)).state is VoucherState.REVERSED
    assert await fetchval("select count(*) from voucher where reversal_id = $1", opposite.id) == 1
    assert id_of(BANK) == await house_account(BANK, "INR")
    await assert_integrity()
