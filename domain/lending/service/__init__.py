"""What one can do with loans, one module for each process."""

from domain.lending.service.applications import (
    Fault,
    apply_for_loan,
    create_application,
    loan_quote,
    submit_application,
    update_application,
    validate_loan_application,
    withdraw_application,
)
from domain.lending.service.deciding import approve_loan, reject_loan
from domain.lending.service.documents import NewDocument, add_documents
from domain.lending.service.products import (
    ProductOffer,
    create_product,
    restore_product,
    retire_product,
    update_product,
)
from domain.lending.service.reviewing import assign_officer, review_loan, verify_kyc

__all__ = [
    "Fault",
    "NewDocument",
    "ProductOffer",
    "add_documents",
    "apply_for_loan",
    "approve_loan",
    "assign_officer",
    "create_application",
    "create_product",
    "loan_quote",
    "reject_loan",
    "restore_product",
    "retire_product",
    "review_loan",
    "submit_application",
    "update_application",
    "update_product",
    "validate_loan_application",
    "verify_kyc",
    "withdraw_application",
]
