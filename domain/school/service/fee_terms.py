"""The terms of a fee that is charged already: another plan, the discounts that the student has now, and lessons that are
settled against months that were not charged."""

from __future__ import annotations

from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.money import Money
from domain.kit.unit_of_work import retried, unit_of_work
from domain.school.errors import FeeSettled, FeeWithoutStructure
from domain.school.fees import Desk, Settled, locked_fee, settle
from domain.school.models import EnrolmentStay, FeeStructure
from domain.school.quotes import assessed_for, lesson_settlement, tariff_for
from domain.school.rules.discounts import Charge
from domain.school.rules.plans import Line, instalments, lines, refit
from domain.school.rules.refunds import charges_of
from domain.school.service.counter import amount_of
from domain.school.states import FeeChange, PlanKind
from domain.school.tariffs import INPUT, bad_structure
from domain.school.words import code_of

MAX_CATEGORY = 30


@retried
async def change_fee_terms(
    actor: Actor,
    *,
    fee_id: UUID,
    plan: PlanKind | None = None,
    charge_anew: bool = False,
    expected_version: int | None = None,
) -> Settled:
    """Spread a fee by another plan, or charge it anew by its structure, with the discounts that the student has now.

    What else the fee asks for, such as late fees, stays. Without ``charge_anew`` as much is due as before. Refuses with
    FEE_NOT_FOUND, FEE_DELETED, FEE_CHANGED_MEANWHILE, FEE_WITHOUT_STRUCTURE, FEE_SETTLED and BAD_FEE_STRUCTURE.
    """
    actor.require(Permission.FEES_MANAGE)
    if plan is None and not charge_anew:
        raise InvalidInput("say which plan, or that it is to be charged anew", field=(*INPUT, "plan"))
    async with unit_of_work() as work:
        desk = await locked_fee(work, actor, fee_id, Permission.FEES_MANAGE, version=expected_version)
        asked, kind = await _anew(desk, plan, charge_anew)
        if asked == desk.rule_lines and kind is desk.fee.plan_kind:
            return Settled.unchanged(desk.fee)
        desk.fee.plan_kind = kind
        return await settle(work, desk, FeeChange.EDITED, lines=asked, on=clock.today(), why="other terms")


@retried
async def settle_lessons(
    actor: Actor,
    *,
    fee_id: UUID,
    category: str,
    missed: int,
    lesson: Money,
    months_uncharged: int,
    month: Money,
    expected_version: int | None = None,
) -> Settled:
    """Set lessons that were missed against months that were not charged: what they are worth more comes off a category of
    the fee, from its latest instalments; what the months left out beyond them is due in addition.

    7 lessons of 35 against two months of 111 take a further 23 off. Refuses as :func:`change_fee_terms` does, and with
    INVALID_INPUT when the fee does not charge as much for the category.
    """
    actor.require(Permission.FEES_MANAGE)
    category = code_of(category, MAX_CATEGORY, "category")
    async with unit_of_work() as work:
        desk = await locked_fee(work, actor, fee_id, Permission.FEES_MANAGE, version=expected_version)
        for amount, name in ((lesson, "lesson"), (month, "month")):
            amount_of(amount, desk.fee.currency, name)
        found = lesson_settlement(
            actor, missed=missed, lesson=lesson, months_uncharged=months_uncharged, month=month, path=INPUT
        )
        change = found.still_due - found.further_off
        if not change:
            return Settled.unchanged(desk.fee)
        charges = [_changed(row, category, change) for row in charges_of(desk.rule_lines, ())]
        if all(row.category != category for row in charges) or any(row.net.amount_minor < 0 for row in charges):
            raise InvalidInput("the fee does not charge as much for this", field=(*INPUT, "category"))
        asked = refit(desk.rule_lines, charges, on=clock.today())
        return await settle(work, desk, FeeChange.EDITED, lines=asked, on=clock.today(), why="lessons that were missed")


def _changed(row: Charge, category: str, change: Money) -> Charge:
    return Charge(row.category, row.listed + change, row.discount) if row.category == category else row


async def _anew(desk: Desk, plan: PlanKind | None, charge_anew: bool) -> tuple[tuple[Line, ...], PlanKind]:
    """The lines of a fee by its structure as it is now, and what is asked for besides."""
    fee = desk.fee
    if fee.structure_id is None:
        raise FeeWithoutStructure(f"{fee.number} was charged by no structure")
    if fee.left_on is not None:
        raise FeeSettled(f"{fee.number} was settled as of {fee.left_on}")
    structure = await FeeStructure.get(id=fee.structure_id)
    tariff = await tariff_for(structure, fee.schedule_id)
    stay = await EnrolmentStay.filter(enrolment_id=fee.enrolment_id).order_by("from_on").first()
    joined_on = None if stay is None else stay.from_on
    kind = plan or fee.plan_kind
    theirs = [each for each in desk.rule_lines if tariff.listed.amount_of(each.category)]
    others = [each for each in desk.rule_lines if not tariff.listed.amount_of(each.category)]
    if charge_anew:
        found = await assessed_for(tariff, structure, fee.student_id, joined_on=joined_on, plan=kind, path=INPUT)
        asked = found.lines
    else:
        charges = charges_of(theirs, ())
        with bad_structure(*INPUT, "plan"):
            due = sum((row.net for row in charges), Money.zero(fee.currency))
            parts = instalments(due, tariff.plan(kind), tariff.periods, joined_on=joined_on)
            asked = lines(parts, charges) if charges else ()
    with bad_structure(*INPUT, "plan"):
        chosen = tariff.plan(kind).kind
    return _besides(asked, others), chosen


def _besides(asked: tuple[Line, ...], others: list[Line]) -> tuple[Line, ...]:
    """Lines of the structure with those that are asked for besides, which come after them by number."""
    last = max((each.number for each in asked), default=0)
    numbers = {number: last + place for place, number in enumerate(sorted({each.number for each in others}), 1)}
    moved = tuple(Line(numbers[each.number], each.due_on, each.category, each.amount) for each in others)
    return tuple(sorted((*asked, *moved), key=lambda each: (each.due_on, each.number)))
