"""Sending money from one's wallet to another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.errors import CurrencyMismatch, InvalidAmount, InvalidInput
from domain.kit.money import Money
from domain.kit.snapshots import NOT_KEPT
from domain.kit.unit_of_work import retried, unit_of_work
from domain.ledger.service import Posted
from domain.wallets import accounts
from domain.wallets.errors import SameWallet, WalletNotFound
from domain.wallets.models import TransactionType, Wallet, WalletTransaction
from domain.wallets.service.finding import wallets_with
from domain.wallets.service.posting import post_to_wallets

MAX_DESCRIPTION: Final = 140


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money that went from one wallet to another, in one journal entry."""

    entry_id: UUID
    from_wallet: Wallet
    to_wallet: Wallet
    amount: Money
    description: str
    movement: WalletTransaction | None = field(default=None, metadata=NOT_KEPT)
    """What it did to the sender's wallet; None when this is the first result told again."""


@retried
async def transfer_funds(
    actor: Actor, *, from_wallet_id: UUID, to_wallet_id: UUID, amount: Money, description: str = "Transfer"
) -> Transfer:
    """Move an amount out of the actor's own wallet.

    Refuses with WALLET_NOT_FOUND for somebody else's, SAME_WALLET, CURRENCY_MISMATCH, INVALID_AMOUNT and
    INSUFFICIENT_FUNDS.
    """
    actor.require(Permission.WALLET_USE)
    if amount.amount_minor <= 0:
        raise InvalidAmount("an amount must be greater than zero", field=("input", "amount"))
    description = _checked(description)
    async with unit_of_work():
        named = await wallets_with(from_wallet_id, to_wallet_id)
        sender, recipient = named.get(from_wallet_id), named.get(to_wallet_id)
        if sender is None or sender.user_id != actor.id:
            raise WalletNotFound("there is no such wallet of yours", field=("input", "fromWalletId"))
        if recipient is None:
            raise WalletNotFound("there is no such wallet", field=("input", "toWalletId"))
        if sender.id == recipient.id:
            raise SameWallet("money cannot be moved from a wallet to itself")
        if not sender.currency == recipient.currency == amount.currency:
            raise CurrencyMismatch(
                f"{amount.currency} cannot be moved from a wallet in {sender.currency} to one in {recipient.currency}",
                field=("input", "amount"),
            )
        posted = await post_to_wallets(
            kind=accounts.TRANSFER,
            description=description,
            lines=accounts.transfer(sender.account_id, recipient.account_id, amount),
            wallets=[sender, recipient],
        )
    return Transfer(
        posted.entry_id, sender, recipient, amount, description, _movement_out_of(sender, posted, amount, description)
    )


def _movement_out_of(sender: Wallet, posted: Posted, amount: Money, description: str) -> WalletTransaction:
    after = posted.balances[sender.account_id]
    return WalletTransaction(
        id=after.line_id,
        wallet_id=sender.id,
        entry_id=posted.entry_id,
        type=TransactionType.DEBIT,
        amount=amount,
        balance_after=after.posted,
        kind=accounts.TRANSFER,
        description=description,
        reference_kind=None,
        reference_id=None,
        timestamp=posted.recorded_at,
    )


def _checked(text: str) -> str:
    text = text.strip()
    if not 1 <= len(text) <= MAX_DESCRIPTION or not text.isprintable():
        raise InvalidInput(f"a description has 1 to {MAX_DESCRIPTION} printable characters", field=("input", "description"))
    return text
