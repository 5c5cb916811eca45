"""A fee and its row in the books: charged, paid, corrected to nothing and paid again, deleted; always one row or none."""

from __future__ import annotations

from datetime import date

import pytest

from domain.accounting.models import FiscalPeriod
from domain.accounting.service.periods import close_fiscal_period, create_fiscal_year
from domain.identity.actor import SYSTEM
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.ids import new_id
from domain.kit.unit_of_work import unit_of_work
from domain.ledger.errors import InsufficientFunds, PeriodClosed
from domain.school.errors import FeeChangedMeanwhile, FeeDeleted, FeeMoneyFromElsewhere
from domain.school.events import ArrearsAlertCleared, ArrearsAlertRaised
from domain.school.fees import Taken, locked_fee, settle
from domain.school.models import ArrearsAlert, FeePayment, SchoolTransaction, Student, UserActivity
from domain.school.rules.plans import Line
from domain.school.rules.receipts import receipt_number
from domain.school.service.changing_fees import FeeEdits, delete_fee, update_fee
from domain.school.service.charging import FeeTerms, add_fee
from domain.school.service.collecting import pay_fee
from domain.school.service.counter import Way
from domain.school.states import FeeChange, FeePaymentMethod, FeeStatus
from domain.wallets.service import wallet_of
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.invoices import balance as purse
from tests.support.invoices import inr
from tests.support.school import a_guardian, a_pupil, a_school
from tests.support.school_fees import balance, charged, corrected, ghs, listed, paid

pytestmark = pytest.mark.usefixtures("database")

CASH = FeePaymentMethod.CASH


async def told() -> list[str]:
    return [each.name.removeprefix("school.") for each in await events_so_far() if each.domain == "school"]


async def test_arrears_are_told_of_above_the_threshold_alone() -> None:
    school = await a_school()
    student, bursar = await a_pupil(school, "Ama Mensah"), school.bursar
    fee = await charged(bursar, student, ghs(1500))
    assert (fee.status, fee.figures.arrears, fee.arrears_alerted) == (FeeStatus.UNPAID, ghs(1500), True)
    assert (fee.class_id, await listed(fee)) == (school.school_class.id, [])
    assert await told() == ["fee_changed", "arrears_alert_raised"]

    first = await paid(bursar, fee, ghs(500))
    assert (first.fee.figures.arrears, first.fee.arrears_alerted) == (ghs("1000.00"), False)
    assert await listed(fee) == [(fee.number, ghs(500))]
    assert await balance("4510") == -ghs(500)
    assert (await told())[2:] == [
        "fee_changed", "fee_receipt_given", "financial_transaction_changed", "arrears_alert_cleared",
    ]  # fmt: skip

    more = await corrected(bursar, fee, ghs(600))
    assert await listed(fee) == [(fee.number, ghs(600))]
    assert [more.ended is not None, more.posted is not None] == [True, True]
    none = await corrected(bursar, fee, ghs(0))
    assert (none.fee.status, await listed(fee), await balance("4510")) == (FeeStatus.UNPAID, [], ghs(0))
    assert [row.amount for row in none.payments] == [-ghs(100), -ghs(500)]
    assert all(row.undoes_id is not None for row in none.payments)
    again = await corrected(bursar, fee, ghs(250))
    assert await listed(fee) == [(fee.number, ghs(250))]
    assert [await balance(code) for code in ("1330", "2410", "2420", "1110")] == [ghs(1250), -ghs(1250), ghs(0), ghs(250)]
    rows = await SchoolTransaction.filter(fee_id=fee.id)
    assert ([row.live for row in rows].count(True), len(rows)) == (1, 3)
    assert again.fee.arrears_alerted and await ArrearsAlert.filter(fee_id=fee.id).count() == 2
    alerts = [each.fact for each in await events_so_far() if isinstance(each.fact, ArrearsAlertRaised | ArrearsAlertCleared)]
    assert [type(each) for each in alerts] == [ArrearsAlertRaised, ArrearsAlertCleared, ArrearsAlertRaised]
    activities = await UserActivity.filter(subject_id=fee.id).order_by("at")
    assert [each.activity for each in activities] == [
        "fee_charged", "fee_collected", "fee_collected", "fee_corrected", "fee_collected",
    ]  # fmt: skip
    await assert_integrity()


