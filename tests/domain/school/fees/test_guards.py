"""What the database itself holds of fees and their money: written past the services, each fails, at the latest at COMMIT."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import asyncpg
import pytest

from domain.identity.actor import SYSTEM
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.database import fetchval
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, unit_of_work
from domain.ledger.chart import CASH, HouseAccount, house_account
from domain.ledger.service import Line, Reference, post_entry
from domain.school import accounts
from domain.school.fees import Settled, Taken, locked_fee, settle
from domain.school.models import FeePayment, SchoolFee, Student
from domain.school.service.advances import record_advance
from domain.school.service.changing_fees import FeeEdits, update_fee
from domain.school.service.counter import Way
from domain.school.states import FeeChange, FeePaymentKind, FeePaymentMethod
from tests.support.happenings import assert_integrity, nothing_happens
from tests.support.races import outcomes_of
from tests.support.school import a_pupil, a_school
from tests.support.school_fees import charged, corrected, ghs

pytestmark = pytest.mark.usefixtures("database")


async def a_paid_fee() -> SchoolFee:
    """Of 1,500, and 400 paid after a correction; so an alert is open and a row in the books is reversed."""
    school = await a_school()
    fee = await charged(school.bursar, await a_pupil(school), ghs(1400), ghs(500))
    await update_fee(school.bursar, fee_id=fee.id, edits=FeeEdits(amount_due=ghs(1500)))
    await corrected(school.bursar, fee, ghs(400))
    return await SchoolFee.get(id=fee.id)


COPIED = """id, reference, kind, category, description, currency, amount_minor, on_date, fee_id, entry_id, shares,
created_by_id, created_at, correlation_id"""
CHARGE = "(select id from journal_entry where kind = 'school.fee_charged' order by number limit 1)"
COPY = COPIED.removeprefix("id, ").replace("entry_id", CHARGE) + " from school_transaction"

LINE = """insert into fee_line select gen_random_uuid(), fee_id, {edition}, {position}, 1, due_on, category_code,
income_code, 1 from fee_line where edition = 1"""

PAST_THE_SERVICES = {
    # The fee and its lines: of which the second edition holds.
    "update school_fee set due_minor = due_minor + 1": "school_fee_is_its_lines",
    "update school_fee set edition = 3": "school_fee_is_its_lines",
    "update school_fee set edition = 1": "school_fee_is_kept",
    LINE.format(edition=3, position=1): "school_fee_is_its_lines",
    LINE.format(edition=2, position=9): "school_fee_is_its_lines",
    LINE.format(edition=1, position=9): "fee_line_is_of_now",
    "update fee_line set amount_minor = 1": "fee_line_is_kept",
    "delete from fee_line": "fee_line_is_kept",
    # The fee and its money.
    "update school_fee set paid_minor = paid_minor + 1": "school_fee_is_its_payments",
    "update school_fee set refunded_minor = 1": "school_fee_is_its_payments",
    "update fee_payment set amount_minor = 1": "fee_payment_is_kept",
    "delete from fee_payment": "fee_payment_is_kept",
    # What follows from the figures.
    "update school_fee set status = 'PAID'": "school_fee_status_follows",
    "update school_fee set paid_minor = -1": "school_fee_paid_not_negative",
    "update school_fee set voided_at = now(), voided_by_id = id, status = 'VOID', arrears_alerted = false":
        "school_fee_void_has_no_money",
    "update school_fee set arrears_minor = 0": None,
    "update school_fee set arrears_alerted = not arrears_alerted": "school_fee_is_its_alert",
    "update arrears_alert set cleared_at = now()": "school_fee_is_its_alert",
    "insert into arrears_alert select gen_random_uuid(), fee_id, currency, 2, 1, raised_at from arrears_alert":
        "arrears_alert_one_open_of_a_fee",
    # Whose it is.
    "update school_fee set student_id = gen_random_uuid()": "school_fee_is_kept",
    "update school_fee set currency = 'KES'": "school_fee_is_kept",
    "delete from school_fee": "school_fee_is_kept",
    "delete from student": None,
    # The books.
    "update school_transaction set amount_minor = 1": "school_transaction_is_kept",
    "update school_transaction set description = 'x' where reversed_at is null": "school_transaction_is_kept",
    "update school_transaction set reversed_at = null, reversed_on = null, reversed_by_id = null,"
    " reversed_by_entry_id = null where reversed_at is not null": "school_transaction_is_kept",
    "delete from school_transaction": "school_transaction_is_kept",
    f"insert into school_transaction ({COPIED}) select gen_random_uuid(), {COPY} where reversed_at is null":
        "school_transaction_one_live_of_a_fee",
    f"insert into school_transaction ({COPIED}) select gen_random_uuid(), {COPY} where reversed_at is not null":
        "school_transaction_one_live_of_a_fee",
    "update school_transaction set reversed_at = now(), reversed_on = on_date, reversed_by_id = id,"
    " reversed_by_entry_id = entry_id where reversed_at is null": "school_fee_is_in_the_books",
    # What people did.
    "update user_activity_log set title = 'x'": "user_activity_log_is_kept",
    "delete from user_activity_log": "user_activity_is_archived",
}  # fmt: skip


async def test_nobody_writes_past_the_services() -> None:
    await a_paid_fee()
    for statement, constraint in PAST_THE_SERVICES.items():
        async with nothing_happens():
            with pytest.raises((asyncpg.IntegrityConstraintViolationError, asyncpg.GeneratedAlwaysError)) as refused:
                async with unit_of_work() as work:
                    await work.execute(statement)
        assert constraint in (None, getattr(refused.value, "constraint_name", None)), statement
    await assert_integrity()


async def _cash_to(account: HouseAccount, amount: int) -> list[Line]:
    return [
        Line(await house_account(CASH, "GHS"), ghs(amount), is_debit=True),
        Line(await house_account(account, "GHS"), ghs(amount), is_debit=False),
    ]


async def _transaction(work: Work, entry_id: UUID, *, amount: int, fee: SchoolFee | None = None) -> None:
    await work.execute(
        f"insert into school_transaction ({COPIED})"
        " values ($1, $2, 'INCOME', $3, 'x', 'GHS', $4, $5, $6, $7, $8, $1, now(), $1)",
        new_id(),
        fee.number if fee else "BY-HAND",
        "School Fees" if fee else "Donations",
        amount * 100,
        clock.today(),
        fee and fee.id,
        entry_id,
        {"4520": amount * 100},
    )


@pytest.mark.parametrize("kind", ["school_fee", "school_fee_payment", "school_transaction", "school_advance"])
async def test_nobody_posts_under_the_name_of_the_school(kind: str) -> None:
    """An entry that no row names; and income that is in a fee's row but not in its payments."""
    fee = await a_paid_fee()
    reference = Reference(kind, fee.id)
    async with nothing_happens():
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            await post_entry(kind="x.y", description="x", lines=await _cash_to(accounts.FEE_INCOME, 5), reference=reference)
    assert refused.value.constraint_name == "school_entry_is_named"


