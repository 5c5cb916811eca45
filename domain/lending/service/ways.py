"""By which way money comes and goes: the channel that people name, and the account of the books behind it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from domain.ledger.chart import BANK, CASH
from domain.lending.accounts import MPESA_CLEARING
from domain.lending.errors import ChannelNotPossible, ReferenceMissing
from domain.lending.history import MoneyWay
from domain.lending.models import Loan
from domain.lending.service.acting import one_line
from domain.lending.states import PaymentChannel
from domain.wallets.service import wallet_of

ACCOUNTS: Final = {
    PaymentChannel.CASH: CASH.code,
    PaymentChannel.BANK: BANK.code,
    PaymentChannel.MPESA: MPESA_CLEARING.code,
}


async def way_of_wallet(loan: Loan, *, fees_kept: bool = True) -> MoneyWay:
    """The borrower's wallet in the currency of the loan, opened on first need."""
    wallet = await wallet_of(loan.borrower_id, loan.currency)
    return MoneyWay(
        channel=PaymentChannel.WALLET, account=str(wallet.account_id), payer_id=loan.borrower_id, fees_kept=fees_kept
    )


async def way_out(loan: Loan, channel: PaymentChannel, reference: str = "", *, fees_kept: bool = True) -> MoneyWay:
    """How money goes to the borrower: into the wallet, or out of the till, the bank or mobile money."""
    if channel is PaymentChannel.WALLET:
        return await way_of_wallet(loan, fees_kept=fees_kept)
    if channel is PaymentChannel.DIRECT:
        raise ChannelNotPossible("this goes to the borrower")
    return MoneyWay(
        channel=channel, account=ACCOUNTS[channel], reference=one_line(reference, "reference"), fees_kept=fees_kept
    )


def way_in(channel: PaymentChannel, reference: str, payer_id: UUID | None = None) -> MoneyWay:
    """How money came that staff recorded. Out of a wallet nobody takes it but its owner; mobile money has a receipt."""
    if channel is PaymentChannel.WALLET:
        raise ChannelNotPossible("a borrower pays from the wallet themselves")
    if channel is PaymentChannel.DIRECT:
        raise ChannelNotPossible("money is only paid out that way")
    reference = one_line(reference, "reference")
    if channel is PaymentChannel.MPESA and not reference:
        raise ReferenceMissing("mobile money is recorded with the reference of its receipt")
    return MoneyWay(channel=channel, account=ACCOUNTS[channel], reference=reference, payer_id=payer_id)
