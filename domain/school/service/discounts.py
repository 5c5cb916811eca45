"""Discounts of single students: given, and withdrawn. They hold for what is charged from then on; a fee that was charged
before is charged anew only when somebody says so."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.school.access import guardians_of
from domain.school.activities import note_activity
from domain.school.errors import FeeStructureNotFound, StudentDiscountNotFound
from domain.school.events import DiscountFigures, StudentDiscountChanged
from domain.school.fee_access import locked_payer
from domain.school.models import Student, StudentDiscount
from domain.school.models.kept import TOUCHED
from domain.school.rules.discounts import MAX_DISCOUNTS, Discount
from domain.school.service.categories import MAX_CODE, require_categories
from domain.school.states import DiscountKind
from domain.school.tariffs import INPUT, bad_structure, visible_structures
from domain.school.words import code_of, line, require_version

MAX_TITLE: Final = 80


@retried
async def give_discount(
    actor: Actor,
    *,
    student_id: UUID,
    title: str,
    amount: Money | None = None,
    percent: Decimal | None = None,
    category: str | None = None,
    structure_id: UUID | None = None,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> StudentDiscount:
    """A student pays less: an amount or a percentage, on the whole or of one category, of one structure or of all.

    Refuses with BAD_FEE_STRUCTURE what is both or neither, or above 100 percent, and with STUDENT_NOT_FOUND.
    """
    actor.require(Permission.FEES_MANAGE)
    title = line(title, MAX_TITLE, "title")
    category = None if category is None else code_of(category, MAX_CODE, "category")
    kind = DiscountKind.PERCENTAGE if amount is None else DiscountKind.FIXED
    with bad_structure(*INPUT):
        Discount(name=title, kind=kind, amount=amount, percent=percent, category=category)
    if valid_from is not None and valid_until is not None and valid_until < valid_from:
        raise InvalidInput("a discount ends after it begins", field=(*INPUT, "validUntil"))
    async with unit_of_work() as work:
        student = await locked_payer(actor, student_id, Permission.FEES_MANAGE)
        if category is not None:
            await require_categories([category], *INPUT, "category")
        if structure_id is not None and not await visible_structures(actor).filter(id=structure_id).exists():
            raise FeeStructureNotFound
        if await StudentDiscount.filter(student_id=student_id, active=True).count() >= MAX_DISCOUNTS:
            raise InvalidInput(f"a student has at most {MAX_DISCOUNTS} discounts", field=(*INPUT, "studentId"))
        moment = clock.now()
        made = await StudentDiscount.create(
            id=new_id(),
            student_id=student_id,
            structure_id=structure_id,
            title=title,
            kind=kind,
            percent=percent,
            amount_minor=None if amount is None else amount.amount_minor,
            currency=None if amount is None else amount.currency,
            category_code=category,
            valid_from=valid_from,
            valid_until=valid_until,
            created_by_id=actor.id,
            created_at=moment,
            updated_at=moment,
        )
        await _note(work, actor, student, made, "discount_given")
    return made


@retried
async def withdraw_discount(actor: Actor, *, discount_id: UUID, expected_version: int | None = None) -> StudentDiscount:
    """Charge the student without it from now on. Nothing happens when that is so already."""
    actor.require(Permission.FEES_MANAGE)
    async with unit_of_work() as work:
        found = await StudentDiscount.filter(id=discount_id).select_for_update(no_key=True).get_or_none()
        if found is None:
            raise StudentDiscountNotFound
        student = await Student.get(id=found.student_id)
        if not actor.sees_branch(student.branch_id):
            raise StudentDiscountNotFound
        require_version(found, expected_version)
        if found.active:
            found.active = False
            found.touch()
            await found.save(update_fields=["active", *TOUCHED])
            await _note(work, actor, student, found, "discount_withdrawn")
    return found


async def discounts_on(student_id: UUID, structure_id: UUID, day: date) -> list[Discount]:
    """The discounts that a student has of a structure on a day, in the order in which they were given."""
    rows = await StudentDiscount.filter(student_id=student_id, active=True).order_by("created_at", "id")
    return [row.discount for row in rows if row.structure_id in (None, structure_id) and row.holds_on(day)]


async def _note(work: Work, actor: Actor, student: Student, discount: StudentDiscount, activity: str) -> None:
    """Write down that it was done, and tell of it."""
    size = discount.discount.amount or f"{discount.percent:f} %"
    await note_activity(
        work,
        actor,
        activity,
        subject_kind="student_discount",
        subject_id=discount.id,
        student_id=student.id,
        branch_id=student.branch_id,
        title=f"{discount.title} of {size} for {student.full_name}",
        data={"category": discount.category_code, "structureId": discount.structure_id, "version": discount.version},
    )
    work.record(
        StudentDiscountChanged(
            discount=DiscountFigures.of(discount),
            student=student.full_name,
            branch_id=student.branch_id,
            guardian_ids=(await guardians_of([student.id]))[student.id],
        )
    )
