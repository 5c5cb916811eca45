"""What one can do with loans, one module for each process."""

from domain.lending.service.applications import (
    apply_for_loan,
    create_application,
    loan_quote,
    submit_application,
    update_application,
    validate_loan_application,
    withdraw_application,
)
from domain.lending.service.charges import add_loan_charge, undo_charge_waiver, waive_interest, waive_loan_charge
from domain.lending.service.communication import Note, log_communication
from domain.lending.service.deciding import approve_loan, reject_loan
from domain.lending.service.delinquency import bring_up_to_date, pause_delinquency, resume_delinquency
from domain.lending.service.disbursement import LoanMovement, disburse_loan, reverse_loan_disbursement
from domain.lending.service.documents import NewDocument, add_documents
from domain.lending.service.ending import charge_off_loan, undo_charge_off
from domain.lending.service.payoff import PayoffQuote, payoff_quote
from domain.lending.service.products import (
    ProductOffer,
    create_product,
    restore_product,
    retire_product,
    update_product,
)
from domain.lending.service.recovery import (
    cancel_recovery_action,
    complete_recovery_action,
    create_recovery_action,
    start_recovery_action,
)
from domain.lending.service.reminding import remind_of_due, remind_of_overdue
from domain.lending.service.repayment import pay_loan, preclose_loan, record_loan_repayment, record_recovery
from domain.lending.service.requests import reject_request, withdraw_request
from domain.lending.service.rescheduling import (
    NewPlan,
    change_rate,
    preview_reschedule,
    request_reschedule,
    reschedule_loan,
)
from domain.lending.service.reviewing import assign_officer, review_loan, verify_kyc
from domain.lending.service.undoing import charge_back, refund_overpayment, reverse_loan_repayment
from domain.lending.service.writing_off import request_write_off, write_off_loan

__all__ = [
    "LoanMovement",
    "NewDocument",
    "NewPlan",
    "Note",
    "PayoffQuote",
    "ProductOffer",
    "add_documents",
    "add_loan_charge",
    "apply_for_loan",
    "approve_loan",
    "assign_officer",
    "bring_up_to_date",
    "cancel_recovery_action",
    "change_rate",
    "charge_back",
    "charge_off_loan",
    "complete_recovery_action",
    "create_application",
    "create_product",
    "create_recovery_action",
    "disburse_loan",
    "loan_quote",
    "log_communication",
    "pause_delinquency",
    "pay_loan",
    "payoff_quote",
    "preclose_loan",
    "preview_reschedule",
    "record_loan_repayment",
    "record_recovery",
    "refund_overpayment",
    "reject_loan",
    "reject_request",
    "remind_of_due",
    "remind_of_overdue",
    "request_reschedule",
    "request_write_off",
    "reschedule_loan",
    "restore_product",
    "resume_delinquency",
    "retire_product",
    "reverse_loan_disbursement",
    "reverse_loan_repayment",
    "review_loan",
    "start_recovery_action",
    "submit_application",
    "undo_charge_off",
    "undo_charge_waiver",
    "update_application",
    "update_product",
    "validate_loan_application",
    "verify_kyc",
    "waive_interest",
    "waive_loan_charge",
    "withdraw_application",
    "withdraw_request",
    "write_off_loan",
]
