"""What clients send about what fees are made of, and how they are charged, given back and moved."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import strawberry

from domain.kit.errors import InvalidInput
from domain.kit.money import Money
from domain.school.queries import terms as queries
from domain.school.rules.structure import Component
from domain.school.service.structures import Schedule
from domain.school.states import (
    DiscountBase,
    DiscountKind,
    LateFeeKind,
    PlanKind,
    ProrationUnit,
    RefundUnit,
)
from schema.kit import (
    ID,
    CurrencyCode,
    attribute,
    input_type,
    optional,
    read_optional_id,
)
from schema.school import enums  # noqa: F401  describes the enums that are used here
from schema.school.said import EXPECTED

_AMOUNT = "In major units of the structure's currency."
PERCENT = "From 0 to 100, with at most 4 decimals."


def change(description: str) -> Any:
    """A field of an input that changes something: what is not sent stays."""
    return attribute(description, default=strawberry.UNSET)


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"


@input_type("A category of fees, made or changed. What is left out stays.")
class UpsertFeeCategoryInput:
    code: str = attribute("1 to 30 letters, digits, -, _ and points. Capitals make no difference.")
    title: str | None = optional("What it is called, in 1 to 80 characters; a new one needs it.")
    income_account: str | None = optional(
        "The code of an income account of the chart; of school fees in general for a new one when left out. Fees that are "
        "charged already stay income of the account that they were charged for."
    )
    active: bool | None = optional("Whether it is charged.")
    expected_version: int | None = optional(EXPECTED)


@input_type("What one category costs.")
class FeeStructureLineInput:
    category: str = attribute("The code of the category; each is there once.")
    amount: Decimal = attribute(f"What it costs for the whole period, before discounts. {_AMOUNT}")
    prorated: bool = attribute("Whether who joins late is charged a part of it.", default=True)
    refundable: bool = attribute("Whether a part of it goes back to who leaves.", default=True)


@input_type("A part of a custom plan.")
class FeePlanPartInput:
    due_on: date = attribute("When it is due.")
    percent: Decimal = attribute("Which part of the fee it is, in percent; they are 100 together.")

    def kept(self) -> dict[str, Any]:
        return {"due_on": self.due_on.isoformat(), "percent": _text(self.percent)}


@input_type("How a fee is spread over its period.")
class FeePlanInput:
    kind: PlanKind = attribute("By months or terms that begin in the period, or as `parts` say.")
    due_after_days: int = attribute("How many days after its month or term begins a part is due, up to 366.", default=0)
    parts: list[FeePlanPartInput] | None = optional("The parts of a custom plan, at most 60.")

    def kept(self) -> dict[str, Any]:
        parts = [part.kept() for part in self.parts or []]
        return {"kind": self.kind.value, "due_after_days": self.due_after_days, "parts": parts}


@input_type("What everybody who is charged by the structure pays less: an amount or a percentage.")
class FeeDiscountInput:
    title: str = attribute("What it is called.")
    amount: Decimal | None = optional(f"The amount. {_AMOUNT}")
    percent: Decimal | None = optional(f"The percentage. {PERCENT}")
    category: str | None = optional("The category that it is on; the whole fee when left out.")

    def kept(self) -> dict[str, Any]:
        kind = DiscountKind.PERCENTAGE if self.amount is None else DiscountKind.FIXED
        return {
            "title": self.title,
            "kind": kind.value,
            "amount": _text(self.amount),
            "percent": _text(self.percent),
            "category": None if self.category is None else self.category.strip().upper(),
        }


@input_type("What an instalment is charged for being late. Several add up.")
class LateFeeRuleInput:
    kind: LateFeeKind = attribute("An amount or a percentage of what is unpaid, once or for each day.")
    amount: Decimal | None = optional(f"The amount. {_AMOUNT}")
    percent: Decimal | None = optional(f"The percentage. {PERCENT}")
    grace_days: int = attribute("How many days after the due day nothing is charged, up to 366.", default=0)
    minimum: Decimal | None = optional(f"At least so much. {_AMOUNT}")
    cap: Decimal | None = optional(f"At most so much. {_AMOUNT}")
    from_balance: Decimal | None = optional(f"Nothing while less than this is unpaid. {_AMOUNT}")

    def kept(self) -> dict[str, Any]:
        numbers = ("amount", "percent", "minimum", "cap", "from_balance")
        said = {name: _text(getattr(self, name)) for name in numbers}
        return {"kind": self.kind.value, "grace_days": self.grace_days, **said}


@input_type("Until a unit of the term, itself included, a percentage.")
class UntilStepInput:
    until: int = attribute("The last day, week or lesson that it holds for, counted from 1.")
    percent: Decimal = attribute(f"The percentage. {PERCENT}")

    def kept(self) -> dict[str, Any]:
        return {"until": self.until, "percent": _text(self.percent)}


@input_type("How a part of a term is charged.")
class ProrationRuleInput:
    unit: ProrationUnit = attribute("What the term is counted in.", default=ProrationUnit.DAYS)
    joining_full_until: Decimal = attribute(
        "Who missed no more than this percentage of the term pays it whole.", default=Decimal(0)
    )
    leaving_full_after: Decimal = attribute(
        "Who attended more than this percentage of the term pays it whole.", default=Decimal(100)
    )
    full_at: int | None = optional("So many units are a full charge, whatever the length of the term.")
    percent_decimals: int | None = optional("To how many decimals, 0 to 4, the percentage itself is rounded, half up.")
    steps: list[UntilStepInput] | None = optional("What is charged outright to who joins until a unit; at most 60.")
    percent_after_steps: Decimal = attribute("What is charged to who joins after the last step.", default=Decimal(0))

    def kept(self) -> dict[str, Any]:
        return {
            "unit": self.unit.value,
            "joining_full_until": _text(self.joining_full_until),
            "leaving_full_after": _text(self.leaving_full_after),
            "full_at": self.full_at,
            "percent_decimals": self.percent_decimals,
            "steps": [step.kept() for step in self.steps or []],
            "percent_after_steps": _text(self.percent_after_steps),
        }


@input_type("What goes back to who leaves.")
class RefundLadderInput:
    steps: list[UntilStepInput] = attribute("The percentage that goes back until a day or week, at most 60.")
    unit: RefundUnit = attribute(
        "What the steps are counted in, from the first day of the period.", default=RefundUnit.CALENDAR_DAYS
    )
    before_start: Decimal = attribute("The percentage that goes back before the first day.", default=Decimal(100))
    after: Decimal = attribute("The percentage that goes back after the last step.", default=Decimal(0))
    then: ProrationRuleInput | None = optional(
        "After the last step, what is not charged to a leaver by this goes back instead."
    )
    handling_fee: Decimal | None = optional(f"What stays with the school as far as anything goes back. {_AMOUNT}")

    def kept(self) -> dict[str, Any]:
        return {
            "steps": [step.kept() for step in self.steps],
            "unit": self.unit.value,
            "before_start": _text(self.before_start),
            "after": _text(self.after),
            "then": None if self.then is None else self.then.kept(),
            "handling_fee": _text(self.handling_fee),
        }


@input_type("How a structure is charged; all of it is said anew.")
class FeeTermsInput:
    plan: FeePlanInput = attribute("The usual plan.")
    discount_base: DiscountBase = attribute("What percentages of discounts are taken of.", default=DiscountBase.WHAT_IS_LEFT)
    late_fees: list[LateFeeRuleInput] | None = optional("What is charged for being late, at most 10; nothing when left out.")
    proration: ProrationRuleInput | None = optional("How who joins late is charged; in full when left out.")
    refunds: RefundLadderInput | None = optional("What goes back to who leaves; nothing when left out.")

    def kept(self) -> dict[str, Any]:
        return {
            "plan": self.plan.kept(),
            "discount_base": self.discount_base.value,
            "late_fees": [rule.kept() for rule in self.late_fees or []],
            "proration": None if self.proration is None else self.proration.kept(),
            "refunds": None if self.refunds is None else self.refunds.kept(),
        }


@input_type("What a schedule asks for of one category.")
class FeeScheduleLineInput:
    category: str = attribute("The code of the category.")
    amount: Decimal = attribute(f"How much; all schedules together ask for no more than the structure. {_AMOUNT}")


@input_type("A part of a structure that is charged on its own.")
class FeeScheduleInput:
    title: str = attribute("What it is called; it is known by that.")
    lines: list[FeeScheduleLineInput] = attribute("What it asks for.")
    due_on: date | None = optional("When all of it is due; by the plan when left out.")


@input_type("A fee structure, made or changed. What is left out stays.")
class UpsertFeeStructureInput:
    structure_id: ID | None = optional("Which one; a new one when left out.")
    title: str | None = change("What it is called, in 1 to 120 characters; a new one needs it.")
    currency: CurrencyCode | None = change("Its currency; a new one needs it. It stays once somebody was charged.")
    year_id: ID | None = change("The year that it is for; a new one needs it. It stays once somebody was charged.")
    term_id: ID | None = change("The term that it is for; null for the whole year. It stays once somebody was charged.")
    class_id: ID | None = change("The class that it is of; null for a programme. It stays once somebody was charged.")
    program_id: ID | None = change("The programme that it is of; null for a class. It stays once somebody was charged.")
    lines: list[FeeStructureLineInput] | None = change(
        "What each category costs, in the order in which they are paid; a new one needs it, and the currency with it."
    )
    terms: FeeTermsInput | None = change("How it is charged: in one piece on the first day when left out of a new one.")
    plan_kinds: list[PlanKind] | None = change("Plans that a family may choose instead of the usual one.")
    discounts: list[FeeDiscountInput] | None = change("What everybody pays less, in this order; at most 20.")
    schedules: list[FeeScheduleInput] | None = change(
        "Its parts that are charged on their own. Those with a title that there was stay what they are."
    )
    active: bool | None = change("Whether students are charged by it.")
    expected_version: int | None = optional(EXPECTED)

    def said(self, currency: str | None) -> dict[str, Any]:
        """By the names of a draft; ``currency`` is the one that the structure has, if there is one."""
        sent = {name: value for name, value in vars(self).items() if value is not strawberry.UNSET}
        for name in ("structure_id", "expected_version"):
            sent.pop(name)
        found: dict[str, Any] = {}
        for name, value in sent.items():
            if value is None and name not in _MAY_BE_NONE:
                continue
            found[name] = self._read(name, value, sent.get("currency") or currency)
        return found

    def _read(self, name: str, value: Any, currency: str | None) -> Any:
        match name:
            case "year_id" | "term_id" | "class_id" | "program_id":
                return read_optional_id(_TYPE_OF[name], value, "input", _FIELD_OF[name])
            case "lines":
                return tuple(_component(line, currency, place) for place, line in enumerate(value))
            case "terms":
                return value.kept()
            case "plan_kinds":
                return tuple(kind.value for kind in value)
            case "discounts":
                return tuple(discount.kept() for discount in value)
            case "schedules":
                return tuple(_schedule(each, currency, place) for place, each in enumerate(value))
            case _:
                return value


_MAY_BE_NONE = frozenset({"term_id", "class_id", "program_id"})
_TYPE_OF = {"year_id": "AcademicYear", "term_id": "Term", "class_id": "SchoolClass", "program_id": "Program"}
_FIELD_OF = {"year_id": "yearId", "term_id": "termId", "class_id": "classId", "program_id": "programId"}


def _money(amount: Decimal, currency: str | None, *path: str) -> Money:
    if currency is None:
        raise InvalidInput("a new fee structure says its currency", field=("input", "currency"))
    try:
        return Money.of(amount, currency)
    except InvalidInput as refused:
        refused.field = ("input", *path)
        raise


def _component(line: FeeStructureLineInput, currency: str | None, place: int) -> Component:
    amount = _money(line.amount, currency, "lines", str(place), "amount")
    return Component(line.category.strip().upper(), amount, prorated=line.prorated, refundable=line.refundable)


def _schedule(each: FeeScheduleInput, currency: str | None, place: int) -> Schedule:
    asked = tuple(
        (line.category.strip().upper(), _money(line.amount, currency, "schedules", str(place), "lines", str(at), "amount"))
        for at, line in enumerate(each.lines)
    )
    return Schedule(title=each.title, asked=asked, due_on=each.due_on)


@input_type("Which fee structures. What is left out does not narrow.")
class FeeStructureFilter:
    class_id: ID | None = optional("Of this class.")
    program_id: ID | None = optional("Of this programme.")
    year_id: ID | None = optional("For this year.")
    term_id: ID | None = optional("For this term.")
    active: bool | None = attribute("Those that are charged by, or those that are not; null for all.", default=True)

    def parse(self) -> queries.StructureFilter:
        return queries.StructureFilter(
            class_id=read_optional_id("SchoolClass", self.class_id, "filter", "classId"),
            program_id=read_optional_id("Program", self.program_id, "filter", "programId"),
            year_id=read_optional_id("AcademicYear", self.year_id, "filter", "yearId"),
            term_id=read_optional_id("Term", self.term_id, "filter", "termId"),
            active=self.active,
        )
