"""What fees are made of as clients see it: categories, structures with their terms, and discounts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from domain.kit.money import Money as Amount
from domain.school import models
from domain.school.queries import calendar
from domain.school.queries import terms as queries
from domain.school.rules.terms import FeeTerms as Terms
from domain.school.states import (
    DiscountBase,
    DiscountKind,
    LateFeeKind,
    PlanKind,
    ProrationUnit,
    RefundUnit,
)
from schema.kit import ID, CurrencyCode, Info, Money, Node, Parent, attribute, field, global_id, node_type, object_type
from schema.kit.fields import FieldRule
from schema.kit.relations import relation, relations
from schema.school import enums  # noqa: F401  describes the enums that are used here
from schema.school.calendar.types import AcademicYear, Program, Term
from schema.school.fees.types import SchoolFee
from schema.school.people.types import SchoolClass


@node_type(models.FeeCategory, queries.categories_by_id, "What fees are made of, such as tuition, and whose income it is.")
class FeeCategory(Node):
    code: str = attribute("Its code, unique in the school.")
    title: str = attribute("What it is called.")
    income_code: str = attribute(
        "The code of the income account that money for it goes to, of fees that are charged from now on.",
        name="incomeAccount",
    )
    active: bool = attribute("Whether it is charged.")
    version: int = attribute("How often it has changed, from 1.")
    created_at: datetime = attribute("When it was made.")
    updated_at: datetime = attribute("When it last changed.")

    @field(str, "What the income account is called.", shared=True)
    def income_account_title(self, category: Parent[models.FeeCategory]) -> str:
        return queries.account_title(category.income_code)


@object_type("What one category costs by a structure.")
class FeeStructureLine:
    category_code: str = attribute("The code of the category.", name="category")
    amount: Money = attribute("What it costs for the whole period, before discounts.")
    prorated: bool = attribute("Whether who joins late is charged a part of it.")
    refundable: bool = attribute("Whether a part of it goes back to who leaves.")


@object_type("A part of a custom plan.")
class FeePlanPart:
    due_on: date = attribute("When it is due.")
    percent: Decimal = attribute("Which part of the fee it is, in percent.")


@object_type("How a fee is spread over the period.")
class FeePlan:
    kind: PlanKind = attribute("By months or terms that begin in the period, or as the school says.")
    due_after_days: int = attribute("How many days after its month or term begins a part is due.")
    parts: list[FeePlanPart] = attribute("The parts of a custom plan; empty for the others.")


@object_type("What everybody who is charged by a structure pays less.")
class FeeDiscount:
    name: str = attribute("What it is called.", name="title")
    kind: DiscountKind = attribute("Whether it is an amount or a percentage.")
    amount: Money | None = attribute("The amount; null for a percentage.")
    percent: Decimal | None = attribute("The percentage; null for an amount.")
    category: str | None = attribute("The category that it is on; null for the whole fee.")


@object_type("What an instalment is charged for being late.")
class LateFeeRule:
    kind: LateFeeKind = attribute("An amount or a percentage of what is unpaid, once or for each day.")
    amount: Money | None = attribute("The amount; null for a percentage.")
    percent: Decimal | None = attribute("The percentage; null for an amount.")
    grace_days: int = attribute("How many days after the due day nothing is charged.")
    minimum: Money | None = attribute("At least so much.")
    cap: Money | None = attribute("At most so much.")
    from_balance: Money | None = attribute("Nothing while less than this is unpaid.")


@object_type("Until a unit of the term, itself included, a percentage.")
class UntilStep:
    until: int = attribute("The last day, week or lesson that it holds for, counted from 1.")
    percent: Decimal = attribute("The percentage.")


@object_type("How a part of a term is charged.")
class ProrationRule:
    unit: ProrationUnit = attribute("What the term is counted in.")
    joining_full_until: Decimal = attribute("Who missed no more than this percentage of the term pays it whole.")
    leaving_full_after: Decimal = attribute("Who attended more than this percentage of the term pays it whole.")
    full_at: int | None = attribute("So many units are a full charge, whatever the length of the term.")
    percent_decimals: int | None = attribute("To how many decimals the percentage itself is rounded, half up.")
    steps: list[UntilStep] = attribute("What is charged outright to who joins until a unit; empty when it is counted.")
    percent_after_steps: Decimal = attribute("What is charged to who joins after the last step.")


@object_type("What goes back to who leaves.")
class RefundLadder:
    unit: RefundUnit = attribute("What the steps are counted in, from the first day of the period.")
    before_start: Decimal = attribute("The percentage that goes back before the first day.")
    steps: list[UntilStep] = attribute("The percentage that goes back until a day or week.")
    after: Decimal = attribute("The percentage that goes back after the last step.")
    then: ProrationRule | None = attribute("After the last step, what is not charged to a leaver by this goes back instead.")
    handling_fee: Money | None = attribute("What stays with the school as far as anything goes back.")


@object_type("How a structure is charged.")
class FeeTerms:
    plan: FeePlan = attribute("The usual plan.")
    discount_base: DiscountBase = attribute("What percentages of discounts are taken of.")
    late_fees: list[LateFeeRule] = attribute("What is charged for being late; they add up.")
    proration: ProrationRule | None = attribute("How who joins late is charged; null when in full.")
    refunds: RefundLadder | None = attribute("What goes back to who leaves; null when nothing does.")


@object_type("What a schedule asks for of one category.")
class FeeScheduleLine:
    category_code: str = attribute("The code of the category.", name="category")
    amount: Money = attribute("How much.")


@node_type(models.FeeSchedule, queries.schedules_by_id, "A part of a structure that is charged on its own.")
class FeeSchedule(Node):
    title: str = attribute("What it is called.")
    due_on: date | None = attribute("When all of it is due; null when it is due by the plan.")

    lines: list[FeeScheduleLine] = relations(queries.lines_of_schedules, "id", "What it asks for.", size=5)


@node_type(
    models.FeeStructure,
    queries.structures_by_id,
    "What the students of a class or a programme are charged for a year or a term, and by which terms.",
)
class FeeStructure(Node):
    title: str = attribute("What it is called.")
    class_id: ID | None = global_id("SchoolClass", "The class that it is of; null for a whole programme.")
    program_id: ID | None = global_id("Program", "The programme that it is of; null for one class.")
    year_id: ID = global_id("AcademicYear", "The year that it is for.")
    term_id: ID | None = global_id("Term", "The term that it is for; null for the whole year.")
    branch_id: ID | None = global_id("Branch", "The campus; null for the whole school.")
    currency: CurrencyCode = attribute("The currency that it is in.")
    active: bool = attribute("Whether students are charged by it.")
    version: int = attribute("How often it has changed, from 1.")
    created_at: datetime = attribute("When it was made.")
    updated_at: datetime = attribute("When it last changed.")
    plan_kinds: list[PlanKind] = attribute("Plans that a family may choose instead of the usual one.")

    school_class: SchoolClass | None = relation(
        calendar.classes_by_id, "class_id", "The class that it is of, as far as the viewer may see."
    )
    program: Program | None = relation(
        calendar.programs_by_id, "program_id", "The programme that it is of, as far as the viewer may see."
    )
    year: AcademicYear | None = relation(
        calendar.years_by_id, "year_id", "The year that it is for, as far as the viewer may see."
    )
    term: Term | None = relation(calendar.terms_by_id, "term_id", "The term that it is for; null for the whole year.")
    lines: list[FeeStructureLine] = relations(
        queries.lines_of_structures, "id", "What each category costs, in the order in which they are paid.", size=10
    )

    @field(Money, "What it costs in all, before discounts.")
    async def total(self, structure: Parent[models.FeeStructure], info: Info) -> Amount:
        lines = await info.context.load_many(queries.lines_of_structures, structure.id)
        return Amount(sum(line.amount.amount_minor for line in lines), structure.currency)

    @field(FeeTerms, "How it is charged.", shared=True)
    def terms(self, structure: Parent[models.FeeStructure]) -> Terms:
        return queries.terms_in(structure)

    @field(list[FeeDiscount], "What everybody pays less.", size=3, shared=True)
    def discounts(self, structure: Parent[models.FeeStructure]) -> object:
        return queries.discounts_in(structure)

    schedules: list[FeeSchedule] = relations(
        queries.schedules_of, "id", "Its parts that are charged on their own, the oldest first.", size=4
    )


@node_type(models.StudentDiscount, queries.discounts_by_id, "What one student pays less.")
class StudentDiscount(Node):
    student_id: ID = global_id("Student", "The student.")
    structure_id: ID | None = global_id("FeeStructure", "The structure that it is of; null for all.")
    title: str = attribute("What it is called.")
    kind: DiscountKind = attribute("Whether it is an amount or a percentage.")
    amount: Money | None = attribute("The amount; null for a percentage.")
    percent: Decimal | None = attribute("The percentage; null for an amount.")
    category_code: str | None = attribute("The category that it is on; null for the whole fee.", name="category")
    valid_from: date | None = attribute("The first day of charges that it holds for.")
    valid_until: date | None = attribute("The last day of charges that it holds for.")
    active: bool = attribute("False once it was withdrawn.")
    version: int = attribute("How often it has changed, from 1.")
    created_at: datetime = attribute("When it was given.")


@object_type("What a category of a fee comes to.")
class FeeCharge:
    category: str = attribute("The code of the category.")
    listed: Money = attribute("What it costs for the days that are charged.")
    discount: Money = attribute("What discounts take off.")
    net: Money = attribute("What is to pay.")


@object_type("One part of a fee.")
class FeeInstalment:
    number: int = attribute("Which one, from 1.")
    due_on: date = attribute("When it is due.")
    amount: Money = attribute("How much.")


@object_type("What a student would be charged. Nothing was written.")
class FeeQuote:
    student_id: ID | None = global_id("Student", "The student, if one is named.")
    joined_on: date | None = attribute("The first day, if one is named.")
    plan_kind: PlanKind = attribute("How it is spread.")
    listed: Money = attribute("What it costs for the days that are charged.")
    discount: Money = attribute("What discounts take off.")
    due: Money = attribute("What is to pay: the one less the other.")
    charges: list[FeeCharge] = attribute("What each category comes to.", rule=FieldRule(size=10, shared=True))
    instalments: list[FeeInstalment] = attribute(
        "When it is due; they sum to it exactly.", rule=FieldRule(size=12, shared=True)
    )


@object_type("What becomes of a fee when the student leaves. Nothing was written.")
class RefundQuote:
    fee: SchoolFee = attribute("The fee as it is.")
    left_on: date = attribute("The last day.")
    percent_back: Decimal = attribute("The percentage that goes back, with 4 decimals, half-even.")
    charges: list[FeeCharge] = attribute("What is still charged.", rule=FieldRule(size=10, shared=True))
    given_back: Money = attribute("By how much less is due, the handling fee apart.")
    handling_fee: Money = attribute("What the school keeps for the handling.")
    due: Money = attribute("What is due then, the handling fee included.")
    refund: Money = attribute("What is paid out: what was paid beyond what is due then.")
    still_due: Money = attribute("What is to be paid all the same.")


@object_type("Lessons that were missed against months that were not charged.")
class LessonSettlement:
    worth: Money = attribute("What the lessons are worth.")
    uncharged: Money = attribute("What the months left out.")
    further_off: Money = attribute("What still comes off.")
    still_due: Money = attribute("What is to be paid after all.")
