"""What clients see of a wallet and of its movements."""

from __future__ import annotations

from datetime import datetime

from domain.wallets import models, queries
from domain.wallets.models import TransactionType
from schema.kit import (
    ID,
    CurrencyCode,
    Info,
    Money,
    Node,
    Parent,
    attribute,
    enum_type,
    field,
    global_id,
    node_type,
)

enum_type(
    TransactionType,
    "Which way money went, seen from the wallet.",
    {"CREDIT": "Into the wallet.", "DEBIT": "Out of the wallet."},
)


@node_type(models.Wallet, queries.visible_wallets, "A person's money in one currency: an account of the ledger.")
class Wallet(Node):
    user_id: ID = global_id("User", "Whose it is.")
    currency: CurrencyCode = attribute("The one currency of the wallet.")
    number: str = attribute(
        "Its number, such as `W7F3A09B12C4`: what is typed as the account number by who tops it up by Paybill; in KES only."
    )
    opened_at: datetime = attribute("When it was opened.")

    @field(Money, "All that is in the wallet, what is held included.", shared=True)
    async def balance(self, wallet: Parent[models.Wallet], info: Info) -> object:
        return (await info.context.load(queries.balances_of, wallet.id)).balance

    @field(Money, "The part that is set aside for something that is not decided yet, such as a bid.", shared=True)
    async def held(self, wallet: Parent[models.Wallet], info: Info) -> object:
        return (await info.context.load(queries.balances_of, wallet.id)).held

    @field(Money, "What can be spent: the balance without what is held.", shared=True)
    async def available(self, wallet: Parent[models.Wallet], info: Info) -> object:
        return (await info.context.load(queries.balances_of, wallet.id)).available


@node_type(
    models.WalletTransaction,
    queries.visible_transactions,
    "One movement of a wallet: a line of a journal entry, seen from the wallet's side.",
    key=int,
)
class WalletTransaction(Node):
    wallet_id: ID = global_id("Wallet", "The wallet.")
    entry_id: ID = global_id("JournalEntry", "The journal entry that moved the money.")
    type: TransactionType = attribute("Which way the money went.")
    amount: Money = attribute("How much; always greater than zero.")
    balance_after: Money = attribute("The balance when this had happened.")
    kind: str = attribute("What kind of entry it is, for programs: `invoice_finance.investment`, `wallets.transfer`.")
    description: str = attribute("What it was for, in words.")
    invoice_id: ID | None = global_id("Invoice", "The invoice that it was about; null when it was about none or several.")
    timestamp: datetime = attribute("When it was written into the ledger.")
