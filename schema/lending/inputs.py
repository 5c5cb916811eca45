"""What clients send about products, applications and decisions. Amounts are in the product's one currency."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any, Final

import strawberry
from strawberry.utils.str_converters import to_camel_case

from domain.kit.money import Money
from domain.lending.application import LoanApplication, PaysFor
from domain.lending.rules import terms
from domain.lending.rules.terms import (
    AllocationPass,
    Amortisation,
    ChargeBasis,
    ChargeTime,
    Component,
    DayCount,
    FutureRule,
    InstalmentBasis,
    InterestMethod,
    InterestPeriod,
    InterestRounding,
    PayoffInterest,
    PeriodUnit,
    PrepaymentPolicy,
    Recalculation,
    RoundingMode,
)
from domain.lending.service import NewDocument, ProductOffer
from domain.lending.states import DocumentKind, LoanStatus, Recommendation
from domain.payments.states import Purpose
from schema.kit import ID, MoneyInput, attribute, input_type, read_id
from schema.kit.paths import fields_under
from schema.lending import enums  # noqa: F401  describes the enums that are used here
from schema.payments.paying.targets import read_target


@input_type("What instalments are multiples of.")
class LoanRoundingInput:
    multiple_of: Decimal = attribute("In major units: 0.01, 1, 5 ...", default=Decimal("0.01"))
    mode: RoundingMode = attribute("Which way an instalment goes that is no multiple.", default=RoundingMode.NEAREST)

    def parse(self) -> terms.Rounding:
        return terms.Rounding(self.multiple_of, self.mode)


@input_type("How many instalments, from the first one on, ask for less.")
class LoanGraceInput:
    principal: int = attribute("So many ask for no principal.", default=0)
    interest_payment: int = attribute("So many ask for no interest until the first one after them.", default=0)
    interest_free: int = attribute("So many bear no interest at all.", default=0)

    def parse(self) -> terms.Grace:
        return terms.Grace(self.principal, self.interest_payment, self.interest_free)


@input_type("Whom a repayment goes to. Each order names the four parts, each once.")
class LoanAllocationInput:
    order: list[Component] = attribute("What is due, in this order.")
    in_advance: list[Component] | None = attribute("What falls due later; the same order when left out.", default=None)
    past_due_order: list[Component] | None = attribute("What is past due; the same order when left out.", default=None)
    due_pass: AllocationPass = attribute("In which order the dues are gone through.", default=AllocationPass.BY_INSTALMENT)
    future_rule: FutureRule = attribute("Which instalment money in advance goes to.", default=FutureRule.NEXT)

    def parse(self) -> terms.AllocationOrder:
        def whole(order: list[Component] | None) -> tuple[Component, ...] | None:
            return None if order is None else tuple(order)

        return terms.AllocationOrder(
            tuple(self.order), whole(self.in_advance), whole(self.past_due_order), self.due_pass, self.future_rule
        )


@input_type("A charge that loans of a product make by themselves.")
class LoanChargeRuleInput:
    code: str = attribute("What it is known by, of 1 to 40 characters; each code once.")
    title: str = attribute("What it is for, of 1 to 120 characters.")
    time: ChargeTime = attribute("When it falls due.")
    basis: ChargeBasis = attribute("Of what it is reckoned.", default=ChargeBasis.FLAT)
    value: Decimal = attribute("Major units with FLAT, percent otherwise.")
    penalty: bool = attribute("Whether it is a penalty.", default=False)
    grace_days: int = attribute("With OVERDUE_INSTALMENT: so many days it is not charged yet.", default=0)

    def parse(self) -> terms.ChargeRule:
        return terms.ChargeRule(**vars(self))


@input_type("The terms of the usual loan of a product. What is left out is as is usual in the field.")
class LoanTermsInput:
    principal: MoneyInput = attribute("What is lent; says the currency.")
    annual_rate: Decimal = attribute("The nominal rate, in percent a year, from 0 to 1,000.")
    instalments: int = attribute("The number of instalments, from 1 to 600.")
    every: int = attribute("An instalment every so many units.", default=1)
    unit: PeriodUnit = attribute("The unit.", default=PeriodUnit.MONTHS)
    interest_method: InterestMethod = attribute("On what interest is charged.", default=InterestMethod.DECLINING_BALANCE)
    amortisation: Amortisation = attribute("What is equal.", default=Amortisation.EQUAL_INSTALLMENTS)
    interest_period: InterestPeriod = attribute(
        "How the interest of a period is found.", default=InterestPeriod.SAME_AS_REPAYMENT_PERIOD
    )
    day_count: DayCount = attribute("How days become a part of a year.", default=DayCount.ACTUAL_365)
    instalment_basis: InstalmentBasis = attribute(
        "From which rates the equal instalment is computed.", default=InstalmentBasis.NOMINAL_PERIOD
    )
    interest_rounding: InterestRounding = attribute(
        "Where half a minor unit of interest is rounded.", default=InterestRounding.EACH_ROW
    )
    rounding: LoanRoundingInput | None = attribute("What instalments are multiples of; the minor unit.", default=None)
    even_out_last: bool = attribute(
        "Whether the instalment is moved so that the last one is close to the others.", default=False
    )
    grace: LoanGraceInput | None = attribute("Which instalments ask for less; none.", default=None)
    fixed_instalment: MoneyInput | None = attribute("The instalment, where it is set and not computed.", default=None)
    down_payment_percent: Decimal = attribute("Percent of each disbursement that is due at once.", default=Decimal(0))
    recalculation: Recalculation = attribute("Whether interest follows what is really owed.", default=Recalculation.NONE)
    bears_after_maturity: bool = attribute(
        "With DAILY recalculation: what is unpaid after the last due date bears interest.", default=True
    )
    prepayment: PrepaymentPolicy = attribute(
        "What principal paid ahead does.", default=PrepaymentPolicy.REDUCE_NUMBER_OF_INSTALLMENTS
    )
    payoff_interest: PayoffInterest = attribute(
        "How far a pay-off quote charges interest.", default=PayoffInterest.TILL_PRE_CLOSE_DATE
    )
    allocation: LoanAllocationInput | None = attribute(
        "Whom a repayment goes to: penalties, fees, interest, principal, the oldest instalment first.", default=None
    )
    charges: list[LoanChargeRuleInput] = attribute("What is charged by itself, 20 at most.", default=())
    delinquency_grace_days: int = attribute("So many days a loan is late and not delinquent.", default=0)
    residual_tolerance: MoneyInput | None = attribute("A rest up to this is given up by itself.", default=None)

    def parse(self, *field: str) -> terms.LoanTerms:
        said = dict(vars(self))
        for name in ("principal", "fixed_instalment", "residual_tolerance"):
            amount = said[name]
            said[name] = None if amount is None else amount.parse(*field, to_camel_case(name))
        with fields_under(*field):
            for name in ("rounding", "grace", "allocation"):
                part = said.pop(name)
                if part is not None:
                    said[name] = part.parse()
            said["charges"] = tuple(rule.parse() for rule in self.charges)
            return terms.LoanTerms(**said)


TERMS_FIELDS: Final = frozenset(to_camel_case(each.name) for each in fields(LoanTermsInput))  # type: ignore[arg-type]


@input_type("A new loan product. A bound that is left out is that of the usual loan.")
class CreateLoanProductInput:
    code: str = attribute("Its code: up to 30 letters, digits, - and _; it stays.")
    name: str = attribute("What it is called, of 1 to 120 characters.")
    terms: LoanTermsInput = attribute("The terms of the usual loan.")
    description: str = attribute("What it is for, up to 2,000 characters.", default="")
    min_principal: MoneyInput | None = attribute("The smallest loan.", default=None)
    max_principal: MoneyInput | None = attribute("The largest loan.", default=None)
    min_instalments: int | None = attribute("The fewest instalments.", default=None)
    max_instalments: int | None = attribute("The most instalments.", default=None)
    min_annual_rate: Decimal | None = attribute("The lowest rate, in percent a year.", default=None)
    max_annual_rate: Decimal | None = attribute("The highest rate, in percent a year.", default=None)
    requires_kyc: bool = attribute("Whether the borrower's identity must be verified.", default=True)
    required_documents: list[DocumentKind] = attribute("Papers without which nothing is recommended.", default=())

    def parse(self) -> ProductOffer:
        said = {name: value for name, value in vars(self).items() if name != "terms"}
        for name in ("min_principal", "max_principal"):
            said[name] = _money(said[name], "input", to_camel_case(name))
        return ProductOffer(terms=self.terms.parse("input", "terms"), **said)


@input_type("Changes of a loan product; what is left out stays. Loans that there are keep their terms.")
class UpdateLoanProductInput:
    product_id: ID = attribute("The product.")
    expected_revision: int | None = attribute("Refuse when somebody else was faster than this revision.", default=None)
    name: str | None = attribute("What it is called.", default=strawberry.UNSET)
    terms: LoanTermsInput | None = attribute("The terms of the usual loan, all of them.", default=strawberry.UNSET)
    description: str | None = attribute("What it is for.", default=strawberry.UNSET)
    min_principal: MoneyInput | None = attribute("The smallest loan.", default=strawberry.UNSET)
    max_principal: MoneyInput | None = attribute("The largest loan.", default=strawberry.UNSET)
    min_instalments: int | None = attribute("The fewest instalments.", default=strawberry.UNSET)
    max_instalments: int | None = attribute("The most instalments.", default=strawberry.UNSET)
    min_annual_rate: Decimal | None = attribute("The lowest rate, in percent a year.", default=strawberry.UNSET)
    max_annual_rate: Decimal | None = attribute("The highest rate, in percent a year.", default=strawberry.UNSET)
    requires_kyc: bool | None = attribute("Whether the borrower's identity must be verified.", default=strawberry.UNSET)
    required_documents: list[DocumentKind] | None = attribute(
        "Papers without which nothing is recommended.", default=strawberry.UNSET
    )

    def changes(self) -> dict[str, Any]:
        """What is said, by the names of an offer; null says nothing."""
        own = {"product_id", "expected_revision"}
        said = {
            name: value for name, value in vars(self).items() if name not in own and value not in (strawberry.UNSET, None)
        }
        for name in {"min_principal", "max_principal"} & said.keys():
            said[name] = said[name].parse("input", to_camel_case(name))
        if "terms" in said:
            said["terms"] = said["terms"].parse("input", "terms")
        return said


@input_type("Something that a loan pays: what its borrower may pay there, and owes at least as much of.")
class LoanPaysForInput:
    purpose: Purpose = attribute("What for; loans pay school fees.")
    target_id: ID = attribute("Which one: the school fee.")

    def parse(self, *path: str) -> PaysFor:
        return PaysFor(purpose=self.purpose, target_id=read_target(self.purpose, self.target_id, *path, "targetId"))


@input_type("What a borrower asks for. What is left out is as usual with the product.")
class LoanApplicationInput:
    product_id: ID = attribute("What it is to be a loan of.")
    principal: MoneyInput = attribute("How much.")
    instalments: int | None = attribute("In how many instalments.", default=None)
    first_due_on: date | None = attribute("When the first one falls due, within a year.", default=None)
    purpose: str = attribute("What it is for, up to 500 characters.", default="")
    borrower_id: ID | None = attribute("Who borrows; oneself when left out. Staff apply for others.", default=None)
    branch_id: ID | None = attribute("The branch, for a borrower who belongs to none yet.", default=None)
    pays_for: LoanPaysForInput | None = attribute(
        "What it pays, where the borrower is to get no money: it is paid out straight there.", default=None
    )

    def parse(self) -> LoanApplication:
        return LoanApplication(
            product_id=read_id("LoanProduct", self.product_id, "input", "productId"),
            principal=self.principal.parse("input", "principal"),
            instalments=self.instalments,
            first_due_on=self.first_due_on,
            purpose=self.purpose,
            borrower_id=read_id("User", self.borrower_id, "input", "borrowerId") if self.borrower_id else None,
            branch_id=read_id("Branch", self.branch_id, "input", "branchId") if self.branch_id else None,
            pays_for=None if self.pays_for is None else self.pays_for.parse("input", "paysFor"),
        )


@input_type("Changes of a draft; what is left out stays.")
class UpdateLoanApplicationInput:
    loan_id: ID = attribute("The draft.")
    product_id: ID | None = attribute("What it is to be a loan of.", default=strawberry.UNSET)
    principal: MoneyInput | None = attribute("How much.", default=strawberry.UNSET)
    instalments: int | None = attribute("In how many instalments; null for as usual.", default=strawberry.UNSET)
    first_due_on: date | None = attribute("When the first one falls due; null for as usual.", default=strawberry.UNSET)
    purpose: str | None = attribute("What it is for.", default=strawberry.UNSET)

    def changes(self) -> dict[str, Any]:
        said = {name: value for name, value in vars(self).items() if name != "loan_id" and value is not strawberry.UNSET}
        for name in ("product_id", "principal", "purpose"):
            if said.get(name, ...) is None:
                del said[name]
        if "product_id" in said:
            said["product_id"] = read_id("LoanProduct", said["product_id"], "input", "productId")
        if "principal" in said:
            said["principal"] = said["principal"].parse("input", "principal")
        return said


@input_type("An application to hand in: a draft by its id, or a whole new one. Exactly one of the two.")
class SubmitLoanApplicationInput:
    loan_id: ID | None = attribute("The draft.", default=None)
    application: LoanApplicationInput | None = attribute("What is asked for.", default=None)
    idempotency_key: str | None = attribute(
        "A text of your choice that names this act; sent again, it answers the first result.", default=None
    )


@input_type("A stored file, and what it shows.")
class LoanDocumentInput:
    file_id: ID = attribute("The file, as `POST /files` named it.")
    kind: DocumentKind = attribute("What it shows.")


@input_type("Papers for a loan, 10 at most.")
class AddLoanDocumentsInput:
    loan_id: ID = attribute("The loan.")
    documents: list[LoanDocumentInput] = attribute("The papers.")

    def parse(self) -> list[NewDocument]:
        return [
            NewDocument(file_id=read_id("File", each.file_id, "input", "documents", str(i), "fileId"), kind=each.kind)
            for i, each in enumerate(self.documents)
        ]


@input_type("Who looks after a loan.")
class AssignLoanOfficerInput:
    loan_id: ID = attribute("The loan.")
    officer_id: ID = attribute("Somebody who reviews loans of its branch.")


@input_type("What comes of looking at an application.")
class ReviewLoanInput:
    loan_id: ID = attribute("The loan.")
    recommendation: Recommendation = attribute("What should be done.")
    comment: str = attribute("Why, up to 1,000 characters; needed unless it is recommended.", default="")


@input_type("That the borrower is who the application says.")
class VerifyKycInput:
    loan_id: ID = attribute("The loan.")
    note: str = attribute("What was seen, up to 500 characters.", default="")


@input_type("To agree to lend, for what was asked or less; what is left out stays as asked.")
class ApproveLoanInput:
    loan_id: ID = attribute("The loan.")
    principal: MoneyInput | None = attribute("How much.", default=None)
    instalments: int | None = attribute("In how many instalments.", default=None)
    annual_rate: Decimal | None = attribute("At which rate, in percent a year.", default=None)
    first_due_on: date | None = attribute("When the first instalment falls due.", default=None)
    comment: str = attribute("What is said with it, up to 1,000 characters.", default="")


@input_type("To turn an application down.")
class RejectLoanInput:
    loan_id: ID = attribute("The loan.")
    reason: str = attribute("Why, of 1 to 1,000 characters.")


@input_type("To take an application back.")
class WithdrawLoanInput:
    loan_id: ID = attribute("The loan.")
    reason: str = attribute("Why, up to 1,000 characters.", default="")


@input_type("One loan product.")
class LoanProductInput:
    product_id: ID = attribute("The product.")


@input_type("Which loans: those that fit all that is said.")
class LoanFilter:
    statuses: list[LoanStatus] | None = attribute("In one of these states.", default=None)
    borrower_id: ID | None = attribute("Of this borrower.", default=None)
    officer_id: ID | None = attribute("That this officer looks after.", default=None)
    branch_id: ID | None = attribute("Of this branch.", default=None)
    product_id: ID | None = attribute("Of this product.", default=None)
    search: str | None = attribute("Of this number, or of a borrower whose name begins so.", default=None)


def _money(amount: MoneyInput | None, *field: str) -> Money | None:
    return None if amount is None else amount.parse(*field)
