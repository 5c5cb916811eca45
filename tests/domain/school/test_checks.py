"""What holds of the school is noticed when it does not: each check names the fault that it is for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.kit import clock, database
from domain.kit.checks import Check, every_check
from domain.kit.ids import new_id
from domain.school.checks import books, fees, links, roll, sums
from domain.school.models import Attendance, SchoolRun, SchoolRunResult
from domain.school.service.books import TransactionEdits, TransactionTerms, add_expense, change_transaction
from domain.school.service.changing_fees import delete_fee
from domain.school.states import AttendanceStatus, SchoolRunKind, SchoolRunStatus
from domain.school.verification import verify_fees, verify_figures
from tests.support.happenings import assert_integrity
from tests.support.mill_rows import unguarded
from tests.support.school import (
    School,
    a_guardian,
    a_pupil,
    a_school,
    a_student,
    a_teacher,
    an_applicant,
    enrol,
    teaching,
    terms_of,
)
from tests.support.school_fees import charged, corrected, ghs, paid

pytestmark = pytest.mark.usefixtures("database")

MINE = (*fees.CHECKS, *books.CHECKS, *roll.CHECKS, *sums.CHECKS, *links.CHECKS)

UNPAID = "(select id from school_fee where status = 'UNPAID' and not arrears_alerted)"
PARTLY = "(select id from school_fee where status = 'PARTIALLY_PAID')"
DELETED = "(select id from school_fee where status = 'VOID')"
CLEARING = "(select a.id from ledger_account a where a.code = '2420' and a.currency = 'GHS')"
CASH = "(select a.id from ledger_account a where a.code = '1110' and a.currency = 'GHS')"


def an_advance(amount: int, receipt: str = "null, null") -> str:
    return f"""
        insert into student_advance (id, student_id, currency, amount_minor, method, account_code, paid_on, receipt_serial,
                                     receipt, entry_id, created_by_id, created_at, correlation_id)
        select gen_random_uuid(), f.student_id, f.currency, {amount}, 'CASH', '1110', p.paid_on, {receipt}, p.entry_id,
               p.created_by_id, p.created_at, p.correlation_id
        from fee_payment p join school_fee f on f.id = p.fee_id where p.kind = 'PAYMENT' limit 1"""


# Behind the back of the services and of the triggers and, where they would object, of the constraints.
FAULTS = {
    "fees_are_their_lines": f"update fee_line set amount_minor = amount_minor + 1 where fee_id = {UNPAID}",
    "fees_are_their_payments": "update fee_payment set kind = 'REFUND' where amount_minor < 0",
    "fees_are_in_the_books": "update school_transaction set reference = 'FEE-0' where fee_id is not null",
    "fees_stand_as_their_figures_say": f"""
        alter table school_fee drop constraint school_fee_status_follows;
        update school_fee set status = 'PAID' where id = {UNPAID}""",
    "deleted_fees_have_nothing": f"update arrears_alert set fee_id = {DELETED} where cleared_at is null",
    "money_of_a_fee_is_in_its_currency": f"update fee_payment set currency = 'KES' where fee_id = {PARTLY}",
    "receipts_are_given_once": an_advance(1, "p.receipt_serial, p.receipt"),
    "payments_are_undone_whole": "update fee_payment set method = 'BANK' where undoes_id is not null",
    "collected_payments_pay_their_fees": f"""
        update fee_payment set method = 'MPESA', payment_id = gen_random_uuid() where fee_id = {PARTLY}""",
    "transactions_are_their_entries": "update school_transaction set shares = '{}' where kind = 'EXPENSE'",
    "entries_of_the_school_are_named": """
        update journal_entry set reference_kind = 'school_transaction' where reference_kind = 'school_fee_due'""",
    "fee_payments_are_booked": """
        update journal_entry set effective_on = effective_on - 40 where reference_kind = 'school_fee_payment'""",
    "income_of_fees_is_what_is_paid": f"""
        update school_transaction set amount_minor = amount_minor + 1 where fee_id = {PARTLY} and reversed_at is null""",
    "income_of_fees_is_collected_in_its_month": "update school_transaction set on_date = on_date - 40",
    "receivable_is_outstanding": f"update school_fee set due_minor = due_minor + 1 where id = {UNPAID}",
    "each_fee_is_receivable_in_the_journal": f"""
        update journal_entry set reference_id = {PARTLY} where reference_kind = 'school_fee_due'""",
    "credits_are_the_families": an_advance(1),
    "clearing_is_empty": f"update journal_line set account_id = {CASH} where account_id = {CLEARING} and amount_minor > 0",
    "advances_are_not_overdrawn": an_advance(-1),
    "transactions_are_revised_by_their_like": """
        update school_transaction set reversed_by_entry_id = null, reversed_at = null, reversed_on = null,
                                      reversed_by_id = null
        where kind = 'EXPENSE'""",
    "students_count_their_enrolments": "update student set enrolled_count = enrolled_count + 1",
    "nobody_is_enrolled_twice": """
        drop index enrolment_is_once;
        update enrolment set term_id = null""",
    "one_class_a_day": """
        alter table enrolment_stay drop constraint enrolment_stays_do_not_overlap;
        update enrolment_stay set student_id = (select student_id from attendance limit 1)""",
    "enrolments_are_their_stays": "update enrolment set status = 'APPLIED' where status = 'ENROLLED'",
    "promotions_lead_from_one_to_the_next": "update enrolment set status = 'WITHDRAWN' where status = 'PROMOTED'",
    "classes_are_within_capacity": "update school_class set capacity = 1",
    "marks_are_of_the_class_and_the_day": "update attendance set on_date = on_date + 5",
    "marks_are_what_they_were_corrected_to": "update attendance set status = 'LEAVE'",
    "calendars_are_in_order": "update term set ends_on = ends_on + 400",
    "families_have_a_primary_guardian": "update student_guardian set is_primary = false",
    "classes_have_one_class_teacher": """
        alter table teaching drop constraint teaching_has_one_class_teacher; update teaching set until_on = null""",
    "runs_count_their_results": "update school_run_result set outcome = 'FAILED'",
    "figures_are_the_rows": "delete from school_figure_change where metric = 'CLASS_TEACHERS'",
    "alerts_are_of_high_arrears": "insert into school_setting (thresholds, updated_at) values ('{\"GHS\": 1}', now())",
    "fees_know_their_alerts": f"update school_fee set arrears_alerted = true where id = {UNPAID}",
    "nothing_is_orphaned": "update school_class set next_class_id = gen_random_uuid()",
}


async def named_after(fault: str, check: Check) -> list[str]:
    """What a check says after a fault, which is undone again."""
    async with database.connection() as c:
        transaction = c.transaction()
        await transaction.start()
        try:
            await c.execute("set local session_replication_role = replica")
            await c.execute(fault)
            return [row[0] for row in await c.fetch(check.sql)]
        finally:
            await transaction.rollback()


async def something_of_everything() -> School:
    """Every kind of row that a check is about."""
    school = await a_school(clock.today().year - 1)
    bursar, pupil = school.bursar, await a_pupil(school)
    first, *_ = await terms_of(school.year)
    for due, money in ((300, None), (1500, None), (200, 90), (100, 100)):
        await charged(bursar, pupil, ghs(due), None if money is None else ghs(money))
    over = await charged(bursar, pupil, ghs(50), ghs(20))
    await corrected(bursar, over, ghs(0))
    await paid(bursar, over, ghs(60))
    await delete_fee(bursar, fee_id=(await charged(bursar, pupil, ghs(1200), ghs(10))).id)
    terms = TransactionTerms(category="Chalk", description="White chalk", amount=ghs(12))
    expense = await add_expense(bursar, terms=terms)
    await change_transaction(bursar, transaction_id=expense.id, edits=TransactionEdits(amount=ghs(13)))
    await _people(school, first.ends_on)
    await _marks(school)
    await _run(school)
    return school


async def _people(school: School, end_of_term: date) -> None:
    other = await a_student(branch=school.branch)
    first, second, _ = await terms_of(school.year)
    before = await enrol(other, school.school_class, school.year, term=first)
    async with database.connection() as c, c.transaction():
        await c.execute("update enrolment set status = 'PROMOTED' where id = $1", before.id)
    after = await enrol(other, school.school_class, school.year, term=second)
    async with database.connection() as c, c.transaction():
        await c.execute("set local session_replication_role = replica")
        await c.execute("update enrolment set from_enrolment_id = $1 where id = $2", before.id, after.id)
    await an_applicant(await a_student(branch=school.branch), school.program, school.year)
    await a_guardian(other)
    for from_on, until_on in ((school.year.starts_on, end_of_term), (end_of_term + timedelta(days=1), None)):
        teacher = await a_teacher(branch=school.branch)
        await teaching(teacher, school.school_class, from_on=from_on, until_on=until_on)


async def _marks(school: School) -> None:
    monday = next(day for day in (school.year.starts_on + timedelta(days=n) for n in range(7)) if day.weekday() == 0)
    [pupil] = {row["student_id"] for row in await database.fetch("select student_id from school_fee")}
    now = clock.now()
    mark = await Attendance.create(
        id=new_id(), student_id=pupil, on_date=monday, class_id=school.school_class.id, status=AttendanceStatus.ABSENT,
        marked_by_id=school.registrar.id, marked_at=now, updated_at=now,
    )  # fmt: skip
    async with database.connection() as c, c.transaction():
        await c.execute("update attendance set status = 'LATE', version = 2 where id = $1", mark.id)
        await c.execute(
            """insert into attendance_correction
                   (id, attendance_id, before_status, after_status, corrected_by_id, corrected_at)
               values ($1, $2, 'ABSENT', 'LATE', $3, $4)""",
            new_id(),
            mark.id,
            school.registrar.id,
            now,
        )


async def _run(school: School) -> None:
    now = clock.now()
    run = await SchoolRun.create(
        id=new_id(), kind=SchoolRunKind.BILLING, status=SchoolRunStatus.DONE, parameters={}, total=1, counts={"CHARGED": 1},
        requested_by_id=school.bursar.id, requested_at=now, started_at=now, finished_at=now, correlation_id=new_id(),
    )  # fmt: skip
    subject = new_id()
    await database.execute(
        "insert into school_run_subject (run_id, position, subject_id) values ($1, 1, $2)", run.id, subject
    )
    await SchoolRunResult.create(id=new_id(), run_id=run.id, subject_id=subject, position=1, outcome="CHARGED", at=now)


async def test_each_check_names_its_fault() -> None:
    await something_of_everything()
    await assert_integrity()
    said = {check.name: await named_after(FAULTS[check.name], check) for check in MINE}
    assert [name for name, sentences in said.items() if not all(sentences) or not sentences] == []
    [sentence] = said["fees_are_their_lines"]
    assert sentence.startswith("FEE-") and sentence.endswith("says 30000 is due, its lines say 30001")
    await assert_integrity()


async def test_a_replay_by_the_rules_finds_what_does_not_follow() -> None:
    school = await a_school()
    pupil = await a_pupil(school)
    fee = await charged(school.bursar, pupil, ghs(300), ghs(40))
    other = await charged(school.bursar, pupil, ghs(1500))
    assert await verify_fees() + await verify_figures() == []
    async with unguarded() as c:
        await c.execute("""update school_transaction set shares = '{"4511": 4000}'""")
        await c.execute("update school_fee set arrears_alerted = false, due_on = due_on + 400 where id = $1", other.id)
        await c.execute("update student set enrolled_count = 0")
    assert sorted(await verify_fees()) == [
        f"{fee.number}: its income is not what follows from its money",
        f"{other.number}: its alert is not what follows from its money",
    ]
    titles = {sentence.split(":")[0].split()[0] for sentence in await verify_figures()}
    assert titles == {"students", "fees_charged", "fees_outstanding"}


def test_every_check_has_a_fault_that_it_names() -> None:
    assert set(FAULTS) == {check.name for check in MINE}
    assert {check.name for check in every_check() if check.domain == "school"} == set(FAULTS)


# Columns that name something by its id, and are no link to a row that must be there.
NO_LINKS = {
    "correlation_id": "a request, of which there is no row",
    "created_by_id": "an actor: a person, or the system",
    "voided_by_id": "an actor",
    "reversed_by_id": "an actor",
    "marked_by_id": "an actor",
    "corrected_by_id": "an actor",
    "requested_by_id": "an actor",
    "subject_id": "a student or a fee, as the kind of the run has it",
    "record_id": "whatever a run made",
}
WITHOUT_KEY = {
    ("school_transaction", "branch_id"): "a key would make one row of each branch the hottest of the database",
    ("student_advance", "branch_id"): "the same",
    ("fee_payment", "fact_id"): "a fact of a loan belongs to another business",
}
OF_THE_PAST = ("user_activity_log", "user_activity_archive")
"""They tell of what was, and outlast it."""


async def test_every_id_is_a_link_that_is_held() -> None:
    """By a foreign key that was validated, or by the check alone for a reason that is told."""
    tables = {link.table for link in links.LINKS}
    columns = await database.fetch(
        """select c.relname::text as relation, a.attname::text as name,
                  exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'f' and k.convalidated
                                                        and a.attnum = any (k.conkey)) as held
           from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
           where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attname like '%\\_id'
             and (c.relname = any ($1) or c.relname ~ '^(school_|fee_|student|user_activity)')""",
        list(tables),
    )
    named = {(row["relation"], row["name"]): row["held"] for row in columns if row["relation"] not in OF_THE_PAST}
    figures = {key for key in named if key[0] in ("school_figure", "school_figure_change")}
    links_of = {(link.table, link.column) for link in links.LINKS}
    assert {key for key in named if key in links_of or key[1] not in NO_LINKS} - figures == links_of
    assert {key for key in links_of if not named[key]} == set(WITHOUT_KEY)
