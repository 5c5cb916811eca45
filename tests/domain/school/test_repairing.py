"""Books that somebody damaged past all guards are brought in line with the fees, and a second look finds nothing."""

from __future__ import annotations

import pytest

from domain.identity.permissions import Role
from domain.kit import database
from domain.kit.errors import Forbidden
from domain.kit.ids import new_id
from domain.school.models import SchoolFee, SchoolRun, SchoolRunResult, SchoolTransaction, UserActivity
from domain.school.service.changing_fees import delete_fee
from domain.school.service.repairing import Resynced, resync_financials
from domain.school.states import SchoolRunStatus
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.notices import work_off
from tests.support.races import at_once
from tests.support.school import a_pupil, a_school, enrolled_students, known
from tests.support.school_fees import balance, charged, corrected, ghs, listed, paid

pytestmark = pytest.mark.usefixtures("database")


async def past_the_guards(statement: str, *args: object) -> None:
    """Write as nobody can who does not own the database: no trigger, and no foreign key, sees it."""
    async with database.connection() as c, c.transaction():
        await c.execute("set local session_replication_role = replica")
        await c.execute(statement, *args)


def counts(found: Resynced) -> tuple[int, int, int, int]:
    return found.missing, found.orphan, found.different, found.repaired


async def test_damaged_books_are_brought_in_line() -> None:
    school = await a_school()
    student, bursar = await a_pupil(school), school.bursar
    admin = await known(Role.ADMIN)
    fees = [await charged(bursar, student, ghs(900), ghs(100 + number)) for number in range(8)]
    gone, lied, named, stray, wrong, revived, shared, sound = fees
    await corrected(bursar, lied, ghs(150))
    await delete_fee(bursar, fee_id=revived.id)
    income = await balance("4510")
    assert counts(await resync_financials(admin)) == (0, 0, 0, 0)
    row, before = "where fee_id = $1 and reversed_at is null", await SchoolTransaction.get(fee_id=gone.id)
    await past_the_guards(f"delete from school_transaction {row}", gone.id)
    await past_the_guards(f"update school_transaction set amount_minor = 1 {row}", lied.id)
    await past_the_guards(f"update school_transaction set reference = 'FEE-0' {row}", named.id)
    await past_the_guards(f"update school_transaction set fee_id = $2 {row}", stray.id, new_id())
    await past_the_guards("update school_fee set paid_minor = 7, status = 'PARTIALLY_PAID' where id = $1", wrong.id)
    await past_the_guards(
        "update school_transaction set reversed_at = null, reversed_on = null, reversed_by_id = null,"
        " reversed_by_entry_id = null where fee_id = $1",
        revived.id,
    )
    await past_the_guards(f"""update school_transaction set shares = '{{"4511": 10600}}' {row}""", shared.id)

    found = await resync_financials(admin, dry_run=True)
    assert counts(found) == (2, 2, 4, 0)
    assert found.run.counts == {"MISSING": 2, "ORPHAN": 2, "DIFFERENT": 4}
    assert await listed(gone) == [], "a dry run puts nothing right"

    done = await resync_financials(admin)
    assert counts(done) == (2, 2, 4, 8)
    assert {each.reason for each in await SchoolRunResult.filter(run_id=done.run.id)} == {None}
    expected = [ghs(each) for each in (100, 150, 102, 103, 104, None, 106, 107) if each]
    assert [amount for fee in fees for _, amount in await listed(fee)] == expected
    assert (await SchoolFee.get(id=sound.id)).version == 1, "what was right is left alone"
    assert (await balance("4510"), (await SchoolTransaction.get(fee_id=gone.id)).id) == (income, before.id)
    await assert_integrity()
    assert counts(await resync_financials(admin)) == (0, 0, 0, 0)
    told = [each.fact for each in await events_so_far() if each.name == "school.financials_resynced"]
    assert [(each.dry_run, each.repaired) for each in told] == [(False, 0), (True, 0), (False, 8), (False, 0)]
    assert await UserActivity.filter(activity="financials_resynced", actor_id=admin.id).count() == 4
    # The money goes on as before.
    await paid(bursar, gone, ghs(50))
    assert await listed(gone) == [(gone.number, ghs(150))]
    await assert_integrity()


async def test_what_cannot_be_repaired_is_said_and_stops_nothing_else() -> None:
    school = await a_school()
    student, bursar, admin = await a_pupil(school), school.bursar, await known(Role.ADMIN)
    broken, other = [await charged(bursar, student, ghs(900), ghs(100)) for _ in range(2)]
    await past_the_guards("delete from school_transaction where fee_id = any($1)", [broken.id, other.id])
    await past_the_guards("update school_fee set due_minor = 80000 where id = $1", broken.id)
    done = await resync_financials(admin)
    assert (counts(done), done.run.counts) == ((2, 0, 0, 1), {"FAILED": 1, "MISSING": 1})
    [failed] = await SchoolRunResult.filter(run_id=done.run.id, outcome="FAILED")
    assert (failed.subject_id, failed.reason) == (broken.id, "FEE_NOT_REPAIRABLE")
    assert (await listed(other), await SchoolTransaction.filter(fee_id=broken.id).count()) == ([(other.number, ghs(100))], 0)
    async with nothing_happens():
        for stranger in (bursar, school.registrar):
            with pytest.raises(Forbidden):
                await resync_financials(stranger)
    assert await SchoolRun.all().count() == 1


async def test_very_many_are_repaired_in_the_background() -> None:
    school = await a_school()
    admin, fees = await known(Role.ADMIN), []
    for student in await enrolled_students(11, school.school_class, school.year):
        fees.append(await charged(school.bursar, student, ghs(900), ghs(100)))
    await past_the_guards("delete from school_transaction where fee_id = any($1)", [fee.id for fee in fees])
    begun = await resync_financials(admin)
    assert (counts(begun), begun.run.status) == ((11, 0, 0, 0), SchoolRunStatus.QUEUED)
    await work_off()
    assert counts(Resynced.of(await SchoolRun.get(id=begun.run.id))) == (11, 0, 0, 11)
    assert counts(await resync_financials(admin)) == (0, 0, 0, 0)
    await assert_integrity()


async def test_two_who_repair_at_once_repair_it_once() -> None:
    school = await a_school()
    student, admin = await a_pupil(school), await known(Role.ADMIN)
    fees = [await charged(school.bursar, student, ghs(900), ghs(100 + number)) for number in range(3)]
    income = await balance("4510")
    await past_the_guards("delete from school_transaction where fee_id = $1", fees[0].id)
    await past_the_guards("update school_transaction set amount_minor = 1 where fee_id = $1", fees[1].id)
    await past_the_guards("update school_transaction set fee_id = $2 where fee_id = $1", fees[2].id, new_id())
    await at_once(resync_financials(admin) for _ in range(3))
    assert [amount for fee in fees for _, amount in await listed(fee)] == [ghs(100), ghs(101), ghs(102)]
    assert await balance("4510") == income
    assert counts(await resync_financials(admin)) == (0, 0, 0, 0)
    await assert_integrity()
