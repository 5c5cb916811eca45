"""Whoever becomes a user has a wallet, however they were made."""

from __future__ import annotations

from domain.events.event import LoggedEvent
from domain.events.listeners import listener
from domain.identity.events import UserRegistered
from domain.wallets import settings
from domain.wallets.models import Wallet
from domain.wallets.service import wallet_of

welcome = listener("wallets")


@welcome.on(UserRegistered)
async def open_wallet(fact: UserRegistered, logged: LoggedEvent) -> None:
    """Open the wallet in the default currency, with its opening credit, unless they got one as they registered."""
    if not await Wallet.exists(user_id=fact.user_id):
        await wallet_of(fact.user_id, settings.current().default_currency)
