"""The report of a day: its figures, the statement beside the books, and that it is made again when asked for."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from domain.identity.permissions import Role
from domain.kit.clock import clock_set_to
from domain.kit.errors import Forbidden, InvalidInput
from domain.kit.unit_of_work import unit_of_work
from domain.ledger.models import JournalEntry
from domain.payments.figures.days import bounds_of, day_of, figures_of, figures_on, kept
from domain.payments.models import DailyReconciliation, Discrepancy, Payment
from domain.payments.queries.daily import reconciliation_report
from domain.payments.rules.wire import EAST_AFRICA
from domain.payments.service import daily
from domain.payments.service.daily import daily_reconciliation, reconcile_ended_days, settle_day
from domain.payments.settling import Wanted, settle_payments
from domain.payments.states import Channel, DiscrepancyType, PaymentStatus, Purpose, ReconTrigger
from tests.support.happenings import assert_integrity, nothing_happens
from tests.support.mpesa_statements import (
    NOON,
    PUBLISHED,
    a_paid_payment,
    a_payment,
    an_administrator,
    confirmed,
    imported,
    reversal,
    row,
    shillings,
    statement,
    work_is_done,
)
from tests.support.people import somebody
from tests.support.races import at_once

pytestmark = pytest.mark.usefixtures("database")

DAY = date(2025, 3, 5)
MIDNIGHT = datetime(2025, 3, 5, tzinfo=EAST_AFRICA)
SECOND = timedelta(seconds=1)


def test_a_day_begins_and_ends_in_east_africa() -> None:
    begins, ends = bounds_of(DAY)
    assert (begins, ends) == (MIDNIGHT, MIDNIGHT + timedelta(days=1))
    assert (day_of(begins - SECOND), day_of(begins), day_of(ends - SECOND)) == (date(2025, 3, 4), DAY, DAY)


async def test_a_day_on_which_nothing_happened() -> None:
    figures = await figures_on(DAY)
    assert (figures.payments, figures.channels, figures.discrepancies, figures.purposes) == ([], [], [], [])
    assert (figures.received.count, figures.received.amount) == (0, shillings(0))
    assert figures.statement is None
    assert figures_of(kept(figures)) == figures


async def test_the_figures_of_a_day() -> None:
    await a_paid_payment("TC51AAAA1A", "2500", at=MIDNIGHT)
    await a_paid_payment("TC51AAAA2A", "1000", at=MIDNIGHT + timedelta(days=1) - SECOND, paid="900")
    await a_paid_payment("TC51AAAA3A", "70", at=MIDNIGHT - SECOND)
    await a_paid_payment("TC51AAAA4A", "80", at=MIDNIGHT + timedelta(days=1))
    await a_payment("5", opened_at=NOON)
    text = statement(
        row("TC51BBBB1B", "999.50", at=NOON),
        row("TC51CCCC1C", "100", at=NOON),
        reversal("TC51CCCC2C", "TC51CCCC1C", "40", at=NOON + timedelta(days=2)),
    )
    with clock_set_to(NOON + timedelta(hours=1)):
        await imported(an_administrator(), text)
    figures = await figures_on(DAY)
    assert {(each.status, each.count, each.amount) for each in figures.payments} == {
        (PaymentStatus.PAID, 2, shillings(3_500)),
        (PaymentStatus.CREATED, 1, shillings(5)),
    }
    assert (figures.received.count, figures.received.amount) == (4, shillings("4499.50"))
    assert figures.reversed_amount == shillings(40)
    assert {(each.channel, each.count, each.amount) for each in figures.channels} == {
        (Channel.C2B, 2, shillings(3_400)),
        (Channel.STATEMENT, 2, shillings("1099.50")),
    }
    assert [(each.purpose, each.amount) for each in figures.purposes] == [(Purpose.LOAN_INSTALMENT, shillings(2_500))]
    assert (figures.orphans.count, figures.orphans.amount) == (2, shillings("1059.50"))
    assert figures.suspense == shillings("1959.50"), "900 that is too little, and two orphans"
    found = {each.type: (each.found, each.unresolved) for each in figures.discrepancies}
    assert found[DiscrepancyType.ORPHAN_TRANSACTION] == (2, 2) and found[DiscrepancyType.AMOUNT_MISMATCH] == (1, 1)
    assert figures.outcomes.matched + figures.outcomes.discrepancies >= 2
    assert figures_of(kept(figures)) == figures


async def test_the_statement_beside_the_books() -> None:
    await a_paid_payment("TC51ABCD2E", "2500", at=datetime(2025, 3, 5, 10, 15, 44, tzinfo=EAST_AFRICA))
    await imported(an_administrator(), PUBLISHED)
    beside = (await figures_on(DAY)).statement
    assert beside is not None and beside.agrees and beside.provider == beside.books
    assert (beside.provider.count, beside.provider.amount) == (1, shillings(2_500))
    assert beside.covered_s == (24 * 3_600) - (10 * 3_600 + 15 * 60 + 44)
    whole = await figures_on(date(2025, 3, 6))
    assert whole.statement is not None and whole.statement.provider.amount == shillings("999.50")
    assert (await figures_on(date(2025, 3, 7))).statement is None


async def test_what_only_one_of_them_has() -> None:
    await a_paid_payment("TC51AAAA1A", "2500", at=NOON)
    await a_paid_payment("TC51AAAA2A", "2500", at=NOON + timedelta(minutes=1))
    ends = row("TC51ZZZZ1Z", "1", at=NOON + timedelta(hours=1))
    await imported(an_administrator(), statement(row("TC51AAAA1A", at=NOON), ends))
    beside = (await figures_on(DAY)).statement
    assert beside is not None and not beside.agrees
    assert (beside.only_provider, beside.only_books, beside.differing) == (0, 1, 0)
    assert beside.difference == shillings(-2_500)


async def test_a_report_is_kept_and_made_again_when_asked_for() -> None:
    admin = an_administrator()
    assert await reconciliation_report(admin, DAY) is None
    made = await daily_reconciliation(admin, on_date=DAY)
    assert figures_of(made.figures).received.count == 0
    await a_paid_payment("TC51AAAA1A", at=NOON)
    report = await reconciliation_report(admin, DAY)
    assert report is not None and report.received.count == 0
    await daily_reconciliation(admin, on_date=DAY)
    report = await reconciliation_report(admin, DAY)
    assert report is not None and report.received.count == 1 and report.made_at > made.made_at
    assert await DailyReconciliation.all().count() == 1


async def test_what_does_not_agree_is_settled_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A prompt that nobody answered, and one whose callback is missing for a day."""
    monkeypatch.setattr(daily, "BATCH", 1)
    stuck = [await a_payment("5", opened_at=NOON) for _ in range(3)]
    await Payment.filter(id__in=[each.id for each in stuck]).update(expires_at=NOON + timedelta(minutes=5))
    agreed = await a_paid_payment("TC51AAAA1A", at=NOON)
    await settle_day(DAY)
    assert {payment.status for payment in await Payment.filter(id__in=[each.id for each in stuck])} == {
        PaymentStatus.EXPIRED
    }
    report = await reconciliation_report(an_administrator(), DAY)
    assert report is not None and {each.status for each in report.payments} == {PaymentStatus.EXPIRED, PaymentStatus.PAID}
    await agreed.refresh_from_db()
    assert agreed.status is PaymentStatus.PAID and not await Discrepancy.all().exists()
    await assert_integrity("payments", "ledger")


