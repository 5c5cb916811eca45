"""The school's figures follow from the log alone, from archived partitions and from what came since."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from domain.events.replay import replay_figures
from domain.events.retention import archive_old_partitions
from domain.identity.permissions import Role
from domain.kit.clock import clock_set_to
from domain.kit.database import execute
from domain.school.service.books import TransactionTerms, add_expense, delete_transaction
from domain.school.service.changing_fees import delete_fee
from domain.school.service.classes import open_class
from domain.school.service.enrolling import end_enrolment, enroll_student, move_student
from domain.school.service.marking import correct_attendance, record_attendance
from domain.school.service.teaching import assign_teacher, change_teacher, register_teacher
from domain.school.states import AttendanceStatus, EnrolmentStatus
from tests.domain.events.test_retention import make_them_old
from tests.support.happenings import events_so_far
from tests.support.people import a_branch, configure_identity
from tests.support.school import a_program, a_year, known
from tests.support.school_fees import charged, corrected, ghs, paid

pytestmark = pytest.mark.usefixtures("database")

NOON = datetime(2030, 3, 6, 12, tzinfo=UTC)
"""A Wednesday of the first term."""


async def test_a_term_of_learning_marking_charging_and_paying(tmp_path: Path) -> None:
    configure_identity()
    with clock_set_to(NOON):
        branch, year, program = await a_branch(), await a_year(2030), await a_program()
        registrar, bursar = await known(Role.REGISTRAR, branch=branch), await known(Role.BURSAR, branch=branch)
        said = {"title": "Primary", "program_id": program.id, "level": 1}
        first, second = [await open_class(registrar, said=said | {"code": code}) for code in ("P1", "P2")]
        teacher = await register_teacher(registrar, said={"full_name": "Kofi Owusu"})
        await assign_teacher(registrar, teacher_id=teacher.id, class_id=first.id)
        places = [
            await enroll_student(
                registrar, new_student={"full_name": name}, class_id=first.id, year_id=year.id, on=NOON.date()
            )
            for name in ("Ama", "Esi", "Yaw")
        ]
        ama, esi, _ = (each.student for each in places)
        fee = await charged(bursar, ama, ghs(1_000), due_on=date(2030, 4, 1))
        await paid(bursar, fee, ghs(600))
        wrong = await charged(bursar, esi, ghs(300), ghs(300))
    await events_so_far()
    await make_them_old(60)
    [archived] = await archive_old_partitions(tmp_path)
    with clock_set_to(NOON.replace(day=7)):
        await corrected(bursar, fee, ghs(1_200))
        await delete_fee(bursar, fee_id=wrong.id, reason="not hers")
        roll = await record_attendance(registrar, class_id=first.id, on=date(2030, 3, 7), default=AttendanceStatus.PRESENT)
        await correct_attendance(
            registrar, attendance_id=roll.marks[0].id, status=AttendanceStatus.LATE, reason="the bus", expected_version=1
        )
        chalk = await add_expense(bursar, terms=TransactionTerms(category="Stationery", description="Chalk", amount=ghs(40)))
        await delete_transaction(bursar, transaction_id=chalk.id)
    with clock_set_to(NOON.replace(day=8)):
        await move_student(registrar, enrolment_id=places[1].enrolment.id, class_id=second.id)
        await end_enrolment(registrar, enrolment_id=places[2].enrolment.id, status=EnrolmentStatus.WITHDRAWN)
        await change_teacher(registrar, teacher_id=teacher.id, said={"active": False})
        replayed = await replay_figures(tmp_path)
        assert archived.events > 0
        assert replayed.differences == []
        assert {name: replayed.figures[f"school.school.GHS.{name}"] for name in ("total_students", "total_teachers")} == {
            "total_students": "2",
            "total_teachers": "0",
        }
        assert replayed.figures["school.school.GHS.fees_collected"] == "GHS 1,200.00"
        assert replayed.figures["school.school.GHS.fees.total_credit"] == "GHS 200.00"
        assert replayed.figures[f"school.statistics.attendance_late:{first.id}:2030-03-07"] == "1"
        await execute("update school_figure_change set amount = amount + 1 where metric = 'FEES_CREDIT'")
        assert {each.figure for each in (await replay_figures(tmp_path)).differences} >= {
            "school.statistics.fees_credit:2030-04:GHS"
        }
