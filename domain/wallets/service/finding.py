"""Wallets by their ids, for acts that move money through them. What is read does not change as long as a wallet lives."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from domain.kit.database import fetch_as
from domain.kit.reading.rows import row_class
from domain.wallets.models import Wallet

COLUMNS: Final = ("id", "user_id", "currency", "account_id", "opened_at")

# A wallet, or the two of a transfer. Whoever wants one says it twice.
NAMED: Final = f"select {', '.join(COLUMNS)} from wallet where id in ($1, $2)"

OF_PERSON: Final = f"select {', '.join(COLUMNS)} from wallet where user_id = $1 and currency = $2"


async def wallets_with(one: UUID, other: UUID) -> dict[UUID, Wallet]:
    """Those that there are of two."""
    rows: list[Wallet] = await fetch_as(row_class(Wallet, COLUMNS), NAMED, one, other)
    return {wallet.id: wallet for wallet in rows}


async def wallet_with(wallet_id: UUID) -> Wallet | None:
    return (await wallets_with(wallet_id, wallet_id)).get(wallet_id)


async def wallet_of_person(user_id: UUID, currency: str) -> Wallet | None:
    rows: list[Wallet] = await fetch_as(row_class(Wallet, COLUMNS), OF_PERSON, user_id, currency)
    return rows[0] if rows else None
