"""Reports by a schedule in the API: scheduled, listed, made in their time, cancelled; one's own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.identity.permissions import Role
from domain.kit.clock import clock_set_to
from domain.kit.ids import new_id
from domain.reports.service.scheduling import ask_for_due_reports
from tests.domain.jobs.queues import a_runner
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, heard, refused_to_strangers
from tests.support.happenings import nothing_happens
from tests.support.operations import operation
from tests.support.people import an_actor

pytestmark = pytest.mark.usefixtures("database")

SCHEDULE, CANCEL, SCHEDULES = (
    operation("reports/ScheduleReport"),
    operation("reports/CancelScheduledReport"),
    operation("reports/ScheduledReports"),
)
REPORTS, READY = operation("reports/Reports"), operation("reports/ReportReady")
NODE = "query ($id: ID!) { node(id: $id) { __typename } }"
WEEKLY = {"kind": "trial_balance", "format": "CSV", "cron": "30 6 * * mon", "period": "PREVIOUS_WEEK"}
NOON = datetime(2030, 3, 4, 12, tzinfo=UTC)
MONDAY = datetime(2030, 3, 11, 6, 30, tzinfo=UTC)


async def test_a_report_is_scheduled_made_in_its_time_and_cancelled() -> None:
    anna, bina = await an_actor(Role.ACCOUNTANT, name="Anna"), await an_actor(Role.ACCOUNTANT, name="Bina")
    readers = [encode_id("User", bina.id)]
    await refused_to_strangers(SCHEDULE, input=WEEKLY)
    await refused_to_strangers(SCHEDULES)
    assert (await ask(anna, SCHEDULES))["nodes"] == []
    with clock_set_to(NOON):
        wanted = WEEKLY | {"mailedTo": readers, "parameters": {"currency": "INR"}, "idempotencyKey": "weekly"}
        made = await do(anna, SCHEDULE, input=wanted)
        assert (await do(anna, SCHEDULE, input=wanted))["replayed"]
    schedule = made["schedule"]
    assert (schedule["cron"], schedule["nextAt"]) == ("30 6 * * MON", "2030-03-11T06:30:00Z")
    assert [reader["name"] for reader in schedule["mailedTo"]] == ["Bina"]
    with clock_set_to(MONDAY):
        assert await ask_for_due_reports() == 1
        await a_runner().run_what_is_there()
    [shown] = (await ask(anna, SCHEDULES))["nodes"]
    assert (shown["lastAt"], shown["nextAt"]) == ("2030-03-11T06:30:00Z", "2030-03-18T06:30:00Z")
    assert (shown["lastReport"]["state"], shown["parameters"]["currency"]) == ("DONE", "INR")
    for reader in (anna, bina):
        [told] = await heard(reader, READY)
        [report] = (await ask(reader, REPORTS))["nodes"]
        assert told["reportId"] == report["id"] == shown["lastReportId"]
        assert report["file"]["downloadPath"] == told["downloadPath"]
    assert (await ask(bina, SCHEDULES))["nodes"] == []
    assert await ask(bina, NODE, id=schedule["id"]) is None
    cancelled = await do(anna, CANCEL, input={"scheduleId": schedule["id"]})
    assert cancelled["schedule"]["nextAt"] is None
    assert (await ask(anna, SCHEDULES))["nodes"] == []
    assert len((await ask(anna, SCHEDULES, filter={"cancelled": True}))["nodes"]) == 1


async def test_what_is_nobodys_to_schedule_or_cancel() -> None:
    anna, bina, seller = await an_actor(Role.ACCOUNTANT), await an_actor(Role.ACCOUNTANT), await an_actor(Role.SELLER)
    own = (await do(anna, SCHEDULE, input=WEEKLY))["schedule"]["id"]
    async with nothing_happens():
        assert await ask_refused(seller, SCHEDULE, input=WEEKLY) == "FORBIDDEN"
        assert await ask_refused(bina, SCHEDULES, filter={"everybodys": True}) == "FORBIDDEN"
        for wrong, code, field in (
            ({"cron": "* * * * *"}, "BAD_REPORT_SCHEDULE", "cron"),
            ({"cron": "0 0 31 2 *"}, "BAD_REPORT_SCHEDULE", "cron"),
            ({"mailedTo": [encode_id("User", seller.id)]}, "REPORT_READER_NOT_ALLOWED", "mailedTo"),
            ({"kind": "nonsense"}, "REPORT_KIND_UNKNOWN", "kind"),
            ({"parameters": {"asOf": "2030-01-01"}}, "INVALID_INPUT", "period"),
        ):
            assert await do_refused(anna, SCHEDULE, input=WEEKLY | wrong) == (code, ["input", field])
        for whose in (own, encode_id("ScheduledReport", new_id())):
            refused = await do_refused(bina, CANCEL, input={"scheduleId": whose})
            assert refused == ("SCHEDULED_REPORT_NOT_FOUND", ["input", "scheduleId"])
