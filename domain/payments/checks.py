"""The invariants of payments, recomputed from credits, applications, sessions and the ledger."""

from __future__ import annotations

from domain.kit.checks import register
from domain.payments.purpose_checks import CHECKS as OF_PURPOSES

register(*OF_PURPOSES)
