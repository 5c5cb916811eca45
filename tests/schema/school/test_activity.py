"""What people did at the school through the schema: the latest of it, the log, its archive; and what one was told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from domain.events.listeners import catch_up, listener
from domain.identity.permissions import Permission, Role
from domain.kit import clock
from domain.kit.clock import clock_set_to
from domain.kit.ids import new_id
from domain.kit.unit_of_work import unit_of_work
from domain.school.activities import note_activity
from domain.school.models import ArchivedActivity, SchoolSetting, UserActivity
from domain.school.service.activity import archive_what_is_old
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, refused_to_strangers
from tests.support.happenings import events_so_far, nothing_happens
from tests.support.operations import operation
from tests.support.people import somebody
from tests.support.school import a_guardian, a_pupil, a_school, a_teaching_actor, known
from tests.support.school_fees import charged, ghs

pytestmark = pytest.mark.usefixtures("database")


def op(name: str) -> str:
    """A canonical operation, without the cursor that live pages read first."""
    return operation(f"school/{name}").replace("  asOf\n", "")


RECENT, LOG, ARCHIVE, CHOOSE, TOLD = (
    op("RecentActivities"),
    op("UserActivityLog"),
    op("ArchiveActivityLog"),
    op("SetActivityArchiving"),
    op("SystemNotifications"),
)
ADMIN = somebody(Role.ADMIN)


async def done(title: str, at: datetime, *, subject_kind: str = "student", branch_id: UUID | None = None) -> None:
    with clock_set_to(lambda: at):
        async with unit_of_work() as work:
            await note_activity(
                work,
                ADMIN,
                "student_changed",
                subject_kind=subject_kind,
                subject_id=new_id(),
                title=title,
                branch_id=branch_id,
            )


async def test_the_latest_activities() -> None:
    now = clock.now()
    await refused_to_strangers(RECENT)
    assert await ask(ADMIN, RECENT) == []
    for title, days in (("yesterday", 1.0), ("a week ago", 6.999), ("before that", 7.01), ("just now", 0.0)):
        await done(title, now - timedelta(days=days))
    assert [each["title"] for each in await ask(ADMIN, RECENT)] == ["just now", "yesterday", "a week ago"]
    assert [each["title"] for each in await ask(ADMIN, RECENT, days=2, limit=1)] == ["just now"]
    async with unit_of_work() as work:
        for _ in range(55):
            await note_activity(work, ADMIN, "marked", subject_kind="student", subject_id=new_id(), title="again")
    assert len(await ask(ADMIN, RECENT)) == 50
    for days, limit in ((0, 50), (8, 50), (7, 0), (7, 51), (-1, 1)):
        assert await ask_refused(ADMIN, RECENT, days=days, limit=limit) == "INVALID_INPUT"
    [first, *_] = await ask(ADMIN, RECENT)
    assert (first["actorId"], first["data"]) == (encode_id("User", ADMIN.id), {})


async def test_who_reads_of_what() -> None:
    school = await a_school()
    student, now = await a_pupil(school, "Ama Mensah"), clock.now()
    await refused_to_strangers(LOG)
    fee = await charged(school.bursar, student, ghs(900), ghs(500))
    await done("on the campus", now, branch_id=school.branch.id)
    await done("of the whole school", now)

    async def titles(actor: object, **filter: object) -> list[str]:
        return [each["title"] for each in (await ask(actor, LOG, filter=filter))["nodes"]]  # type: ignore[arg-type]

    charged_it = f"{fee.number}, Ama Mensah: {fee.title}"
    assert sorted(await titles(school.bursar)) == sorted([charged_it, "on the campus"])
    assert await titles(school.registrar) == ["on the campus"], "a registrar reads no money"
    narrowed = replace(school.bursar, scopes=frozenset({Permission.SCHOOL_READ}))
    assert await titles(narrowed) == [], "what one did oneself about money is money, too"
    assert len(await titles(ADMIN)) == 3
    teacher = await a_teaching_actor(school.school_class, branch=school.branch)
    assert await titles(teacher) == []
    for stranger in (somebody(Role.CASHIER), await a_guardian(student)):
        assert await ask_refused(stranger, LOG) == await ask_refused(stranger, RECENT) == "FORBIDDEN"
    [row] = (await ask(school.bursar, LOG, filter={"subjectId": encode_id("SchoolFee", fee.id)}))["nodes"]
    assert (row["activity"], row["subjectId"]) == ("fee_charged", encode_id("SchoolFee", fee.id))
    assert row["data"]["paid"] == {"amount": "500.00", "currency": "GHS"}
    for filter, count in (
        ({"activity": "fee_charged"}, 1),
        ({"actorId": encode_id("User", school.bursar.id)}, 1),
        ({"studentId": encode_id("Student", student.id)}, 1),
        ({"to": (now - timedelta(hours=1)).isoformat()}, 0),
        ({"correlationId": row["correlationId"]}, 1),
        ({"archived": True}, 0),
    ):
        assert len(await titles(school.bursar, **filter)) == count, filter
    wrong = {"from": now.isoformat(), "to": now.isoformat()}
    assert await ask_refused(ADMIN, LOG, filter=wrong) == "INVALID_INPUT"
    assert await ask_refused(ADMIN, LOG, filter={"activity": ""}) == "INVALID_INPUT"


async def test_old_activities_go_to_the_archive() -> None:
    now = clock.now()
    for title, days in (("ancient", 400), ("old", 40), ("young", 20)):
        await done(title, now - timedelta(days=days))
    await refused_to_strangers(ARCHIVE)
    assert await ask_refused(somebody(Role.BURSAR), ARCHIVE) == "FORBIDDEN"
    assert await do_refused(ADMIN, ARCHIVE, input={"olderThanDays": 29}) == ("INVALID_INPUT", ["input", "olderThanDays"])
    assert await archive_what_is_old() == 1
    payload = await do(ADMIN, ARCHIVE, input={"olderThanDays": 30})
    assert (payload["archived"], payload["more"]) == (1, False)
    await SchoolSetting.create(archive_after_days=30, updated_at=now)
    assert (await do(ADMIN, ARCHIVE))["archived"] == 0
    assert [each["title"] for each in (await ask(ADMIN, LOG, filter={"archived": True}))["nodes"]] == ["old", "ancient"]
    assert (await UserActivity.all().count(), await ArchivedActivity.all().count()) == (1, 2)
    assert [each.fact.archived for each in await events_so_far() if each.name == "school.activity_archived"] == [1, 1]


async def test_how_long_the_log_is_is_chosen() -> None:
    now = clock.now()
    for title, days in (("old", 40), ("young", 20)):
        await done(title, now - timedelta(days=days))
    await refused_to_strangers(CHOOSE, input={"afterDays": 30})
    async with nothing_happens():
        assert await ask_refused(somebody(Role.BURSAR), CHOOSE, input={"afterDays": 30}) == "FORBIDDEN"
        for wrong in (29, -1, 36_501):
            assert await do_refused(ADMIN, CHOOSE, input={"afterDays": wrong}) == (
                "INVALID_INPUT", ["input", "afterDays"],
            )  # fmt: skip
        assert await archive_what_is_old() == 0
    assert (await do(ADMIN, CHOOSE, input={"afterDays": 30}))["afterDays"] == 30
    [changed] = [each.fact for each in await events_so_far() if each.name == "school.archiving_changed"]
    assert (changed.before_days, changed.after_days, changed.changed_by_id) == (365, 30, ADMIN.id)
    noted = await UserActivity.get(activity="archiving_set")
    assert (noted.actor_id, noted.title) == (ADMIN.id, "Activities leave the log after 30 days")
    assert await archive_what_is_old() == 1
    async with nothing_happens():
        await do(ADMIN, CHOOSE, input={"afterDays": 30})
    assert (await SchoolSetting.get()).version == 2


async def test_what_one_was_told_about_the_school() -> None:
    school = await a_school()
    student = await a_pupil(school, "Ama Mensah")
    guardian, other = await a_guardian(student), await known(Role.GUARDIAN)
    await refused_to_strangers(TOLD)
    assert (await ask(guardian, TOLD))["nodes"] == []
    await charged(school.bursar, student, ghs(1500), ghs(100))
    await events_so_far()
    await catch_up(listener("notifications"))
    told = (await ask(guardian, TOLD))["nodes"]
    assert {each["kind"] for each in told} >= {"school.arrears_alert_raised", "school.fee_receipt_given"}
    high = (await ask(guardian, TOLD, filter={"priorities": ["HIGH"], "unreadOnly": True}))["nodes"]
    assert [each["kind"] for each in high] == ["school.arrears_alert_raised"]
    assert (await ask(guardian, TOLD, filter={"type": "NOTHING"}))["nodes"] == []
    assert (await ask(other, TOLD))["nodes"] == []
