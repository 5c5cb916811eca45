"""The demo school: two campuses, one in Accra and one in Nairobi, with their calendar, classes, people and tariffs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from api.demo.people import (
    ADMIN,
    BURSAR,
    CLIENT,
    GUARDIAN,
    REGISTRAR,
    SECOND_BURSAR,
    SECOND_CLIENT,
    SECOND_GUARDIAN,
    SECOND_REGISTRAR,
    TEACHER,
    DemoPerson,
)
from api.demo.stage import Stage
from domain.kit.money import Money
from domain.school.models import AcademicYear, Enrolment
from domain.school.rules.late_fees import LateFeeRule
from domain.school.rules.plans import Plan
from domain.school.rules.proration import ProrationRule
from domain.school.rules.refunds import RefundLadder, RefundStep
from domain.school.rules.structure import Component
from domain.school.rules.terms import FeeTerms, kept
from domain.school.service.calendar import HolidayDraft, TermDraft, open_year
from domain.school.service.categories import upsert_fee_category
from domain.school.service.classes import open_class, upsert_program, upsert_subject
from domain.school.service.enrolling import enroll_student
from domain.school.service.people import register_student, set_guardian
from domain.school.service.structures import upsert_fee_structure
from domain.school.service.teaching import assign_teacher, register_teacher
from domain.school.states import GuardianRelation, LateFeeKind, PlanKind

P3, P4, G5 = "P3", "P4", "G5"
CLASSES: Final = (
    (P4, "Primary 4", 4, 10, REGISTRAR),
    (P3, "Primary 3", 3, 10, REGISTRAR),
    (G5, "Grade 5", 5, None, SECOND_REGISTRAR),
)
"""Code, title, level, places and who runs it; a class comes after the one that follows it."""

ESI, KOJO, AKUA, YAA, KWAKU, ADWOA = (
    "Esi Asare", "Kojo Asare", "Akua Ofori", "Yaa Darko", "Kwaku Annan", "Adwoa Sarpong",
)  # fmt: skip
FIIFI, NANA, AMA = "Fiifi Quaye", "Nana Osei", "Ama Tetteh"
WANGUI, KEVIN, BRIAN = "Wangui Kimani", "Kevin Odongo", "Brian Maina"

STUDENTS: Final = (
    (ESI, GUARDIAN, GuardianRelation.MOTHER),
    (KOJO, GUARDIAN, GuardianRelation.MOTHER),
    (AKUA, SECOND_GUARDIAN, GuardianRelation.FATHER),
    (YAA, None, None),
    (KWAKU, SECOND_GUARDIAN, GuardianRelation.GRANDPARENT),
    (ADWOA, None, None),
    (FIIFI, None, None),
)
"""Those who were in Primary 3 last year, with their guardians."""

OF_NAIROBI: Final = (
    (WANGUI, CLIENT, GuardianRelation.MOTHER),
    (KEVIN, SECOND_CLIENT, GuardianRelation.FATHER),
    (BRIAN, None, None),
)

CATEGORIES: Final = (
    ("TUITION", "Tuition", "4511"),
    ("FEEDING", "Feeding", "4514"),
    ("TRANSPORT", "Transport", "4513"),
    ("ADMISSION", "Admission", "4516"),
)

YEAR_BEGAN_DAYS_AGO: Final = 140
TERM_DAYS: Final = 100
HOLIDAY_DAYS_AGO: Final = 9


def ghs(amount: int | str) -> Money:
    return Money.of(amount, "GHS")


def kes(amount: int | str) -> Money:
    return Money.of(amount, "KES")


TERMS_IN_ACCRA: Final = FeeTerms(
    plan=Plan(PlanKind.TERM, due_after_days=14),
    late_fees=(LateFeeRule(kind=LateFeeKind.FIXED, amount=ghs(25), grace_days=10),),
    proration=ProrationRule(joining_full_until=Decimal(10)),
    refunds=RefundLadder(
        steps=(RefundStep(30, Decimal(100)), RefundStep(180, Decimal(50))), handling_fee=ghs(20)
    ),
)  # fmt: skip


@dataclass(slots=True)
class School:
    """What the demo school has, by the names that the story calls it."""

    last_year: AcademicYear = field(init=False)
    year: AcademicYear = field(init=False)
    classes: dict[str, UUID] = field(default_factory=dict)
    students: dict[str, UUID] = field(default_factory=dict)
    structures: dict[str, UUID] = field(default_factory=dict)

    async def set_up(self, stage: Stage) -> None:
        await self._open_years(stage)
        program = await stage.does(ADMIN, upsert_program, said={"code": "BASIC", "title": "Basic school"})
        subject = await stage.does(ADMIN, upsert_subject, said={"code": "MATHS", "title": "Mathematics"})
        follows: UUID | None = None
        for code, title, level, capacity, registrar in CLASSES:
            said = {
                "code": code, "title": title, "program_id": program.id, "level": level, "capacity": capacity,
                "branch_id": stage.actors[registrar].branch_id,
                "next_class_id": follows if code == P3 else None,
            }  # fmt: skip
            follows = self.classes[code] = (await stage.does(registrar, open_class, said=said)).id
        await self._bring_teachers(stage, subject.id)
        await self._bring_students(stage)
        await self._say_what_it_costs(stage)

    async def _open_years(self, stage: Stage) -> None:
        first = stage.day(YEAR_BEGAN_DAYS_AGO)
        before = first - timedelta(days=3 * TERM_DAYS)
        self.last_year = await stage.does(
            ADMIN, open_year, title=_title(before), starts_on=before, ends_on=first - timedelta(days=1)
        )
        holiday = stage.day(HOLIDAY_DAYS_AGO)
        self.year = await stage.does(
            ADMIN,
            open_year,
            title=_title(first),
            starts_on=first,
            ends_on=first + timedelta(days=3 * TERM_DAYS - 1),
            terms=list(_terms(first)),
            holidays=[HolidayDraft(title="Founders' Day", starts_on=holiday, ends_on=holiday)],
        )

    async def _bring_teachers(self, stage: Stage, maths: UUID) -> None:
        """One is responsible for a class, another one teaches a subject in two."""
        teacher = await _teacher(stage, TEACHER)
        other = await stage.does(REGISTRAR, register_teacher, said={"full_name": "Grace Amoah"})
        for code in (P3, P4):
            said = {"class_id": self.classes[code], "from_on": self.year.starts_on}
            await stage.does(REGISTRAR, assign_teacher, teacher_id=other.id, subject_id=maths, **said)
        await stage.does(
            REGISTRAR, assign_teacher, teacher_id=teacher, class_id=self.classes[P4], from_on=self.year.starts_on
        )

    async def _bring_students(self, stage: Stage) -> None:
        for name, guardian, relation in STUDENTS:
            await self.enrol(stage, REGISTRAR, name, P3, self.last_year, guardian=guardian, relation=relation)
        for name, guardian, relation in OF_NAIROBI:
            await self.enrol(stage, SECOND_REGISTRAR, name, G5, self.year, guardian=guardian, relation=relation)

    async def enrol(
        self,
        stage: Stage,
        registrar: DemoPerson,
        name: str,
        code: str,
        year: AcademicYear,
        *,
        on: date | None = None,
        guardian: DemoPerson | None = None,
        relation: GuardianRelation | None = None,
        structure: str | None = None,
    ) -> Enrolment:
        """A new student with a place, and with guardians who use the system where there are such."""
        student = await stage.does(registrar, register_student, said={"full_name": name})
        self.students[name] = student.id
        if guardian is not None and relation is not None:
            who = {"user_id": stage.actors[guardian].id, "relation": relation, "is_primary": True}
            await stage.does(registrar, set_guardian, student_id=student.id, **who)
        place = {"class_id": self.classes[code], "year_id": year.id, "on": on or year.starts_on}
        tariff = None if structure is None else self.structures[structure]
        enrolled = await stage.does(registrar, enroll_student, student_id=student.id, structure_id=tariff, **place)
        return enrolled.enrolment

    async def _say_what_it_costs(self, stage: Stage) -> None:
        for code, title, income in CATEGORIES:
            await stage.does(ADMIN, upsert_fee_category, code=code, title=title, income_account=income)
        for code, bursar, lines, terms in (
            (P4, BURSAR, _fees_of(tuition=1_800, feeding=450, transport=270), TERMS_IN_ACCRA),
            (P3, BURSAR, _fees_of(tuition=1_500, feeding=450, transport=270), TERMS_IN_ACCRA),
            (G5, SECOND_BURSAR, (Component("TUITION", kes(4_500)),), FeeTerms()),
        ):
            said = {
                "title": f"Fees of {self.title_of(code)}", "currency": lines[0].amount.currency, "year_id": self.year.id,
                "class_id": self.classes[code], "lines": lines, "terms": kept(terms),
            }  # fmt: skip
            self.structures[code] = (await stage.does(bursar, upsert_fee_structure, structure_id=None, said=said)).id

    @staticmethod
    def title_of(code: str) -> str:
        return next(title for known, title, *_ in CLASSES if known == code)


def _title(starts_on: date) -> str:
    return f"Year from {starts_on:%B %Y}"


def _terms(first: date) -> Iterator[TermDraft]:
    for number in range(3):
        starts_on = first + timedelta(days=number * TERM_DAYS)
        yield TermDraft(title=f"Term {number + 1}", starts_on=starts_on, ends_on=starts_on + timedelta(days=TERM_DAYS - 1))


def _fees_of(tuition: int, feeding: int, transport: int) -> tuple[Component, ...]:
    prices = {"TUITION": tuition, "FEEDING": feeding, "TRANSPORT": transport}
    return tuple(Component(category, ghs(price)) for category, price in prices.items())


async def _teacher(stage: Stage, person: DemoPerson) -> UUID:
    said = {"full_name": person.name, "user_id": stage.actors[person].id}
    return (await stage.does(REGISTRAR, register_teacher, said=said)).id
