"""The demo: its story is told once, shows every state, keeps every promise of the house, and sends nobody a letter."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from api.demo import payments, people, story
from api.demo.mill_things import SHOP
from api.demo.mill_traffic import SHELVES, MillTraffic
from api.demo.school_traffic import TITLE, SchoolTraffic
from api.demo.stage import Stage
from api.demo.traffic import Traffic
from domain.approvals.models import Approval, ApprovalStatus
from domain.events.replay import replay_figures
from domain.identity.models import User
from domain.jobs.models import JobTask, TaskState
from domain.kit import clock
from domain.kit.database import connection, fetchval
from domain.kit.paging import PageRequest
from domain.lending.models import Loan
from domain.lending.states import DelinquencyBucket, LoanStatus
from domain.milling import settings as mill_settings
from domain.milling.models import Production, Purchase, Sale, StockAlert, StockBin, StockDocument, Warehouse
from domain.milling.states import (
    AlertKind,
    AlertState,
    FinanceStatus,
    ProductionStatus,
    PurchaseStatus,
    SaleStatus,
    StockDocumentKind,
)
from domain.notifications.models import Delivery, DeliveryState
from domain.notifications.service.telling import tell
from domain.payments.models import AlertThresholds, DailyReconciliation, Discrepancy, MatchRule, Payment, StatementImport
from domain.payments.provider import CURRENCY
from domain.payments.queries.orphans import orphan_suggestions, orphan_transactions
from domain.payments.states import DiscrepancyStatus, DiscrepancyType, ImportStatus, PaymentStatus, Purpose, Resolution
from domain.school.errors import NotASchoolDay
from domain.school.models import (
    ArrearsAlert,
    Attendance,
    Enrolment,
    FeePayment,
    SchoolFee,
    SchoolRun,
    SchoolTransaction,
)
from domain.school.states import (
    AttendanceStatus,
    EnrolmentStatus,
    FeePaymentKind,
    FeePaymentMethod,
    FeeStatus,
    SchoolRunKind,
    TransactionKind,
)
from tests.schema.differential.demo import everybody_reads_the_same
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens

ACTS = 60
WEEK = 4
STATES = set(LoanStatus) - {LoanStatus.UNDER_REVIEW, LoanStatus.WITHDRAWN}

DAMAGES = (
    "update journal_line set amount_minor = amount_minor + 1 where id = (select max(id) from journal_line)",
    "update investment set paid_minor = paid_minor + 1 where id = (select id from investment where paid_minor > 0 limit 1)",
    """update loan_day_change set amount_minor = amount_minor + 1
       where ctid = (select ctid from loan_day_change where measure = 'PORTFOLIO' and currency = 'KES' limit 1)""",
    "update stock_bin set value_minor = value_minor + 1 where id = (select id from stock_bin where on_hand > 0 limit 1)",
    """update reconciliation_tally set matched = matched + 1
       where (hour, slot) = (select hour, slot from reconciliation_tally limit 1)""",
    """update school_figure_change set amount = amount + 1
       where ctid = (select ctid from school_figure_change where metric = 'INCOME' limit 1)""",
    "update ledger_account set held_minor = held_minor + 1 where id = (select account_id from wallet limit 1)",
)
"""What is touched where no trigger sees it, one row of each room that has a dashboard."""

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def shillings() -> Iterator[None]:
    """The mill deals in what telephones pay, as where there are demo users."""
    chosen = mill_settings.current()
    mill_settings.configure(replace(chosen, chosen_currency=CURRENCY))
    yield
    mill_settings.configure(chosen)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # graphql-core, with which is compared, gives things up midway.
async def test_the_story_is_told_once_holds_together_and_goes_on(tmp_path: Path) -> None:
    """To tell it takes seconds, so that what begins where it ends is tried here too, last of all."""
    assert not await story.already_told()
    await story.tell()
    assert await story.already_told()
    assert await User.all().count() == len(people.EVERYBODY) == len(await people.demo_users())
    loans = await Loan.all()
    assert {loan.status for loan in loans} == STATES
    assert {DelinquencyBucket.CURRENT, DelinquencyBucket.DAYS_1_30, DelinquencyBucket.DAYS_61_90} <= {
        loan.bucket for loan in loans
    }
    assert len({loan.branch_id for loan in loans}) == len(people.BRANCHES)
    waiting = await Approval.filter(status=ApprovalStatus.PENDING)
    assert {approval.kind for approval in waiting} == {"LOAN", "EXPENSE"}
    assert await fetchval("select count(*) from loan_instalment where due_on = current_date and unpaid_minor > 0") == 1
    await _assert_mill_shows_everything()
    await _assert_payments_show_everything()
    await _assert_school_shows_everything()
    await _assert_stories_are_one()
    await assert_integrity()
    async with nothing_happens():
        await story.tell()
    for logged in await events_so_far():
        await tell(logged.fact, logged)
    assert await Delivery.filter(state=DeliveryState.QUEUED).count() == 0, "what the story tells of is no news any more"
    await everybody_reads_the_same()
    await _simulated_users_act_and_the_books_hold()
    await _assert_history_tells_every_figure(tmp_path)


async def _assert_history_tells_every_figure(archive: Path) -> None:
    """Of every room: what is shown is what follows from the log, and a figure that was touched is named."""
    replayed = await replay_figures(archive)
    assert replayed.differences == []
    rooms = {figure.partition(".")[0] for figure in replayed.figures}
    assert rooms == {"accounting", "invoice_finance", "lending", "milling", "payments", "school", "wallets"}
    async with connection() as c, c.transaction():
        await c.execute("set local session_replication_role = replica")
        for damage in DAMAGES:
            assert await c.execute(damage) == "UPDATE 1"
    figures = {each.figure for each in (await replay_figures(archive)).differences}
    assert {figure.partition(".")[0] for figure in figures} == rooms
    assert {"payments.reconciliation.totals.successful", "lending.house.KES.figures.portfolio.outstanding"} <= figures


async def _assert_mill_shows_everything() -> None:
    sales = await Sale.all()
    assert {sale.status for sale in sales} == set(SaleStatus) - {SaleStatus.RETURNED, SaleStatus.CANCELLED}
    assert {sale.finance_status for sale in sales} == {None, FinanceStatus.LISTED, FinanceStatus.SETTLED}
    ordered, billed, sent_back = PurchaseStatus.DRAFT, PurchaseStatus.BILLED, PurchaseStatus.PART_RETURNED
    assert {purchase.status for purchase in await Purchase.all()} == {ordered, billed, sent_back}
    made = {run.status for run in await Production.all()}
    assert made == {ProductionStatus.PLANNED, ProductionStatus.COMPLETED}
    alerts = {(alert.kind, alert.state) for alert in await StockAlert.all()}
    assert {(kind, AlertState.OPEN) for kind in (AlertKind.LOW_STOCK, AlertKind.OUT_OF_STOCK)} <= alerts
    assert {document.kind for document in await StockDocument.all()} >= {
        StockDocumentKind.OPENING,
        StockDocumentKind.TRANSFER,
        StockDocumentKind.COUNT,
        StockDocumentKind.REPACK,
        StockDocumentKind.ADJUSTMENT,
    }
    assert len({shelf.warehouse_id for shelf in await StockBin.filter(on_hand__gt=0)}) == 3
    assert await StockBin.filter(reserved__gt=0).count() == 1


async def _assert_payments_show_everything() -> None:
    payments = await Payment.all()
    assert {payment.status for payment in payments} == {PaymentStatus.PAID, PaymentStatus.CANCELLED, PaymentStatus.REVERSED}
    assert {payment.purpose for payment in payments} == set(Purpose)
    found = await Discrepancy.all()
    never = DiscrepancyType.CURRENCY_MISMATCH
    assert {each.type for each in found} == set(DiscrepancyType) - {never}, "no message says a currency"
    assert {each.status for each in found} == set(DiscrepancyStatus)
    assert {each.resolution for each in found} == set(Resolution) | {None}
    [statement] = await StatementImport.all()
    assert statement.status is ImportStatus.DONE and statement.bad_rows == 0
    assert await MatchRule.all().count() == 3 and await AlertThresholds.all().count() == 1
    assert await DailyReconciliation.all().count() == 2
    administrator = await people.bring_in(people.ADMIN)
    [orphan] = (await orphan_transactions(administrator, PageRequest())).rows
    suggested = await orphan_suggestions(administrator, orphan.receipt)
    assert "Counselling, sixth talk" in {each.due.title for each in suggested if each.due is not None}
    waiting = JobTask.filter(name__startswith="payments.").exclude(state=TaskState.DONE)
    assert not await waiting.exists(), "nothing of the story is left to be asked of the M-Pesa of today"


async def _assert_school_shows_everything() -> None:
    fees = await SchoolFee.all()
    assert {fee.status for fee in fees} == set(FeeStatus), "paid, in parts, too much, refunded, deleted and not at all"
    assert {fee.currency for fee in fees} == {"GHS", "KES"}
    payments = await FeePayment.all()
    assert {each.kind for each in payments} == set(FeePaymentKind)
    assert {each.method for each in payments} >= {
        FeePaymentMethod.CASH,
        FeePaymentMethod.BANK,
        FeePaymentMethod.MPESA,
        FeePaymentMethod.ADVANCE,
    }
    places = {enrolment.status for enrolment in await Enrolment.all()}
    assert places == set(EnrolmentStatus) - {EnrolmentStatus.TRANSFERRED, EnrolmentStatus.GRADUATED}
    assert {mark.status for mark in await Attendance.all()} == set(AttendanceStatus)
    assert await Attendance.filter(version__gt=1).count() == 1
    assert not await Attendance.filter(on_date=clock.today()).exists(), "the roll of today is for whoever tries the demo"
    assert await ArrearsAlert.filter(cleared_at=None).count() >= 2
    assert {run.kind for run in await SchoolRun.all()} >= {
        SchoolRunKind.PROMOTION,
        SchoolRunKind.BILLING,
        SchoolRunKind.LATE_FEES,
    }
    transactions = await SchoolTransaction.filter(fee_id=None)
    assert {each.kind for each in transactions} == set(TransactionKind)


async def _assert_stories_are_one() -> None:
    """What goes through several businesses has one id all the way: the log of events and the books agree on it."""
    fee = await FeePayment.get(method=FeePaymentMethod.LOAN)
    receipt = await FeePayment.get(method=FeePaymentMethod.MPESA)
    for paid, begins, ends in (
        (fee, "lending.loan_application_submitted", "school.fee_changed"),
        (receipt, "payments.payment_changed", "school.fee_receipt_given"),
    ):
        story = await fetchval("select correlation_id from journal_entry where id = $1", paid.entry_id)
        names = [logged.name for logged in await events_so_far() if logged.correlation_id == story]
        assert {begins, ends} <= set(names) and names.index(begins) < names.index(ends)
    assert await fetchval("select count(*) from loan_transaction where reversed_at is not null") >= 1
    sale = await Sale.get(finance_status=FinanceStatus.SETTLED)
    stories = {logged.correlation_id for logged in await events_so_far() if f"sale:{sale.id}" in logged.topics}
    assert len(stories) == 1
    names = {logged.name for logged in await events_so_far() if logged.correlation_id in stories}
    assert {"invoice_finance.payout_made", "milling.production_changed", "payments.payment_applied"} <= names


async def _simulated_users_act_and_the_books_hold() -> None:
    before = len(await events_so_far())
    traffic = Traffic(pause_s=0)
    for _ in range(ACTS):
        await traffic.act()
    assert len(await events_so_far()) > before
    waiting = await Loan.filter(status=LoanStatus.KYC_VERIFIED).exclude(purpose__startswith="Simulated").count()
    assert waiting == 1, "what waits for whoever tries the demo is left to them"
    await _a_busy_week(traffic.mill)
    await _a_day_at_school(traffic.school)
    await assert_integrity()


async def _a_busy_week(mill: MillTraffic) -> None:
    """The shop can always sell something, and what the story left waiting still waits."""
    left = await Sale.filter(status__in=[SaleStatus.DRAFT, SaleStatus.CONFIRMED]).count()
    for _ in range(WEEK):
        for act in mill.acts:
            await act()
    shop = await Warehouse.get(code=SHOP)
    assert await StockBin.filter(warehouse_id=shop.id, on_hand__gt=0).count() == len(SHELVES)
    assert await Sale.filter(status__in=[SaleStatus.DRAFT, SaleStatus.CONFIRMED]).count() == left == 2


async def _a_day_at_school(school: SchoolTraffic) -> None:
    """Every act can be done, and what the story charged is left alone."""
    of_the_story = SchoolFee.exclude(title=TITLE).order_by("id")
    before = [(fee.id, fee.version) for fee in await of_the_story]
    for act in school.acts:
        with suppress(NotASchoolDay):
            await act()
    assert await SchoolFee.filter(title=TITLE).exists()
    assert [(fee.id, fee.version) for fee in await of_the_story] == before


async def test_payments_need_no_other_part_of_the_story() -> None:
    """They may be told where the rest was told long ago, and used since: a loan is paid off, flour is paid for."""
    stage = Stage()
    with clock.clock_set_to(stage.midnight(payments.BEGAN_DAYS_AGO)):
        await people.open_branches()
        for person in people.EVERYBODY:
            stage.actors[person] = await people.bring_in(person)
    await payments.tell(stage)
    assert {payment.purpose for payment in await Payment.all()} == {
        Purpose.SERVICE_SESSION,
        Purpose.WALLET_TOP_UP,
        Purpose.INVOICE_SETTLEMENT,
    }
    await assert_integrity()
