"""Loan products, and an application from its draft to its decision."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.errors import DomainError, InvalidInput
from domain.kit.idempotency import once
from domain.lending import queries, service
from schema.kit import (
    Answer,
    Info,
    Payload,
    ReplayablePayload,
    argument,
    attribute,
    mutation,
    payload_type,
    query,
    read_id,
)
from schema.kit.forms import FormValidation, Validation
from schema.kit.paths import fields_under
from schema.lending.inputs import (
    TERMS_FIELDS,
    AddLoanDocumentsInput,
    ApproveLoanInput,
    AssignLoanOfficerInput,
    CreateLoanProductInput,
    LoanApplicationInput,
    LoanProductInput,
    RejectLoanInput,
    ReviewLoanInput,
    SubmitLoanApplicationInput,
    UpdateLoanApplicationInput,
    UpdateLoanProductInput,
    VerifyKycInput,
    WithdrawLoanInput,
)
from schema.lending.quotes import LoanQuote
from schema.lending.terms import LoanProduct
from schema.lending.types import Loan, LoanDocument


@payload_type("What came of changing a product.")
class LoanProductPayload(Payload):
    product: LoanProduct | None = attribute("The product as it is now.")


@payload_type("What came of an act on an application.")
class LoanPayload(Payload):
    loan: Loan | None = attribute("The loan as it stands now.")


@payload_type("What came of handing an application in.")
class SubmitLoanApplicationPayload(ReplayablePayload):
    loan: Loan | None = attribute("The loan as it stands now.")


@payload_type("What came of adding papers.")
class AddLoanDocumentsPayload(Payload):
    documents: list[LoanDocument] | None = attribute("The papers that were added.")
    loan: Loan | None = attribute("The loan as it stands now.")


@strawberry.type
class Query:
    @query(
        LoanQuote | None,
        "What a loan would cost if it were paid out today: the very schedule that would then be booked. Nothing is written, "
        "so a form may ask as it is typed.",
        requires=Permission.LOAN_READ,
    )
    async def loan_quote(self, info: Info, input: Annotated[LoanApplicationInput, argument("What is asked for.")]) -> object:
        return await service.loan_quote(info.context.actor, application=input.parse())

    @query(
        FormValidation,
        "All that would be refused if this were handed in now. Nothing is written, so a form may ask as it is typed.",
        requires=Permission.LOAN_READ,
    )
    async def validate_loan_application(
        self, info: Info, input: Annotated[LoanApplicationInput, argument("What is asked for.")]
    ) -> object:
        try:
            application = input.parse()
        except DomainError as unread:
            return Validation([unread])
        return Validation(await service.validate_loan_application(info.context.actor, application=application))


@strawberry.type
class Mutation:
    @mutation(
        LoanProductPayload,
        "Make a loan product, which can be applied for at once.",
        requires=Permission.LOAN_PRODUCTS_MANAGE,
    )
    async def create_loan_product(
        self, info: Info, input: Annotated[CreateLoanProductInput, argument("The product.")]
    ) -> Answer:
        offer = input.parse()
        with fields_under("input", "terms", only=TERMS_FIELDS):
            return Answer(product=await service.create_product(info.context.actor, offer=offer))

    @mutation(
        LoanProductPayload,
        "Make the next revision of a product. Loans that there are keep the terms that they were agreed on.",
        requires=Permission.LOAN_PRODUCTS_MANAGE,
    )
    async def update_loan_product(
        self, info: Info, input: Annotated[UpdateLoanProductInput, argument("What changes.")]
    ) -> Answer:
        product_id, changes = read_id("LoanProduct", input.product_id, "input", "productId"), input.changes()
        with fields_under("input", "terms", only=TERMS_FIELDS):
            product = await service.update_product(
                info.context.actor,
                product_id=product_id,
                changes=changes,
                expected_revision=input.expected_revision,
            )
        return Answer(product=product)

    @mutation(LoanProductPayload, "Lend a product no more.", requires=Permission.LOAN_PRODUCTS_MANAGE)
    async def retire_loan_product(self, info: Info, input: Annotated[LoanProductInput, argument("Which.")]) -> Answer:
        product_id = read_id("LoanProduct", input.product_id, "input", "productId")
        return Answer(product=await service.retire_product(info.context.actor, product_id=product_id))

    @mutation(LoanProductPayload, "Lend a product again.", requires=Permission.LOAN_PRODUCTS_MANAGE)
    async def restore_loan_product(self, info: Info, input: Annotated[LoanProductInput, argument("Which.")]) -> Answer:
        product_id = read_id("LoanProduct", input.product_id, "input", "productId")
        return Answer(product=await service.restore_product(info.context.actor, product_id=product_id))

    @mutation(
        LoanPayload,
        "Begin an application: a draft, which only the borrower and its writer see.",
        requires=Permission.LOAN_READ,
        without_key="a draft moves no money.",
    )
    async def create_loan_application(
        self, info: Info, input: Annotated[LoanApplicationInput, argument("What is asked for.")]
    ) -> Answer:
        return Answer(loan=await service.create_application(info.context.actor, application=input.parse()))

    @mutation(
        LoanPayload,
        "Change a draft.",
        requires=Permission.LOAN_READ,
        without_key="a draft moves no money.",
    )
    async def update_loan_application(
        self, info: Info, input: Annotated[UpdateLoanApplicationInput, argument("What changes.")]
    ) -> Answer:
        loan_id = read_id("Loan", input.loan_id, "input", "loanId")
        loan = await service.update_application(info.context.actor, loan_id=loan_id, changes=input.changes())
        return Answer(loan=loan)

    @mutation(
        SubmitLoanApplicationPayload,
        "Hand an application in: a draft, or a whole new one at once. From here on staff of the branch see it.",
        requires=Permission.LOAN_READ,
    )
    async def submit_loan_application(
        self, info: Info, input: Annotated[SubmitLoanApplicationInput, argument("Which application.")]
    ) -> Answer:
        actor, key = info.context.actor, input.idempotency_key
        if (input.loan_id is None) == (input.application is None):
            raise InvalidInput("name a draft, or say what is asked for", field=("input",))
        if input.application is not None:
            outcome = await once(key, service.apply_for_loan, actor, application=input.application.parse())
        else:
            assert input.loan_id is not None, "one of the two is there"
            loan_id = read_id("Loan", input.loan_id, "input", "loanId")
            outcome = await once(key, service.submit_application, actor, loan_id=loan_id)
        return Answer(loan=outcome.result, replayed=outcome.replayed)

    @mutation(AddLoanDocumentsPayload, "Add papers to a loan that is not over.", requires=Permission.LOAN_READ)
    async def add_loan_documents(
        self, info: Info, input: Annotated[AddLoanDocumentsInput, argument("Which papers.")]
    ) -> Answer:
        actor, loan_id = info.context.actor, read_id("Loan", input.loan_id, "input", "loanId")
        added = await service.add_documents(actor, loan_id=loan_id, documents=input.parse())
        return Answer(documents=added, loan=await queries.loan(actor, loan_id))

    @mutation(
        LoanPayload,
        "Take a loan to look after, or give it to an officer of its branch.",
        requires=Permission.LOAN_REVIEW,
    )
    async def assign_loan_officer(
        self, info: Info, input: Annotated[AssignLoanOfficerInput, argument("Who, and which loan.")]
    ) -> Answer:
        loan = await service.assign_officer(
            info.context.actor,
            loan_id=read_id("Loan", input.loan_id, "input", "loanId"),
            officer_id=read_id("User", input.officer_id, "input", "officerId"),
        )
        return Answer(loan=loan)

    @mutation(
        LoanPayload,
        "Look at an application and recommend something. With the identity verified, it then waits for its decision.",
        requires=Permission.LOAN_REVIEW,
    )
    async def review_loan(self, info: Info, input: Annotated[ReviewLoanInput, argument("What came of it.")]) -> Answer:
        loan_id = read_id("Loan", input.loan_id, "input", "loanId")
        loan = await service.review_loan(
            info.context.actor, loan_id=loan_id, recommendation=input.recommendation, comment=input.comment
        )
        return Answer(loan=loan)

    @mutation(LoanPayload, "Say that the borrower is who the application says.", requires=Permission.LOAN_REVIEW)
    async def verify_kyc(self, info: Info, input: Annotated[VerifyKycInput, argument("Whose application.")]) -> Answer:
        loan_id = read_id("Loan", input.loan_id, "input", "loanId")
        return Answer(loan=await service.verify_kyc(info.context.actor, loan_id=loan_id, note=input.note))

    @mutation(
        LoanPayload,
        "Agree to lend, for what was asked or less. Not for whoever wrote, handed in or reviewed the application.",
        requires=Permission.LOAN_APPROVE,
    )
    async def approve_loan(
        self, info: Info, input: Annotated[ApproveLoanInput, argument("Which loan, on which terms.")]
    ) -> Answer:
        loan = await service.approve_loan(
            info.context.actor,
            loan_id=read_id("Loan", input.loan_id, "input", "loanId"),
            principal=None if input.principal is None else input.principal.parse("input", "principal"),
            instalments=input.instalments,
            annual_rate=input.annual_rate,
            first_due_on=input.first_due_on,
            comment=input.comment,
        )
        return Answer(loan=loan)

    @mutation(LoanPayload, "Turn an application down.", requires=Permission.LOAN_APPROVE)
    async def reject_loan(self, info: Info, input: Annotated[RejectLoanInput, argument("Which, and why.")]) -> Answer:
        loan_id = read_id("Loan", input.loan_id, "input", "loanId")
        return Answer(loan=await service.reject_loan(info.context.actor, loan_id=loan_id, reason=input.reason))

    @mutation(LoanPayload, "Take an application back before money is paid out.", requires=Permission.LOAN_READ)
    async def withdraw_loan(self, info: Info, input: Annotated[WithdrawLoanInput, argument("Which, and why.")]) -> Answer:
        loan_id = read_id("Loan", input.loan_id, "input", "loanId")
        return Answer(loan=await service.withdraw_application(info.context.actor, loan_id=loan_id, reason=input.reason))
