"""Reading wallets: whose, how much, and how it came to be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tortoise.expressions import Q

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.database import fetch
from domain.kit.money import Money
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import read, read_one, rows_by_id
from domain.ledger.models import JournalEntry, JournalLine
from domain.wallets import settings
from domain.wallets.errors import WalletNotFound
from domain.wallets.models import TransactionType, Wallet, WalletBalance, WalletTransaction


async def my_wallet(actor: Actor, currency: str | None = None) -> Wallet | None:
    """The actor's wallet in a currency; None before it is opened.

    Unless one is said it is the wallet in the default currency, or else the first that the actor has: who borrows in
    shillings need not say so.
    """
    actor.require(Permission.WALLET_USE)
    if currency is not None:
        return await read_one(Wallet.filter(user_id=actor.id, currency=currency))
    wallets = await read(Wallet.filter(user_id=actor.id).order_by("opened_at", "id"))
    default = settings.current().default_currency
    return next((wallet for wallet in wallets if wallet.currency == default), next(iter(wallets), None))


async def my_wallets(actor: Actor) -> list[Wallet]:
    """All the actor's wallets, by currency."""
    actor.require(Permission.WALLET_USE)
    return await read(Wallet.filter(user_id=actor.id).order_by("currency"))


def _seen(actor: Actor) -> Q:
    """One's own, or any for those who may read all; none for a key that was given no right to wallets."""
    if actor.may(Permission.WALLETS_READ_ALL):
        return Q()
    return Q(user_id=actor.id) if actor.may(Permission.WALLET_USE) else Q(id__isnull=True)


async def visible_wallet(actor: Actor, wallet_id: UUID) -> Wallet:
    """A wallet that the actor may see: one's own, or any for those who may read all."""
    actor.require(Permission.SIGNED_IN)
    wallet = await read_one(Wallet.filter(_seen(actor), id=wallet_id))
    if wallet is None:
        raise WalletNotFound("there is no such wallet", field=("walletId",))
    return wallet


visible_wallets = rows_by_id(Wallet, _seen)
"""Those of some wallets that the actor may see."""


async def balances_of(wallet_ids: Sequence[UUID]) -> dict[UUID, WalletBalance]:
    """What several wallets hold now; for loaders."""
    rows = await fetch(
        """select w.id, w.currency, a.balance_minor, a.held_minor
           from wallet w join ledger_account a on a.id = w.account_id where w.id = any($1)""",
        list(wallet_ids),
    )
    return {
        row["id"]: WalletBalance(
            row["id"], Money(row["balance_minor"], row["currency"]), Money(row["held_minor"], row["currency"])
        )
        for row in rows
    }


async def wallet_transactions(
    actor: Actor, page: PageRequest, *, wallet_id: UUID, type: TransactionType | None = None
) -> Page[WalletTransaction]:
    """The statement of a wallet, the newest movement first."""
    wallet = await visible_wallet(actor, wallet_id)
    query = JournalLine.filter(account_id=wallet.account_id)
    if type is not None:
        query = query.filter(**{"amount_minor__lt" if type is TransactionType.CREDIT else "amount_minor__gt": 0})
    lines = await page_of(query, page.of_whole_rows, "-id")
    entries = await _entries_of(lines.rows)
    return Page(
        rows=[_transaction(wallet, line, entries[line.entry_id]) for line in lines.rows],
        cursors=lines.cursors,
        has_next=lines.has_next,
        has_previous=lines.has_previous,
        count=lines.count,
    )


async def my_transactions(
    actor: Actor, page: PageRequest, *, type: TransactionType | None = None
) -> Page[WalletTransaction]:
    """The statement of the wallet that the actor has unless one is said; empty before it is opened."""
    wallet = await my_wallet(actor)
    if wallet is None:
        return Page(rows=[], cursors=[], has_next=False, has_previous=False, count=lambda: 0)
    return await wallet_transactions(actor, page, wallet_id=wallet.id, type=type)


async def visible_transactions(actor: Actor, line_ids: Sequence[int]) -> dict[int, WalletTransaction]:
    """Those of some movements whose wallets the actor may see; for loaders."""
    lines = await read(JournalLine.filter(id__in=[each for each in line_ids if 0 < each < 2**63]))
    seen_wallets = Wallet.filter(_seen(actor), account_id__in=[line.account_id for line in lines])
    wallets = {wallet.account_id: wallet for wallet in await read(seen_wallets)}
    seen = [line for line in lines if line.account_id in wallets]
    entries = await _entries_of(seen)
    return {line.id: _transaction(wallets[line.account_id], line, entries[line.entry_id]) for line in seen}


async def transaction_of_entry(actor: Actor, entry_id: UUID, *, wallet: Wallet) -> WalletTransaction:
    """What a journal entry did to the actor's own wallet."""
    actor.require(Permission.WALLET_USE)
    if wallet.user_id != actor.id:
        raise WalletNotFound("there is no such wallet of yours")
    line = await read_one(JournalLine.filter(entry_id=entry_id, account_id=wallet.account_id))
    assert line is not None, "the entry moved money of that wallet"
    return _transaction(wallet, line, (await _entries_of([line]))[entry_id])


async def _entries_of(lines: Sequence[JournalLine]) -> dict[UUID, JournalEntry]:
    entries = await read(JournalEntry.filter(id__in={line.entry_id for line in lines}))
    return {entry.id: entry for entry in entries}


def _transaction(wallet: Wallet, line: Any, entry: JournalEntry) -> WalletTransaction:
    return WalletTransaction(
        id=line.id,
        wallet_id=wallet.id,
        entry_id=entry.id,
        type=TransactionType.CREDIT if line.amount_minor < 0 else TransactionType.DEBIT,
        amount=Money(abs(line.amount_minor), line.currency),
        balance_after=Money(line.balance_after_minor, line.currency),
        kind=entry.kind,
        description=entry.description,
        reference_kind=entry.reference_kind,
        reference_id=entry.reference_id,
        timestamp=entry.recorded_at,
    )
