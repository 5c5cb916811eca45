"""Repaying: where money goes, what the books say of it, back-dated receipts, the wallet, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.identity.actor import SYSTEM
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.database import fetch
from domain.kit.errors import CurrencyMismatch, DomainError, Forbidden, InvalidAmount, InvalidInput
from domain.kit.idempotency import once
from domain.kit.money import Money
from domain.ledger.chart import CASH, id_of_house_account
from domain.ledger.errors import AccountNotManual, InsufficientFunds
from domain.ledger.service import credit, debit, post_journal_entry
from domain.lending.accounts import LOANS_RECEIVABLE
from domain.lending.errors import (
    ChannelNotPossible,
    FactInTheFuture,
    InvalidActDate,
    LoanNotFound,
    LoanNotPaidOut,
    MakerIsChecker,
    ReceiptAlreadyRecorded,
    ReferenceMissing,
)
from domain.lending.models import Loan, LoanTransaction
from domain.lending.rules.terms import InterestPeriod, Recalculation
from domain.lending.service import (
    bring_up_to_date,
    charge_back,
    pay_loan,
    payoff_quote,
    preclose_loan,
    record_loan_repayment,
    refund_overpayment,
    reverse_loan_repayment,
)
from domain.lending.states import LoanStatus, PaymentChannel, TransactionKind
from domain.wallets.service import wallet_of
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.invoices import balance
from tests.support.loans import a_running_loan, an_approved_loan, an_office, books_of, instalments_of, kes, repaid
from tests.support.people import somebody
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2030, 1, 1, 12, tzinfo=UTC)
FEBRUARY = START.replace(month=2)
MARCH = START.replace(month=3)
PLAIN: dict[str, Any] = {"principal": kes(300), "annual_rate": Decimal(12), "instalments": 3}
FREE: dict[str, Any] = PLAIN | {"annual_rate": Decimal(0)}


async def told_of(loan: Loan, since: int) -> list[str]:
    return [each.name.split(".")[1] for each in (await events_so_far())[since:] if each.domain == "lending"]


async def statement(loan: Loan, *, reversed_too: bool = False) -> list[tuple[str, Money, Money, Money]]:
    lines = LoanTransaction.filter(loan_id=loan.id).order_by("happened_on", "id")
    if not reversed_too:
        lines = lines.filter(reversed_at__isnull=True)
    return [(line.kind.value, line.amount, line.principal, line.interest) for line in await lines]


async def test_a_repayment_pays_what_is_due_and_is_told_once() -> None:
    office = await an_office()
    with clock.clock_set_to(START):
        loan = await a_running_loan(office, **PLAIN)
    first = (await instalments_of(loan))[0]
    assert (first.principal, first.interest) == (kes("99.01"), kes(3))
    before = len(await events_so_far())
    with clock.clock_set_to(FEBRUARY):
        movement = await repaid(office, loan, "102.01", channel=PaymentChannel.MPESA, reference="QWE123", note="at the shop")
    line = movement.transaction
    assert (line.principal, line.interest, line.reference, line.note) == (kes("99.01"), kes(3), "QWE123", "at the shop")
    assert line.recorded_by_id == office.officer.id
    assert await told_of(loan, before) == ["payment_processed", "loan_updated"]
    processed, updated = [each.fact for each in (await events_so_far())[before:] if each.domain == "lending"]
    assert (processed.amount, processed.interest, processed.loan.outstanding_amount) == (
        kes("102.01"), kes(3), movement.loan.outstanding_amount,
    )  # fmt: skip
    assert (updated.change, updated.loan.revision) == ("REPAID", movement.loan.revision)
    assert await books_of(loan) == {"1110": -30_000, "1210": 10_201, "1510": 20_099, "4210": -300}
    assert (movement.loan.next_due_on, movement.loan.past_due_amount) == (MARCH.date(), kes(0))
    await assert_integrity()


async def test_interest_is_income_when_due_or_when_paid_before() -> None:
    office = await an_office()
    with clock.clock_set_to(START):
        loan = await a_running_loan(office, **PLAIN)
        await repaid(office, loan, "102.01")
        assert (await books_of(loan))["4210"] == -300
    with clock.clock_set_to(MARCH):
        assert await bring_up_to_date(loan.id)
        assert not await bring_up_to_date(loan.id)
    books = await books_of(loan)
    assert (books["4210"], books["1520"]) == (-501, 201)
    await assert_integrity()


async def test_a_back_dated_receipt_lets_later_ones_be_applied_anew() -> None:
    """The money of the later payment stays where it is; its allocation is reversed and posted again with its own date."""
    office = await an_office()
    with clock.clock_set_to(START):
        loan = await a_running_loan(office, **PLAIN)
    with clock.clock_set_to(MARCH):
        later = await repaid(office, loan, 102)
        assert (later.transaction.interest, later.transaction.principal) == (kes(3), kes(99))
    with clock.clock_set_to(MARCH + timedelta(days=3)):
        await repaid(office, loan, 102, received_on=FEBRUARY.date())
    old = await LoanTransaction.get(id=later.transaction.id)
    new = await LoanTransaction.get(id=old.replaced_by_id)
    assert (old.reversed, new.reversed, new.amount, new.happened_on) == (True, False, kes(102), MARCH.date())
    assert new.principal != old.principal
    kinds = [row["kind"] for row in await fetch("select kind from journal_entry where reference_id = $1", loan.id)]
    assert kinds.count("lending.receipt") == 2
    assert kinds.count("lending.allocation_reversal") == 1
    rows = await fetch("select effective_on, kind from journal_entry where reference_id = $1 order by number", loan.id)
    assert {row["effective_on"] for row in rows if "allocation" in row["kind"]} == {FEBRUARY.date(), MARCH.date()}
    await assert_integrity()


async def test_money_beyond_all_dues_is_owed_back_and_refunded() -> None:
    office = await an_office()
    with clock.clock_set_to(START):
        loan = await a_running_loan(office, **FREE)
        over = await repaid(office, loan, 350)
        assert (over.loan.status, over.loan.overpaid_amount, over.transaction.overpaid) == (
            LoanStatus.OVERPAID, kes(50), kes(50),
        )  # fmt: skip
        assert (await books_of(loan))["2520"] == -5_000
        refund = await refund_overpayment(office.manager, loan_id=loan.id, channel=PaymentChannel.CASH)
        assert (refund.loan.status, refund.loan.overpaid_amount) == (LoanStatus.CLOSED, kes(0))
    assert await books_of(loan) == {}
    await assert_integrity()


async def test_a_borrower_pays_from_the_wallet_what_is_due() -> None:
    office = await an_office()
    with clock.clock_set_to(START):
        loan = await a_running_loan(office, channel=PaymentChannel.WALLET, **PLAIN)
    assert await balance(office.borrower, "KES") == kes(300)
    with clock.clock_set_to(FEBRUARY):
        paid = await pay_loan(office.borrower, loan_id=loan.id)
        assert (paid.transaction.amount, paid.transaction.channel) == (kes("102.01"), PaymentChannel.WALLET)
        assert await balance(office.borrower, "KES") == kes("197.99")
        async with nothing_happens():
            with pytest.raises(InsufficientFunds):
                await pay_loan(office.borrower, loan_id=loan.id, amount=kes(198))
    await assert_integrity()


async def test_a_pay_off_quote_paid_on_its_day_closes_the_loan() -> None:
    office = await an_office()
    with clock.clock_set_to(START):
        loan = await a_running_loan(office, **PLAIN)
    with clock.clock_set_to(START + timedelta(days=17)):
        async with nothing_happens():
            quote = await payoff_quote(office.borrower, loan_id=loan.id)
        paid = await record_loan_repayment(office.officer, loan_id=loan.id, amount=quote.total)
    assert (paid.loan.status, paid.loan.overpaid_amount) == (LoanStatus.CLOSED, kes(0))
    assert paid.loan.closed_on == (START + timedelta(days=17)).date()
    await assert_integrity()


async def test_a_small_rest_within_the_tolerance_is_given_up() -> None:
    office = await an_office()
    loan = await a_running_loan(office, residual_tolerance=kes(2), **FREE)
    paid = await repaid(office, loan, "298.50")
    assert (paid.loan.status, paid.loan.written_off_amount) == (LoanStatus.CLOSED, kes("1.50"))
    assert (await books_of(loan))["5212"] == 150
    await assert_integrity()


async def test_closed_active_and_overpaid_follow_from_the_payments() -> None:
    """Both ways: a closing payment, a back-dated one on a closed loan, and the closing one undone."""
    office = await an_office()
    with clock.clock_set_to(START):
        loan = await a_running_loan(office, **FREE)
    with clock.clock_set_to(FEBRUARY):
        closing = await repaid(office, loan, 300)
        assert closing.loan.status is LoanStatus.CLOSED
    before = len(await events_so_far())
    with clock.clock_set_to(MARCH):
        early = await repaid(office, loan, 100, received_on=FEBRUARY.date() - timedelta(days=10))
        assert (early.loan.status, early.loan.overpaid_amount) == (LoanStatus.OVERPAID, kes(100))
        assert await told_of(loan, before) == ["payment_processed", "loan_updated", "loan_status_changed"]
        undone = await reverse_loan_repayment(office.manager, transaction_id=closing.transaction.id, reason="bounced")
        assert (undone.loan.status, undone.loan.outstanding_amount) == (LoanStatus.ACTIVE, kes(200))
        again = await repaid(office, loan, 250)
        assert (again.loan.status, again.loan.overpaid_amount) == (LoanStatus.OVERPAID, kes(50))
        back = await charge_back(office.manager, transaction_id=again.transaction.id, amount=kes(50))
        assert (back.loan.status, back.loan.overpaid_amount) == (LoanStatus.CLOSED, kes(0))
        back = await charge_back(office.manager, transaction_id=again.transaction.id)
        assert (back.loan.status, back.loan.outstanding_amount) == (LoanStatus.ACTIVE, kes(200))
        last = await repaid(office, loan, 200)
        assert last.loan.status is LoanStatus.CLOSED
    await assert_integrity()


async def test_what_cannot_be_is_refused_and_changes_nothing() -> None:
    office = await an_office()
    with clock.clock_set_to(START):
        loan = await a_running_loan(office, **FREE)
        waiting = await an_approved_loan(office)
        stranger = (await an_office("Elsewhere")).officer
        await wallet_of(office.borrower.id, "KES")

        async def refused(error: type[DomainError], actor: Any = office.officer, **said: Any) -> None:
            request = {"loan_id": loan.id, "amount": kes(10)} | said
            async with nothing_happens():
                with pytest.raises(error):
                    await record_loan_repayment(actor, **request)

        await refused(InvalidAmount, amount=kes(0))
        await refused(InvalidAmount, amount=Money(-1, "KES"))
        await refused(InvalidAmount, amount=Money(10**19, "KES"))
        await refused(CurrencyMismatch, amount=Money(10, "USD"))
        await refused(FactInTheFuture, received_on=START.date() + timedelta(days=1))
        await refused(InvalidActDate, received_on=START.date() - timedelta(days=1))
        await refused(ChannelNotPossible, channel=PaymentChannel.WALLET)
        await refused(ReferenceMissing, channel=PaymentChannel.MPESA, reference="  ")
        await refused(InvalidInput, reference="x" * 121)
        await refused(InvalidInput, note="\x00")
        await refused(LoanNotPaidOut, loan_id=waiting.id)
        await refused(LoanNotFound, loan_id=office.branch_id)
        await refused(LoanNotFound, stranger)
        await refused(Forbidden, office.borrower)
        both = somebody(Role.BORROWER, Role.LOAN_OFFICER, name="Both", branch=office.branch)
        object.__setattr__(both, "id", office.borrower.id)
        await refused(MakerIsChecker, both)
        async with nothing_happens():
            with pytest.raises(LoanNotFound):
                await pay_loan(both.__class__(id=stranger.id, name="X", roles=both.roles), loan_id=loan.id)


async def test_a_receipt_is_recorded_once() -> None:
    office = await an_office()
    loan, other = await a_running_loan(office, **FREE), await a_running_loan(office, **FREE)
    await repaid(office, loan, 10, channel=PaymentChannel.BANK, reference="slip 7")
    await repaid(office, other, 10, channel=PaymentChannel.BANK, reference="slip 7")
    async with nothing_happens():
        with pytest.raises(ReceiptAlreadyRecorded):
            await repaid(office, loan, 11, channel=PaymentChannel.BANK, reference="SLIP 7")
    said = {"channel": PaymentChannel.MPESA, "reference": "RCPT1"}
    outcomes = await outcomes_of(repaid(office, each, 10, **said) for each in (loan, other) * 3)
    assert [type(each).__name__ for each in outcomes].count("ReceiptAlreadyRecorded") == 5
    assert await LoanTransaction.filter(kind=TransactionKind.REPAYMENT, reference="RCPT1").count() == 1
    await assert_integrity()


async def test_a_loan_by_the_day_is_closed_early_for_less() -> None:
    office = await an_office()
    by_the_day = {"interest_period": InterestPeriod.DAILY, "recalculation": Recalculation.DAILY}
    with clock.clock_set_to(START):
        loan = await a_running_loan(office, **PLAIN | by_the_day)
    with clock.clock_set_to(START + timedelta(days=10)):
        quote = await payoff_quote(office.officer, loan_id=loan.id)
        assert quote.saved_interest > kes(0)
        closed = await preclose_loan(office.officer, loan_id=loan.id, note="sold the cow")
        assert (closed.transaction.amount, closed.loan.status) == (quote.total, LoanStatus.CLOSED)
        assert closed.transaction.interest == kes(1)
        async with nothing_happens():
            with pytest.raises(LoanNotPaidOut):
                await preclose_loan(office.officer, loan_id=loan.id)
            with pytest.raises(LoanNotPaidOut):
                await payoff_quote(office.officer, loan_id=loan.id)
    await assert_integrity()


async def test_the_same_key_records_one_repayment() -> None:
    office = await an_office()
    loan = await a_running_loan(office, **FREE)
    said = {"loan_id": loan.id, "amount": kes(10)}
    first = await once("a key", record_loan_repayment, office.officer, **said)
    again = await once("a key", record_loan_repayment, office.officer, **said)
    assert (first.replayed, again.replayed) == (False, True)
    assert again.result.transaction.id == first.result.transaction.id
    assert again.result.loan.outstanding_amount == kes(290)
    assert await LoanTransaction.filter(kind=TransactionKind.REPAYMENT).count() == 1
    await assert_integrity()


async def test_nobody_posts_by_hand_to_the_control_accounts_of_loans() -> None:
    account_id, cash_id = id_of_house_account(LOANS_RECEIVABLE, "KES"), id_of_house_account(CASH, "KES")
    office = await an_office()
    await a_running_loan(office, **FREE)
    lines = [debit(account_id, kes(1)), credit(cash_id, kes(1))]
    async with nothing_happens():
        with pytest.raises(AccountNotManual):
            await post_journal_entry(SYSTEM, lines=lines, description="a correction")
    await assert_integrity()
