"""The heart of payments: what was said of a payment becomes what it is, what of its money is where, and what is wrong."""

from domain.payments.settling.assigning import Assignment, assign_receipt, assign_receipts
from domain.payments.settling.batches import settle_payments
from domain.payments.settling.cases import Settled, Wanted
from domain.payments.settling.finishing import ASK, MAX_ATTEMPTS
from domain.payments.settling.orphans import settle_orphans

__all__ = [
    "ASK",
    "MAX_ATTEMPTS",
    "Assignment",
    "Settled",
    "Wanted",
    "assign_receipt",
    "assign_receipts",
    "settle_orphans",
    "settle_payments",
]