async def test_a_receipt_says_what_it_was_for_and_is_numbered_without_a_gap() -> None:
    school = await a_school()
    student, bursar = await a_pupil(school, "Esi Owusu"), school.bursar
    settled = await add_fee(
        bursar, student_id=student.id, terms=FeeTerms(title="Term 1", amount_due=ghs(300)), amount_paid=ghs(120)
    )
    fee = settled.fee
    async with nothing_happens():
        with pytest.raises(FeeChangedMeanwhile) as refused:
            await paid(bursar, fee, ghs(1), expected_version=7)
    assert refused.value.version == 1
    await corrected(bursar, fee, ghs(100))
    second = await paid(bursar, fee, ghs(250), way=Way(method=FeePaymentMethod.BANK, reference="slip 17"))
    assert settled.receipt is not None and second.receipt is not None
    year, first = clock.today().year, settled.receipt.receipt_serial
    assert settled.receipt.receipt_number == receipt_number(year, first)
    kept = await FeePayment.get(receipt_number=receipt_number(year, first + 1))
    assert kept.id == second.receipt.id and kept.receipt is not None
    assert (kept.receipt["student"], kept.receipt["fee"], kept.reference) == ("Esi Owusu", fee.number, "slip 17")
    assert [line["amount_minor"] for line in kept.receipt["lines"]] == [20_000]
    assert (kept.receipt["beyond_minor"], kept.receipt["credit_minor"]) == (5_000, 5_000)
    assert (second.fee.status, await balance("2430"), await balance("1200")) == (FeeStatus.OVERPAID, -ghs(50), ghs(250))
    await assert_integrity()


async def test_lines_are_paid_in_their_order_and_keep_their_accounts() -> None:
    """The oldest instalment first; a change of what is due moves what is paid, and no money."""
    school = await a_school()
    student, bursar = await a_pupil(school), school.bursar
    lines = (
        Line(1, date(2030, 1, 10), "SCHOOL_FEE", ghs(60)),
        Line(2, date(2030, 5, 10), "SCHOOL_FEE", ghs(40)),
    )
    terms = FeeTerms(title="Two parts", amount_due=ghs(100), lines=lines)
    fee = (await add_fee(bursar, student_id=student.id, terms=terms, amount_paid=ghs(80))).fee
    assert fee.due_on == date(2030, 1, 10)
    less = (await update_fee(bursar, fee_id=fee.id, edits=FeeEdits(amount_due=ghs(50), due_on=date(2030, 2, 1)))).fee
    assert (less.status, less.due_on, less.edition) == (FeeStatus.OVERPAID, date(2030, 2, 1), 2)
    assert [await balance(code) for code in ("4510", "2430", "1330", "1110")] == [-ghs(50), -ghs(30), ghs(0), ghs(80)]
    more = (await update_fee(bursar, fee_id=fee.id, edits=FeeEdits(amount_due=ghs(100), title="Tuition"))).fee
    assert (more.status, more.title, await balance("2430")) == (FeeStatus.PARTIALLY_PAID, "Tuition", ghs(0))
    same = await update_fee(bursar, fee_id=fee.id, edits=FeeEdits(amount_due=ghs(100), amount_paid=ghs(80)))
    assert (same.fee.version, same.posted) == (more.version, None)
    assert await FeePayment.filter(fee_id=fee.id).count() == 1
    await assert_integrity()