async def test_a_transaction_is_what_its_entry_says() -> None:
    fee = await a_paid_fee()
    for entry, amount, of, constraint in (
        (4, 5, None, "school_transaction_is_booked"),
        (5, 5, fee, "school_transaction_one_live_of_a_fee"),
    ):
        async with nothing_happens():
            with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
                async with unit_of_work() as work:
                    lines = await _cash_to(accounts.DONATIONS, entry)
                    posted = await post_entry(kind="x.y", description="x", lines=lines)
                    await _transaction(work, posted.entry_id, amount=amount, fee=of)
        assert refused.value.constraint_name == constraint


COPIED_PAYMENT = """
insert into fee_payment (id, fee_id, kind, method, amount_minor, currency, account_code, paid_on, undoes_id, entry_id,
                         created_by_id, created_at, correlation_id)
select gen_random_uuid(), fee_id, 'CORRECTION', method, $2, currency, account_code, paid_on, null, $3, id, now(), id
from fee_payment where fee_id = $1 and kind = 'PAYMENT'
"""


async def test_a_payment_is_what_its_entry_moved() -> None:
    fee = await a_paid_fee()
    charge = await fetchval(CHARGE.strip("()"))
    for entry_id, constraint in ((charge, "fee_payment_is_booked"), (new_id(), "fee_payment_entry_id_fkey")):
        async with nothing_happens():
            with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
                async with unit_of_work() as work:
                    await work.execute("set constraints fee_payment_is_booked immediate")
                    await work.execute(COPIED_PAYMENT, fee.id, 5, entry_id)
        assert refused.value.constraint_name == constraint


