"""What fees are made of, and the fees of students with their lines."""

from __future__ import annotations

from datetime import date
from typing import Any

from tortoise import fields
from tortoise.models import Model

from domain.kit.decimals import PlainDecimalField
from domain.kit.money import Money, MoneyOf
from domain.kit.stages import Staged
from domain.school.models.kept import Kept
from domain.school.rules.discounts import Discount
from domain.school.rules.fees import Figures
from domain.school.rules.plans import Line
from domain.school.rules.structure import Component
from domain.school.states import FEE_TRANSITIONS, DiscountKind, FeeStatus, PlanKind


class FeeCategory(Kept, Model):
    """What a fee is made of, such as tuition, and whose income that is: a code of the chart of accounts."""

    id = fields.UUIDField(primary_key=True)
    code = fields.CharField(max_length=30)
    title = fields.CharField(max_length=80)
    income_code = fields.CharField(max_length=20)
    active = fields.BooleanField(default=True)
    created_by_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    version = fields.IntField(default=1)

    class Meta:
        table = "fee_category"


class FeeStructure(Kept, Model):
    """The listed price of a class or a programme for a year or a term, and how it is charged.

    What is kept as JSON is read into the rules' own objects on every write and read.
    """

    id = fields.UUIDField(primary_key=True)
    title = fields.CharField(max_length=120)
    class_id = fields.UUIDField(null=True)
    program_id = fields.UUIDField(null=True)
    year_id = fields.UUIDField()
    term_id = fields.UUIDField(null=True)
    branch_id = fields.UUIDField(null=True)
    currency = fields.CharField(max_length=3)
    terms: fields.Field[dict[str, Any]] = fields.JSONField()
    plan_kinds: fields.Field[list[str]] = fields.JSONField(default=list)
    discounts: fields.Field[list[dict[str, Any]]] = fields.JSONField(default=list)
    active = fields.BooleanField(default=True)
    created_by_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    version = fields.IntField(default=1)

    class Meta:
        table = "fee_structure"


class FeeStructureLine(Model):
    """What one category costs; the order of the lines is the one in which categories are paid."""

    id = fields.UUIDField(primary_key=True)
    structure_id = fields.UUIDField()
    position = fields.SmallIntField()
    category_code = fields.CharField(max_length=30)
    amount_minor = fields.BigIntField()
    prorated = fields.BooleanField(default=True)
    refundable = fields.BooleanField(default=True)

    class Meta:
        table = "fee_structure_line"

    def component(self, currency: str) -> Component:
        return Component(
            self.category_code, Money(self.amount_minor, currency), prorated=self.prorated, refundable=self.refundable
        )


class FeeSchedule(Model):
    """A part of a structure that is charged on its own; all of them together ask for no more than the structure has."""

    id = fields.UUIDField(primary_key=True)
    structure_id = fields.UUIDField()
    title = fields.CharField(max_length=120)
    due_on = fields.DateField(null=True)
    created_by_id = fields.UUIDField()
    created_at = fields.DatetimeField()

    class Meta:
        table = "fee_schedule"


class FeeScheduleLine(Model):
    """How much of one category a schedule asks for."""

    id = fields.UUIDField(primary_key=True)
    schedule_id = fields.UUIDField()
    position = fields.SmallIntField()
    category_code = fields.CharField(max_length=30)
    amount_minor = fields.BigIntField()

    class Meta:
        table = "fee_schedule_line"


class StudentDiscount(Kept, Model):
    """What one student pays less, of one structure or of all, as long as it is valid."""

    id = fields.UUIDField(primary_key=True)
    student_id = fields.UUIDField()
    structure_id = fields.UUIDField(null=True)
    title = fields.CharField(max_length=80)
    kind = fields.CharEnumField(DiscountKind, max_length=10)
    percent = PlainDecimalField(max_digits=7, decimal_places=4, null=True)
    amount_minor = fields.BigIntField(null=True)
    currency = fields.CharField(max_length=3, null=True)
    category_code = fields.CharField(max_length=30, null=True)
    valid_from = fields.DateField(null=True)
    valid_until = fields.DateField(null=True)
    active = fields.BooleanField(default=True)
    created_by_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    version = fields.IntField(default=1)

    class Meta:
        table = "student_discount"

    @property
    def amount(self) -> Money | None:
        """The amount; None for a percentage."""
        if self.amount_minor is None or self.currency is None:
            return None
        return Money(self.amount_minor, self.currency)

    @property
    def discount(self) -> Discount:
        """As the rules take it."""
        return Discount(
            name=self.title, kind=self.kind, amount=self.amount, percent=self.percent, category=self.category_code
        )

    def holds_on(self, day: date) -> bool:
        began = self.valid_from is None or self.valid_from <= day
        return self.active and began and (self.valid_until is None or day <= self.valid_until)


