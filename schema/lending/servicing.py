"""The money of a loan, from its disbursement to its end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

import strawberry

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.idempotency import once
from domain.kit.money import Money
from domain.lending import models, queries, service
from domain.lending.service import LoanMovement
from schema.kit import (
    Answer,
    Info,
    MoneyInput,
    Payload,
    ReplayablePayload,
    argument,
    attribute,
    mutation,
    payload_type,
    read_id,
)
from schema.lending.servicing_inputs import (
    AddLoanChargeInput,
    AgreeToLoanRequestInput,
    ChangeLoanRateInput,
    ChargeBackLoanInput,
    ChargeOffLoanInput,
    DisburseLoanInput,
    EndLoanRequestInput,
    LoanChargeInput,
    LoanReasonInput,
    PauseLoanDelinquencyInput,
    PayLoanInput,
    RecordLoanRepaymentInput,
    RefundOverpaymentInput,
    RequestLoanRescheduleInput,
    RequestLoanWriteOffInput,
    ResumeLoanDelinquencyInput,
    ReverseLoanRepaymentInput,
    WaiveLoanInterestInput,
)
from schema.lending.types import Loan, LoanCharge, LoanRequest, LoanTransaction


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


@payload_type("What came of asking for something, or of ending what was asked for.")
class LoanRequestPayload(Payload):
    request: LoanRequest | None = attribute("The request as it stands now.")
    loan: Loan | None = attribute("The loan as it stands now.")


@payload_type("What came of agreeing to what somebody else asked for.")
class AgreeToLoanRequestPayload(ReplayablePayload):
    request: LoanRequest | None = attribute("The request as it stands now.")
    loan: Loan | None = attribute("The loan as it stands now.")


@payload_type("What came of pausing or resuming.")
class LoanDelinquencyPayload(Payload):
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


async def _requested(actor: Actor, request: models.LoanRequest, **more: Any) -> Answer:
    return Answer(request=request, loan=await queries.loan(actor, request.loan_id), **more)


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

    @mutation(LoanChargePayload, "Demand a charge that was let go after all.", requires=Permission.LOAN_ADJUST)
    async def undo_loan_charge_waiver(
        self, info: Info, input: Annotated[LoanChargeInput, argument("Which, and why.")]
    ) -> Answer:
        return await _charged(
            input.idempotency_key,
            service.undo_charge_waiver,
            info.context.actor,
            charge_id=read_id("LoanCharge", input.charge_id, "input", "chargeId"),
            reason=input.reason,
        )

    @mutation(
        LoanRequestPayload,
        "Ask for a new plan for what is still to be paid. Somebody else decides.",
        requires=Permission.LOAN_ADJUST,
    )
    async def request_loan_reschedule(
        self, info: Info, input: Annotated[RequestLoanRescheduleInput, argument("What is wanted, and why.")]
    ) -> Answer:
        actor = info.context.actor
        request = await service.request_reschedule(
            actor, loan_id=_loan_id(input.loan_id), plan=input.plan.parse("input", "plan"), reason=input.reason
        )
        return await _requested(actor, request)

    @mutation(
        AgreeToLoanRequestPayload,
        "Agree to the new plan that somebody else asked for; it holds from today, and paid instalments never change.",
        requires=Permission.LOAN_APPROVE,
    )
    async def reschedule_loan(self, info: Info, input: Annotated[AgreeToLoanRequestInput, argument("Which.")]) -> Answer:
        actor = info.context.actor
        outcome = await once(
            input.idempotency_key,
            service.reschedule_loan,
            actor,
            loan_id=_loan_id(input.loan_id),
            comment=input.comment,
        )
        return await _requested(actor, outcome.result, replayed=outcome.replayed)

    @mutation(LoanRequestPayload, "Ask for a loan to be given up. Somebody else decides.", requires=Permission.LOAN_ADJUST)
    async def request_loan_write_off(
        self, info: Info, input: Annotated[RequestLoanWriteOffInput, argument("Which, and why.")]
    ) -> Answer:
        actor = info.context.actor
        request = await service.request_write_off(actor, loan_id=_loan_id(input.loan_id), reason=input.reason)
        return await _requested(actor, request)

    @mutation(
        AgreeToLoanRequestPayload,
        "Agree to a write-off that somebody else asked for: all that is unpaid is given up, and the loan is over.",
        requires=Permission.LOAN_APPROVE,
    )
    async def write_off_loan(self, info: Info, input: Annotated[AgreeToLoanRequestInput, argument("Which.")]) -> Answer:
        actor = info.context.actor
        outcome = await once(
            input.idempotency_key,
            service.write_off_loan,
            actor,
            loan_id=_loan_id(input.loan_id),
            comment=input.comment,
        )
        return await _requested(actor, outcome.result, replayed=outcome.replayed)

    @mutation(
        LoanRequestPayload,
        "Turn down what somebody else asked for. Nothing of the loan changes.",
        requires=Permission.LOAN_APPROVE,
    )
    async def reject_loan_request(
        self, info: Info, input: Annotated[EndLoanRequestInput, argument("Which, and why.")]
    ) -> Answer:
        actor = info.context.actor
        request = await service.reject_request(
            actor, loan_id=_loan_id(input.loan_id), kind=input.kind, comment=input.comment
        )
        return await _requested(actor, request)

    @mutation(LoanRequestPayload, "Take back what one asked for oneself.", requires=Permission.LOAN_ADJUST)
    async def withdraw_loan_request(
        self, info: Info, input: Annotated[EndLoanRequestInput, argument("Which, and why.")]
    ) -> Answer:
        actor = info.context.actor
        request = await service.withdraw_request(
            actor, loan_id=_loan_id(input.loan_id), kind=input.kind, reason=input.comment
        )
        return await _requested(actor, request)

    @mutation(
        LoanDelinquencyPayload,
        "Days that do not count as delinquent. Past-due days run on.",
        requires=Permission.LOAN_ADJUST,
    )
    async def pause_loan_delinquency(
        self, info: Info, input: Annotated[PauseLoanDelinquencyInput, argument("Which days, and why.")]
    ) -> Answer:
        actor, loan_id = info.context.actor, _loan_id(input.loan_id)
        await service.pause_delinquency(
            actor, loan_id=loan_id, starts_on=input.starts_on, ends_on=input.ends_on, reason=input.reason
        )
        return Answer(loan=await queries.loan(actor, loan_id))

    @mutation(LoanDelinquencyPayload, "Let days count as delinquent again, from today.", requires=Permission.LOAN_ADJUST)
    async def resume_loan_delinquency(
        self, info: Info, input: Annotated[ResumeLoanDelinquencyInput, argument("Which, and why.")]
    ) -> Answer:
        loan_id = _loan_id(input.loan_id)
        loan = await service.resume_delinquency(info.context.actor, loan_id=loan_id, reason=input.reason)
        return Answer(loan=loan)
