"""The money of a loan, from its disbursement to its end: what comes and goes, what is charged and what is let go."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final

import strawberry
from strawberry.utils.str_converters import to_camel_case

from domain.identity.permissions import Permission
from domain.kit.idempotency import once
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
    PrecloseLoanInput,
    RecordLoanRepaymentInput,
    RefundOverpaymentInput,
    ReverseLoanDisbursementInput,
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


_IDS: Final = {"loan_id": "Loan", "transaction_id": "LoanTransaction", "charge_id": "LoanCharge"}


def _said(input: Any) -> dict[str, Any]:
    """An input as the service takes it: every field by its own name, but for the key; ids and amounts are read."""
    said: dict[str, Any] = {}
    for name, value in vars(input).items():
        path = ("input", to_camel_case(name))
        if name in _IDS:
            said[name] = read_id(_IDS[name], value, *path)
        elif name != "idempotency_key":
            said[name] = value.parse(*path) if isinstance(value, MoneyInput) else value
    return said


async def _moved(input: Any, act: Callable[..., Awaitable[LoanMovement]], info: Info, **renamed: str) -> Answer:
    said = _said(input)
    for name, own in renamed.items():
        said[name] = said.pop(own)
    outcome = await once(input.idempotency_key, act, info.context.actor, **said)
    moved = outcome.result
    return Answer(loan=moved.loan, transaction=moved.transaction, replayed=outcome.replayed)


async def _adjusted(input: Any, act: Callable[..., Awaitable[models.Loan]], info: Info) -> Answer:
    outcome = await once(input.idempotency_key, act, info.context.actor, **_said(input))
    return Answer(loan=outcome.result, replayed=outcome.replayed)


async def _charged(input: Any, act: Callable[..., Awaitable[models.LoanCharge]], info: Info) -> Answer:
    actor = info.context.actor
    outcome = await once(input.idempotency_key, act, actor, **_said(input))
    charge = outcome.result
    return Answer(charge=charge, loan=await queries.loan(actor, charge.loan_id), replayed=outcome.replayed)


@strawberry.type
class Mutation:
    @mutation(
        LoanMovementPayload,
        "Pay a loan out, whole or in a tranche. A down payment comes back by the same way at once. A loan that names what "
        "it pays is paid out DIRECT: the money goes straight there, or nothing is done.",
        requires=Permission.LOAN_DISBURSE,
    )
    async def disburse_loan(self, info: Info, input: Annotated[DisburseLoanInput, argument("Which, and how.")]) -> Answer:
        return await _moved(input, service.disburse_loan, info)

    @mutation(
        LoanMovementPayload,
        "Take the last payout of a loan back, after which nothing has happened with it. What went straight to what the loan "
        "pays comes back from there.",
        requires=Permission.LOAN_ADJUST,
    )
    async def reverse_loan_disbursement(
        self, info: Info, input: Annotated[ReverseLoanDisbursementInput, argument("Which, and why.")]
    ) -> Answer:
        return await _moved(input, service.reverse_loan_disbursement, info)

    @mutation(
        LoanMovementPayload,
        "Record what staff received. It counts from the day it came; what is more than all that is owed is kept for the "
        "borrower.",
        requires=Permission.LOAN_COLLECT,
    )
    async def record_loan_repayment(
        self, info: Info, input: Annotated[RecordLoanRepaymentInput, argument("What came.")]
    ) -> Answer:
        return await _moved(input, service.record_loan_repayment, info)

    @mutation(LoanMovementPayload, "Pay from one's own wallet.", requires=Permission.LOAN_APPLY)
    async def pay_loan(self, info: Info, input: Annotated[PayLoanInput, argument("Which loan, how much.")]) -> Answer:
        return await _moved(input, service.pay_loan, info)

    @mutation(
        LoanMovementPayload,
        "Record that the borrower paid today what closes the loan: what `loanPayoff` quotes for today.",
        requires=Permission.LOAN_COLLECT,
    )
    async def preclose_loan(self, info: Info, input: Annotated[PrecloseLoanInput, argument("Which, and how.")]) -> Answer:
        return await _moved(input, service.preclose_loan, info)

    @mutation(
        LoanMovementPayload,
        "Record money that came in after the write-off: income, and the loan stays written off.",
        requires=Permission.LOAN_COLLECT,
    )
    async def record_loan_recovery(
        self, info: Info, input: Annotated[RecordLoanRepaymentInput, argument("What came.")]
    ) -> Answer:
        return await _moved(input, service.record_recovery, info)

    @mutation(
        LoanMovementPayload,
        "Undo a payment as if it had never been; later payments are reversed and applied again in the order of their days.",
        requires=Permission.LOAN_ADJUST,
    )
    async def reverse_loan_repayment(
        self, info: Info, input: Annotated[ReverseLoanRepaymentInput, argument("Which, and why.")]
    ) -> Answer:
        return await _moved(input, service.reverse_loan_repayment, info)

    @mutation(
        LoanMovementPayload,
        "Record that the bank took a payment back: it is owed again from that day, as principal.",
        requires=Permission.LOAN_ADJUST,
    )
    async def charge_back_loan_repayment(
        self, info: Info, input: Annotated[ChargeBackLoanInput, argument("Which, and how much.")]
    ) -> Answer:
        return await _moved(input, service.charge_back, info, on="charged_back_on")

    @mutation(LoanMovementPayload, "Give back what was overpaid.", requires=Permission.LOAN_ADJUST)
    async def refund_loan_overpayment(
        self, info: Info, input: Annotated[RefundOverpaymentInput, argument("How much, and where to.")]
    ) -> Answer:
        return await _moved(input, service.refund_overpayment, info)

    @mutation(LoanMovementPayload, "Let interest go, of the oldest instalments first.", requires=Permission.LOAN_ADJUST)
    async def waive_loan_interest(
        self, info: Info, input: Annotated[WaiveLoanInterestInput, argument("How much, and why.")]
    ) -> Answer:
        return await _moved(input, service.waive_interest, info)

    @mutation(
        LoanMovementPayload,
        "Take what is owed off the books as lost. The loan stays active, and what is paid later is a recovery.",
        requires=Permission.LOAN_ADJUST,
    )
    async def charge_off_loan(self, info: Info, input: Annotated[ChargeOffLoanInput, argument("Which, and why.")]) -> Answer:
        return await _moved(input, service.charge_off_loan, info, on="charged_off_on")

    @mutation(LoanAdjustmentPayload, "Put a loan back on the books.", requires=Permission.LOAN_ADJUST)
    async def undo_loan_charge_off(
        self, info: Info, input: Annotated[LoanReasonInput, argument("Which, and why.")]
    ) -> Answer:
        return await _adjusted(input, service.undo_charge_off, info)

    @mutation(LoanAdjustmentPayload, "Change the rate from a day on, which may lie ahead.", requires=Permission.LOAN_ADJUST)
    async def change_loan_rate(
        self, info: Info, input: Annotated[ChangeLoanRateInput, argument("Which rate, from when, and why.")]
    ) -> Answer:
        return await _adjusted(input, service.change_rate, info)

    @mutation(
        LoanChargePayload,
        "Charge a fee or a penalty. After maturity it makes an instalment of its own, and a closed loan is open again.",
        requires=Permission.LOAN_ADJUST,
    )
    async def add_loan_charge(self, info: Info, input: Annotated[AddLoanChargeInput, argument("What.")]) -> Answer:
        return await _charged(input, service.add_loan_charge, info)

    @mutation(LoanChargePayload, "Let go what is unpaid of a charge.", requires=Permission.LOAN_ADJUST)
    async def waive_loan_charge(self, info: Info, input: Annotated[LoanChargeInput, argument("Which, and why.")]) -> Answer:
        return await _charged(input, service.waive_loan_charge, info)

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
