"""The chart of accounts: the house accounts that every organisation has, one per currency that is used.

Roots: 1000 assets, 2000 liabilities, 3000 equity, 4000 income, 5000 expenses. Businesses add theirs with
:func:`register_account` beside the entries they make. Accounts of persons (wallets) are opened one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final
from uuid import UUID, uuid5

from domain.kit import clock
from domain.kit.money import CURRENCIES
from domain.kit.unit_of_work import unit_of_work

_NAMESPACE: Final = UUID("6f0e1c1a-9f5c-4b7e-8d52-0f6d4e9a7c31")


class AccountKind(str, Enum):
    """Which of the five groups an account belongs to; assets and expenses grow by debits, the rest by credits."""

    ASSET = "ASSET"
    LIABILITY = "LIABILITY"
    EQUITY = "EQUITY"
    INCOME = "INCOME"
    EXPENSE = "EXPENSE"

    @property
    def grows_by_debit(self) -> bool:
        return self in (AccountKind.ASSET, AccountKind.EXPENSE)


@dataclass(frozen=True, slots=True)
class HouseAccount:
    """A code of the chart.

    Under one ``of_persons`` are only accounts of persons, and none of the house. ``is_cash`` is money at hand: in a drawer,
    at a bank, with a provider of mobile money. One kept ``by_process`` is the sum of a business's own rows, and takes no
    entries by hand.
    """

    code: str
    name: str
    kind: AccountKind
    of_persons: bool = False
    is_cash: bool = False
    by_process: bool = False


_chart: dict[str, HouseAccount] = {}


def register_account(
    code: str,
    name: str,
    kind: AccountKind,
    *,
    of_persons: bool = False,
    is_cash: bool = False,
    by_process: bool = False,
) -> HouseAccount:
    """Add a house account to the chart; the same code always means the same account."""
    account = HouseAccount(code, name, kind, of_persons, is_cash, by_process)
    assert _chart.setdefault(code, account) == account, f"account {code} is already in the chart as something else"
    return account


def every_house_account() -> list[HouseAccount]:
    return sorted(_chart.values(), key=lambda account: account.code)


CASH: Final = register_account("1110", "Cash", AccountKind.ASSET, is_cash=True)
BANK: Final = register_account("1200", "Bank", AccountKind.ASSET, is_cash=True)
DEBTORS: Final = register_account("1310", "Debtors", AccountKind.ASSET)
STOCK_IN_HAND: Final = register_account("1410", "Stock in Hand", AccountKind.ASSET)
CREDITORS: Final = register_account("2110", "Creditors", AccountKind.LIABILITY)
CUSTOMER_ADVANCES: Final = register_account("2160", "Customer Advances", AccountKind.LIABILITY)
WALLETS: Final = register_account("2310", "Wallets", AccountKind.LIABILITY, of_persons=True)
SUSPENSE: Final = register_account("2900", "Suspense", AccountKind.LIABILITY)
CAPITAL: Final = register_account("3100", "Capital", AccountKind.EQUITY)
DEMO_FUNDING: Final = register_account("3900", "Demo Funding", AccountKind.EQUITY)
SALES: Final = register_account("4110", "Sales", AccountKind.INCOME)
INTEREST_INCOME: Final = register_account("4210", "Interest Income", AccountKind.INCOME)
PLATFORM_FEE_INCOME: Final = register_account("4310", "Platform Fee Income", AccountKind.INCOME)
ROUND_OFF: Final = register_account("5212", "Round Off", AccountKind.EXPENSE)
WRITE_OFF: Final = register_account("5218", "Write Off", AccountKind.EXPENSE)
BANK_CHARGES: Final = register_account("5221", "Bank Charges", AccountKind.EXPENSE)

_known: set[UUID] = set()


@lru_cache(maxsize=1024)
def id_of_house_account(account: HouseAccount, currency: str) -> UUID:
    """The id that a house account has in one currency, whether it is open already or not."""
    return uuid5(_NAMESPACE, f"{account.code}:{currency}")


_ids: dict[UUID, tuple[HouseAccount, str]] = {}


def house_account_of(account_id: UUID) -> tuple[HouseAccount, str] | None:
    """Which account of the chart has this id, and in which currency; None for accounts of persons and unknown ids."""
    houses = [account for account in _chart.values() if not account.of_persons]
    if len(_ids) != len(houses) * len(CURRENCIES):
        _ids.update({id_of_house_account(each, currency): (each, currency) for each in houses for currency in CURRENCIES})
    return _ids.get(account_id)


def kept_by_process(account_id: UUID) -> bool:
    """Whether this is a house account whose balance is the sum of a business's own rows."""
    found = house_account_of(account_id)
    return found is not None and found[0].by_process


async def open_house_account(account_id: UUID, currency: str) -> None:
    """Open the house account with this id, if the chart has one in this currency and it is not open yet."""
    found = house_account_of(account_id)
    if found is not None and found[1] == currency:
        await house_account(*found)


async def house_account(account: HouseAccount, currency: str) -> UUID:
    """The id of a house account in one currency; the account comes into being with its first entry.

    The id follows from code and currency, so it needs no look-up once this process knows the row to be committed.
    """
    account_id = id_of_house_account(account, currency)
    if account_id not in _known:
        async with unit_of_work() as work:
            await work.execute(
                """insert into ledger_account (id, code, name, kind, currency, opened_at)
                   values ($1, $2, $3, $4, $5, $6) on conflict do nothing""",
                account_id,
                account.code,
                account.name,
                account.kind.value,
                currency,
                clock.now(),
            )
            work.after_commit(lambda: _known.add(account_id))
    return account_id


def forget_known_accounts() -> None:
    """Ask the database again; for when it is not the database it was."""
    _known.clear()
