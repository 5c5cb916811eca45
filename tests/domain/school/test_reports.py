"""The reports of the school say what its rows say, of the campus that one sees."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.files.queries import content_of, readable_file
from domain.identity.actor import Actor
from domain.identity.errors import BranchNotFound
from domain.identity.permissions import Role
from domain.kit.clock import clock_set_to
from domain.kit.errors import Forbidden
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.reports.models import ReportFormat, ReportState
from domain.reports.parameters import read_parameters
from domain.reports.registry import kind_named
from domain.reports.sheets import Sheet
from domain.school.errors import SchoolClassNotFound, StudentNotFound
from domain.school.reports import student_statement
from domain.school.service.books import TransactionTerms, add_expense, delete_transaction
from domain.school.service.counter import Way
from domain.school.states import AttendanceStatus, FeePaymentMethod
from tests.domain.reports.kinds import ask_for, made
from tests.support.happenings import nothing_happens
from tests.support.school import School, a_mark, a_pupil, a_school, known
from tests.support.school_fees import charged, ghs, paid

pytestmark = pytest.mark.usefixtures("database")

NOON = datetime(2030, 3, 6, 12, tzinfo=UTC)
"""A Wednesday of the first term."""
MARCH = {"from_date": date(2030, 3, 1), "to_date": date(2030, 3, 31)}
KINDS: dict[str, dict[str, Any]] = {
    "school_fee_collection": MARCH,
    "school_arrears": {},
    "school_income_and_expenses": MARCH,
    "school_enrolment": {},
    "school_attendance": MARCH,
}


class _Patience:
    async def expect(self, rows: int) -> None:
        assert rows >= 0


async def sheets_of(actor: Actor, kind: str, **parameters: Any) -> list[Sheet]:
    wanted = kind_named(kind)
    filled = await wanted.fill(actor, read_parameters(wanted.parameters, parameters), _Patience())
    return filled if isinstance(filled, list) else [filled]


async def rows_of(actor: Actor, kind: str, **parameters: Any) -> list[list[list[Any]]]:
    """The rows of each sheet; money as it is written."""
    found = []
    for sheet in await sheets_of(actor, kind, **parameters):
        rows = [row async for row in sheet.rows] if hasattr(sheet.rows, "__aiter__") else list(sheet.rows)
        found.append([[str(cell) if isinstance(cell, Money) else cell for cell in row] for row in rows])
    return found


async def a_term() -> tuple[School, Any, Any]:
    """Two pupils: one has paid half of 1,000, the other all of 600; chalk was bought, and bought back."""
    with clock_set_to(NOON):
        school = await a_school(2030, capacity=10)
        ama, kofi = await a_pupil(school, "Ama Owusu", sex="FEMALE"), await a_pupil(school, "Kofi Adu", sex="MALE")
        fee = await charged(school.bursar, ama, ghs(1_000), due_on=date(2030, 1, 31))
        await paid(school.bursar, fee, ghs(500))
        other = await charged(school.bursar, kofi, ghs(600), due_on=date(2030, 3, 31), title="Boarding")
        await paid(school.bursar, other, ghs(600), way=Way(method=FeePaymentMethod.BANK, reference="SLIP-7"))
        await charged(school.bursar, kofi, ghs(50), due_on=date(2030, 3, 31), title="Outing")
    return school, ama, kofi


async def test_money_of_a_term() -> None:
    school, _, kofi = await a_term()
    bursar = school.bursar
    with clock_set_to(NOON):
        payments, ways = await rows_of(bursar, "school_fee_collection", currency="GHS", **MARCH)
        assert [(row[3], row[7], row[9]) for row in payments] == [
            ("Ama Owusu", "CASH", "GHS 500.00"),
            ("Kofi Adu", "BANK", "GHS 600.00"),
        ]
        assert ways == [["BANK", 1, "GHS 600.00"], ["CASH", 1, "GHS 500.00"]]
        owed, ages = await rows_of(bursar, "school_arrears", currency="GHS")
        assert [(row[0], row[6], row[7], *row[8:]) for row in owed] == [
            ("Ama Owusu", date(2030, 1, 31), 34, "GHS 1,000.00", "GHS 500.00", "GHS 500.00", "GHS 500.00"),
            ("Kofi Adu", date(2030, 3, 31), 0, "GHS 50.00", "GHS 0.00", "GHS 50.00", "GHS 0.00"),
        ]
        assert [(row[0], row[1], row[2]) for row in ages if row[1]] == [
            ("not late", 1, "GHS 50.00"),
            ("31 to 60 days", 1, "GHS 500.00"),
        ]
        chalk = TransactionTerms(category="Stationery", description="Chalk", amount=ghs(40))
        wrong = await add_expense(bursar, terms=chalk)
        await delete_transaction(bursar, transaction_id=wrong.id)
        await add_expense(bursar, terms=chalk)
        booked, months = await rows_of(bursar, "school_income_and_expenses", currency="GHS", **MARCH)
        assert [row[4:] for row in booked] == [
            ["GHS 500.00", None],
            ["GHS 600.00", None],
            [None, "GHS 40.00"],
            [None, "GHS -40.00"],
            [None, "GHS 40.00"],
        ]
        assert months == [
            [date(2030, 3, 1), "School Fees", "GHS 1,100.00", None],
            [date(2030, 3, 1), "Stationery", None, "GHS 40.00"],
        ]
        [lines] = await rows_of(bursar, "school_student_statement", currency="GHS", student_id=kofi.id, **MARCH)
    assert [(row[1], *row[5:]) for row in lines] == [
        ("Brought forward", None, None, "GHS 0.00"),
        ("Charge", "GHS 600.00", None, "GHS 600.00"),
        ("Charge", "GHS 50.00", None, "GHS 650.00"),
        ("Payment", None, "GHS 600.00", "GHS 50.00"),
        ("Closing", None, None, "GHS 50.00"),
    ]


async def test_people_of_a_term() -> None:
    with clock_set_to(NOON):
        school = await a_school(2030, capacity=10)
        ama = await a_pupil(school, "Ama Owusu", sex="FEMALE")
        await a_pupil(school, "Kofi Adu", sex="MALE")
        P, L, A = AttendanceStatus.PRESENT, AttendanceStatus.LATE, AttendanceStatus.ABSENT
        for day, status in ((4, P), (5, L), (6, A)):
            await a_mark(ama, school.school_class, date(2030, 3, day), status)
        registrar = school.registrar
        [marks] = await rows_of(registrar, "school_attendance", **MARCH)
        assert marks == [["Primary 1", ama.admission_number, "Ama Owusu", 1, 1, 1, 0, 3, Decimal("66.67"), Decimal("50.00")]]
        students, classes = await rows_of(registrar, "school_enrolment")
        assert [(row[0], row[2], row[3]) for row in students] == [
            ("Primary 1", "Ama Owusu", "FEMALE"),
            ("Primary 1", "Kofi Adu", "MALE"),
        ]
        assert [row[2:] for row in classes] == [[10, 2, 1, 1, 8], [10, 0, 0, 0, 10]]
        [none] = await rows_of(registrar, "school_attendance", class_id=school.next_class.id, **MARCH)
        assert none == []
        [nobody, _] = await rows_of(registrar, "school_enrolment", as_of=date(2029, 12, 31))
    assert nobody == []


async def test_a_report_of_another_campus_has_nothing_of_this_one() -> None:
    school, ama, _ = await a_term()
    with clock_set_to(NOON):
        other = await a_school(2031)
        for kind, parameters in KINDS.items():
            stranger = other.registrar if kind in ("school_enrolment", "school_attendance") else other.bursar
            first, *_ = await rows_of(stranger, kind, **parameters)
            assert first == [], kind
            with pytest.raises(BranchNotFound):
                await rows_of(stranger, kind, branch_id=school.branch.id, **parameters)
        with pytest.raises(SchoolClassNotFound):
            await rows_of(other.registrar, "school_attendance", class_id=school.school_class.id, **MARCH)
        for student_id in (ama.id, new_id()):
            with pytest.raises(StudentNotFound):
                await rows_of(other.bursar, student_statement.name, student_id=student_id, **MARCH)


async def test_who_may_have_which_report_made() -> None:
    with clock_set_to(NOON):
        school = await a_school(2030)
        for kind, parameters in (KINDS | {"school_student_statement": MARCH | {"student_id": new_id()}}).items():
            stranger = school.bursar if kind in ("school_enrolment", "school_attendance") else school.registrar
            for actor in (stranger, await known(Role.GUARDIAN), await known(Role.TEACHER)):
                if actor.may(kind_named(kind).requires) and Role.BURSAR in actor.roles:
                    continue
                async with nothing_happens():
                    with pytest.raises(Forbidden):
                        await ask_for(actor, kind, **parameters)


async def test_reports_become_files() -> None:
    with clock_set_to(NOON):
        school = await a_school(2030)
        bursar = await known(Role.BURSAR, Role.REGISTRAR, name="Efua Sackey", branch=school.branch)
        asked = [await ask_for(bursar, kind, ReportFormat.CSV, **parameters) for kind, parameters in KINDS.items()]
        for each in asked:
            done = await made(each)
            assert (done.state, done.error) == (ReportState.DONE, None), done.kind
        assert done.file_id is not None
        content = (await content_of(await readable_file(bursar, done.file_id))).decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(content)))[:3] == ["Class", "Admission", "Student"]
