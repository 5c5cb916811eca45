"""Charging, changing and deleting fees, and paying them."""

from __future__ import annotations

from typing import Annotated, Final

import strawberry

from domain.identity.permissions import Permission
from domain.kit.idempotency import Outcome, once
from domain.school.fees import Settled
from domain.school.queries.fees import receipts_of_payments
from domain.school.queries.transactions import transactions_of_fees
from domain.school.service import changing_fees, charging, collecting
from schema.kit import Answer, Info, ReplayablePayload, argument, attribute, mutation, payload_type, read_id
from schema.school.fees.inputs import AddFeeInput, DeleteFeeInput, PayFeeInput, UpdateFeeInput, fee_id_of
from schema.school.fees.types import FeePayment, FeeReceipt, SchoolFee
from schema.school.money.types import FinancialTransaction

CHARGED: Final = "Fee recorded"
PAID: Final = "Payment recorded and financial transaction created"
UPDATED: Final = "Payment and financial records updated"
DELETED: Final = "Payment and financial records deleted"


@payload_type("A fee as the act left it, with what the books have of it.")
class SchoolFeePayload(ReplayablePayload):
    fee: SchoolFee | None = attribute("The fee.")
    financial_transaction: FinancialTransaction | None = attribute(
        "What the books have of it now: one row of all that is paid; null when nothing is, and to the family."
    )
    receipt: FeeReceipt | None = attribute("The receipt for what was paid by this act; null when nothing was.")
    payments: list[FeePayment] | None = attribute("The money that moved by this act; empty when none did.")
    message: str | None = attribute("What was done, in words.")


@payload_type("What came of deleting a fee.")
class DeleteFeePayload(ReplayablePayload):
    fee: SchoolFee | None = attribute("The fee as it was deleted: it keeps its number, and nobody owes it.")
    deleted_reference: str | None = attribute("Its number, under which the books have nothing that stands any more.")
    payments: list[FeePayment] | None = attribute("The money that was taken back.")
    message: str | None = attribute("What was done, in words.")


@strawberry.type
class Mutation:
    @mutation(
        SchoolFeePayload,
        "Charge a student a fee, and write down what is paid of it at once: for more than nothing there is a receipt, and a "
        "transaction in the category `School Fees` under the number of the fee. The latter takes FEES_COLLECT.",
        requires=Permission.FEES_MANAGE,
    )
    async def add_fee(self, info: Info, input: Annotated[AddFeeInput, argument("The fee.")]) -> Answer:
        paid = input.amount_paid
        outcome = await once(
            input.idempotency_key,
            charging.add_fee,
            info.context.actor,
            student_id=read_id("Student", input.student_id, "input", "studentId"),
            terms=input.terms(),
            amount_paid=None if paid is None else paid.parse("input", "amountPaid", zero=True),
            way=input.way,
            paid_on=input.paid_on,
        )
        return await _settled(info, outcome, PAID if outcome.result.receipt else CHARGED)

    @mutation(
        SchoolFeePayload,
        "Say anew what a fee asks for, which takes FEES_MANAGE, or what is paid of it, which takes FEES_COLLECT. Its "
        "transaction is reversed and made anew under the same reference; at zero there is none.",
        requires=Permission.FEES_READ,
    )
    async def update_fee(
        self, info: Info, input: Annotated[UpdateFeeInput, argument("Which fee, and what it is.")]
    ) -> Answer:
        outcome = await once(
            input.idempotency_key,
            changing_fees.update_fee,
            info.context.actor,
            fee_id=fee_id_of(input.fee_id),
            edits=input.edits(),
            expected_version=input.expected_version,
            way=input.way,
            paid_on=input.paid_on,
            reason=input.reason,
        )
        return await _settled(info, outcome, UPDATED)

    @mutation(
        DeleteFeePayload,
        "Delete a fee with all that was written down as paid of it: nothing is owed, and its transaction goes. What came by "
        "mobile money, a loan or an advance is given back there first (FEE_MONEY_FROM_ELSEWHERE).",
        requires=Permission.FEES_MANAGE,
    )
    async def delete_fee(self, info: Info, input: Annotated[DeleteFeeInput, argument("Which fee, and why.")]) -> Answer:
        outcome = await once(
            input.idempotency_key,
            changing_fees.delete_fee,
            info.context.actor,
            fee_id=fee_id_of(input.fee_id),
            expected_version=input.expected_version,
            reason=input.reason,
        )
        fee = outcome.result.fee
        return Answer(
            fee=fee,
            deleted_reference=fee.number,
            payments=outcome.result.payments,
            message=DELETED,
            replayed=outcome.replayed,
        )

    @mutation(
        SchoolFeePayload,
        "Take money for a fee. Staff who collect write down what they were given; a guardian pays for a ward from the own "
        "wallet.",
        requires=Permission.SIGNED_IN,
    )
    async def pay_fee(self, info: Info, input: Annotated[PayFeeInput, argument("Which fee, and how much.")]) -> Answer:
        outcome = await once(
            input.idempotency_key,
            collecting.pay_fee,
            info.context.actor,
            fee_id=fee_id_of(input.fee_id),
            amount=None if input.amount is None else input.amount.parse("input", "amount"),
            way=input.way,
            paid_on=input.paid_on,
            expected_version=input.expected_version,
        )
        return await _settled(info, outcome, PAID)


async def _settled(info: Info, outcome: Outcome[Settled], message: str) -> Answer:
    settled, load = outcome.result, info.context.load
    given = settled.receipt
    return Answer(
        fee=settled.fee,
        financial_transaction=await load(transactions_of_fees, settled.fee.id),
        receipt=None if given is None else await load(receipts_of_payments, given.id),
        payments=settled.payments,
        message=message,
        replayed=outcome.replayed,
    )