async def test_the_day_that_has_ended_is_reconciled_after_midnight() -> None:
    await a_paid_payment("TC51AAAA1A", at=NOON)
    with clock_set_to(NOON):
        await daily_reconciliation(an_administrator(), on_date=DAY)
    for _ in range(2):
        with clock_set_to(MIDNIGHT + timedelta(days=1, minutes=10)):
            told = await reconcile_ended_days()
    assert told == "nothing to do"
    report = await reconciliation_report(an_administrator(), DAY)
    assert report is not None and report.received.count == 1 and report.made_at > MIDNIGHT + timedelta(days=1)
    made = await DailyReconciliation.all().order_by("on_date").values_list("on_date", flat=True)
    assert made == [DAY - timedelta(days=ago) for ago in range(6, -1, -1)], "a week without a worker is made up for"


async def test_asking_for_a_day_settles_it_in_the_background() -> None:
    admin = an_administrator()
    payment = await a_payment("5", opened_at=NOON)
    await Payment.filter(id=payment.id).update(expires_at=NOON + timedelta(minutes=5))
    await daily_reconciliation(admin, on_date=DAY)
    await work_is_done()
    await payment.refresh_from_db()
    assert payment.status is PaymentStatus.EXPIRED


async def test_money_whose_receipt_is_not_known_yet_belongs_to_the_day_on_which_it_was_booked() -> None:
    payment = await a_payment("2500", opened_at=NOON)
    with clock_set_to(NOON):
        async with unit_of_work() as work:
            await work.execute(
                """insert into payment_evidence (payment_id, channel, outcome, received_at)
                   values ($1, 'QUERY', 'PAID', $2)""",
                payment.id,
                NOON,
            )
            wanted = Wanted(payment_id=payment.id, trigger=ReconTrigger.STATUS_QUERY, started_at=NOON)
            await settle_payments(work, [wanted])
    figures = await figures_on(DAY)
    assert [(each.channel, each.amount) for each in figures.channels] == [(Channel.QUERY, shillings(2_500))]
    assert figures.purposes[0].amount == shillings(2_500)
    assert (await figures_on(DAY - timedelta(days=1))).channels == []


@pytest.mark.parametrize("days", [1, 400_000])
async def test_a_day_that_has_not_begun_has_no_report(days: int) -> None:
    with clock_set_to(MIDNIGHT - SECOND):
        async with nothing_happens():
            with pytest.raises(InvalidInput):
                await daily_reconciliation(an_administrator(), on_date=DAY + timedelta(days=days - 1))
            with pytest.raises(InvalidInput):
                await daily_reconciliation(an_administrator(), on_date=date.min)
    with clock_set_to(MIDNIGHT):
        assert (await daily_reconciliation(an_administrator(), on_date=DAY)).on_date == DAY


async def test_reports_are_for_who_reconciles() -> None:
    clerk = somebody(Role.ACCOUNTANT)
    async with nothing_happens():
        with pytest.raises(Forbidden):
            await daily_reconciliation(clerk, on_date=DAY)
        with pytest.raises(Forbidden):
            await reconciliation_report(clerk, DAY)


async def test_two_who_ask_for_a_day_at_once_settle_it_once() -> None:
    admin = an_administrator()
    payment = await a_payment("2500", opened_at=NOON)
    await confirmed(payment.id, "TC51AAAA1A")
    await at_once(daily_reconciliation(admin, on_date=DAY) for _ in range(4))
    assert await DailyReconciliation.all().count() == 1
    await at_once(settle_day(DAY, requested_by=admin.id) for _ in range(3))
    await work_is_done()
    await payment.refresh_from_db()
    assert (payment.status, payment.purpose_amount) == (PaymentStatus.PAID, shillings(2_500))
    assert await JournalEntry.filter(reference_id=payment.id).count() == 1
    await assert_integrity("payments", "ledger")
