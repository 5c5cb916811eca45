"""The entries that wallets make."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from domain.kit.money import Money
from domain.ledger.chart import DEMO_FUNDING, house_account
from domain.ledger.service import Line, credit, debit

OPENING_CREDIT: Final = "wallets.opening_credit"
TRANSFER: Final = "wallets.transfer"


async def opening_credit(account_id: UUID, amount: Money) -> list[Line]:
    """Dr demo funding (the house gives)   Cr the new wallet (our debt to its owner rises)."""
    return [debit(await house_account(DEMO_FUNDING, amount.currency), amount), credit(account_id, amount)]


def transfer(from_account_id: UUID, to_account_id: UUID, amount: Money) -> list[Line]:
    """Dr the sender's wallet (our debt to them falls)   Cr the recipient's wallet (our debt to them rises)."""
    return [debit(from_account_id, amount), credit(to_account_id, amount)]
