"""Opening wallets, each with its opening credit once."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from domain.identity.models import User
from domain.identity.permissions import Role
from domain.identity.service import users
from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import CURRENCIES
from domain.kit.unit_of_work import retried, unit_of_work
from domain.ledger.chart import WALLETS
from domain.ledger.service import open_account
from domain.wallets import accounts, settings
from domain.wallets.events import WalletOpened
from domain.wallets.models import Wallet
from domain.wallets.service.finding import wallet_of_person
from domain.wallets.service.posting import post_to_wallets


@retried
async def register_user(*, name: str, email: str, password: str, roles: Iterable[Role], address: str | None = None) -> User:
    """Register somebody and open their wallet in the default currency, with the opening credit, all or nothing."""
    # Hashing the password takes long, so it happens before the transaction opens.
    new = await users.prepare_user(name=name, email=email, password=password, roles=roles, address=address)
    async with unit_of_work():
        user = await users.register_prepared(new)
        await wallet_of(user.id, settings.current().default_currency)
    return user


@retried
async def wallet_of(user_id: UUID, currency: str) -> Wallet:
    """The wallet of a person in a currency, opened on first need."""
    found = await wallet_of_person(user_id, currency)
    return found or await _open(user_id, currency)


async def _open(user_id: UUID, currency: str) -> Wallet:
    if currency not in CURRENCIES:
        raise InvalidInput(f"{currency[:12]!r} is not a currency the books are kept in")
    async with unit_of_work() as work:
        # Two who open the same wallet at once: the second waits here for the first, and then finds it.
        await work.execute("select pg_advisory_xact_lock(hashtextextended($1, 1))", f"{user_id}:{currency}")
        found = await wallet_of_person(user_id, currency)
        if found is not None:
            return found
        account_id = await open_account(WALLETS, name="Wallet", currency=currency, owner_id=user_id)
        wallet = await Wallet.create(
            id=new_id(), user_id=user_id, currency=currency, account_id=account_id, opened_at=clock.now()
        )
        work.record(WalletOpened(wallet_id=wallet.id, user_id=user_id, currency=currency, account_id=account_id))
        await _give_opening_credit(wallet)
    return wallet


async def _give_opening_credit(wallet: Wallet) -> None:
    amount = settings.current().opening_credit
    if amount.currency == wallet.currency and amount.amount_minor > 0:
        await post_to_wallets(
            kind=accounts.OPENING_CREDIT,
            description="Demo opening credit",
            lines=await accounts.opening_credit(wallet.account_id, amount),
        )
