"""Reports: asked for, made in the background, once; refused, failed, fetched by whoever may."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from domain.events.listeners import catch_up
from domain.files.errors import FileNotFound
from domain.files.models import StoredFile
from domain.files.queries import content_of, readable_file
from domain.identity.actor import ANONYMOUS, SYSTEM, Actor
from domain.identity.permissions import Permission, Role
from domain.identity.service import change_roles, deactivate_user
from domain.jobs import leases
from domain.jobs.models import JobTask
from domain.jobs.queue import GiveUp, queue_named
from domain.jobs.service import discard_task, retry_task
from domain.kit import clock
from domain.kit.clock import clock_set_to
from domain.kit.database import execute
from domain.kit.errors import Forbidden, InvalidInput, NotFound, Unauthenticated
from domain.kit.ids import new_id
from domain.reports import progress as progress_of_reports
from domain.reports.errors import ReportFormatNotOffered, ReportKindUnknown, TooManyReports
from domain.reports.handlers import reports as listener
from domain.reports.jobs import forget_old
from domain.reports.models import Report, ReportFormat, ReportState
from domain.reports.parameters import AsOf, Period, read_parameters
from domain.reports.registry import Expecting, every_kind, report
from domain.reports.reports import TrialBalanceParameters
from domain.reports.service.requesting import MAKE, MAX_OPEN
from domain.reports.sheets import Column, Sheet
from tests.domain.jobs.queues import a_runner
from tests.domain.reports.kinds import NAME, Numbers, a_kind, ask_for, counting, made
from tests.support.happenings import assert_integrity, events_so_far, names_of_events, nothing_happens
from tests.support.people import an_actor
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")


async def an_accountant() -> Actor:
    return await an_actor(Role.ACCOUNTANT, name="Anna Books")


async def own_events() -> list[str]:
    return [name for name in await names_of_events() if name.startswith("reports.")]


async def test_a_report_is_made_and_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_of_reports, "SHORTEST_SILENCE_S", 0.0)
    anna = await an_accountant()
    with a_kind(counting(3_500)):
        asked = await ask_for(anna)
        assert (asked.state, asked.file_id) == (ReportState.QUEUED, None)
        done = await made(asked)
        assert done.file_id is not None
        file = await readable_file(anna, done.file_id)
    assert (done.state, done.progress_percent, done.rows_done, done.rows_total) == (ReportState.DONE, 100, 3_500, 3_500)
    assert file.file_name == f"tests-numbers-{done.created_at.date()}.csv"
    lines = (await content_of(file)).decode("utf-8-sig").splitlines()
    assert (lines[0], lines[-1], len(lines)) == ("Number,In words", f"{3_500 * 3_499 // 2},", 3_502)
    told = [logged.fact for logged in await events_so_far() if logged.name == "reports.report_progressed"]
    assert [fact.progress_percent for fact in told] == [0, 28, 57, 85, 99]
    assert await own_events() == ["reports.report_requested", *["reports.report_progressed"] * 5, "reports.report_ready"]
    await assert_integrity("reports", "files", "jobs")


@pytest.mark.parametrize("format", ReportFormat)
async def test_the_kinds_of_the_house_are_made_in_every_format(format: ReportFormat) -> None:
    anna = await an_accountant()
    month = {"from_date": clock.today() - timedelta(days=30), "to_date": clock.today()}
    kinds: dict[str, dict[str, Any]] = {"trial_balance": {}, "audit_trail": month}
    asked = [await ask_for(anna, kind, format, **parameters) for kind, parameters in kinds.items()]
    for each in asked:
        done = await made(each)
        assert (done.state, done.error) == (ReportState.DONE, None)


async def test_what_cannot_be_made_is_refused_at_once() -> None:
    anna, seller = await an_accountant(), await an_actor(Role.SELLER)
    officer = await an_actor(Role.LOAN_OFFICER)
    only_csv = report("tests_csv", title="x", purpose="x", requires=Permission.LEDGER_READ, parameters=Numbers,
                      formats=[ReportFormat.CSV])  # fmt: skip
    declared = only_csv(counting(1))
    async with nothing_happens():
        with pytest.raises(Unauthenticated):
            await ask_for(ANONYMOUS, "trial_balance")
        with pytest.raises(Forbidden, match="REPORTS_GENERATE"):
            await ask_for(seller, "trial_balance")
        with pytest.raises(Forbidden, match="LEDGER_READ"):
            await ask_for(officer, "trial_balance")
        with pytest.raises(ReportKindUnknown):
            await ask_for(anna, "nonsense")
        with pytest.raises(ReportFormatNotOffered, match="CSV"):
            await ask_for(anna, declared.name, ReportFormat.PDF)
        with pytest.raises(InvalidInput) as caught:
            await ask_for(anna, "general_ledger", from_date=date(2030, 1, 1), to_date=date(2030, 1, 2))
        assert caught.value.field == ("input", "parameters", "accountId")
        with pytest.raises(InvalidInput, match="does not take it") as caught:
            await ask_for(anna, "trial_balance", loan_id=new_id())
        assert caught.value.field == ("input", "parameters", "loanId")


@pytest.mark.parametrize(
    ("model", "given", "field"),
    [
        (Period, {"from_date": date(2030, 1, 2), "to_date": date(2030, 1, 1)}, ()),
        (Period, {"from_date": date(2000, 1, 1), "to_date": date(2030, 1, 1)}, ()),
        (Period, {"from_date": date(2000, 1, 1)}, ("to",)),
        (AsOf, {"as_of": "yesterday"}, ("asOf",)),
        (TrialBalanceParameters, {"currency": "XYZ"}, ("currency",)),
    ],
)
def test_parameters_that_are_not_right_are_named(model: Any, given: dict[str, Any], field: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_parameters(model, given)
    assert caught.value.field == ("input", "parameters", *field)


async def test_nobody_has_too_many_made_at_once() -> None:
    anna, bina = await an_accountant(), await an_accountant()
    with a_kind(counting(1)):
        found = await outcomes_of([ask_for(anna) for _ in range(MAX_OPEN + 5)])
        assert sum(isinstance(each, Report) for each in found) == MAX_OPEN
        assert sum(isinstance(each, TooManyReports) for each in found) == 5
        await ask_for(bina)
        await a_runner().run_what_is_there()
        await ask_for(anna)


async def test_whoever_lost_the_right_meanwhile_gets_nothing() -> None:
    anna = await an_accountant()
    with a_kind(counting(3)):
        asked, fetched = await ask_for(anna), await made(await ask_for(anna))
        assert fetched.file_id is not None
        again = await ask_for(anna)
        await change_roles(SYSTEM, user_id=anna.id, roles=[Role.SELLER])
        failed = await made(again)
        assert (failed.state, failed.error_code, failed.file_id) == (ReportState.FAILED, "FORBIDDEN", None)
        seller = Actor(id=anna.id, name=anna.name, roles=frozenset({Role.SELLER}))
        with pytest.raises(FileNotFound):
            await readable_file(seller, fetched.file_id)
    assert (await Report.get(id=asked.id)).state is ReportState.DONE
    assert await JobTask.filter(state="DONE").count() == 3, "a refusal is no accident, and is not tried again"


async def test_a_report_of_somebody_who_left_fails() -> None:
    anna = await an_accountant()
    with a_kind(counting(3)):
        asked = await ask_for(anna)
        await deactivate_user(SYSTEM, user_id=anna.id)
        assert (await made(asked)).error_code == "NOT_FOUND"


async def test_what_goes_wrong_is_tried_again_and_makes_one_file() -> None:
    anna, tries = await an_accountant(), 0

    async def fill(actor: Actor, parameters: Numbers, progress: Expecting) -> Sheet:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise ValueError("the first time")
        return Sheet(title="x", subtitle="", columns=[Column("x")], rows=[("y",)])

    with a_kind(fill):
        asked = await ask_for(anna)
        now = clock.now()
        with clock_set_to(now):
            assert (await made(asked)).state is ReportState.RUNNING
        with clock_set_to(now + timedelta(minutes=1)):
            assert (await made(asked)).state is ReportState.DONE
    assert (tries, await StoredFile.all().count()) == (2, 1)


async def test_a_report_whose_worker_dies_is_made_by_another_and_once() -> None:
    anna, both, began = await an_accountant(), asyncio.Event(), asyncio.Event()

    async def fill(actor: Actor, parameters: Numbers, progress: Expecting) -> Sheet:
        if not began.is_set():
            began.set()
            await both.wait()
        return Sheet(title="x", subtitle="", columns=[Column("x")], rows=[("y",)])

    with a_kind(fill):
        asked = await ask_for(anna)
        slow = asyncio.create_task(a_runner().run_what_is_there())
        await asyncio.wait_for(began.wait(), 20)
        await execute("update job_task set leased_until = now() - interval '1 minute'")
        done = await made(asked)
        both.set()
        await slow
    assert (done.state, await StoredFile.all().count()) == (ReportState.DONE, 1)
    assert await own_events() == [
        "reports.report_requested", "reports.report_progressed", "reports.report_progressed", "reports.report_ready",
    ]  # fmt: skip


async def test_whoever_waits_is_told_when_nobody_can_make_it() -> None:
    anna = await an_accountant()
    with a_kind(counting(3)):
        dying, cancelled = await ask_for(anna), await ask_for(anna)
        await discard_task(cancelled.task_id, by=SYSTEM.id)
        for _ in range(queue_named(MAKE).max_attempts):
            await leases.take({MAKE: queue_named(MAKE)}, places=1, lease=timedelta())
        await a_runner().run_what_is_there()
        await events_so_far()
        await catch_up(listener)
        assert (await Report.get(id=dying.id)).error_code == "REPORT_FAILED"
        assert (await Report.get(id=cancelled.id)).error_code == "REPORT_CANCELLED"
    assert (await own_events())[-2:] == ["reports.report_failed"] * 2
    await assert_integrity("reports")


async def test_a_report_that_failed_is_made_when_somebody_has_its_task_retried() -> None:
    anna = await an_accountant()

    async def fill(actor: Actor, parameters: Numbers, progress: Expecting) -> Sheet:
        raise GiveUp("a mistake of ours")

    with a_kind(fill):
        asked = await ask_for(anna)
        await made(asked)
        await events_so_far()
        await catch_up(listener)
        assert (await Report.get(id=asked.id)).state is ReportState.FAILED
    with a_kind(counting(3)):
        await retry_task(asked.task_id, by=SYSTEM.id)
        done = await made(asked)
    assert (done.state, done.error_code, done.error) == (ReportState.DONE, None, None)


async def test_old_reports_go_with_their_files() -> None:
    anna = await an_accountant()
    with a_kind(counting(3)):
        old = await made(await ask_for(anna))
        with clock_set_to(clock.now() + timedelta(days=31)):
            waiting = await ask_for(anna)
            assert await forget_old.run() == 1
    assert [each.id for each in await Report.all()] == [waiting.id]
    assert await StoredFile.all().count() == 0
    assert old.file_id is not None


async def test_a_report_of_what_is_not_there_says_so() -> None:
    anna = await an_accountant()
    days = {"from_date": clock.today(), "to_date": clock.today()}
    failed = await made(await ask_for(anna, "general_ledger", account_id=new_id(), **days))
    assert (failed.state, failed.error_code, failed.error) == (ReportState.FAILED, NotFound.code, "there is no such account")
    assert (await own_events())[-1] == "reports.report_failed"


def test_every_kind_of_the_house_can_be_asked_for() -> None:
    assert {"trial_balance", "general_ledger", "audit_trail"} <= {kind.name for kind in every_kind()}
    assert NAME not in {kind.name for kind in every_kind()}
    assert all(kind.format_list and kind.title and kind.purpose for kind in every_kind())
