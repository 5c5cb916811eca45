"""What is to be collected: buckets that are disjoint and together everything, whoever asks and however it came to be."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import date, timedelta
from uuid import UUID

import pytest

from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.checks import recompute
from domain.kit.database import execute, fetch
from domain.kit.errors import Forbidden, InvalidInput
from domain.kit.ids import new_id
from domain.kit.paging import PageRequest
from domain.lending.collections import (
    CollectionFilter,
    RepaymentFilter,
    collection_stats,
    collections,
    loan_repayment_stats,
    loan_repayments,
)
from domain.lending.days import CollectionStats, Tally
from domain.lending.jobs import fold_days
from domain.lending.models import Loan, LoanInstalment
from domain.lending.service import assign_officer, reverse_loan_repayment, write_off_loan
from domain.lending.service.writing_off import request_write_off
from domain.lending.states import CollectionBucket, DelinquencyBucket, PaymentChannel
from tests.support.happenings import assert_integrity
from tests.support.invoices import NOON
from tests.support.loans import Office, a_registered_officer, a_running_loan, an_office, kes, repaid
from tests.support.people import somebody

pytestmark = pytest.mark.usefixtures("database")

ALL = PageRequest(first=100)
NOTHING = Tally(0, kes(0))

# An instalment more of a loan ($2), as nobody but a test writes it.
INSTALMENT = """
insert into loan_instalment (id, loan_id, branch_id, currency, number, kind, from_on, due_on, principal_minor,
                             interest_minor, fee_minor, penalty_minor, principal_paid_minor, balance_after_minor)
