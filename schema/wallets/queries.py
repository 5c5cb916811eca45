"""Reading one's wallets."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest
from domain.wallets import models, queries
from domain.wallets.models import TransactionType
from schema.kit import ID, CurrencyCode, Info, argument, listing, query, read_id
from schema.wallets.types import Wallet, WalletTransaction


@strawberry.type
class Query:
    @query(Wallet | None, "The viewer's own wallet; null before it is opened.", requires=Permission.WALLET_USE)
    async def wallet(
        self,
        info: Info,
        currency: Annotated[
            CurrencyCode | None,
            argument("Which; the house's default currency when left out, or that of the viewer's first wallet."),
        ] = None,
    ) -> object:
        return await queries.my_wallet(info.context.actor, currency)

    @query(list[Wallet], "All of the viewer's own wallets, by currency.", requires=Permission.WALLET_USE, size=5)
    async def wallets(self, info: Info) -> object:
        return await queries.my_wallets(info.context.actor)

    @listing(
        WalletTransaction,
        "The statement of a wallet, the newest movement first. Somebody else's is for those who may read all wallets.",
        requires=Permission.SIGNED_IN,
    )
    async def wallet_transactions(
        self,
        info: Info,
        page: PageRequest,
        wallet_id: Annotated[ID | None, argument("The wallet; what `wallet` gives when left out.")] = None,
        type: Annotated[TransactionType | None, argument("Only what came in, or only what went out.")] = None,
    ) -> Page[models.WalletTransaction]:
        actor = info.context.actor
        if wallet_id is None:
            return await queries.my_transactions(actor, page, type=type)
        found = read_id("Wallet", wallet_id, "walletId")
        return await queries.wallet_transactions(actor, page, wallet_id=found, type=type)
