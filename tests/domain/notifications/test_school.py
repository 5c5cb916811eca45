"""Who is told what of the school: guardians of their own wards, bursars of their campus, by mail when arrears are high."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.events.listeners import catch_up
from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.notifications.handlers import notifier
from domain.notifications.models import Category, Channel, Notification, Priority
from domain.notifications.policy import school as policy
from domain.notifications.service import mark_all_notifications_read
from domain.school.models import Attendance
from domain.school.service.marking import Said, correct_attendance, record_attendance
from domain.school.states import AttendanceStatus
from tests.support.happenings import assert_integrity, events_so_far
from tests.support.people import configure_identity
from tests.support.school import a_branch_row, a_guardian, a_pupil, a_school, known
from tests.support.school_fees import charged, corrected, ghs, paid

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def identity() -> None:
    configure_identity()


async def news(person: Actor) -> list[Notification]:
    """What somebody was told since the last time, oldest first."""
    await events_so_far()
    await catch_up(notifier)
    found = await Notification.filter(recipient_id=person.id, read_at=None).order_by("source_position", "id")
    await mark_all_notifications_read(person)
    return found


def kinds(notices: list[Notification]) -> list[str]:
    return [notice.type for notice in notices]


async def test_high_arrears_are_told_once_to_the_bursar_of_the_campus_and_to_guardians_by_mail() -> None:
    school = await a_school()
    pupil, neighbour = await a_pupil(school, "Esi Asare"), await a_pupil(school)
    guardian, stranger = await a_guardian(pupil), await a_guardian(neighbour)
    elsewhere = await known(Role.BURSAR, branch=await a_branch_row())
    fee = await charged(school.bursar, pupil, ghs(1500))
    told = await news(guardian)
    assert kinds(told) == ["FEE_CHARGED", "FEE_ARREARS"]
    assert (told[1].category, told[1].priority) == (Category.SCHOOL, Priority.HIGH)
    assert Channel.MAIL in told[1].channels
    assert told[1].data == {"number": fee.number, "amount": "1500.00", "currency": "GHS"}
    assert "GHS 1,500.00 of Tuition, term 1 for Esi Asare are unpaid" in told[1].body
    assert kinds(await news(school.bursar)) == ["ARREARS_ALERT_RAISED"]
    fee = (await paid(school.bursar, fee, ghs(100))).fee
    assert kinds(await news(school.bursar)) == [], "it is told on crossing, not on every change"
    fee = (await paid(school.bursar, fee, ghs(400))).fee
    [cleared] = await news(school.bursar)
    assert (cleared.type, cleared.priority) == ("ARREARS_ALERT_CLEARED", Priority.LOW)
    await corrected(school.bursar, fee, ghs(0))
    assert kinds(await news(guardian)) == ["FEE_PAID", "FEE_PAID", "FEE_ARREARS"]
    assert kinds(await news(stranger)) == kinds(await news(elsewhere)) == []
    await assert_integrity()


async def test_an_absence_is_told_to_the_guardians_of_that_child_and_taken_back() -> None:
    school = await a_school()
    pupil, neighbour = await a_pupil(school, "Esi Asare"), await a_pupil(school)
    guardian, stranger = await a_guardian(pupil), await a_guardian(neighbour)
    day = date(school.year.starts_on.year, 1, 10)
    day += timedelta(days=-day.weekday() % 7)
    absent = [Said(student_id=pupil.id, status=AttendanceStatus.ABSENT, note="said to be ill")]
    roll = {"class_id": school.school_class.id, "on": day, "default": AttendanceStatus.PRESENT}
    await record_attendance(school.registrar, marks=absent, **roll)
    await record_attendance(school.registrar, marks=absent, **roll)
    [told] = await news(guardian)
    assert (told.type, told.data["status"], told.data["date"]) == ("WARD_ABSENT", "ABSENT", day.isoformat())
    assert "ill" not in told.body, "notes are for the staff"
    mark = await Attendance.get(student_id=pupil.id)
    await correct_attendance(
        school.registrar,
        attendance_id=mark.id,
        status=AttendanceStatus.LATE,
        reason="came by bus",
        expected_version=mark.version,
    )
    assert kinds(await news(guardian)) == ["WARD_NOT_ABSENT"]
    assert kinds(await news(stranger)) == []


def test_what_is_told_to_guardians_is_never_told_to_the_whole_school() -> None:
    for rule in policy.RULES:
        assert rule.to in (policy.bursars, policy.guardians, policy.administrators, policy.whoever_began_it)
