"""Reading what fees are made of: categories, structures with their terms, schedules, discounts and advances."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from tortoise.expressions import Q

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.database import fetch
from domain.kit.money import Money
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import RowsWith, read, rows_by_id, rows_of
from domain.ledger.chart import every_house_account
from domain.school.access import own_wards, seen_fees, seen_money
from domain.school.fee_access import visible_advances
from domain.school.models import (
    FeeCategory,
    FeeSchedule,
    FeeScheduleLine,
    FeeStructure,
    FeeStructureLine,
    Student,
    StudentAdvance,
    StudentDiscount,
)
from domain.school.rules.discounts import Discount
from domain.school.rules.terms import FeeTerms, discounts_of, terms_of
from domain.school.tariffs import bad_structure, seen_structures, visible_structures

READ = Permission.FEES_READ

R = TypeVar("R")

# What there is of advances of some students ($1), by currency.
UNUSED = """
select student_id, currency, sum(amount_minor)::bigint as amount from student_advance
where student_id = any($1) group by 1, 2 having sum(amount_minor) <> 0 order by 2
"""


@dataclass(frozen=True, kw_only=True)
class StructureFilter:
    """Which structures; what is not said does not narrow."""

    class_id: UUID | None = None
    program_id: UUID | None = None
    year_id: UUID | None = None
    term_id: UUID | None = None
    active: bool | None = True


@dataclass(frozen=True, slots=True)
class PricedLine:
    """What one category costs by a structure or a schedule."""

    category_code: str
    amount: Money
    prorated: bool = True
    refundable: bool = True


async def categories(actor: Actor, page: PageRequest, *, active: bool | None = True) -> Page[FeeCategory]:
    """What fees are made of, by their codes."""
    actor.require(READ)
    found = FeeCategory.all() if active is None else FeeCategory.filter(active=active)
    return await page_of(found, page, "code")


categories_by_id = rows_by_id(FeeCategory, permission=READ)


async def structures(actor: Actor, page: PageRequest, wanted: StructureFilter | None = None) -> Page[FeeStructure]:
    """The structures that the actor may see, the newest first."""
    actor.require(READ)
    wanted = wanted or StructureFilter()
    said = {name: value for name, value in vars(wanted).items() if value is not None}
    return await page_of(visible_structures(actor).filter(**said), page, "-created_at", "-id")


structures_by_id = rows_by_id(FeeStructure, seen_structures)


async def lines_of_structures(ids: Collection[UUID]) -> Mapping[UUID, Sequence[PricedLine]]:
    """What structures cost, for whoever may see them."""
    currencies = await _currencies(ids)
    rows = await read(FeeStructureLine.filter(structure_id__in=list(ids)).order_by("position"))
    priced = (
        (
            row.structure_id,
            PricedLine(row.category_code, _money(row, currencies[row.structure_id]), row.prorated, row.refundable),
        )
        for row in rows
    )
    return _grouped(ids, priced)


async def _currencies(structure_ids: Collection[UUID]) -> dict[UUID, str]:
    rows = await read(FeeStructure.filter(id__in=list(structure_ids)), frozenset({"currency"}))
    return {row.id: row.currency for row in rows}


def _of_seen_structures(actor: Actor) -> Q:
    return Q(structure_id__in=RowsWith(FeeStructure, seen_structures(actor)))


schedules_by_id = rows_by_id(FeeSchedule, _of_seen_structures)

schedules_of = rows_of(FeeSchedule, "structure_id", order=("created_at", "id"))
"""The schedules of structures, the oldest first, for whoever may see them."""


async def lines_of_schedules(ids: Collection[UUID]) -> Mapping[UUID, Sequence[PricedLine]]:
    """What schedules ask for, for whoever may see them."""
    schedules = await read(FeeSchedule.filter(id__in=list(ids)), frozenset({"structure_id"}))
    structure_of = {row.id: row.structure_id for row in schedules}
    currencies = await _currencies(structure_of.values())
    rows = await read(FeeScheduleLine.filter(schedule_id__in=list(ids)).order_by("position"))
    priced = (
        (row.schedule_id, PricedLine(row.category_code, _money(row, currencies[structure_of[row.schedule_id]])))
        for row in rows
    )
    return _grouped(ids, priced)


def _of_seen_students(actor: Actor) -> Q:
    return Q(student_id__in=RowsWith(Student, _seen_payers(actor)))


discounts_by_id = rows_by_id(StudentDiscount, _of_seen_students)


async def discounts_of_student(
    actor: Actor, page: PageRequest, *, student_id: UUID, active: bool | None = True
) -> Page[StudentDiscount]:
    """What a student pays less, the newest first; nothing of a student whom the actor does not see."""
    actor.require(READ)
    found = StudentDiscount.filter(student_id__in=list(await _seen(actor, {student_id})))
    return await page_of(found if active is None else found.filter(active=active), page, "-created_at", "-id")


advances_by_id = rows_by_id(StudentAdvance, seen_fees)


async def advances_of_student(actor: Actor, page: PageRequest, *, student_id: UUID) -> Page[StudentAdvance]:
    """What came of a student in advance and what was used of it, the newest first."""
    actor.require(READ)
    return await page_of(visible_advances(actor).filter(student_id=student_id), page, "-created_at", "-id")


async def unused_advances(actor: Actor, student_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Money]]:
    """What there is of advances of students, in each currency in which there is something."""
    seen = await _seen(actor, student_ids)
    rows = await fetch(UNUSED, list(seen))
    return _grouped(student_ids, ((row["student_id"], Money(row["amount"], row["currency"])) for row in rows))


def terms_in(structure: FeeStructure) -> FeeTerms:
    """The terms of a structure. Refuses with BAD_FEE_STRUCTURE what cannot be read any more."""
    with bad_structure():
        return terms_of(structure.terms, structure.currency)


def discounts_in(structure: FeeStructure) -> tuple[Discount, ...]:
    """What everybody who is charged by a structure pays less."""
    with bad_structure():
        return discounts_of(structure.discounts, structure.currency)


def account_title(code: str) -> str:
    """What an account of the chart is called."""
    return next((account.name for account in every_house_account() if account.code == code), code)


def _seen_payers(actor: Actor) -> Q:
    """The condition on students whose money the actor may see: on the own campus, and a guardian's own wards."""
    return seen_money(actor) | own_wards(actor)


async def _seen(actor: Actor, student_ids: Collection[UUID]) -> set[UUID]:
    seen = Student.filter(_seen_payers(actor), id__in=list(student_ids))
    return {row.id for row in await read(seen, frozenset({"id"}))}


def _money(row: FeeStructureLine | FeeScheduleLine, currency: str) -> Money:
    return Money(row.amount_minor, currency)


def _grouped(ids: Iterable[UUID], rows: Iterable[tuple[UUID, R]]) -> dict[UUID, list[R]]:
    found: dict[UUID, list[R]] = {each: [] for each in ids}
    for key, row in rows:
        found[key].append(row)
    return found
