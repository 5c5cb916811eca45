"""Reports by a schedule: when they are due, for which days, by whose rights, and each due time once."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.files.errors import FileNotFound
from domain.files.queries import readable_file
from domain.identity.actor import ANONYMOUS, SYSTEM, Actor
from domain.identity.permissions import Role
from domain.identity.service import change_roles, deactivate_user
from domain.kit.clock import clock_set_to
from domain.kit.database import fetchval
from domain.kit.errors import Forbidden, InvalidInput, Unauthenticated
from domain.kit.ids import new_id
from domain.kit.paging import PageRequest
from domain.reports.errors import (
    BadReportSchedule,
    ReportKindUnknown,
    ReportReaderNotAllowed,
    ScheduledReportNotFound,
    TooManyScheduledReports,
)
from domain.reports.models import Report, ReportFormat, ReportPeriod, ReportSchedule
from domain.reports.periods import days_of, next_time, require_cron
from domain.reports.queries import ReportFilter, reports, scheduled_reports
from domain.reports.service import cancel_scheduled_report, schedule_report, scheduling
from domain.reports.service.scheduling import ask_for_due_reports
from tests.domain.reports.kinds import made
from tests.support.happenings import assert_integrity, events_so_far, names_of_events, nothing_happens
from tests.support.people import a_branch, an_actor
from tests.support.races import outcomes_of

NOON = datetime(2030, 3, 4, 12, tzinfo=UTC)
"""A Monday."""
SEVEN = datetime(2030, 3, 5, 7, tzinfo=UTC)

with_database = pytest.mark.usefixtures("database")


async def scheduled(actor: Actor, **said: Any) -> ReportSchedule:
    """The audit trail of the day before, every morning at seven."""
    wanted: dict[str, Any] = {
        "kind": "audit_trail",
        "format": ReportFormat.CSV,
        "parameters": {},
        "cron": "0 7 * * *",
        "period": ReportPeriod.PREVIOUS_DAY,
    }
    with clock_set_to(NOON):
        return await schedule_report(actor, **(wanted | said))


@with_database
async def test_a_report_is_asked_for_at_each_due_time_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    anna, bina = await an_actor(Role.ADMIN, name="Anna"), await an_actor(Role.ADMIN, name="Bina")
    schedule = await scheduled(anna, mailed_to=[bina.id, bina.id, anna.id], parameters={"user_id": bina.id, "to_date": None})
    assert (schedule.next_at, schedule.mailed_to) == (SEVEN, [bina.id])
    with clock_set_to(SEVEN - timedelta(seconds=1)):
        assert await ask_for_due_reports() == 0

    async def killed(work: object, found: ReportSchedule) -> bool:
        await asked(work, found)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    asked = scheduling._ask
    with clock_set_to(SEVEN), monkeypatch.context() as patched:
        patched.setattr(scheduling, "_ask", killed)
        with pytest.raises(KeyboardInterrupt):
            await ask_for_due_reports()
    assert await Report.all().count() == 0, "what is not finished did not happen"
    with clock_set_to(SEVEN):
        assert sorted(await asyncio.gather(ask_for_due_reports(), ask_for_due_reports())) == [0, 1]
        report = await made(await Report.get(schedule_id=schedule.id))
    assert (report.due_at, report.requested_by, report.shared_with) == (SEVEN, anna.id, [bina.id])
    assert report.parameters == {"from_date": "2030-03-04", "to_date": "2030-03-04", "user_id": str(bina.id)}
    assert report.file_id is not None
    for reader in (anna, bina):
        assert (await readable_file(reader, report.file_id)).size_bytes > 0
        assert [each.id for each in (await reports(reader, PageRequest(), ReportFilter())).rows] == [report.id]
    [ready] = [logged for logged in await events_so_far() if logged.name == "reports.report_ready"]
    assert (ready.fact.mailed_to, f"user:{bina.id}" in ready.audience) == ([bina.id], True)
    with clock_set_to(SEVEN + timedelta(days=3, hours=1)):
        assert await ask_for_due_reports() == 1, "of times that passed one is made up for"
        await schedule.refresh_from_db()
    assert (schedule.last_at, schedule.next_at) == (SEVEN + timedelta(days=1), SEVEN + timedelta(days=4))
    await assert_integrity("reports")


@with_database
async def test_the_rights_are_those_of_when_it_is_due() -> None:
    anna, bina, _ = [await an_actor(Role.ADMIN) for _ in range(3)]
    schedule = await scheduled(anna, mailed_to=[bina.id])
    await deactivate_user(SYSTEM, user_id=bina.id)
    with clock_set_to(SEVEN):
        await ask_for_due_reports()
    assert (await Report.get(schedule_id=schedule.id)).shared_with == []
    await change_roles(SYSTEM, user_id=anna.id, roles=[Role.SELLER])
    with clock_set_to(SEVEN + timedelta(days=1)):
        assert await ask_for_due_reports() == 0
        await schedule.refresh_from_db()
    assert (schedule.last_error_code, schedule.next_at) == ("FORBIDDEN", SEVEN + timedelta(days=2))
    assert await Report.all().count() == 1
    assert "reports.scheduled_report_refused" in await names_of_events()
    await change_roles(SYSTEM, user_id=anna.id, roles=[Role.ADMIN])
    with clock_set_to(SEVEN + timedelta(days=2)):
        assert await ask_for_due_reports() == 1
        await schedule.refresh_from_db()
    assert schedule.last_error_code is schedule.last_error is None


@with_database
async def test_a_schedule_is_cancelled_by_its_owner_or_by_who_looks_after_the_work() -> None:
    anna, bina, admin = await an_actor(Role.ACCOUNTANT), await an_actor(Role.ACCOUNTANT), await an_actor(Role.ADMIN)
    own = {"kind": "trial_balance", "period": None}
    first, second = await scheduled(anna, **own), await scheduled(anna, **own)
    assert {each.id for each in (await scheduled_reports(anna, PageRequest())).rows} == {first.id, second.id}
    assert (await scheduled_reports(bina, PageRequest())).rows == []
    for wrong in (first.id, new_id()):
        async with nothing_happens():
            with pytest.raises(ScheduledReportNotFound):
                await cancel_scheduled_report(bina, schedule_id=wrong)
    with pytest.raises(Forbidden):
        await scheduled_reports(bina, PageRequest(), everybodys=True)
    await cancel_scheduled_report(anna, schedule_id=first.id)
    await cancel_scheduled_report(admin, schedule_id=second.id)
    async with nothing_happens():
        again = await cancel_scheduled_report(anna, schedule_id=second.id)
    assert (again.next_at, again.cancelled_by) == (None, admin.id)
    assert len((await scheduled_reports(admin, PageRequest(), cancelled=True, everybodys=True)).rows) == 2
    with clock_set_to(SEVEN):
        assert await ask_for_due_reports() == 0
    assert (await names_of_events()).count("reports.schedule_changed") == 4


@with_database
async def test_what_could_not_be_made_is_not_scheduled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduling, "MAX_SCHEDULES", 1)
    branch = await a_branch()
    anna, seller = await an_actor(Role.ADMIN), await an_actor(Role.SELLER)
    manager = await an_actor(Role.BRANCH_MANAGER, branch_id=branch.id)
    fixed = {"from_date": date(2030, 1, 1), "to_date": date(2030, 1, 31)}
    refusals: list[tuple[type[Exception], Actor, dict[str, Any]]] = [
        (Unauthenticated, ANONYMOUS, {}),
        (Forbidden, seller, {}),
        (Forbidden, manager, {}),
        (ReportKindUnknown, anna, {"kind": "nonsense"}),
        (InvalidInput, anna, {"period": None}),
        (InvalidInput, anna, {"parameters": fixed}),
        (InvalidInput, anna, {"kind": "portfolio", "parameters": {"user_id": anna.id}}),
        (BadReportSchedule, anna, {"cron": "0 7 30 2 *"}),
        (ReportReaderNotAllowed, anna, {"mailed_to": [seller.id]}),
        (ReportReaderNotAllowed, anna, {"mailed_to": [new_id()]}),
        (ReportReaderNotAllowed, anna, {"mailed_to": [new_id() for _ in range(21)]}),
    ]
    for refusal, actor, said in refusals:
        async with nothing_happens():
            with pytest.raises(refusal):
                await scheduled(actor, **said)
    outcomes = await outcomes_of([scheduled(anna) for _ in range(3)])
    assert sorted(type(each).__name__ for each in outcomes) == [
        "ReportSchedule",
        TooManyScheduledReports.__name__,
        TooManyScheduledReports.__name__,
    ]


@with_database
async def test_a_reader_of_another_branch_is_sent_nothing() -> None:
    here, there = await a_branch(), await a_branch()
    manager = await an_actor(Role.BRANCH_MANAGER, branch_id=here.id)
    colleague = await an_actor(Role.BRANCH_MANAGER, branch_id=here.id)
    stranger = await an_actor(Role.BRANCH_MANAGER, branch_id=there.id)
    loans = {"kind": "loan_portfolio", "period": None}
    with pytest.raises(ReportReaderNotAllowed):
        await scheduled(manager, **loans, mailed_to=[stranger.id])
    await scheduled(manager, **loans, mailed_to=[colleague.id])
    with clock_set_to(SEVEN):
        await ask_for_due_reports()
        report = await made(await Report.get(requested_by=manager.id))
    assert report.file_id is not None
    assert await readable_file(colleague, report.file_id)
    with pytest.raises(FileNotFound):
        await readable_file(stranger, report.file_id)
    assert await fetchval("select count(*) from report") == 1


@pytest.mark.parametrize(
    "said",
    [
        "", "0 7 * *", "0 7 * * * *", "* 7 * * *", "*/5 * * * *", "0,30 7 * * *", "60 7 * * *", "0 24 * * *", "@daily",
        "R 7 * * *", "0 H * * *", "0 7 * * 8", "0 7 * * ABC", "٠ 7 * * *", "0 7 * * " + "1," * 60 + "1",
    ],
)  # fmt: skip
def test_what_says_no_times_is_refused(said: str) -> None:
    with pytest.raises(BadReportSchedule):
        require_cron(said)


def test_the_times_that_an_expression_means() -> None:
    assert require_cron(" 5  6 * * mon ") == "5 6 * * MON"
    assert next_time("5 6 * * MON", NOON) == datetime(2030, 3, 11, 6, 5, tzinfo=UTC)
    assert next_time("0 0 29 2 *", NOON) == datetime(2032, 2, 29, tzinfo=UTC)


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_periods_end_before_or_on_the_day_and_are_whole(on: date) -> None:
    ends = {period: days_of(period, on) for period in ReportPeriod}
    assert all(since <= until <= on for since, until in ends.values())
    yesterday = on - timedelta(days=1)
    assert ends[ReportPeriod.PREVIOUS_DAY] == (yesterday, yesterday)
    monday, sunday = ends[ReportPeriod.PREVIOUS_WEEK]
    assert (monday.weekday(), sunday - monday, 0 < (on - sunday).days <= 7) == (0, timedelta(days=6), True)
    first, last = ends[ReportPeriod.PREVIOUS_MONTH]
    assert (first.day, last + timedelta(days=1)) == (1, on.replace(day=1))
    assert ends[ReportPeriod.MONTH_TO_DATE] == (on.replace(day=1), on)
    assert ends[ReportPeriod.YEAR_TO_DATE] == (on.replace(month=1, day=1), on)
