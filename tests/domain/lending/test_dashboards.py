"""Dashboards: the figures of small books worked out by hand, who sees which, and that numbers agree with the loans."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from domain.identity.errors import BranchNotFound
from domain.identity.models import User
from domain.identity.permissions import SELF_REGISTERED, Role
from domain.identity.queries import STAFF, staff_by_branch
from domain.kit import clock
from domain.kit.database import fetch
from domain.kit.errors import Forbidden, InvalidInput
from domain.kit.ids import new_id
from domain.lending import dashboards
from domain.lending.days import AGES, Tally, figures_by_branch, figures_of
from domain.lending.errors import BranchMissing
from domain.lending.models import Loan, LoanTransaction
from domain.lending.rules import BUCKETS, Exposure, par
from domain.lending.service import (
    assign_officer,
    bring_up_to_date,
    charge_off_loan,
    create_recovery_action,
    request_write_off,
    write_off_loan,
)
from domain.lending.states import DelinquencyBucket, LoanStatus, RecoveryActionKind, TransactionKind
from tests.support.happenings import assert_integrity
from tests.support.invoices import NOON
from tests.support.loans import (
    Office,
    a_loan_to_decide,
    a_registered_officer,
    a_running_loan,
    an_application,
    an_approved_loan,
    an_office,
    kes,
    repaid,
)
from tests.support.people import a_user, somebody

pytestmark = pytest.mark.usefixtures("database")

NOTHING = Tally(0, kes(0))


async def figures(office: Office) -> dashboards.LendingFigures:
    return (await dashboards.branch_manager_dashboard(office.manager, currency="KES")).figures


async def a_portfolio(office: Office) -> list[Loan]:
    """Three loans of 12,000: one paid as agreed, one never, one paid once."""
    with clock.clock_set_to(NOON):
        loans = [await a_running_loan(office, annual_rate=Decimal(0)) for _ in range(3)]
    for month in (31, 61):
        with clock.clock_set_to(NOON + timedelta(days=month)):
            await repaid(office, loans[0], 1_000)
            if month == 31:
                await repaid(office, loans[2], 1_000)
    return loans


async def test_portfolio_at_risk_is_the_balance_of_late_loans_over_the_gross_portfolio() -> None:
    """M42: the whole balance of a loan counts, not what is overdue of it, and not the number of loans."""
    office = await an_office()
    await a_portfolio(office)
    with clock.clock_set_to(NOON + timedelta(days=85)):
        portfolio = (await figures(office)).portfolio
        assert (portfolio.loans, portfolio.outstanding) == (3, kes(10_000 + 12_000 + 11_000))
        by_bucket = {aged.bucket: (aged.count, aged.amount) for aged in portfolio.by_bucket if aged.count}
        assert by_bucket == {
            DelinquencyBucket.CURRENT: (1, kes(10_000)),
            DelinquencyBucket.DAYS_1_30: (1, kes(11_000)),
            DelinquencyBucket.DAYS_31_60: (1, kes(12_000)),
        }
        assert (portfolio.par1, portfolio.par30, portfolio.par60) == (Decimal("69.70"), Decimal("36.36"), Decimal("0.00"))
    with clock.clock_set_to(NOON + timedelta(days=200)):
        portfolio = (await figures(office)).portfolio
        assert (portfolio.par1, portfolio.par90) == (Decimal("100.00"), Decimal("100.00"))
        assert (await figures(await an_office())).portfolio.par30 == Decimal("0.00"), "an empty portfolio has none"


async def test_what_is_off_the_books_is_not_in_the_portfolio() -> None:
    """Written off is over; charged off is still owed, and said apart."""
    office = await an_office()
    loans = await a_portfolio(office)
    with clock.clock_set_to(NOON + timedelta(days=200)):
        await request_write_off(office.manager, loan_id=loans[1].id, reason="Gone")
        await write_off_loan(office.admin, loan_id=loans[1].id)
        await charge_off_loan(office.manager, loan_id=loans[2].id, reason="Long overdue")
        portfolio = (await figures(office)).portfolio
        assert (portfolio.loans, portfolio.outstanding) == (1, kes(10_000))
        assert portfolio.charged_off == Tally(1, kes(11_000))
    await assert_integrity("lending")


async def test_a_branch_at_a_glance() -> None:
    office = await an_office()
    await a_portfolio(office)
    with clock.clock_set_to(NOON + timedelta(days=61)):
        await a_loan_to_decide(office)
        await an_application(office)
        await an_approved_loan(office)
        board = await dashboards.branch_manager_dashboard(office.manager, currency="KES")
        assert board.branch.id == office.branch_id
        stages = {stage.status: stage.count for stage in board.applications}
        assert stages == {
            LoanStatus.SUBMITTED: 1,
            LoanStatus.UNDER_REVIEW: 0,
            LoanStatus.KYC_PENDING: 0,
            LoanStatus.KYC_VERIFIED: 1,
            LoanStatus.APPROVED: 1,
        }
        assert board.approvals_waiting == 1
        found = board.figures
        assert (found.collected_today, found.collected_this_month) == (Tally(1, kes(1_000)), Tally(1, kes(1_000)))
        assert found.due_this_month == Tally(3, kes(3_000))
        assert found.collection_rate == Decimal("33.33")
        assert (found.disbursed_today, found.disbursed_this_month) == (NOTHING, NOTHING)
        assert (found.completed_on_time, found.completed_late) == (Tally(1, kes(1_000)), NOTHING)
        assert found.collections.due_today == Tally(2, kes(2_000))
        assert found.collections.overdue == Tally(1, kes(1_000))
    with clock.clock_set_to(NOON):
        assert (await figures(office)).disbursed_this_month == Tally(3, kes(36_000))


async def test_officers_are_ranked_by_what_they_collect() -> None:
    office = await an_office()
    colleague = await a_registered_officer(office.branch, name="Zawadi")
    loans = await a_portfolio(office)
    with clock.clock_set_to(NOON + timedelta(days=70)):
        await assign_officer(office.manager, loan_id=loans[1].id, officer_id=colleague.id)
        await repaid(office, loans[1], 5_000)
        board = await dashboards.branch_manager_dashboard(office.manager, currency="KES")
        assert [(rank.officer_id, rank.figures.portfolio.loans) for rank in board.officers] == [
            (colleague.id, 1),
            (office.officer.id, 2),
        ]
        first, second = (rank.figures for rank in board.officers)
        assert (first.collected_this_month, second.collected_this_month) == (Tally(1, kes(5_000)), Tally(1, kes(1_000)))
        assert (first.portfolio.outstanding, second.portfolio.outstanding) == (kes(7_000), kes(21_000))
        assert board.figures.collected_this_month == Tally(2, kes(6_000)), "the branch is its officers together"


async def test_a_payment_stays_with_the_officer_who_had_the_loan() -> None:
    """Also when an earlier one that is recorded later makes it be split anew."""
    office = await an_office()
    colleague = await a_registered_officer(office.branch)
    with clock.clock_set_to(NOON):
        loan = await a_running_loan(office)
    with clock.clock_set_to(NOON + timedelta(days=70)):
        await repaid(office, loan, 1_500)
        await assign_officer(office.manager, loan_id=loan.id, officer_id=colleague.id)
        await repaid(office, loan, 500, received_on=clock.today() - timedelta(days=5))
        payments = await LoanTransaction.filter(loan_id=loan.id, kind=TransactionKind.REPAYMENT, reversed_at__isnull=True)
        assert {payment.amount: payment.officer_id for payment in payments} == {
            kes(1_500): office.officer.id,
            kes(500): colleague.id,
        }
        assert await LoanTransaction.filter(loan_id=loan.id, replaced_by_id__isnull=False).exists(), "it was split anew"
    await assert_integrity("lending")


async def test_an_officer_sees_the_own_loans_and_tasks() -> None:
    office = await an_office()
    colleague = await a_registered_officer(office.branch)
    loans = await a_portfolio(office)
    with clock.clock_set_to(NOON + timedelta(days=70)):
        await assign_officer(office.manager, loan_id=loans[0].id, officer_id=colleague.id)
        action = await create_recovery_action(
            office.officer, loan_id=loans[1].id, kind=RecoveryActionKind.REMINDER, due_on=clock.today()
        )
        await an_application(office)
        own = await dashboards.loan_officer_dashboard(office.officer, "KES")
        assert (own.user_id, own.branch_id, own.unassigned) == (office.officer.id, office.branch_id, 1)
        assert own.figures.portfolio.loans == 2
        assert own.figures.collections.overdue == Tally(3, kes(3_000))
        assert own.figures.collected_this_month == Tally(1, kes(1_000)), (
            "of the loan that was the officer's when it was paid"
        )
        assert [task.id for task in own.tasks] == [action.id]
        theirs = await dashboards.loan_officer_dashboard(colleague, "KES")
        assert (theirs.figures.portfolio.loans, theirs.figures.collected_this_month, theirs.tasks) == (1, NOTHING, [])


async def test_a_borrower_sees_the_own_loans() -> None:
    office = await an_office()
    loans = await a_portfolio(office)
    with clock.clock_set_to(NOON + timedelta(days=70)):
        application = await an_application(office)
        own = await dashboards.borrower_dashboard(office.borrower)
        assert own.currency == "KES", "that of the latest loan"
        assert [loan.id for loan in own.loans] == [loan.id for loan in reversed(loans)]
        assert [loan.id for loan in own.applications] == [application.id]
        assert own.outstanding == kes(33_000)
        assert own.due_now == kes(3_000)
        assert own.collections.overdue == Tally(3, kes(3_000))
        assert len(own.next_instalments) == 10
        assert {each.loan_id for each in own.next_instalments[:3]} == {loans[1].id, loans[2].id}
        assert [payment.amount for payment in own.recent_payments] == [kes(1_000)] * 3
        nobody = somebody(Role.BORROWER, name="New", branch=office.branch)
        empty = await dashboards.borrower_dashboard(nobody)
        assert (empty.loans, empty.applications, empty.next_instalments, empty.recent_payments) == ([], [], [], [])
        assert not empty.outstanding


async def test_the_whole_house_branch_by_branch() -> None:
    office, other = await an_office("Alpha"), await an_office("Beta")
    await a_portfolio(office)
    with clock.clock_set_to(NOON):
        await a_running_loan(other, annual_rate=Decimal(0))
    await a_registered_officer(other.branch)
    with clock.clock_set_to(NOON + timedelta(days=70)):
        board = await dashboards.admin_dashboard(office.admin, "KES")
        assert [each.branch.name for each in board.branches] == ["Alpha", "Beta"]
        assert [each.figures.portfolio.loans for each in board.branches] == [3, 1]
        assert board.figures.portfolio.loans == 4
        assert board.figures.portfolio.outstanding == kes(33_000 + 12_000)
        assert [each.staff for each in board.branches] == [0, 1]
        assert (board.staff, board.dead_tasks, board.recovery_actions) == (1, 0, 0)
        in_rupees = await dashboards.admin_dashboard(office.admin, "INR")
        assert in_rupees.figures.portfolio.loans == 0


async def test_figures_agree_with_the_loans_one_by_one() -> None:
    """The sums by day give what the rule gives over all loans, also after a new day was booked."""
    office = await an_office()
    loans = await a_portfolio(office)
    for days in (0, 30, 31, 32, 61, 62, 91, 92, 122, 250):
        with clock.clock_set_to(NOON + timedelta(days=61 + days)):
            for loan in loans:
                await bring_up_to_date(loan.id)
            today = clock.today()
            active = await Loan.filter(branch_id=office.branch_id, status=LoanStatus.ACTIVE)
            exposures = [Exposure(loan.principal_outstanding_minor, loan.past_due_days_on(today)) for loan in active]
            found = (await figures(office)).portfolio
            assert (found.par1, found.par30, found.par60, found.par90) == tuple(
                par(exposures, late) for late in (0, 30, 60, 90)
            )


async def test_who_sees_what() -> None:
    office, other = await an_office(), await an_office()
    accountant, seller = somebody(Role.ACCOUNTANT, name="Anna Books"), somebody(Role.SELLER, name="Sita")
    for look, allowed in {
        dashboards.borrower_dashboard: {office.borrower, office.admin},
        dashboards.loan_officer_dashboard: {office.officer, office.admin},
        dashboards.branch_manager_dashboard: {office.manager},
        dashboards.admin_dashboard: {office.admin},
    }.items():
        for who in (office.borrower, office.officer, office.manager, office.admin, accountant, seller):
            if who in allowed:
                await look(who)  # type: ignore[operator]
            elif who is office.admin:
                with pytest.raises(BranchMissing):
                    await look(who)  # type: ignore[operator]
            else:
                with pytest.raises(Forbidden):
                    await look(who)  # type: ignore[operator]
    for branch in (other.branch_id, new_id()):
        with pytest.raises(BranchNotFound):
            await dashboards.branch_manager_dashboard(office.manager, branch)
    assert (await dashboards.branch_manager_dashboard(office.admin, other.branch_id)).branch.id == other.branch_id
    with pytest.raises(InvalidInput):
        await dashboards.admin_dashboard(office.admin, "XXX")


async def test_staff_are_those_with_a_role_that_is_given() -> None:
    office = await an_office()
    for role in Role:
        await a_user(role, branch_id=office.branch_id)
    await User.filter(roles__contains=[Role.TEACHER.value]).update(active=False)
    assert (await staff_by_branch())[office.branch_id] == len(set(Role) - SELF_REGISTERED) - 1
    [index] = await fetch("select indexdef from pg_indexes where indexname = 'app_user_staff'")
    assert all(f"'{role.value}'" in text for role in SELF_REGISTERED for text in (STAFF, index["indexdef"]))


async def test_slots_are_the_buckets_of_the_rules() -> None:
    office = await an_office()
    assert [bucket.least for bucket in BUCKETS] == [0, *AGES]
    rows = await figures_by_branch("KES", clock.today(), office.branch_id)
    empty = figures_of(rows.get(office.branch_id, ()), "KES", clock.today())
    assert [aged.bucket.value for aged in empty.portfolio.by_bucket] == [bucket.code for bucket in BUCKETS]
