"""Which roles may use which root field of lending: the whole table, in the words of the people who work with loans."""

from __future__ import annotations

from collections.abc import Iterator

from strawberry.utils.str_converters import to_camel_case

from domain.identity.permissions import Role, permissions_of
from schema.kit.finish import rule_of
from schema.lending import applications, planning, queries, servicing, subscriptions
from tests.schema.test_architecture import roots

LENDERS = {Role.ADMIN, Role.ACCOUNTANT, Role.LOAN_OFFICER, Role.BRANCH_MANAGER}

WHO_MAY = {
    # Everybody who has to do with loans; which loans, their scope says.
    "loan loans loanProduct loanProducts loanTransactions loanPayoff loanQuote validateLoanApplication "
    "createLoanApplication updateLoanApplication submitLoanApplication addLoanDocuments withdrawLoan "
    "loanUpdated loanStatusChanged loanApplicationSubmitted loanDocumentsAdded loanReviewed loanKycVerified loanApproved "
    "loanRejected loanDisbursed paymentProcessed loanRescheduled loanEnded loanDelinquencyChanged instalmentDue "
    "loanProductChanged": LENDERS | {Role.BORROWER},
    "payLoan": {Role.BORROWER, Role.ADMIN},
    "recordLoanRepayment precloseLoan recordLoanRecovery": LENDERS,
    "assignLoanOfficer reviewLoan verifyKyc": LENDERS - {Role.ACCOUNTANT},
    "approveLoan rejectLoan rescheduleLoan writeOffLoan rejectLoanRequest": {Role.ADMIN, Role.BRANCH_MANAGER},
    "reverseLoanDisbursement "
    "reverseLoanRepayment chargeBackLoanRepayment refundLoanOverpayment waiveLoanInterest chargeOffLoan undoLoanChargeOff "
    "changeLoanRate addLoanCharge waiveLoanCharge undoLoanChargeWaiver previewLoanReschedule requestLoanReschedule "
    "requestLoanWriteOff withdrawLoanRequest pauseLoanDelinquency resumeLoanDelinquency": {Role.ADMIN, Role.BRANCH_MANAGER},
    "disburseLoan createLoanProduct updateLoanProduct retireLoanProduct restoreLoanProduct": {Role.ADMIN},
}


def fields_of_lending() -> Iterator[str]:
    """The root fields of loans: reading, applying, servicing and following them."""
    for module in (applications, planning, queries, servicing, subscriptions):
        for name in ("Query", "Mutation", "Subscription"):
            if hasattr(module, name):
                yield from (field.name for field in getattr(module, name).__strawberry_definition__.fields)


def test_each_field_is_for_these_roles_and_no_others() -> None:
    expected = {name: roles for names, roles in WHO_MAY.items() for name in names.split()}
    rules = {name: rule_of(field).requires for root in roots() for name, field in root.fields.items() if name in expected}
    granted = {
        name: {role for role in Role if needed in permissions_of(frozenset({role}))} for name, needed in rules.items()
    }
    assert granted == expected


def test_no_field_is_forgotten() -> None:
    listed = {name for names in WHO_MAY for name in names.split()}
    assert {to_camel_case(name) for name in fields_of_lending()} == listed
