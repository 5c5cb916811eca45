"""What a structure would charge a student, what goes back of a fee to who leaves, what missed lessons are worth: looked at
before anything is done, and reckoned in the way in which it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.errors import InvalidInput
from domain.kit.money import Money
from domain.school.errors import (
    FeeDeleted,
    FeeScheduleNotFound,
    FeeSettled,
    FeeStructureNotFound,
    FeeWithoutStructure,
)
from domain.school.fee_access import fee_of, payer_of
from domain.school.models import FeeLine, FeeScheduleLine, FeeStructure, SchoolFee
from domain.school.models import FeeSchedule as Schedule
from domain.school.rules.discounts import Charge
from domain.school.rules.plans import Instalment, Line
from domain.school.rules.proration import LessonSettlement, Presence, settle_lessons
from domain.school.rules.refunds import Withdrawal, charges_of, share_back_on, withdraw
from domain.school.rules.terms import Assessed
from domain.school.service.discounts import discounts_on
from domain.school.states import PlanKind, RefundUnit
from domain.school.tariffs import Tariff, bad_structure, tariff_of, visible_structures

PERCENT_PLACES: Final = Decimal("0.0001")
MAX_LESSONS: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeQuote:
    """What a student would be charged: ``listed`` for the days that are charged, less ``discount`` is ``due``."""

    structure: FeeStructure
    student_id: UUID | None
    joined_on: date | None
    plan_kind: PlanKind
    charges: Sequence[Charge]
    instalments: Sequence[Instalment]
    lines: Sequence[Line]
    listed: Money
    discount: Money
    due: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundQuote:
    """What becomes of a fee when the student leaves: ``due`` is what is still charged, ``refund`` what is paid out of what
    was paid, ``still_due`` what is to be paid all the same."""

    fee: SchoolFee
    left_on: date
    percent_back: Decimal
    charges: Sequence[Charge]
    given_back: Money
    handling_fee: Money
    due: Money
    refund: Money
    still_due: Money


async def fee_quote(
    actor: Actor,
    *,
    structure_id: UUID,
    student_id: UUID | None = None,
    schedule_id: UUID | None = None,
    joined_on: date | None = None,
    gone: Presence | None = None,
    plan: PlanKind | None = None,
) -> FeeQuote:
    """The fee of a student who joins on a day, with the student's discounts; of anybody when none is named.

    ``gone`` is what was missed, as somebody counted it, such as lessons. Refuses with FEE_STRUCTURE_NOT_FOUND and
    STUDENT_NOT_FOUND, and with BAD_FEE_STRUCTURE what cannot be charged so.
    """
    actor.require(Permission.FEES_READ)
    structure = await visible_structures(actor).get_or_none(id=structure_id)
    if structure is None:
        raise FeeStructureNotFound(field=("structureId",))
    if student_id is not None:
        await payer_of(actor, student_id, field=("studentId",))
    tariff = await tariff_for(structure, schedule_id, field=("scheduleId",))
    found = await assessed_for(tariff, structure, student_id, joined_on=joined_on, gone=gone, plan=plan)
    return _quote(structure, tariff, found, student_id=student_id, joined_on=joined_on, plan=plan)


def _quote(
    structure: FeeStructure,
    tariff: Tariff,
    found: Assessed,
    *,
    student_id: UUID | None,
    joined_on: date | None,
    plan: PlanKind | None,
) -> FeeQuote:
    nothing = Money.zero(structure.currency)
    parts: dict[int, Instalment] = {}
    for each in found.lines:
        part = parts.get(each.number, Instalment(each.number, each.due_on, nothing))
        parts[each.number] = replace(part, amount=part.amount + each.amount)
    return FeeQuote(
        structure=structure,
        student_id=student_id,
        joined_on=joined_on,
        plan_kind=tariff.plan(plan).kind,
        charges=found.charges,
        instalments=tuple(parts.values()),
        lines=found.lines,
        listed=sum((row.listed for row in found.charges), nothing),
        discount=sum((row.discount for row in found.charges), nothing),
        due=sum((row.net for row in found.charges), nothing),
    )


async def tariff_for(
    structure: FeeStructure, schedule_id: UUID | None, *, field: tuple[str, ...] | None = ("input", "scheduleId")
) -> Tariff:
    """The whole of a structure, or what one of its schedules asks for."""
    tariff = await tariff_of(structure)
    if schedule_id is None:
        return tariff
    schedule = await Schedule.get_or_none(id=schedule_id, structure_id=structure.id)
    if schedule is None:
        raise FeeScheduleNotFound(field=field)
    rows = await FeeScheduleLine.filter(schedule_id=schedule_id).order_by("position")
    asked = [(row.category_code, Money(row.amount_minor, structure.currency)) for row in rows]
    with bad_structure():
        return tariff.part(asked, schedule.due_on)


async def assessed_for(
    tariff: Tariff,
    structure: FeeStructure,
    student_id: UUID | None,
    *,
    joined_on: date | None,
    gone: Presence | None = None,
    plan: PlanKind | None = None,
    path: tuple[str, ...] = (),
) -> Assessed:
    """What a student is charged by a tariff. Discounts count that hold on the first day that is charged for."""
    day = max(tariff.span.starts_on, joined_on or tariff.span.starts_on)
    theirs = [] if student_id is None else await discounts_on(student_id, structure.id, day)
    with bad_structure(*path):
        return tariff.assess([each for each in theirs if tariff.concerns(each)], joined_on=joined_on, gone=gone, plan=plan)


async def refund_quote(actor: Actor, *, fee_id: UUID, left_on: date) -> RefundQuote:
    """What goes back of a fee by the ladder of its structure to who leaves on a day.

    Refuses with FEE_NOT_FOUND, FEE_WITHOUT_STRUCTURE and FEE_SETTLED.
    """
    actor.require(Permission.FEES_READ)
    fee = await fee_of(actor, fee_id, field=("feeId",))
    rows = await FeeLine.filter(fee_id=fee.id, edition=fee.edition).order_by("position")
    return await withdrawal_of(fee, [row.line(fee.currency) for row in rows], left_on)


async def withdrawal_of(fee: SchoolFee, lines: Sequence[Line], left_on: date) -> RefundQuote:
    """What becomes of a fee with these lines when the student leaves on a day, which was the last one."""
    if fee.void:
        raise FeeDeleted(fee.number)
    if fee.left_on is not None:
        raise FeeSettled(f"{fee.number} was settled as of {fee.left_on}")
    if fee.structure_id is None:
        raise FeeWithoutStructure(f"{fee.number} was charged by no structure")
    tariff = await tariff_of(await FeeStructure.get(id=fee.structure_id))
    refundable = {each.category for each in tariff.listed.components if each.refundable}
    ladder = tariff.terms.refunds
    with bad_structure():
        share = Fraction(0) if ladder is None else share_back_on(ladder, tariff.span, left_on, _taught(tariff))
        found = withdraw(charges_of(lines, refundable), fee.paid, share, None if ladder is None else ladder.handling_fee)
    return _refund(fee, left_on, share, found)


def _taught(tariff: Tariff) -> Sequence[date]:
    ladder = tariff.terms.refunds
    return tariff.taught if ladder is not None and ladder.unit is RefundUnit.TAUGHT_DAYS else ()


def _refund(fee: SchoolFee, left_on: date, share: Fraction, found: Withdrawal) -> RefundQuote:
    still_due = Money(max(0, (found.due - fee.paid).amount_minor), fee.currency)
    return RefundQuote(
        fee=fee,
        left_on=left_on,
        percent_back=(Decimal(share.numerator * 100) / Decimal(share.denominator)).quantize(PERCENT_PLACES),
        charges=found.charges,
        given_back=found.given_back,
        handling_fee=found.handling_fee,
        due=found.due,
        refund=found.refund,
        still_due=still_due,
    )


def lesson_settlement(
    actor: Actor, *, missed: int, lesson: Money, months_uncharged: int, month: Money, path: tuple[str, ...] = ()
) -> LessonSettlement:
    """Lessons that were missed against months that were not charged."""
    actor.require(Permission.FEES_READ)
    if max(missed, months_uncharged) > MAX_LESSONS:
        raise InvalidInput(f"there are at most {MAX_LESSONS} lessons and months", field=(*path, "missed"))
    with bad_structure(*path):
        return settle_lessons(missed=missed, lesson=lesson, months_uncharged=months_uncharged, month=month)
