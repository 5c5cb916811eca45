"""Whoever asked for a report is told when it is there, or will not be."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.identity.permissions import Role
from domain.kit.clock import clock_set_to
from domain.kit.ids import new_id
from domain.notifications.models import Category, Channel, Notification
from domain.notifications.service import tell
from domain.reports.events import ReportFailed, ReportReady, ScheduledReportRefused
from domain.reports.models import ReportFormat
from tests.support.notices import logged_at
from tests.support.people import an_actor

pytestmark = pytest.mark.usefixtures("database")

NOON = datetime(2030, 3, 4, 12, tzinfo=UTC)


async def test_a_report_is_told_to_whoever_asked_for_it_and_to_whom_a_schedule_sends_it() -> None:
    accountant, reader, other = [await an_actor(Role.ACCOUNTANT) for _ in range(3)]
    report_id = new_id()
    ready = ReportReady(
        report_id=report_id,
        requested_by=accountant.id,
        kind="trial_balance",
        title="Trial balance",
        format=ReportFormat.XLSX,
        file_id=new_id(),
        file_name="trial-balance.xlsx",
        size_bytes=4_096,
        rows=120,
        ready_at=NOON,
        mailed_to=[reader.id],
    )
    failed = ReportFailed(
        report_id=new_id(),
        requested_by=accountant.id,
        kind="trial_balance",
        title="Trial balance",
        format=ReportFormat.PDF,
        error_code="TOO_MANY_ROWS",
        error="a PDF has at most 10,000 rows",
        failed_at=NOON,
    )
    refused = ScheduledReportRefused(
        schedule_id=new_id(),
        owner_id=accountant.id,
        kind="trial_balance",
        title="Trial balance",
        due_at=NOON,
        next_at=datetime(2030, 3, 5, 7, tzinfo=UTC),
        error_code="FORBIDDEN",
        error="this needs the permission LEDGER_READ",
    )
    with clock_set_to(NOON):
        for position, (fact, told) in enumerate(((ready, 2), (failed, 1), (refused, 1)), start=1):
            logged = logged_at(fact, position, NOON, actor_id=accountant.id)
            assert await tell(fact, logged) == told
            assert await tell(fact, logged) == 0
    first, second, third = await Notification.filter(recipient_id=accountant.id).order_by("source_position")
    assert (first.type, first.category, first.subject_id) == ("REPORT_READY", Category.REPORTS, report_id)
    assert first.body == f"Trial balance (XLSX, 120 rows) can be fetched under reports, from /files/{ready.file_id}"
    assert Channel.MAIL in first.channels
    assert second.body == "Trial balance: a PDF has at most 10,000 rows"
    assert third.body == ("Trial balance: this needs the permission LEDGER_READ. It is tried again on 2030-03-05 07:00 UTC.")
    [sent] = await Notification.filter(recipient_id=reader.id)
    assert (sent.body, Channel.MAIL in sent.channels) == (first.body, True)
    assert not await Notification.filter(recipient_id=other.id).exists()
