"""The invariants of payments, recomputed from messages, receipts, credits, applications, sessions and the ledger."""

from __future__ import annotations

from domain.kit.checks import register
from domain.payments.message_checks import CHECKS as OF_MESSAGES
from domain.payments.money_checks import CHECKS as OF_MONEY
from domain.payments.purpose_checks import CHECKS as OF_PURPOSES
from domain.payments.statement_checks import CHECKS as OF_STATEMENTS

register(*OF_MESSAGES, *OF_MONEY, *OF_PURPOSES, *OF_STATEMENTS)
