"""Money that comes before there is a fee for it, is used for one, and goes back; and what was paid beyond fees."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.idempotency import Outcome, once
from domain.school.service import advances
from domain.school.service.advances import AdvanceUsed
from schema.kit import (
    Answer,
    Info,
    Money,
    ReplayablePayload,
    argument,
    attribute,
    mutation,
    payload_type,
    read_id,
    read_optional_id,
)
from schema.school.advances.inputs import (
    GiveBackAdvanceInput,
    MoveFeeCreditInput,
    RecordAdvanceInput,
    ReturnAdvanceInput,
    UseAdvanceInput,
)
from schema.school.advances.types import StudentAdvance
from schema.school.fees.types import FeePayment, SchoolFee

MANAGE = Permission.FEES_MANAGE
COLLECT = Permission.FEES_COLLECT


@payload_type("What came of recording an advance, or of giving it back.")
class AdvancePayload(ReplayablePayload):
    advance: StudentAdvance | None = attribute("What was written down.")


@payload_type("What came of using an advance for a fee, or of taking that back.")
class UseAdvancePayload(ReplayablePayload):
    fee: SchoolFee | None = attribute("The fee.")
    payment: FeePayment | None = attribute("The money as the fee has it.")
    advance: StudentAdvance | None = attribute("The same money as the advances have it.")
    unused: Money | None = attribute("What is unused of the student's advances in this currency.")


@payload_type("What came of moving what was paid beyond a fee.")
class MoveFeeCreditPayload(ReplayablePayload):
    from_fee: SchoolFee | None = attribute("The fee that it left.")
    to_fee: SchoolFee | None = attribute("The fee that it went to; null when it went to the advances.")
    advance: StudentAdvance | None = attribute("What the advances got; null when it went to a fee.")


@strawberry.type
class Mutation:
    @mutation(
        AdvancePayload,
        "Write down money that came for a student before there is a fee for it. It is no income until it is used.",
        requires=COLLECT,
    )
    async def record_advance(self, info: Info, input: Annotated[RecordAdvanceInput, argument("The money.")]) -> Answer:
        outcome = await once(
            input.idempotency_key,
            advances.record_advance,
            info.context.actor,
            student_id=read_id("Student", input.student_id, "input", "studentId"),
            amount=input.amount.parse("input", "amount"),
            way=input.way,
            paid_on=input.paid_on,
        )
        return Answer(advance=outcome.result, replayed=outcome.replayed)

    @mutation(AdvancePayload, "Give back what is unused of a student's advances.", requires=MANAGE)
    async def give_back_advance(self, info: Info, input: Annotated[GiveBackAdvanceInput, argument("The money.")]) -> Answer:
        outcome = await once(
            input.idempotency_key,
            advances.give_back_advance,
            info.context.actor,
            student_id=read_id("Student", input.student_id, "input", "studentId"),
            amount=input.amount.parse("input", "amount"),
            way=input.way,
        )
        return Answer(advance=outcome.result, replayed=outcome.replayed)

    @mutation(UseAdvancePayload, "Pay a fee from the student's advances.", requires=COLLECT)
    async def use_advance(
        self, info: Info, input: Annotated[UseAdvanceInput, argument("Which fee, and how much.")]
    ) -> Answer:
        outcome = await once(
            input.idempotency_key,
            advances.use_advance,
            info.context.actor,
            fee_id=read_id("SchoolFee", input.fee_id, "input", "feeId"),
            amount=None if input.amount is None else input.amount.parse("input", "amount"),
            expected_version=input.expected_version,
        )
        return _used(outcome)

    @mutation(
        UseAdvancePayload, "Take back from a fee what it was paid from advances: it is unused again.", requires=COLLECT
    )
    async def return_advance(self, info: Info, input: Annotated[ReturnAdvanceInput, argument("Which payment.")]) -> Answer:
        outcome = await once(
            input.idempotency_key,
            advances.return_advance,
            info.context.actor,
            fee_payment_id=read_id("FeePayment", input.fee_payment_id, "input", "feePaymentId"),
            expected_version=input.expected_version,
        )
        return _used(outcome)

    @mutation(
        MoveFeeCreditPayload,
        "Move what was paid beyond a fee to another fee of the student, or to the student's advances.",
        requires=COLLECT,
    )
    async def move_fee_credit(
        self, info: Info, input: Annotated[MoveFeeCreditInput, argument("From where, and to where.")]
    ) -> Answer:
        outcome = await once(
            input.idempotency_key,
            advances.move_fee_credit,
            info.context.actor,
            from_fee_id=read_id("SchoolFee", input.from_fee_id, "input", "fromFeeId"),
            to_fee_id=read_optional_id("SchoolFee", input.to_fee_id, "input", "toFeeId"),
            amount=None if input.amount is None else input.amount.parse("input", "amount"),
            expected_version=input.expected_version,
        )
        moved = outcome.result
        return Answer(
            from_fee=moved.source.fee,
            to_fee=None if moved.target is None else moved.target.fee,
            advance=moved.advance,
            replayed=outcome.replayed,
        )


def _used(outcome: Outcome[AdvanceUsed]) -> Answer:
    used = outcome.result
    return Answer(
        fee=used.settled.fee,
        payment=used.settled.payments[0],
        advance=used.advance,
        unused=used.unused,
        replayed=outcome.replayed,
    )