async def test_a_fee_is_deleted_with_what_was_paid_of_it() -> None:
    school = await a_school()
    student, bursar = await a_pupil(school, "Kojo Appiah"), school.bursar
    fee = await charged(bursar, student, ghs(1500), ghs(200))
    await Student.filter(id=student.id).update(full_name="Kojo Appiah-Kubi")
    gone = await delete_fee(bursar, fee_id=fee.id, expected_version=1, reason="charged by mistake")
    assert (gone.fee.status, gone.fee.arrears_alerted, await listed(fee)) == (FeeStatus.VOID, False, [])
    assert [await balance(code) for code in ("4510", "1330", "2410", "1110")] == [ghs(0)] * 4
    assert gone.ended is not None and "Kojo Appiah: " in gone.ended.description
    async with nothing_happens():
        with pytest.raises(FeeDeleted):
            await paid(bursar, fee, ghs(1))
        with pytest.raises(FeeDeleted):
            await delete_fee(bursar, fee_id=fee.id)
    await assert_integrity()


async def test_a_closed_month_keeps_what_it_has() -> None:
    school = await a_school()
    student, bursar = await a_pupil(school), school.bursar
    year = clock.today().year - 1
    day = date(year, 6, 15)
    fee = await charged(bursar, student, ghs(300))
    await paid(bursar, fee, ghs(100), paid_on=day)
    await create_fiscal_year(SYSTEM, starts_on=day.replace(day=1))
    closed = await FiscalPeriod.get(starts_on=day.replace(day=1))
    await close_fiscal_period(SYSTEM, period_id=closed.id)
    async with nothing_happens():
        with pytest.raises(PeriodClosed) as refused:
            await paid(bursar, fee, ghs(100), paid_on=day)
        with pytest.raises(PeriodClosed):
            await corrected(bursar, fee, ghs(50), paid_on=day)
    assert refused.value.field == ("input", "paidOn")
    gone = await delete_fee(bursar, fee_id=fee.id)
    assert gone.ended is not None and (gone.ended.on_date, gone.ended.reversed_on) == (day, clock.today())
    await assert_integrity()


async def test_a_guardian_pays_from_the_wallet_and_gets_back_what_was_wrong() -> None:
    school = await a_school()
    student, bursar = await a_pupil(school), school.bursar
    guardian, wallet = await a_guardian(student), Way(method=FeePaymentMethod.WALLET)
    fee = await charged(bursar, student, inr(1000))
    await wallet_of(guardian.id, "INR")
    opening = await purse(guardian)
    async with nothing_happens():
        with pytest.raises(InsufficientFunds):
            await pay_fee(guardian, fee_id=fee.id, amount=opening + inr(1), way=wallet)
    settled = await pay_fee(guardian, fee_id=fee.id, amount=inr(400), way=wallet)
    await paid(bursar, fee, inr(100))
    assert await purse(guardian) == opening - inr(400)
    assert settled.receipt is not None and settled.receipt.payer_id == guardian.id
    assert [row.amount for row in (await corrected(bursar, fee, inr(150))).payments] == [-inr(100), -inr(250)]
    await corrected(bursar, fee, inr(0))
    assert (await purse(guardian), await balance("1110", "INR")) == (opening, inr(0))
    await assert_integrity()


async def test_what_came_otherwise_than_by_hand_is_not_corrected_by_hand() -> None:
    school = await a_school()
    student, bursar = await a_pupil(school), school.bursar
    fee = await charged(bursar, student, ghs(100), ghs(30))
    async with unit_of_work() as work:
        desk = await locked_fee(work, bursar, fee.id, Permission.FEES_COLLECT)
        by_loan = Taken(amount=ghs(40), method=FeePaymentMethod.LOAN, fact_id=new_id())
        await settle(work, desk, FeeChange.COLLECTED, payments=[by_loan], on=clock.today())
        twice = await settle(work, desk, FeeChange.COLLECTED, payments=[Taken(amount=ghs(5), method=CASH)], on=clock.today())
    assert (twice.fee.version, await listed(fee)) == (3, [(fee.number, ghs(75))])
    async with nothing_happens():
        with pytest.raises(FeeMoneyFromElsewhere) as refused:
            await corrected(bursar, fee, ghs(39))
        with pytest.raises(FeeMoneyFromElsewhere):
            await delete_fee(bursar, fee_id=fee.id)
    assert refused.value.correctable == ghs(35)
    await corrected(bursar, fee, ghs(40))
    assert await listed(fee) == [(fee.number, ghs(40))]
