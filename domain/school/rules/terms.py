"""The terms of a fee structure as the school sets them and as they are kept, and a student's fee by them.

They are kept as an object of texts and whole numbers: percentages and amounts are decimals in a text, so that nothing is
rounded on the way. Amounts are in the currency of the structure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeVar

from domain.kit.decimals import plain
from domain.kit.errors import DomainError
from domain.kit.money import Money
from domain.school.rules.discounts import Charge, Discount, charge
from domain.school.rules.late_fees import LateFeeRule
from domain.school.rules.plans import CustomPart, Line, Periods, Plan, instalments, lines
from domain.school.rules.proration import ChargeStep, Presence, ProrationRule, missed, prorate, share_of_joiner
from domain.school.rules.refunds import RefundLadder, RefundStep
from domain.school.rules.refusals import BadFigure, BadLateFee, BadProration, BadStructure, FeeRefusal, refusals_at
from domain.school.rules.structure import FeeStructure
from domain.school.states import DiscountBase, DiscountKind, LateFeeKind, PlanKind, ProrationUnit, RefundUnit

T = TypeVar("T")

MAX_LATE_FEES: Final = 10
ALL_AT_ONCE: Final = Plan(PlanKind.ANNUAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeTerms:
    """How a structure is charged. Without ``proration`` who joins late pays all; without ``refunds`` nothing goes back."""

    plan: Plan = ALL_AT_ONCE
    discount_base: DiscountBase = DiscountBase.WHAT_IS_LEFT
    late_fees: tuple[LateFeeRule, ...] = ()
    proration: ProrationRule | None = None
    refunds: RefundLadder | None = None

    def __post_init__(self) -> None:
        if len(self.late_fees) > MAX_LATE_FEES:
            raise BadLateFee(f"a fee has at most {MAX_LATE_FEES} late fees")


@dataclass(frozen=True, slots=True)
class Assessed:
    """The fee of a student: what each category is charged, and when it is due."""

    charges: tuple[Charge, ...]
    lines: tuple[Line, ...]


def assess(
    structure: FeeStructure,
    terms: FeeTerms,
    periods: Periods,
    discounts: Sequence[Discount] = (),
    *,
    joined_on: date | None = None,
    gone: Presence | None = None,
) -> Assessed:
    """Discounts come off the listed price, what is left is prorated, and that is spread over the instalments.

    ``gone`` is what was missed, in lessons or as somebody counted it; without it the calendar is asked.
    """
    rows = charge(structure, discounts, base=terms.discount_base).rows
    if terms.proration is not None and (joined_on is not None or gone is not None):
        rows = prorate(rows, share_of_joiner(terms.proration, gone or _gone(terms.proration.unit, periods, joined_on)))
    due = sum((row.net for row in rows), Money.zero(structure.currency))
    return Assessed(rows, lines(instalments(due, terms.plan, periods, joined_on=joined_on), rows))


def _gone(unit: ProrationUnit, periods: Periods, joined_on: date | None) -> Presence:
    """What was missed of all terms, the time between them left out; of the year where it has none."""
    if joined_on is None:
        raise BadProration("somebody who joined late did so on a day")
    each = [missed(unit, span, joined_on) for span in periods.terms or (periods.year,)]
    return Presence(sum(one.units for one in each), sum(one.of for one in each))


def kept(terms: FeeTerms) -> dict[str, Any]:
    """The terms as they are stored."""
    return {
        "plan": _plan(terms.plan),
        "discount_base": terms.discount_base.value,
        "late_fees": [_late_fee(rule) for rule in terms.late_fees],
        "proration": None if terms.proration is None else _proration(terms.proration),
        "refunds": None if terms.refunds is None else _refunds(terms.refunds),
    }


def terms_of(stored: Mapping[str, Any], currency: str) -> FeeTerms:
    """What :func:`kept` stored, or what somebody wrote in its form; a refusal says in its ``path`` which part is wrong."""
    return FeeTerms(
        plan=_part(stored, "plan", _plan_of),
        discount_base=_part(stored, "discount_base", DiscountBase),
        late_fees=_each(stored, "late_fees", lambda rule: _late_fee_of(rule, currency)),
        proration=_optional(stored, "proration", _proration_of),
        refunds=_optional(stored, "refunds", lambda ladder: _refunds_of(ladder, currency)),
    )


def kept_discounts(discounts: Sequence[Discount]) -> list[dict[str, Any]]:
    """Discounts that everybody has, as they are stored with the structure."""
    return [
        {
            "title": each.name,
            "kind": each.kind.value,
            "amount": _amount(each.amount),
            "percent": _text(each.percent),
            "category": each.category,
        }
        for each in discounts
    ]


def discounts_of(stored: Sequence[Any], currency: str) -> tuple[Discount, ...]:
    """What :func:`kept_discounts` stored, or what somebody wrote in its form."""
    return _each({"discounts": stored}, "discounts", lambda each: _discount_of(each, currency))


def _discount_of(stored: Mapping[str, Any], currency: str) -> Discount:
    return Discount(
        name=_part(stored, "title", str),
        kind=_part(stored, "kind", DiscountKind),
        amount=_optional(stored, "amount", lambda text: Money.of(text, currency)),
        percent=_optional(stored, "percent", Decimal),
        category=_optional(stored, "category", str),
    )


def _part(stored: Mapping[str, Any], name: str, read: Callable[[Any], T]) -> T:
    """One part of what is stored; whatever is wrong with it is refused at its place."""
    with refusals_at(name):
        try:
            return read(stored[name])
        except FeeRefusal:
            raise
        except DomainError as refused:
            raise BadFigure(refused.message) from None
        except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError):
            raise BadStructure(f"{name} is missing or is not what it should be") from None


def _each(stored: Mapping[str, Any], name: str, read: Callable[[Any], T]) -> tuple[T, ...]:
    """One part that is a list; a refusal says which of it is wrong, from 0."""
    rows = _part(stored, name, list)
    with refusals_at(name):
        return tuple(_part({str(at): row}, str(at), read) for at, row in enumerate(rows))


def _optional(stored: Mapping[str, Any], name: str, read: Callable[[Any], T]) -> T | None:
    return None if stored.get(name) is None else _part(stored, name, read)


def _exactly(value: object) -> int:
    """A whole number, and nothing that only looks like one."""
    if type(value) is not int:
        raise BadFigure("this is a whole number")
    return value


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{plain(number):f}"


def _amount(money: Money | None) -> str | None:
    return None if money is None else str(money.amount)


def _plan(plan: Plan) -> dict[str, Any]:
    parts = [{"due_on": each.due_on.isoformat(), "percent": _text(each.percent)} for each in plan.parts]
    return {"kind": plan.kind.value, "due_after_days": plan.due_after_days, "parts": parts}


def _plan_of(stored: Mapping[str, Any]) -> Plan:
    return Plan(
        kind=_part(stored, "kind", PlanKind),
        due_after_days=_part(stored, "due_after_days", _exactly),
        parts=_each(stored, "parts", lambda each: CustomPart(date.fromisoformat(each["due_on"]), Decimal(each["percent"]))),
    )


def _late_fee(rule: LateFeeRule) -> dict[str, Any]:
    return {
        "kind": rule.kind.value,
        "amount": _amount(rule.amount),
        "percent": _text(rule.percent),
        "grace_days": rule.grace_days,
        "minimum": _amount(rule.minimum),
        "cap": _amount(rule.cap),
        "from_balance": _amount(rule.from_balance),
    }


def _late_fee_of(stored: Mapping[str, Any], currency: str) -> LateFeeRule:
    def money(text: str) -> Money:
        return Money.of(text, currency)

    return LateFeeRule(
        kind=_part(stored, "kind", LateFeeKind),
        amount=_optional(stored, "amount", money),
        percent=_optional(stored, "percent", Decimal),
        grace_days=_part(stored, "grace_days", _exactly),
        minimum=_optional(stored, "minimum", money),
        cap=_optional(stored, "cap", money),
        from_balance=_optional(stored, "from_balance", money),
    )


def _proration(rule: ProrationRule) -> dict[str, Any]:
    return {
        "unit": rule.unit.value,
        "joining_full_until": _text(rule.joining_full_until),
        "leaving_full_after": _text(rule.leaving_full_after),
        "full_at": rule.full_at,
        "percent_decimals": rule.percent_decimals,
        "steps": [{"until": step.until, "percent": _text(step.percent)} for step in rule.steps],
        "percent_after_steps": _text(rule.percent_after_steps),
    }


def _proration_of(stored: Mapping[str, Any]) -> ProrationRule:
    return ProrationRule(
        unit=_part(stored, "unit", ProrationUnit),
        joining_full_until=_part(stored, "joining_full_until", Decimal),
        leaving_full_after=_part(stored, "leaving_full_after", Decimal),
        full_at=_optional(stored, "full_at", _exactly),
        percent_decimals=_optional(stored, "percent_decimals", _exactly),
        steps=_each(stored, "steps", lambda step: ChargeStep(_exactly(step["until"]), Decimal(step["percent"]))),
        percent_after_steps=_part(stored, "percent_after_steps", Decimal),
    )


def _refunds(ladder: RefundLadder) -> dict[str, Any]:
    return {
        "steps": [{"until": step.until, "percent": _text(step.percent)} for step in ladder.steps],
        "unit": ladder.unit.value,
        "before_start": _text(ladder.before_start),
        "after": _text(ladder.after),
        "then": None if ladder.then is None else _proration(ladder.then),
        "handling_fee": _amount(ladder.handling_fee),
    }


def _refunds_of(stored: Mapping[str, Any], currency: str) -> RefundLadder:
    return RefundLadder(
        steps=_each(stored, "steps", lambda step: RefundStep(_exactly(step["until"]), Decimal(step["percent"]))),
        unit=_part(stored, "unit", RefundUnit),
        before_start=_part(stored, "before_start", Decimal),
        after=_part(stored, "after", Decimal),
        then=_optional(stored, "then", _proration_of),
        handling_fee=_optional(stored, "handling_fee", lambda text: Money.of(text, currency)),
    )
