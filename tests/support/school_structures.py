"""Fee structures for tests: made by the service, so that a test says only what matters to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.identity.actor import Actor
from domain.kit import clock
from domain.kit.ids import new_id
from domain.kit.unit_of_work import unit_of_work
from domain.school.models import AcademicYear, Enrolment, FeeCategory, FeeStructure, SchoolFee, Student
from domain.school.rules.structure import Component
from domain.school.rules.terms import FeeTerms, kept
from domain.school.service.billing import charge_structure
from domain.school.service.structures import upsert_fee_structure
from tests.support.school import School
from tests.support.school_fees import ghs

TUITION = "TUITION"
REGISTRATION = "REGISTRATION"
USUAL = FeeTerms()


def tuition(amount: str | int = 1200, **more: Any) -> Component:
    return Component(TUITION, ghs(amount), **more)


def registration(amount: str | int = 300) -> Component:
    """Neither less for who comes later nor given back."""
    return Component(REGISTRATION, ghs(amount), prorated=False, refundable=False)


async def fee_categories(actor: Actor) -> None:
    """Rows, past the service, unless they are there."""
    known, moment = set(await FeeCategory.all().values_list("code", flat=True)), clock.now()
    await FeeCategory.bulk_create(
        FeeCategory(
            id=new_id(),
            code=code,
            title=code.capitalize(),
            income_code=income_code,
            created_by_id=actor.id,
            created_at=moment,
            updated_at=moment,
        )
        for code, income_code in ((TUITION, "4511"), (REGISTRATION, "4516"))
        if code not in known
    )


async def a_structure(
    school: School, *lines: Component, terms: FeeTerms | Mapping[str, Any] = USUAL, **said: Any
) -> FeeStructure:
    """What the first class of the school is charged for this year; 1,200.00 of tuition unless said."""
    await fee_categories(school.bursar)
    whole = {
        "title": "Fees of Primary 1",
        "currency": "GHS",
        "year_id": school.year.id,
        "class_id": school.school_class.id,
        "lines": lines or (tuition(),),
        "terms": kept(terms) if isinstance(terms, FeeTerms) else terms,
    }
    return await upsert_fee_structure(school.bursar, structure_id=None, said=whole | said)


async def charged_by(
    school: School, student: Student, structure: FeeStructure, *, year: AcademicYear | None = None, **more: Any
) -> SchoolFee:
    """The student's fee by a structure, for the year of the school unless said."""
    enrolment = await Enrolment.get(student_id=student.id, year_id=(year or school.year).id)
    async with unit_of_work() as work:
        fee = await charge_structure(work, school.bursar, enrolment=enrolment, structure_id=structure.id, **more)
    return await SchoolFee.get(id=fee.id)