select $1, id, branch_id, currency, $3, 'NORMAL', $4, $4, $5, 0, 0, 0, $6, 0 from loan where id = $2
"""


async def unpaid_instalments(until: date) -> list[LoanInstalment]:
    return await LoanInstalment.filter(unpaid_minor__gt=0, due_on__lte=until)


def together(stats: CollectionStats) -> Tally:
    return stats.due_today + stats.overdue + stats.upcoming


async def test_a_loan_on_its_way() -> None:
    office = await an_office()
    with clock.clock_set_to(NOON):
        loan = await a_running_loan(office)
        stats = await collection_stats(office.officer, currency="KES")
        assert (stats.overdue, stats.due_today, stats.upcoming) == (NOTHING, NOTHING, NOTHING), "due in 31 days"
        assert (await collection_stats(office.officer, currency="KES", horizon_days=31)).upcoming == Tally(1, kes("1066.19"))
    with clock.clock_set_to(NOON + timedelta(days=31)):
        stats = await collection_stats(office.officer, currency="KES")
        assert stats.due_today == Tally(1, kes("1066.19"))
        assert (stats.overdue.count, stats.upcoming.count) == (0, 1)
        await repaid(office, loan, 66)
        assert (await collection_stats(office.officer, currency="KES")).due_today == Tally(1, kes("1000.19"))
    with clock.clock_set_to(NOON + timedelta(days=100)):
        stats = await collection_stats(office.officer, currency="KES")
        assert stats.overdue == Tally(3, kes("3132.57"))
        ages = {aged.bucket: (aged.count, aged.amount) for aged in stats.overdue_by_age if aged.count}
        assert ages == {
            DelinquencyBucket.DAYS_1_30: (1, kes("1066.19")),
            DelinquencyBucket.DAYS_31_60: (1, kes("1066.19")),
            DelinquencyBucket.DAYS_61_90: (1, kes("1000.19")),
        }
        await repaid(office, loan, 20_000)
        assert together(await collection_stats(office.officer, currency="KES")) == NOTHING
    await assert_integrity("lending")


@pytest.mark.parametrize("seed", range(4))
async def test_buckets_are_disjoint_and_together_everything(seed: int) -> None:
    """Of any instalments whatever: stats, lists and the rows themselves agree, before and after folding."""
    draw = random.Random(seed)
    offices = [await an_office() for _ in range(2)]
    with clock.clock_set_to(NOON):
        loans = [await a_running_loan(office) for office in offices for _ in range(2)]
        today = clock.today()
        for number in range(100, 160):
            due_on = today + timedelta(days=draw.choice([0, 1, 30, 31, -1, -30, -31, -90, -91, draw.randint(-200, 60)]))
            amount = draw.choice([1, draw.randint(1, 10**6)])
            paid = draw.choice([0, amount, draw.randint(0, amount)])
            await execute(INSTALMENT, new_id(), draw.choice(loans).id, number, due_on, amount, paid)
        admin = offices[0].admin
        for horizon in (0, 7, 30):
            for who, branch in ((admin, None), (admin, offices[1].branch_id), (offices[0].manager, None)):
                await _agree(who, branch, horizon, offices[0].branch_id if who is not admin else branch)
            await execute("select fold_loan_days()")
    held = {result.check.name: result.holds for result in await recompute()}
    assert held["days_are_the_rows"] and held["instalments_know_their_officer"]


async def _agree(actor: Actor, asked: UUID | None, horizon: int, branch: UUID | None) -> None:
    today = clock.today()
    rows = [row for row in await unpaid_instalments(today + timedelta(days=horizon)) if branch in (None, row.branch_id)]
    stats = await collection_stats(actor, branch_id=asked, horizon_days=horizon, currency="KES")
    expected = sum((Tally(1, row.unpaid_amount) for row in rows), NOTHING)
    assert together(stats) == expected
    listed: Counter[UUID] = Counter()
    tallies = {
        CollectionBucket.DUE_TODAY: stats.due_today,
        CollectionBucket.OVERDUE: stats.overdue,
        CollectionBucket.UPCOMING: stats.upcoming,
    }
    for bucket, tally in tallies.items():
        narrowed = CollectionFilter(branch_id=asked, bucket=bucket, horizon_days=horizon, currency="KES")
        page = await collections(actor, ALL, narrowed)
        assert not page.has_next
        assert sum((Tally(1, row.unpaid_amount) for row in page.rows), NOTHING) == tally
        listed.update(row.id for row in page.rows)
    assert listed == Counter(row.id for row in rows), "every one once"
    for aged in stats.overdue_by_age:
        narrowed = CollectionFilter(branch_id=asked, age=aged.bucket, horizon_days=horizon, currency="KES")
        page = await collections(actor, ALL, narrowed)
        assert sum((Tally(1, row.unpaid_amount) for row in page.rows), NOTHING) == Tally(aged.count, aged.amount)


async def test_an_officer_sees_the_branch_and_can_ask_for_the_own_ones() -> None:
    office = await an_office()
    colleague = await a_registered_officer(office.branch)
    with clock.clock_set_to(NOON):
        loan = await a_running_loan(office)
        await assign_officer(office.manager, loan_id=loan.id, officer_id=colleague.id)
        await a_running_loan(office)
    with clock.clock_set_to(NOON + timedelta(days=40)):
        assert (await collection_stats(office.officer, currency="KES")).overdue.count == 2
        for who in (office.officer, colleague):
            stats = await collection_stats(office.officer, officer_id=who.id, currency="KES")
            assert stats.overdue == Tally(1, kes("1066.19"))
            page = await collections(
                who, ALL, CollectionFilter(officer_id=who.id, bucket=CollectionBucket.OVERDUE, currency="KES")
            )
            assert [(await Loan.get(id=row.loan_id)).officer_id for row in page.rows] == [who.id]
    await assert_integrity("lending")


async def test_pages_go_on_where_they_ended() -> None:
    office = await an_office()
    with clock.clock_set_to(NOON):
        await a_running_loan(office)
        everything = CollectionFilter(horizon_days=366, currency="KES")
        seen: list[int] = []
        after = None
        while True:
            page = await collections(office.officer, PageRequest(first=5, after=after), everything)
            seen += [row.number for row in page.rows]
            if not page.has_next:
                break
            after = page.cursors[-1]
        assert seen == list(range(1, 13))
        assert await page.count() == 12


async def test_what_is_given_up_is_not_collected() -> None:
    office = await an_office()
    with clock.clock_set_to(NOON):
        loan = await a_running_loan(office)
    with clock.clock_set_to(NOON + timedelta(days=40)):
        await request_write_off(office.manager, loan_id=loan.id, reason="Gone")
        await write_off_loan(office.admin, loan_id=loan.id)
        assert together(await collection_stats(office.officer, currency="KES", horizon_days=366)) == NOTHING
    await assert_integrity("lending")


async def test_who_may_collect() -> None:
    office, other = await an_office(), await an_office()
    with clock.clock_set_to(NOON):
        await a_running_loan(office)
    with clock.clock_set_to(NOON + timedelta(days=40)):
        for stranger in (office.borrower, somebody(Role.SELLER, name="Sita")):
            for refused in (
                collection_stats(stranger),
                collections(stranger, ALL, CollectionFilter()),
                loan_repayments(stranger, ALL, RepaymentFilter()),
                loan_repayment_stats(stranger),
            ):
                with pytest.raises(Forbidden):
                    await refused
        assert (await collection_stats(other.officer, currency="KES")).overdue.count == 0
        assert (await collection_stats(other.manager, branch_id=office.branch_id, currency="KES")).overdue.count == 0
        asked = CollectionFilter(branch_id=office.branch_id, currency="KES")
        assert not (await collections(other.manager, ALL, asked)).rows
        accountant = somebody(Role.ACCOUNTANT, name="Anna Books")
        assert (await collection_stats(accountant, currency="KES")).overdue.count == 1
        assert len((await collections(accountant, ALL, asked)).rows) == 2
        for horizon in (-1, 367):
            with pytest.raises(InvalidInput):
                await collection_stats(office.officer, horizon_days=horizon)
        with pytest.raises(InvalidInput):
            await collection_stats(office.officer, currency="XXX")


async def _paid(office: Office) -> Loan:
    """A loan with payments of several days: the first instalment early, the second late."""
    with clock.clock_set_to(NOON):
        loan = await a_running_loan(office)
    with clock.clock_set_to(NOON + timedelta(days=30)):
        await repaid(office, loan, "1066.19", channel=PaymentChannel.BANK, reference="B-1")
    with clock.clock_set_to(NOON + timedelta(days=70)):
        await repaid(office, loan, 1_000)
        await repaid(office, loan, "66.19", channel=PaymentChannel.MPESA, reference="QX1")
    return loan


async def test_repayments_and_their_statistics() -> None:
    office, other = await an_office(), await an_office()
    loan = await _paid(office)
    await _paid_elsewhere(other)
    with clock.clock_set_to(NOON + timedelta(days=70)):
        stats = await loan_repayment_stats(office.officer, currency="KES")
        assert stats.today == stats.this_month == Tally(2, kes("1066.19"))
        assert stats.average == kes("533.10") or stats.average == kes("533.09")
        by_channel = {each.channel: each.amount for each in stats.by_channel if each.count}
        assert by_channel == {PaymentChannel.CASH: kes(1_000), PaymentChannel.MPESA: kes("66.19")}
        assert (stats.on_time, stats.late.count) == (NOTHING, 1)
        assert stats.on_time_rate == 0
        assert (await loan_repayment_stats(office.admin, currency="KES")).this_month.count == 3
        rows = (await loan_repayments(office.officer, ALL, RepaymentFilter())).rows
        assert [row.amount for row in rows] == [kes("66.19"), kes(1_000), kes("1066.19")]
        day = clock.today()
        wanted = {
            RepaymentFilter(channel=PaymentChannel.CASH): 1,
            RepaymentFilter(from_on=day): 2,
            RepaymentFilter(until_on=day - timedelta(days=1)): 1,
            RepaymentFilter(borrower_id=office.borrower.id): 3,
            RepaymentFilter(borrower_id=other.borrower.id): 0,
            RepaymentFilter(officer_id=office.officer.id): 3,
            RepaymentFilter(loan_id=loan.id, currency="KES"): 3,
            RepaymentFilter(currency="INR"): 0,
            RepaymentFilter(branch_id=other.branch_id): 0,
        }
        for narrowed, count in wanted.items():
            assert len((await loan_repayments(office.officer, ALL, narrowed)).rows) == count, narrowed
        with pytest.raises(InvalidInput):
            await loan_repayments(office.officer, ALL, RepaymentFilter(from_on=day, until_on=day - timedelta(days=1)))
        await reverse_loan_repayment(office.manager, transaction_id=rows[0].id, reason="Bounced")
        assert (await loan_repayment_stats(office.officer, currency="KES")).today == Tally(1, kes(1_000))
        assert len((await loan_repayments(office.officer, ALL, RepaymentFilter())).rows) == 2
    await assert_integrity("lending")


async def _paid_elsewhere(office: Office) -> None:
    with clock.clock_set_to(NOON):
        loan = await a_running_loan(office)
    with clock.clock_set_to(NOON + timedelta(days=69)):
        await repaid(office, loan, 10)


async def test_days_can_be_taken_anew() -> None:
    office = await an_office()
    await _paid(office)
    before = await fetch("select measure, sum(count), sum(amount_minor) from loan_daily group by 1 order by 1")
    await execute("delete from loan_day_change")
    await execute("select retake_loan_days()")
    assert await fetch("select measure, sum(count), sum(amount_minor) from loan_daily group by 1 order by 1") == before
    await assert_integrity("lending")


async def test_days_are_folded_while_payments_come_in() -> None:
    """Nothing is counted twice or lost, and whoever reads meanwhile sees each payment once."""
    office = await an_office()
    with clock.clock_set_to(NOON):
        loans = [await a_running_loan(office) for _ in range(8)]
    with clock.clock_set_to(NOON + timedelta(days=31)):
        payments = [repaid(office, loan, 100) for loan in loans for _ in range(3)]
        folds = [fold_days.run() for _ in range(10)]
        await asyncio.gather(*payments, *folds)
        assert (await loan_repayment_stats(office.officer, currency="KES")).today == Tally(24, kes(2_400))
        await fold_days.run()
        assert await fetch("select from loan_day_change") == []
        assert (await loan_repayment_stats(office.officer, currency="KES")).today == Tally(24, kes(2_400))
    await assert_integrity("lending")
