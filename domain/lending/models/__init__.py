"""The tables of lending. Sums and arrows are guarded in the database as well; see the migrations."""

from domain.lending.models.casework import CommunicationLog, RecoveryAction
from domain.lending.models.loans import Loan, LoanDelinquencyPause, LoanDirectPayment, LoanDocument, LoanRequest
from domain.lending.models.products import LoanProduct
from domain.lending.models.schedule import LoanAllocation, LoanBooking, LoanCharge, LoanFact, LoanInstalment, LoanTransaction

__all__ = [
    "CommunicationLog",
    "Loan",
    "LoanAllocation",
    "LoanBooking",
    "LoanCharge",
    "LoanDelinquencyPause",
    "LoanDirectPayment",
    "LoanDocument",
    "LoanFact",
    "LoanInstalment",
    "LoanProduct",
    "LoanRequest",
    "LoanTransaction",
    "RecoveryAction",
]
