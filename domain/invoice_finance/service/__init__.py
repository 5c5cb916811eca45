"""What one can do with invoices, one module for each process."""

from domain.invoice_finance.service.auction import AuctionOutcome, close_auction, place_bid, withdraw_bid
from domain.invoice_finance.service.default import close_recovery
from domain.invoice_finance.service.funding import Funding, close_funding, fund_invoice
from domain.invoice_finance.service.listing import create_invoice, list_invoice, update_invoice, withdraw_invoice
from domain.invoice_finance.service.messages import send_invoice_message
from domain.invoice_finance.service.repayment import Settlement, record_invoice_payment, settle_invoice, settle_invoices
from domain.invoice_finance.service.terms import InvoiceTerms

__all__ = [
    "AuctionOutcome",
    "Funding",
    "InvoiceTerms",
    "Settlement",
    "close_auction",
    "close_funding",
    "close_recovery",
    "create_invoice",
    "fund_invoice",
    "list_invoice",
    "place_bid",
    "record_invoice_payment",
    "send_invoice_message",
    "settle_invoice",
    "settle_invoices",
    "update_invoice",
    "withdraw_bid",
    "withdraw_invoice",
]
