"""Reading products, loans, their statements, and what would close or re-plan one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.money import Money
from domain.kit.paging import Page, PageRequest
from domain.lending import models, queries, service
from domain.lending.application import QuotedInstalment, quoted_rows
from schema.kit import ID, CurrencyCode, Info, argument, listing, query, read_id
from schema.kit.paths import fields_under
from schema.lending.inputs import LoanFilter
from schema.lending.quotes import LoanPayoff, LoanPlanPreview
from schema.lending.servicing_inputs import PLAN_FIELDS, NewPlanInput
from schema.lending.terms import LoanProduct
from schema.lending.types import Loan, LoanTransaction

LoanId = Annotated[ID, argument("The loan.")]


@dataclass(frozen=True, slots=True)
class Preview:
    maturity_on: date | None
    outstanding: Money
    schedule: list[QuotedInstalment]


def filter_of(asked: LoanFilter | None) -> queries.LoanFilter:
    """The filter as the domain takes it."""
    asked = asked or LoanFilter()

    def id_of(kind: str, given: ID | None, name: str) -> object:
        return None if given is None else read_id(kind, given, "filter", name)

    return queries.LoanFilter(
        statuses=asked.statuses or (),
        borrower_id=id_of("User", asked.borrower_id, "borrowerId"),  # type: ignore[arg-type]
        officer_id=id_of("User", asked.officer_id, "officerId"),  # type: ignore[arg-type]
        branch_id=id_of("Branch", asked.branch_id, "branchId"),  # type: ignore[arg-type]
        product_id=id_of("LoanProduct", asked.product_id, "productId"),  # type: ignore[arg-type]
        search=asked.search,
    )


@strawberry.type
class Query:
    @query(Loan | None, "One loan; null when there is none, or none for you.", requires=Permission.LOAN_READ)
    async def loan(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(queries.loans_by_id, read_id("Loan", id, "id"))

    @listing(
        Loan,
        "The loans that the viewer may see, the newest first: own ones, and for staff those of their branch.",
        requires=Permission.LOAN_READ,
    )
    async def loans(
        self, info: Info, page: PageRequest, filter: Annotated[LoanFilter | None, argument("Only some of them.")] = None
    ) -> Page[models.Loan]:
        return await queries.loans(info.context.actor, page, narrowed=filter_of(filter))

    @query(LoanProduct | None, "One loan product; null when there is none.", requires=Permission.LOAN_READ)
    async def loan_product(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(queries.products_by_id, read_id("LoanProduct", id, "id"))

    @listing(LoanProduct, "Loan products by their names.", requires=Permission.LOAN_READ)
    async def loan_products(
        self,
        info: Info,
        page: PageRequest,
        active: Annotated[bool | None, argument("Whether they can be applied for; null for all.")] = True,
        currency: Annotated[CurrencyCode | None, argument("In this currency.")] = None,
    ) -> Page[models.LoanProduct]:
        return await queries.loan_products(info.context.actor, page, active=active, currency=currency)

    @listing(LoanTransaction, "The statement of a loan, the latest movement first.", requires=Permission.LOAN_READ)
    async def loan_transactions(
        self,
        info: Info,
        page: PageRequest,
        loan_id: LoanId,
        with_accruals: Annotated[bool, argument("Also what only the books want to know.")] = False,
    ) -> Page[models.LoanTransaction]:
        return await queries.loan_transactions(
            info.context.actor,
            page,
            loan_id=read_id("Loan", loan_id, "loanId"),
            with_housekeeping=with_accruals,
        )

    @query(
        LoanPayoff | None,
        "What closes a loan that is repaid on a day, today or within a year. Nothing is written.",
        requires=Permission.LOAN_READ,
    )
    async def loan_payoff(
        self,
        info: Info,
        loan_id: LoanId,
        on: Annotated[date | None, argument("The day; today when left out.")] = None,
    ) -> object:
        return await service.payoff_quote(info.context.actor, loan_id=read_id("Loan", loan_id, "loanId"), on=on)

    @query(
        LoanPlanPreview | None,
        "A loan as a new plan would make it today, before anybody asks for it. Nothing is written.",
        requires=Permission.LOAN_ADJUST,
    )
    async def preview_loan_reschedule(
        self, info: Info, loan_id: LoanId, plan: Annotated[NewPlanInput, argument("What is wanted.")]
    ) -> object:
        actor, found_id = info.context.actor, read_id("Loan", loan_id, "loanId")
        with fields_under(), fields_under("plan", only=PLAN_FIELDS):
            state = await service.preview_reschedule(actor, loan_id=found_id, plan=plan.parse("plan"))
        currency = (await queries.loan(actor, found_id)).currency
        rows = [row for row in state.instalments if not row.is_complete]
        return Preview(state.maturity_on, Money(state.outstanding.total, currency), quoted_rows(rows, currency))
