"""The money of a loan, from its disbursement to its end: what comes and goes, what is charged and what is let go."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

import strawberry

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.idempotency import once
from domain.kit.money import Money
from domain.lending import models, queries, service, statement
from domain.lending.service import LoanMovement
from schema.kit import (
    Answer,
    Info,
    MoneyInput,
    ReplayablePayload,
    argument,
    attribute,
    mutation,
    payload_type,
    read_id,
)
from schema.lending.servicing_inputs import (
    AddLoanChargeInput,
    ChangeLoanRateInput,
    ChargeBackLoanInput,
    ChargeOffLoanInput,
    DisburseLoanInput,
    LoanChargeInput,
    LoanReasonInput,
    PayLoanInput,
    RecordLoanRepaymentInput,
    RefundOverpaymentInput,
    ReverseLoanRepaymentInput,
    WaiveLoanInterestInput,
)
from schema.lending.types import Loan, LoanCharge, LoanTransaction


@payload_type("What came of moving a loan's money.")
class LoanMovementPayload(ReplayablePayload):
    loan: Loan | None = attribute("The loan as it stands now.")
    transaction: LoanTransaction | None = attribute("The movement on its statement.")


@payload_type("What came of charging, or of letting a charge go.")
class LoanChargePayload(ReplayablePayload):
    charge: LoanCharge | None = attribute("The charge as it stands now.")
    loan: Loan | None = attribute("The loan as it stands now.")


@payload_type("What came of an act that changes what is owed.")
class LoanAdjustmentPayload(ReplayablePayload):
    loan: Loan | None = attribute("The loan as it stands now.")


def _loan_id(given: str) -> UUID:
    return read_id("Loan", given, "input", "loanId")


def _transaction_id(given: str) -> UUID:
    return read_id("LoanTransaction", given, "input", "transactionId")


def _amount(given: MoneyInput | None, name: str = "amount") -> Money | None:
    return None if given is None else given.parse("input", name)


async def _moved(key: str | None, act: Callable[..., Awaitable[LoanMovement]], actor: Actor, **said: Any) -> Answer:
    outcome = await once(key, act, actor, **said)
    moved = outcome.result
    return Answer(loan=moved.loan, transaction=moved.transaction, replayed=outcome.replayed)


async def _adjusted(key: str | None, act: Callable[..., Awaitable[models.Loan]], actor: Actor, **said: Any) -> Answer:
    outcome = await once(key, act, actor, **said)
    return Answer(loan=outcome.result, replayed=outcome.replayed)


async def _charged(key: str | None, act: Callable[..., Awaitable[models.LoanCharge]], actor: Actor, **said: Any) -> Answer:
    outcome = await once(key, act, actor, **said)
    charge = outcome.result
    return Answer(charge=charge, loan=await queries.loan(actor, charge.loan_id), replayed=outcome.replayed)


@strawberry.type
class Mutation:
    @mutation(
        LoanMovementPayload,
        "Pay a loan out, whole or in a tranche. A down payment comes back by the same way at once.",
        requires=Permission.LOAN_DISBURSE,
    )
    async def disburse_loan(self, info: Info, input: Annotated[DisburseLoanInput, argument("Which, and how.")]) -> Answer:
        return await _moved(
            input.idempotency_key,
            service.disburse_loan,
            info.context.actor,
            loan_id=_loan_id(input.loan_id),
            amount=_amount(input.amount),
            channel=input.channel,
            disbursed_on=input.disbursed_on,
            reference=input.reference,
            keep_fees=input.keep_fees,
            note=input.note,
        )

    @mutation(
        LoanMovementPayload,
        "Record what staff received. It counts from the day it came; what is more than all that is owed is kept for the "
        "borrower.",
        requires=Permission.LOAN_COLLECT,
    )
    async def record_loan_repayment(
        self, info: Info, input: Annotated[RecordLoanRepaymentInput, argument("What came.")]
    ) -> Answer:
        return await _moved(
            input.idempotency_key,
            service.record_loan_repayment,
            info.context.actor,
            loan_id=_loan_id(input.loan_id),
            amount=_amount(input.amount),
            channel=input.channel,
            received_on=input.received_on,
            reference=input.reference,
            note=input.note,
        )

    @mutation(LoanMovementPayload, "Pay from one's own wallet.", requires=Permission.LOAN_APPLY)
    async def pay_loan(self, info: Info, input: Annotated[PayLoanInput, argument("Which loan, how much.")]) -> Answer:
        return await _moved(
            input.idempotency_key,
            service.pay_loan,
            info.context.actor,
            loan_id=_loan_id(input.loan_id),
            amount=_amount(input.amount),
        )

    @mutation(
        LoanMovementPayload,
        "Record money that came in after the write-off: income, and the loan stays written off.",
        requires=Permission.LOAN_COLLECT,
    )
    async def record_loan_recovery(
        self, info: Info, input: Annotated[RecordLoanRepaymentInput, argument("What came.")]
    ) -> Answer:
        return await _moved(
            input.idempotency_key,
            service.record_recovery,
            info.context.actor,
            loan_id=_loan_id(input.loan_id),
            amount=_amount(input.amount),
            channel=input.channel,
            received_on=input.received_on,
            reference=input.reference,
            note=input.note,
        )

    @mutation(
        LoanMovementPayload,
        "Undo a payment as if it had never been; later payments are reversed and applied again in the order of their days.",
        requires=Permission.LOAN_ADJUST,
    )
    async def reverse_loan_repayment(
        self, info: Info, input: Annotated[ReverseLoanRepaymentInput, argument("Which, and why.")]
    ) -> Answer:
        return await _moved(
            input.idempotency_key,
            service.reverse_loan_repayment,
            info.context.actor,
            transaction_id=_transaction_id(input.transaction_id),
            reason=input.reason,
            nsf_fee=_amount(input.nsf_fee, "nsfFee"),
        )

    @mutation(
        LoanMovementPayload,
        "Record that the bank took a payment back: it is owed again from that day, as principal.",
        requires=Permission.LOAN_ADJUST,
    )
    async def charge_back_loan_repayment(
        self, info: Info, input: Annotated[ChargeBackLoanInput, argument("Which, and how much.")]
    ) -> Answer:
        return await _moved(
            input.idempotency_key,
            service.charge_back,
            info.context.actor,
            transaction_id=_transaction_id(input.transaction_id),
            amount=_amount(input.amount),
            on=input.charged_back_on,
            note=input.note,
        )

    @mutation(LoanMovementPayload, "Give back what was overpaid.", requires=Permission.LOAN_ADJUST)
    async def refund_loan_overpayment(
        self, info: Info, input: Annotated[RefundOverpaymentInput, argument("How much, and where to.")]
    ) -> Answer:
        return await _moved(
            input.idempotency_key,
            service.refund_overpayment,
            info.context.actor,
            loan_id=_loan_id(input.loan_id),
            amount=_amount(input.amount),
            channel=input.channel,
            reference=input.reference,
            note=input.note,
        )

    @mutation(LoanMovementPayload, "Let interest go, of the oldest instalments first.", requires=Permission.LOAN_ADJUST)
    async def waive_loan_interest(
        self, info: Info, input: Annotated[WaiveLoanInterestInput, argument("How much, and why.")]
    ) -> Answer:
        return await _moved(
            input.idempotency_key,
            service.waive_interest,
            info.context.actor,
            loan_id=_loan_id(input.loan_id),
            amount=_amount(input.amount),
            reason=input.reason,
            instalment=input.instalment,
        )

    @mutation(
        LoanMovementPayload,
        "Take what is owed off the books as lost. The loan stays active, and what is paid later is a recovery.",
        requires=Permission.LOAN_ADJUST,
    )
    async def charge_off_loan(self, info: Info, input: Annotated[ChargeOffLoanInput, argument("Which, and why.")]) -> Answer:
        return await _moved(
            input.idempotency_key,
            service.charge_off_loan,
            info.context.actor,
            loan_id=_loan_id(input.loan_id),
            reason=input.reason,
            on=input.charged_off_on,
        )

    @mutation(LoanAdjustmentPayload, "Put a loan back on the books.", requires=Permission.LOAN_ADJUST)
    async def undo_loan_charge_off(
        self, info: Info, input: Annotated[LoanReasonInput, argument("Which, and why.")]
    ) -> Answer:
        return await _adjusted(
            input.idempotency_key,
            service.undo_charge_off,
            info.context.actor,
            loan_id=_loan_id(input.loan_id),
            reason=input.reason,
        )

    @mutation(LoanAdjustmentPayload, "Change the rate from a day on, which may lie ahead.", requires=Permission.LOAN_ADJUST)
    async def change_loan_rate(
        self, info: Info, input: Annotated[ChangeLoanRateInput, argument("Which rate, from when, and why.")]
    ) -> Answer:
        return await _adjusted(
            input.idempotency_key,
            service.change_rate,
            info.context.actor,
            loan_id=_loan_id(input.loan_id),
            annual_rate=input.annual_rate,
            effective_on=input.effective_on,
            reason=input.reason,
        )

    @mutation(
        LoanChargePayload,
        "Charge a fee or a penalty. After maturity it makes an instalment of its own, and a closed loan is open again.",
        requires=Permission.LOAN_ADJUST,
    )
    async def add_loan_charge(self, info: Info, input: Annotated[AddLoanChargeInput, argument("What.")]) -> Answer:
        return await _charged(
            input.idempotency_key,
            service.add_loan_charge,
            info.context.actor,
            loan_id=_loan_id(input.loan_id),
            title=input.title,
            value=input.value,
            basis=input.basis,
            due_on=input.due_on,
            penalty=input.penalty,
            code=input.code,
            note=input.note,
        )

    @mutation(LoanChargePayload, "Let go what is unpaid of a charge.", requires=Permission.LOAN_ADJUST)
    async def waive_loan_charge(self, info: Info, input: Annotated[LoanChargeInput, argument("Which, and why.")]) -> Answer:
        return await _charged(
            input.idempotency_key,
            service.waive_loan_charge,
            info.context.actor,
            charge_id=read_id("LoanCharge", input.charge_id, "input", "chargeId"),
            reason=input.reason,
        )

    @mutation(
        LoanChargePayload,
        "Demand a charge that was let go after all. It is null when it was spread over other instalments meanwhile.",
        requires=Permission.LOAN_ADJUST,
    )
    async def undo_loan_charge_waiver(
        self, info: Info, input: Annotated[LoanChargeInput, argument("Which, and why.")]
    ) -> Answer:
        actor, charge_id = info.context.actor, read_id("LoanCharge", input.charge_id, "input", "chargeId")
        outcome = await once(
            input.idempotency_key, service.undo_charge_waiver, actor, charge_id=charge_id, reason=input.reason
        )
        standing = await statement.charges_by_id(actor, [charge_id])
        return Answer(charge=standing.get(charge_id), loan=outcome.result, replayed=outcome.replayed)
