"""What fees are made of, made and changed; students charged by it, and given back money."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.idempotency import Outcome, once
from domain.school.fees import Settled
from domain.school.queries.terms import structures_by_id
from domain.school.service import (
    billing,
    carrying,
    categories,
    discounts,
    fee_terms,
    late_fees,
    refunding,
    structures,
)
from schema.kit import (
    Answer,
    Info,
    Payload,
    ReplayablePayload,
    argument,
    attribute,
    mutation,
    payload_type,
    read_id,
    read_optional_id,
)
from schema.school.fees.types import FeePayment, SchoolFee
from schema.school.runs.types import SchoolRun
from schema.school.structures.act_inputs import (
    AddFeesInput,
    AddLateFeesInput,
    CarryOverArrearsInput,
    ChangeFeeTermsInput,
    GiveStudentDiscountInput,
    RefundFeeInput,
    SettleMissedLessonsInput,
    WithdrawStudentDiscountInput,
)
from schema.school.structures.inputs import UpsertFeeCategoryInput, UpsertFeeStructureInput
from schema.school.structures.types import FeeCategory, FeeStructure, StudentDiscount

MANAGE = Permission.FEES_MANAGE


@payload_type("What came of writing a category of fees down.")
class UpsertFeeCategoryPayload(Payload):
    category: FeeCategory | None = attribute("The category as it is now.")
    created: bool | None = attribute("Whether it is a new one.")


@payload_type("What came of writing a fee structure down.")
class UpsertFeeStructurePayload(Payload):
    structure: FeeStructure | None = attribute("The structure as it is now.")


@payload_type("What came of giving a discount.")
class GiveStudentDiscountPayload(ReplayablePayload):
    discount: StudentDiscount | None = attribute("The discount.")


@payload_type("What came of withdrawing a discount.")
class WithdrawStudentDiscountPayload(Payload):
    discount: StudentDiscount | None = attribute("The discount as it is now.")


@payload_type("What came of asking for something for many: a run, in which each has a result.")
class FeeRunPayload(ReplayablePayload):
    run: SchoolRun | None = attribute("The run: over for up to ten, and else in the background, to be followed.")


@payload_type("A fee as the act left it.")
class FeeTermsPayload(ReplayablePayload):
    fee: SchoolFee | None = attribute("The fee.")
    payments: list[FeePayment] | None = attribute("The money that moved by this act; empty when none did.")


@strawberry.type
class Mutation:
    @mutation(
        UpsertFeeCategoryPayload,
        "Write down a category of fees with the income account that money for it goes to, or change it.",
        requires=MANAGE,
    )
    async def upsert_fee_category(
        self, info: Info, input: Annotated[UpsertFeeCategoryInput, argument("The category.")]
    ) -> Answer:
        kept = await categories.upsert_fee_category(
            info.context.actor,
            code=input.code,
            title=input.title,
            income_account=input.income_account,
            active=input.active,
            expected_version=input.expected_version,
        )
        return Answer(category=kept.category, created=kept.created)

    @mutation(
        UpsertFeeStructurePayload,
        "Write down what a class or a programme is charged, and by which terms, or change it. Fees that were charged stay "
        "as they are; what is charged for being late, and what goes back, follows the terms as they are then.",
        requires=MANAGE,
    )
    async def upsert_fee_structure(
        self, info: Info, input: Annotated[UpsertFeeStructureInput, argument("The structure.")]
    ) -> Answer:
        actor = info.context.actor
        structure_id = read_optional_id("FeeStructure", input.structure_id, "input", "structureId")
        known = {} if structure_id is None else await structures_by_id(actor, [structure_id])
        currency = known[structure_id].currency if structure_id in known else None
        kept = await structures.upsert_fee_structure(
            actor,
            structure_id=structure_id,
            said={} if structure_id is not None and not known else input.said(currency),
            expected_version=input.expected_version,
        )
        return Answer(structure=kept)

    @mutation(GiveStudentDiscountPayload, "Let a student pay less, of what is charged from now on.", requires=MANAGE)
    async def give_student_discount(
        self, info: Info, input: Annotated[GiveStudentDiscountInput, argument("The discount.")]
    ) -> Answer:
        outcome = await once(
            input.idempotency_key,
            discounts.give_discount,
            info.context.actor,
            student_id=read_id("Student", input.student_id, "input", "studentId"),
            title=input.title,
            amount=None if input.amount is None else input.amount.parse("input", "amount"),
            percent=input.percent,
            category=None if input.category is None else input.category.strip().upper(),
            structure_id=read_optional_id("FeeStructure", input.structure_id, "input", "structureId"),
            valid_from=input.valid_from,
            valid_until=input.valid_until,
        )
        return Answer(discount=outcome.result, replayed=outcome.replayed)

    @mutation(WithdrawStudentDiscountPayload, "Charge a student without a discount from now on.", requires=MANAGE)
    async def withdraw_student_discount(
        self, info: Info, input: Annotated[WithdrawStudentDiscountInput, argument("Which discount.")]
    ) -> Answer:
        kept = await discounts.withdraw_discount(
            info.context.actor,
            discount_id=read_id("StudentDiscount", input.discount_id, "input", "discountId"),
            expected_version=input.expected_version,
        )
        return Answer(discount=kept)

    @mutation(
        FeeRunPayload,
        "Charge a class, or some students, by a structure: each once, prorated for who joined late. Up to ten at once, more "
        "in the background; who cannot be charged fails alone.",
        requires=MANAGE,
    )
    async def add_fees(self, info: Info, input: Annotated[AddFeesInput, argument("Whom, and by what.")]) -> Answer:
        outcome = await once(
            input.idempotency_key,
            billing.add_fees,
            info.context.actor,
            structure_id=read_id("FeeStructure", input.structure_id, "input", "structureId"),
            class_id=read_optional_id("SchoolClass", input.class_id, "input", "classId"),
            student_ids=input.students(),
            schedule_id=read_optional_id("FeeSchedule", input.schedule_id, "input", "scheduleId"),
            plan=input.plan_kind,
        )
        return Answer(run=outcome.result, replayed=outcome.replayed)

    @mutation(
        FeeRunPayload,
        "Charge fees that are late what their structures say; never a fee that is paid, and never twice for the same days. "
        "It also happens by itself each day.",
        requires=MANAGE,
    )
    async def add_late_fees(self, info: Info, input: Annotated[AddLateFeesInput, argument("Which fees.")]) -> Answer:
        outcome = await once(
            input.idempotency_key,
            late_fees.add_late_fees,
            info.context.actor,
            structure_id=read_optional_id("FeeStructure", input.structure_id, "input", "structureId"),
            class_id=read_optional_id("SchoolClass", input.class_id, "input", "classId"),
            as_of=input.as_of,
        )
        return Answer(run=outcome.result, replayed=outcome.replayed)

    @mutation(
        FeeRunPayload,
        "Move what students owe from before a year or a term to a fee of it; the old fees ask for no more than they have.",
        requires=MANAGE,
    )
    async def carry_over_arrears(
        self, info: Info, input: Annotated[CarryOverArrearsInput, argument("Whose, and to when.")]
    ) -> Answer:
        outcome = await once(
            input.idempotency_key,
            carrying.carry_over_arrears,
            info.context.actor,
            year_id=read_id("AcademicYear", input.year_id, "input", "yearId"),
            term_id=read_optional_id("Term", input.term_id, "input", "termId"),
            class_id=read_optional_id("SchoolClass", input.class_id, "input", "classId"),
            student_ids=input.students(),
        )
        return Answer(run=outcome.result, replayed=outcome.replayed)

    @mutation(
        FeeTermsPayload,
        "Give money of a fee back: to who leaves, by the ladder of its structure; or what was paid beyond it.",
        requires=MANAGE,
    )
    async def refund_fee(self, info: Info, input: Annotated[RefundFeeInput, argument("Which fee, and how.")]) -> Answer:
        outcome = await once(
            input.idempotency_key,
            refunding.refund_fee,
            info.context.actor,
            fee_id=read_id("SchoolFee", input.fee_id, "input", "feeId"),
            way=input.way,
            left_on=input.left_on,
            amount=None if input.amount is None else input.amount.parse("input", "amount"),
            to_user_id=read_optional_id("User", input.to_user_id, "input", "toUserId"),
            reason=input.reason,
            expected_version=input.expected_version,
        )
        return _settled(outcome)

    @mutation(
        FeeTermsPayload,
        "Spread a fee by another plan, or charge it anew by its structure with the discounts that the student has now.",
        requires=MANAGE,
    )
    async def change_fee_terms(
        self, info: Info, input: Annotated[ChangeFeeTermsInput, argument("Which fee, and its terms.")]
    ) -> Answer:
        outcome = await once(
            input.idempotency_key,
            fee_terms.change_fee_terms,
            info.context.actor,
            fee_id=read_id("SchoolFee", input.fee_id, "input", "feeId"),
            plan=input.plan_kind,
            charge_anew=input.charge_anew,
            expected_version=input.expected_version,
        )
        return _settled(outcome)

    @mutation(
        FeeTermsPayload,
        "Set lessons that were missed against months that were not charged: the difference comes off a fee, or is due.",
        requires=MANAGE,
    )
    async def settle_missed_lessons(
        self, info: Info, input: Annotated[SettleMissedLessonsInput, argument("Which fee, and the lessons.")]
    ) -> Answer:
        outcome = await once(
            input.idempotency_key,
            fee_terms.settle_lessons,
            info.context.actor,
            fee_id=read_id("SchoolFee", input.fee_id, "input", "feeId"),
            category=input.category,
            expected_version=input.expected_version,
            **input.figures("input"),
        )
        return _settled(outcome)


def _settled(outcome: Outcome[Settled]) -> Answer:
    return Answer(fee=outcome.result.fee, payments=outcome.result.payments, replayed=outcome.replayed)
