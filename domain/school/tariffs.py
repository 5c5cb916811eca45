"""A fee structure as the rules read it: what it lists, how that is charged, for which days, and what all pay less."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.money import Money
from domain.school import models
from domain.school.access import NOBODY
from domain.school.calendars import year_of
from domain.school.errors import BadFeeStructure
from domain.school.rules.calendar import AcademicYear, BadCalendar, Span
from domain.school.rules.discounts import Discount
from domain.school.rules.figures import HUNDRED
from domain.school.rules.plans import CustomPart, Periods, Plan
from domain.school.rules.proration import Presence
from domain.school.rules.refusals import BadPlan, FeeRefusal, refusals_at
from domain.school.rules.structure import Component, FeeStructure, require_within
from domain.school.rules.terms import Assessed, FeeTerms, assess, discounts_of, terms_of
from domain.school.states import PlanKind
from domain.school.words import as_sent

INPUT: Final = ("input",)

Schedules = Mapping[str, Sequence[tuple[str, Money]]]
"""By its title, what each part of a structure that is charged on its own asks for of which category."""


@contextmanager
def bad_structure(*path: str) -> Iterator[None]:
    """What the rules refuse, said with BAD_FEE_STRUCTURE at the place in the input where it is."""
    try:
        yield
    except (FeeRefusal, BadCalendar) as refused:
        inside = getattr(refused, "path", ())
        raise BadFeeStructure(str(refused), field=(*path, *map(as_sent, inside)) or None) from None


@dataclass(frozen=True, kw_only=True)
class Tariff:
    """How the students of a class or programme are charged for a period.

    ``plan_kinds`` are plans that a family may choose instead of the one of the terms. ``year`` knows which days are taught.
    """

    listed: FeeStructure
    terms: FeeTerms
    periods: Periods
    year: AcademicYear
    plan_kinds: tuple[PlanKind, ...] = ()
    discounts: tuple[Discount, ...] = ()

    def __post_init__(self) -> None:
        with refusals_at("plan_kinds"):
            if PlanKind.CUSTOM in self.plan_kinds:
                raise BadPlan("a custom plan has parts of its own, and is no other one's choice")
            if len(set(self.plan_kinds)) < len(self.plan_kinds):
                raise BadPlan("each plan is offered once")

    @property
    def span(self) -> Span:
        """The days that are charged for."""
        return self.periods.year

    @property
    def taught(self) -> list[date]:
        """The days of the period on which there is school."""
        return [day for day in self.span.days() if self.year.is_school_day(day)]

    def plan(self, chosen: PlanKind | None) -> Plan:
        """The plan that a family chose among those that are offered; without a choice, the usual one."""
        usual = self.terms.plan
        if chosen is None or chosen is usual.kind:
            return usual
        if chosen not in self.plan_kinds:
            raise BadPlan(f"a plan that is {chosen.replace('_', '-').lower()} is not offered")
        return Plan(chosen, usual.due_after_days)

    def part(self, asked: Sequence[tuple[str, Money]], due_on: date | None) -> Tariff:
        """What a schedule of it asks for; with a day of its own, all of it is due on that day."""
        listed = FeeStructure(
            tuple(
                replace(component, amount=amount)
                for category, amount in asked
                for component in self.listed.components
                if component.category == category
            )
        )
        there = {component.category for component in listed.components}
        discounts = tuple(each for each in self.discounts if each.category is None or each.category in there)
        if due_on is None:
            return replace(self, listed=listed, discounts=discounts)
        on_a_day = Plan(PlanKind.CUSTOM, parts=(CustomPart(due_on, HUNDRED),))
        return replace(self, listed=listed, discounts=discounts, terms=replace(self.terms, plan=on_a_day), plan_kinds=())

    def assess(
        self,
        discounts: Sequence[Discount] = (),
        *,
        joined_on: date | None = None,
        gone: Presence | None = None,
        plan: PlanKind | None = None,
    ) -> Assessed:
        """The fee of a student with these discounts, besides those that everybody has."""
        terms = replace(self.terms, plan=self.plan(plan))
        return assess(self.listed, terms, self.periods, (*self.discounts, *discounts), joined_on=joined_on, gone=gone)

    def concerns(self, discount: Discount) -> bool:
        """Whether a discount of a student is one of this: in its currency, and of something that it charges."""
        in_currency = discount.amount is None or discount.amount.currency == self.listed.currency
        return in_currency and (discount.category is None or bool(self.listed.amount_of(discount.category)))


def read_tariff(
    components: Sequence[Component],
    terms: Mapping[str, Any],
    plan_kinds: Sequence[str],
    discounts: Sequence[Any],
    year: AcademicYear,
    term_id: UUID | None,
) -> Tariff:
    """What is kept of a structure, or what somebody wrote of one, in the words of the rules."""
    with refusals_at("lines"):
        listed = FeeStructure(tuple(components))
    with refusals_at("terms"):
        found = terms_of(terms, listed.currency)
    with refusals_at("plan_kinds"):
        try:
            kinds = tuple(map(PlanKind, plan_kinds))
        except ValueError:
            raise BadPlan("there is no such plan") from None
    return Tariff(
        listed=listed,
        terms=found,
        periods=periods_of(year, term_id),
        year=year,
        plan_kinds=kinds,
        discounts=discounts_of(discounts, listed.currency),
    )


def periods_of(year: AcademicYear, term_id: UUID | None) -> Periods:
    """A year with its terms; a fee of one term is for that alone."""
    return Periods(year.period(term_id), () if term_id is not None else tuple(term.span for term in year.terms))


def require_chargeable(tariff: Tariff, schedules: Schedules) -> None:
    """Refuse what could be charged to nobody: everybody's discounts, each plan that is offered, and each schedule."""
    for kind in (None, *tariff.plan_kinds):
        with refusals_at("plan_kinds" if kind else "terms"):
            tariff.assess(plan=kind)
    with refusals_at("schedules"):
        require_within(tariff.listed, schedules.values())
        for asked in schedules.values():
            tariff.part(asked, None).assess()


def seen_structures(actor: Actor) -> Q:
    """The condition on price lists that they are of classes on the actor's campus, or for the whole school."""
    if Permission.FEES_READ not in actor.staff_permissions:
        return NOBODY
    scope = actor.branch_scope
    return Q() if scope is None else Q(branch_id=scope) | Q(branch_id__isnull=True)


def visible_structures(actor: Actor) -> QuerySet[models.FeeStructure]:
    return models.FeeStructure.filter(seen_structures(actor))


async def tariff_of(structure: models.FeeStructure) -> Tariff:
    """As it is kept. What cannot be read any more is refused with BAD_FEE_STRUCTURE, and charges nobody."""
    lines = await models.FeeStructureLine.filter(structure_id=structure.id).order_by("position")
    components = [line.component(structure.currency) for line in lines]
    year = await year_of(structure.year_id)
    assert year is not None, "a structure is for a year that there is"
    with bad_structure():
        return read_tariff(components, structure.terms, structure.plan_kinds, structure.discounts, year, structure.term_id)
