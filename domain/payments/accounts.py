"""The accounts of payments, and the sides of every journal entry it makes.

Money that came is with the provider until the provider pays it out. It waits in transit until what it was paid for takes it
from there (the business's own entry: Dr payments in transit), or in suspense while nobody can say what it is for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final
from uuid import UUID, uuid5

from domain.kit.money import Money
from domain.ledger.chart import WRITE_OFF, AccountKind, HouseAccount, house_account, register_account
from domain.ledger.service import Line, Reference, credit, debit
from domain.payments.rules.receipts import Posting
from domain.payments.states import Destination

MPESA_CLEARING: Final = register_account("1210", "M-Pesa Clearing", AccountKind.ASSET, is_cash=True)
IN_TRANSIT: Final = register_account("2910", "Payments in Transit", AccountKind.LIABILITY, by_process=True)
MPESA_SUSPENSE: Final = register_account("2920", "M-Pesa Suspense", AccountKind.LIABILITY, by_process=True)
UNCLAIMED: Final = register_account("4390", "Unclaimed Payments", AccountKind.INCOME)

HELD_AT: Final[Mapping[Destination, HouseAccount]] = MappingProxyType(
    {Destination.PURPOSE: IN_TRANSIT, Destination.SUSPENSE: MPESA_SUSPENSE}
)

RECEIVED: Final = "payments.received"
REVERSED: Final = "payments.reversed"
MOVED: Final = "payments.moved"
WRITTEN_OFF: Final = "payments.written_off"
CORRECTED: Final = "payments.corrected"
ABSORBED: Final = "payments.absorbed"
TOPPED_UP: Final = "payments.wallet_topped_up"
TOP_UP_TAKEN_BACK: Final = "payments.top_up_taken_back"
SESSION_PAID: Final = "payments.session_paid"
SESSION_UNPAID: Final = "payments.session_payment_taken_back"

_NAMESPACE: Final = UUID("8d2b5d1e-6a0c-4f7b-9a55-3d1f0c2e7b46")


def of_payment(payment_id: UUID) -> Reference:
    return Reference("payment", payment_id)


def of_receipt(receipt: str) -> Reference:
    """For money of which no payment is known."""
    return Reference("mpesa_receipt", uuid5(_NAMESPACE, receipt))


def kind_of(postings: Iterable[Posting]) -> str:
    """What an entry is called by what happens to the money as a whole: more came, some went back, or it only moved."""
    total = sum(posting.change.amount_minor for posting in postings)
    return RECEIVED if total > 0 else REVERSED if total < 0 else MOVED


async def lines_of(postings: Iterable[Posting]) -> list[Line]:
    """Dr M-Pesa clearing   Cr payments in transit, or suspense.

    What is taken back goes the other way, and what moves between the two touches no cash.
    """
    sums: dict[tuple[HouseAccount, str], int] = {}
    for posting in postings:
        change, currency = posting.change.amount_minor, posting.change.currency
        for account, minor in ((MPESA_CLEARING, change), (HELD_AT[posting.destination], -change)):
            sums[account, currency] = sums.get((account, currency), 0) + minor
    return [await _side(account, minor, currency) for (account, currency), minor in sums.items() if minor]


async def written_off(amount: Money) -> list[Line]:
    """Dr M-Pesa suspense   Cr unclaimed payments: nobody will say whose it is."""
    return [
        debit(await house_account(MPESA_SUSPENSE, amount.currency), amount),
        credit(await house_account(UNCLAIMED, amount.currency), amount),
    ]


async def corrected(amount: Money) -> list[Line]:
    """Dr M-Pesa suspense   Cr M-Pesa clearing: somebody has recorded it by hand elsewhere."""
    return [
        debit(await house_account(MPESA_SUSPENSE, amount.currency), amount),
        credit(await house_account(MPESA_CLEARING, amount.currency), amount),
    ]


async def absorbed(amount: Money) -> list[Line]:
    """Dr write-off   Cr payments in transit: what was taken back is kept by what it had paid for, and the house bears it."""
    return [
        debit(await house_account(WRITE_OFF, amount.currency), amount),
        credit(await house_account(IN_TRANSIT, amount.currency), amount),
    ]


async def into_wallet(account_id: UUID, amount: Money) -> list[Line]:
    """Dr payments in transit   Cr the wallet: our debt to its owner rises."""
    return [debit(await house_account(IN_TRANSIT, amount.currency), amount), credit(account_id, amount)]


async def out_of_wallet(account_id: UUID, amount: Money) -> list[Line]:
    """Dr the wallet   Cr payments in transit: the provider took the money back."""
    return [debit(account_id, amount), credit(await house_account(IN_TRANSIT, amount.currency), amount)]


async def _side(account: HouseAccount, minor: int, currency: str) -> Line:
    """Positive for a debit."""
    account_id = await house_account(account, currency)
    return debit(account_id, Money(minor, currency)) if minor > 0 else credit(account_id, Money(-minor, currency))
