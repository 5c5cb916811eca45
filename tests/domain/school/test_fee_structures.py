"""Categories, structures, schedules and discounts: kept as the rules read them, and refused where they do not fit."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit.errors import DomainError, Forbidden
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.school.errors import (
    BadFeeStructure,
    FeeCategoryNotFound,
    FeeScheduleNotFound,
    FeeStructureNotFound,
    NotAnIncomeAccount,
    ProgramNotFound,
    RecordChanged,
    StudentDiscountNotFound,
    StudentNotFound,
)
from domain.school.models import FeeCategory, FeeSchedule, FeeStructure
from domain.school.queries.terms import terms_in
from domain.school.quotes import fee_quote
from domain.school.rules.plans import Plan
from domain.school.rules.proration import ProrationRule
from domain.school.rules.structure import Component
from domain.school.rules.terms import FeeTerms, kept
from domain.school.service.categories import upsert_fee_category
from domain.school.service.discounts import give_discount, withdraw_discount
from domain.school.service.structures import Schedule, upsert_fee_structure
from domain.school.states import PlanKind
from tests.support.happenings import names_of_events, nothing_happens
from tests.support.races import outcomes_of
from tests.support.school import a_branch_row, a_pupil, a_school, a_year, known
from tests.support.school_fees import ghs
from tests.support.school_structures import TUITION, a_structure, registration, tuition

pytestmark = pytest.mark.usefixtures("database")


async def test_a_category_is_income_of_an_account_of_the_chart() -> None:
    school = await a_school(2025)
    made = await upsert_fee_category(school.bursar, code=" tuition ", title="Tuition")
    assert (made.created, made.category.code, made.category.income_code) == (True, "TUITION", "4510")
    changed = await upsert_fee_category(school.bursar, code="TUITION", income_account="4511", expected_version=1)
    assert (changed.created, changed.category.income_code, changed.category.version) == (False, "4511", 2)
    async with nothing_happens():
        same = await upsert_fee_category(school.bursar, code="TUITION", title="Tuition", income_account="4511")
        assert same.category.version == 2
        for wrong in ("1110", "2430", "9999", "", "4511 " * 9):
            with pytest.raises(NotAnIncomeAccount):
                await upsert_fee_category(school.bursar, code="TUITION", income_account=wrong)
        with pytest.raises(RecordChanged):
            await upsert_fee_category(school.bursar, code="TUITION", title="Other", expected_version=1)
        for code in ("", "A" * 31, "Ä", "-X"):
            with pytest.raises(DomainError):
                await upsert_fee_category(school.bursar, code=code, title="Tuition")
        with pytest.raises(DomainError):
            await upsert_fee_category(school.registrar, code="TUITION", title="Tuition")
    assert await FeeCategory.all().count() == 1
    assert (await names_of_events()).count("school.fee_category_changed") == 2


async def test_a_structure_is_kept_as_the_rules_read_it() -> None:
    school = await a_school(2025)
    terms = FeeTerms(plan=Plan(PlanKind.TERM, 7), proration=ProrationRule(joining_full_until=Decimal("12.5")))
    made = await a_structure(school, tuition(), registration(), terms=terms, plan_kinds=["MONTHLY"])
    found = await FeeStructure.get(id=made.id)
    assert terms_in(found) == terms and (found.branch_id, found.version) == (school.branch.id, 1)
    again = await upsert_fee_structure(
        school.bursar, structure_id=made.id, said={"title": "Fees of P1", "lines": [tuition(900)]}, expected_version=1
    )
    assert (again.title, again.version) == ("Fees of P1", 2)
    quote = await fee_quote(school.bursar, structure_id=made.id, plan=PlanKind.MONTHLY)
    assert (quote.due, len(quote.instalments)) == (ghs(900), 12)
    async with nothing_happens():
        await upsert_fee_structure(school.bursar, structure_id=made.id, said={"title": "Fees of P1"})
        with pytest.raises(RecordChanged):
            await upsert_fee_structure(school.bursar, structure_id=made.id, said={"title": "X"}, expected_version=1)
        with pytest.raises(BadFeeStructure):
            await fee_quote(school.bursar, structure_id=made.id, plan=PlanKind.QUARTERLY)


def changed(path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    stored: Any = json.loads(json.dumps(kept(FeeTerms(proration=ProrationRule()))))
    part = stored
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] = value
    return {"terms": stored}


async def test_what_does_not_fit_is_refused_where_it_is() -> None:
    school = await a_school(2025)
    await a_structure(school)
    bare = await a_year(2026, terms=False)
    wrong: list[tuple[dict[str, Any], str]] = [
        (changed(("plan", "kind"), "TERM") | {"year_id": bare.id}, "terms"),
        (changed(("plan", "kind"), "YEARLY"), "terms.plan.kind"),
        (changed(("late_fees",), [{"kind": "FIXED", "amount": "NaN", "grace_days": 1}]), "terms.lateFees.0.amount"),
        (changed(("late_fees",), [{"kind": "FIXED", "amount": "-1", "grace_days": 1}]), "terms.lateFees.0"),
        (changed(("proration", "joining_full_until"), "101"), "terms.proration"),
        (changed(("refunds",), {"steps": [{"until": 5, "percent": "90"}, {"until": 5, "percent": "80"}]}), "terms.refunds"),
        ({"lines": [tuition(), tuition(1)]}, "lines"),
        ({"lines": [tuition(0)]}, "lines"),
        ({"lines": [Component(TUITION, Money.of(1, "KES"))]}, "lines"),
        ({"plan_kinds": ["MONTHLY", "MONTHLY"]}, "planKinds"),
        ({"plan_kinds": ["CUSTOM"]}, "planKinds"),
        ({"discounts": [{"title": "Staff", "kind": "PERCENTAGE", "percent": "100.5"}]}, "discounts.0"),
        ({"discounts": [{"title": "Bus", "kind": "FIXED", "amount": "1", "category": "BUS"}]}, ""),
        ({"schedules": [Schedule(title="A", asked=[(TUITION, ghs(700))])] * 2}, "schedules"),
        ({"schedules": [Schedule(title=title, asked=[(TUITION, ghs(601))]) for title in "AB"]}, "schedules"),
        ({"class_id": None}, "classId"),
        ({"program_id": school.program.id}, "classId"),
    ]
    async with nothing_happens():
        for said, field in wrong:
            with pytest.raises(BadFeeStructure) as refused:
                await a_structure(school, **said)
            assert ".".join(refused.value.field or ()).startswith(f"input.{field}"), refused.value.field
        with pytest.raises(FeeCategoryNotFound):
            await a_structure(school, Component("BUS", ghs(1)))
        for said in ({"year_id": new_id()}, {"term_id": new_id()}, {"class_id": new_id()}, {"title": " "}, {"lines": None}):
            with pytest.raises(DomainError):
                await a_structure(school, **said)


async def test_a_structure_is_its_campus_own() -> None:
    school, other = await a_school(2025), await known(Role.BURSAR, branch=await a_branch_row())
    made = await a_structure(school)
    async with nothing_happens():
        with pytest.raises(FeeStructureNotFound):
            await upsert_fee_structure(other, structure_id=made.id, said={"title": "Mine"})
        with pytest.raises(FeeStructureNotFound):
            await fee_quote(other, structure_id=made.id)
        with pytest.raises(Forbidden):
            await upsert_fee_structure(school.registrar, structure_id=made.id, said={"title": "Mine"})
        with pytest.raises(ProgramNotFound):
            await a_structure(school, class_id=None, program_id=school.program.id)


async def test_schedules_keep_their_titles_and_a_student_pays_less_until_it_is_withdrawn() -> None:
    school = await a_school(2025)
    pupil = await a_pupil(school, "Kwame Addo")
    parts = [Schedule(title=title, asked=[(TUITION, ghs(600))]) for title in ("First half", "Second half")]
    made = await a_structure(school, tuition(), registration(), schedules=parts)
    await upsert_fee_structure(school.bursar, structure_id=made.id, said={"schedules": [parts[1]]})
    [kept_one] = await FeeSchedule.filter(structure_id=made.id)
    assert kept_one.title == "Second half"

    staff = await give_discount(school.bursar, student_id=pupil.id, title="Staff", percent=Decimal(50), category=TUITION)
    await give_discount(school.bursar, student_id=pupil.id, title="Sibling", amount=ghs(100), structure_id=made.id)
    await give_discount(school.bursar, student_id=pupil.id, title="In shillings", amount=Money.of(5, "KES"))
    await give_discount(school.bursar, student_id=pupil.id, title="Gone", percent=Decimal(10), valid_until=date(2024, 9, 1))
    quote = await fee_quote(school.bursar, structure_id=made.id, student_id=pupil.id)
    assert (quote.listed, quote.discount, quote.due) == (ghs(1500), ghs(700), ghs(800))
    half = await fee_quote(school.bursar, structure_id=made.id, student_id=pupil.id, schedule_id=kept_one.id)
    assert half.due == ghs(200)
    assert (await fee_quote(school.bursar, structure_id=made.id)).due == ghs(1500)

    gone = await withdraw_discount(school.bursar, discount_id=staff.id, expected_version=1)
    assert (gone.active, gone.version) == (False, 2)
    assert (await fee_quote(school.bursar, structure_id=made.id, student_id=pupil.id)).due == ghs(1400)
    other = await known(Role.BURSAR, branch=await a_branch_row())
    async with nothing_happens():
        await withdraw_discount(school.bursar, discount_id=staff.id)
        with pytest.raises(StudentDiscountNotFound):
            await withdraw_discount(other, discount_id=staff.id)
        with pytest.raises(StudentNotFound):
            await give_discount(other, student_id=pupil.id, title="Mine", percent=Decimal(100))
        for said in ({}, {"percent": Decimal(101)}, {"percent": Decimal("NaN")}, {"percent": Decimal(1), "amount": ghs(1)}):
            with pytest.raises(BadFeeStructure):
                await give_discount(school.bursar, student_id=pupil.id, title="Wrong", **said)
        with pytest.raises(FeeScheduleNotFound):
            await fee_quote(school.bursar, structure_id=made.id, schedule_id=new_id())


async def test_who_write_the_same_down_at_once_write_it_once() -> None:
    school = await a_school(2025)
    made = await outcomes_of(upsert_fee_category(school.bursar, code="BUS", title="Bus") for _ in range(4))
    assert sorted(each.created for each in made) == [False, False, False, True]
    structure = await a_structure(school)
    found = await outcomes_of(
        upsert_fee_structure(school.bursar, structure_id=structure.id, said={"title": title}, expected_version=1)
        for title in ("A", "B", "C")
    )
    assert sorted(type(each).__name__ for each in found) == ["FeeStructure", "RecordChanged", "RecordChanged"]
    assert (await FeeStructure.get(id=structure.id)).version == 2
