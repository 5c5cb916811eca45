"""The journal entries of invoice finance. A wallet is our debt to its owner: a debit lowers it, a credit raises it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from domain.kit.money import Money
from domain.ledger.chart import PLATFORM_FEE_INCOME, house_account
from domain.ledger.service import Line, Reference, credit, debit

INVESTMENT: Final = "invoice_finance.investment"
REPAYMENT: Final = "invoice_finance.repayment"

INVOICE: Final = "invoice"
SETTLEMENT: Final = "invoice_settlement"


def about(invoice_id: UUID) -> Reference:
    return Reference(INVOICE, invoice_id)


def investments(parts: Sequence[tuple[UUID, Money]], seller_account_id: UUID) -> list[Line]:
    """Dr each investor's wallet   Cr the seller's wallet, with all of it."""
    total = Money(sum(amount.amount_minor for _, amount in parts), parts[0][1].currency)
    return [*(debit(account_id, amount) for account_id, amount in parts), credit(seller_account_id, total)]


async def repayment(
    *, source_account_id: UUID, amount: Money, to_platform: Money, to_wallets: Mapping[UUID, Money]
) -> list[Line]:
    """Dr the payer's wallet, the bank or transit   Cr the investors' wallets, the seller's (the rebate), our fee income."""
    lines = [debit(source_account_id, amount), *(credit(account_id, part) for account_id, part in to_wallets.items())]
    if to_platform:
        lines.append(credit(await house_account(PLATFORM_FEE_INCOME, amount.currency), to_platform))
    return lines