async def test_what_undoes_a_payment_takes_all_of_it_back() -> None:
    fee = await a_paid_fee()
    payment = await FeePayment.get(fee_id=fee.id, kind=FeePaymentKind.PAYMENT)
    wrong = Taken(amount=-ghs(5), method=FeePaymentMethod.CASH, kind=FeePaymentKind.CORRECTION, undoes_id=payment.id)
    async with nothing_happens():
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            await _settled(fee, wrong)
    assert refused.value.constraint_name == "fee_payment_is_undone_whole"


async def test_a_payment_from_elsewhere_pays_one_fee_once() -> None:
    """Two fees are paid by the same fact of a loan at the same moment, and another by it when the first was undone."""
    fee = await a_paid_fee()
    other = await charged(SYSTEM, await Student.get(id=fee.student_id), ghs(10))
    taken = Taken(amount=ghs(10), method=FeePaymentMethod.LOAN, fact_id=new_id())
    outcomes = await outcomes_of(_settled(each, taken) for each in (fee, other))
    [refused] = [each for each in outcomes if isinstance(each, asyncpg.UniqueViolationError)]
    assert refused.constraint_name == "fee_payment_is_collected_once"
    [settled] = [each for each in outcomes if isinstance(each, Settled)]
    assert settled.receipt is not None
    undoing = replace(taken, amount=-ghs(10), kind=FeePaymentKind.CORRECTION, undoes_id=settled.receipt.id)
    await _settled(settled.fee, undoing)
    await _settled(fee if settled.fee.id == other.id else other, taken)


async def _settled(fee: SchoolFee, taken: Taken) -> Settled:
    async with unit_of_work() as work:
        desk = await locked_fee(work, SYSTEM, fee.id, Permission.FEES_COLLECT)
        return await settle(work, desk, FeeChange.COLLECTED, payments=[taken], on=clock.today())


COPIED_ADVANCE = """
insert into student_advance (id, student_id, currency, amount_minor, method, account_code, paid_on, entry_id, created_by_id,
                             created_at, correlation_id)
select gen_random_uuid(), student_id, currency, $2, method, account_code, paid_on, $3, id, now(), id
from student_advance where id = $1
"""


async def test_an_advance_is_what_its_entry_moved_and_no_more_of_it_is_used_than_there_is() -> None:
    fee = await a_paid_fee()
    cash = Way(method=FeePaymentMethod.CASH)
    advance = await record_advance(SYSTEM, student_id=fee.student_id, amount=ghs(30), way=cash)
    charge = await fetchval(CHARGE.strip("()"))
    for amount, constraint in ((3_000, "student_advance_is_booked"), (-3_001, "student_advance_is_there")):
        async with nothing_happens():
            with pytest.raises(asyncpg.CheckViolationError) as refused:
                async with unit_of_work() as work:
                    await work.execute(f"set constraints {constraint} immediate")
                    await work.execute(COPIED_ADVANCE, advance.id, amount, charge)
        assert refused.value.constraint_name == constraint
    async with nothing_happens():
        with pytest.raises(asyncpg.CheckViolationError, match="written once"):
            async with unit_of_work() as work:
                await work.execute("update student_advance set amount_minor = 1")