class SchoolFee(Kept, Staged[FeeStatus], Model):
    """What a student is charged. Its number is the reference of its money in the books.

    ``edition`` says which of its lines hold. ``class_id`` is the class that it was charged in, whatever class came later.
    Nothing of it is changed but by :func:`domain.school.fees.settle`.
    """

    id = fields.UUIDField(primary_key=True)
    serial = fields.BigIntField(generated=True)
    number = fields.CharField(max_length=24, generated=True)
    student_id = fields.UUIDField()
    enrolment_id = fields.UUIDField(null=True)
    class_id = fields.UUIDField(null=True)
    branch_id = fields.UUIDField(null=True)
    structure_id = fields.UUIDField(null=True)
    schedule_id = fields.UUIDField(null=True)
    title = fields.CharField(max_length=120)
    currency = fields.CharField(max_length=3)
    due_minor = fields.BigIntField()
    paid_minor = fields.BigIntField(default=0)
    refunded_minor = fields.BigIntField(default=0)
    arrears_minor = fields.BigIntField(generated=True)
    status = fields.CharEnumField(FeeStatus, max_length=14)
    due_on = fields.DateField()
    plan_kind = fields.CharEnumField(PlanKind, max_length=11, null=True)
    edition = fields.IntField(default=1)
    left_on = fields.DateField(null=True)
    arrears_alerted = fields.BooleanField(default=False)
    voided_at = fields.DatetimeField(null=True)
    voided_by_id = fields.UUIDField(null=True)
    void_reason = fields.CharField(max_length=500, default="")
    created_by_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    correlation_id = fields.UUIDField()
    version = fields.IntField(default=1)

    transitions = FEE_TRANSITIONS

    class Meta:
        table = "school_fee"

    due = MoneyOf("due_minor")
    paid = MoneyOf("paid_minor")
    refunded = MoneyOf("refunded_minor")

    @property
    def figures(self) -> Figures:
        """What the rules make of it: arrears, what is outstanding, credit."""
        return Figures(due=self.due, paid=self.paid, refunded=self.refunded, void=self.void)

    @property
    def arrears(self) -> Money:
        """What is due less what is paid; negative is credit."""
        return self.figures.arrears

    @property
    def outstanding(self) -> Money:
        return self.figures.outstanding

    @property
    def credit(self) -> Money:
        return self.figures.credit

    @property
    def void(self) -> bool:
        return self.voided_at is not None


class FeeLine(Model):
    """What one category asks for with one instalment, in one edition of a fee."""

    id = fields.UUIDField(primary_key=True)
    fee_id = fields.UUIDField()
    edition = fields.IntField()
    position = fields.SmallIntField()
    instalment_no = fields.SmallIntField()
    due_on = fields.DateField()
    category_code = fields.CharField(max_length=30)
    income_code = fields.CharField(max_length=20)
    amount_minor = fields.BigIntField()

    class Meta:
        table = "fee_line"

    def line(self, currency: str) -> Line:
        """As the rules take it."""
        return Line(self.instalment_no, self.due_on, self.category_code, Money(self.amount_minor, currency))


class FeeLateCharge(Model):
    """What an instalment was charged for being late until the end of a day."""

    id = fields.UUIDField(primary_key=True)
    fee_id = fields.UUIDField()
    instalment_no = fields.SmallIntField()
    until_on = fields.DateField()
    amount_minor = fields.BigIntField()
    run_id = fields.UUIDField()

    class Meta:
        table = "fee_late_charge"
