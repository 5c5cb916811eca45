"""What is paid for with each purpose, as the type whose ids it has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from domain.kit.errors import NotFound
from domain.payments.states import Purpose
from schema.kit import ID, read_id

TARGETS: Final[Mapping[Purpose, str]] = {
    Purpose.SERVICE_SESSION: "ServiceSession",
    Purpose.LOAN_INSTALMENT: "Loan",
    Purpose.SCHOOL_FEE: "SchoolFee",
    Purpose.INVOICE_SETTLEMENT: "Invoice",
    Purpose.WALLET_TOP_UP: "Wallet",
    Purpose.MILL_SALE: "Sale",
}


def read_target(purpose: Purpose, target_id: ID, *path: str) -> UUID:
    """What a client means. Whose wallet is to be topped up may be said by the person."""
    if purpose is Purpose.WALLET_TOP_UP:
        try:
            return read_id("User", target_id, *path)
        except NotFound:
            return read_id("Wallet", target_id, *path)
    return read_id(TARGETS[purpose], target_id, *path)
