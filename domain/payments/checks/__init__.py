"""The invariants of payments, recomputed from messages, receipts, credits, applications, sessions and the ledger."""

from __future__ import annotations

from domain.kit.checks import register
from domain.payments.checks.messages import CHECKS as OF_MESSAGES
from domain.payments.checks.money import CHECKS as OF_MONEY
from domain.payments.checks.purposes import CHECKS as OF_PURPOSES
from domain.payments.checks.statements import CHECKS as OF_STATEMENTS

register(*OF_MESSAGES, *OF_MONEY, *OF_PURPOSES, *OF_STATEMENTS)
