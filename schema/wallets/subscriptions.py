"""Following wallets live."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.wallets import events, queries
from schema.kit import ID, LiveEvent, Money, argument, attribute, event_feed, event_type, global_id, read_id


@event_type("Money came into a wallet, left it, or was set aside in it.")
class WalletBalanceChanged(LiveEvent):
    wallet_id: ID = global_id("Wallet", "The wallet.")
    user_id: ID = global_id("User", "Whose it is.")
    balance: Money = attribute("All that is in the wallet now.")
    held: Money = attribute("The part that is set aside.")
    available: Money = attribute("What can be spent now.")
    change: Money = attribute("What it did to the balance: zero when money was only held or given back.")
    kind: str = attribute("What kind of movement it was, for programs: `invoice_finance.investment`, `wallets.funds_held`.")
    description: str = attribute("What it was for, in words.")
    invoice_id: ID | None = global_id("Invoice", "The invoice that it was about; null when it was about none or several.")


@strawberry.type
class Subscription:
    @event_feed(
        "The viewer's own wallets as their balances change, or one wallet that the viewer may see.",
        requires=Permission.SIGNED_IN,
        shows={events.BalanceChanged: WalletBalanceChanged},
    )
    async def wallet_balance_changed(
        actor: Actor,
        wallet_id: Annotated[ID | None, argument("Only this wallet; all of the viewer's own when left out.")] = None,
    ) -> list[str]:
        if wallet_id is None:
            actor.require(Permission.WALLET_USE)
            return [f"user:{actor.id}"]
        wallet = await queries.visible_wallet(actor, read_id("Wallet", wallet_id, "walletId"))
        return [f"wallet:{wallet.id}"]
