"""What the log tells of wallets: whose they are, and what they hold."""

from __future__ import annotations

from collections.abc import AsyncIterator

from domain.kit.database import fetch
from domain.kit.projections import Board, Facts, Heard, Projection, register_projection
from domain.ledger.chart import WALLETS
from domain.wallets.events import BalanceChanged, WalletOpened
from domain.wallets.queries import balances_of


def _opened(facts: Facts, heard: Heard) -> None:
    told: WalletOpened = heard.fact
    account_id = told.account_id or told.wallet_id
    facts.put(
        "wallet",
        told.wallet_id,
        id=told.wallet_id,
        user_id=told.user_id,
        currency=told.currency,
        account_id=account_id,
        opened_at=heard.occurred_at,
    )
    facts.put(
        "ledger_account",
        account_id,
        id=account_id,
        code=WALLETS.code,
        name=WALLETS.name,
        kind=WALLETS.kind,
        currency=told.currency,
        owner_id=told.user_id,
        guarded=True,
        balance_minor=0,
        held_minor=0,
        opened_at=heard.occurred_at,
    )


def _changed(facts: Facts, heard: Heard) -> None:
    told: BalanceChanged = heard.fact
    facts.change(
        "ledger_account",
        facts.get("wallet", told.wallet_id)["account_id"],
        balance_minor=told.balance.amount_minor,
        held_minor=told.held.amount_minor,
    )


async def _boards() -> AsyncIterator[Board]:
    """Every wallet."""
    ids = [row["id"] for row in await fetch("select id from wallet order by id")]
    for wallet_id, balance in sorted((await balances_of(ids)).items()):
        yield Board(str(wallet_id), balance)


register_projection(
    Projection(
        name="wallets",
        tables=("wallet", "ledger_account"),
        applies={WalletOpened: _opened, BalanceChanged: _changed},
        boards=_boards,
    )
)
