"""What a loan is asked to become, by two persons: a new plan or a write-off; and the days that do not count against it."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import strawberry

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.idempotency import once
from domain.lending import models, queries, service
from schema.kit import Answer, Info, Payload, ReplayablePayload, argument, attribute, mutation, payload_type, read_id
from schema.kit.paths import fields_under
from schema.lending.servicing_inputs import (
    PLAN_FIELDS,
    AgreeToLoanRequestInput,
    PauseLoanDelinquencyInput,
    RejectLoanRequestInput,
    RequestLoanRescheduleInput,
    RequestLoanWriteOffInput,
    ResumeLoanDelinquencyInput,
    WithdrawLoanRequestInput,
)
from schema.lending.types import Loan, LoanRequest


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


async def _requested(actor: Actor, request: models.LoanRequest, **more: Any) -> Answer:
    return Answer(request=request, loan=await queries.loan(actor, request.loan_id), **more)


@strawberry.type
class Mutation:
    @mutation(
        LoanRequestPayload,
        "Ask for a new plan for what is still to be paid. Somebody else decides.",
        requires=Permission.LOAN_ADJUST,
        without_key="to ask moves no money, and the same is asked for once.",
    )
    async def request_loan_reschedule(
        self, info: Info, input: Annotated[RequestLoanRescheduleInput, argument("What is wanted, and why.")]
    ) -> Answer:
        actor = info.context.actor
        loan_id, plan = _loan_id(input.loan_id), input.plan.parse("input", "plan")
        with fields_under("input", "plan", only=PLAN_FIELDS):
            request = await service.request_reschedule(actor, loan_id=loan_id, plan=plan, reason=input.reason)
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

    @mutation(
        LoanRequestPayload,
        "Ask for a loan to be given up. Somebody else decides.",
        requires=Permission.LOAN_ADJUST,
        without_key="to ask moves no money, and the same is asked for once.",
    )
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
        without_key="no money moves, and a request is answered once.",
    )
    async def reject_loan_request(
        self, info: Info, input: Annotated[RejectLoanRequestInput, argument("Which, and why.")]
    ) -> Answer:
        actor = info.context.actor
        request = await service.reject_request(
            actor, loan_id=_loan_id(input.loan_id), kind=input.kind, comment=input.comment
        )
        return await _requested(actor, request)

    @mutation(
        LoanRequestPayload,
        "Take back what one asked for oneself.",
        requires=Permission.LOAN_ADJUST,
        without_key="no money moves, and a request is answered once.",
    )
    async def withdraw_loan_request(
        self, info: Info, input: Annotated[WithdrawLoanRequestInput, argument("Which, and why.")]
    ) -> Answer:
        actor = info.context.actor
        request = await service.withdraw_request(
            actor, loan_id=_loan_id(input.loan_id), kind=input.kind, reason=input.reason
        )
        return await _requested(actor, request)

    @mutation(
        LoanDelinquencyPayload,
        "Days that do not count as delinquent. Past-due days run on.",
        requires=Permission.LOAN_ADJUST,
        without_key="what it may book is the interest up to today, which is booked once.",
    )
    async def pause_loan_delinquency(
        self, info: Info, input: Annotated[PauseLoanDelinquencyInput, argument("Which days, and why.")]
    ) -> Answer:
        actor, loan_id = info.context.actor, _loan_id(input.loan_id)
        await service.pause_delinquency(
            actor, loan_id=loan_id, starts_on=input.starts_on, ends_on=input.ends_on, reason=input.reason
        )
        return Answer(loan=await queries.loan(actor, loan_id))

    @mutation(
        LoanDelinquencyPayload,
        "Let days count as delinquent again, from today.",
        requires=Permission.LOAN_ADJUST,
        without_key="what it may book is the interest up to today, which is booked once.",
    )
    async def resume_loan_delinquency(
        self, info: Info, input: Annotated[ResumeLoanDelinquencyInput, argument("Which, and why.")]
    ) -> Answer:
        loan_id = _loan_id(input.loan_id)
        loan = await service.resume_delinquency(info.context.actor, loan_id=loan_id, reason=input.reason)
        return Answer(loan=loan)
