"""The chart of accounts of the school, and the sides of every journal entry it makes about fees.

Two entries stand for money that comes for a fee. One moves it: from the till, the bank, a wallet or what is in transit into
clearing, once and for all. The other says whose income it is; it is reversed and made anew whenever what is paid or due
changes, so that there is always one for all that is paid. Clearing is therefore nothing after every act.

Income of fees is income when it is paid. What is charged and not paid is receivable on one side and not yet paid on the
other, both as much as is outstanding. An amount is whole minor units of the fee's currency, positive for a debit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final, NamedTuple
from uuid import UUID

from domain.kit.money import Money
from domain.ledger.chart import BANK, CASH, WALLETS, AccountKind, HouseAccount, every_house_account, register_account
from domain.ledger.service import Reference
from domain.payments.accounts import IN_TRANSIT
from domain.school.rules.posting import Share
from domain.school.states import FeePaymentMethod

FEES_RECEIVABLE: Final = register_account("1330", "School Fees Receivable", AccountKind.ASSET, by_process=True)
NOT_YET_PAID: Final = register_account("2410", "School Fees Not Yet Paid", AccountKind.LIABILITY, by_process=True)
FEE_CLEARING: Final = register_account("2420", "School Fee Clearing", AccountKind.LIABILITY, by_process=True)
FEE_CREDITS: Final = register_account("2430", "School Fee Credits", AccountKind.LIABILITY, by_process=True)
FEE_INCOME: Final = register_account("4510", "School Fees", AccountKind.INCOME, by_process=True)
TUITION: Final = register_account("4511", "Tuition Fees", AccountKind.INCOME, by_process=True)
BOARDING: Final = register_account("4512", "Boarding Fees", AccountKind.INCOME, by_process=True)
TRANSPORT: Final = register_account("4513", "Transport Fees", AccountKind.INCOME, by_process=True)
FEEDING: Final = register_account("4514", "Feeding Fees", AccountKind.INCOME, by_process=True)
EXAMINATIONS: Final = register_account("4515", "Examination Fees", AccountKind.INCOME, by_process=True)
ADMISSION: Final = register_account("4516", "Admission Fees", AccountKind.INCOME, by_process=True)
LATE_FEES: Final = register_account("4519", "Late Fees", AccountKind.INCOME, by_process=True)
DONATIONS: Final = register_account("4520", "Donations and Grants", AccountKind.INCOME)
OTHER_INCOME: Final = register_account("4529", "Other School Income", AccountKind.INCOME)
OTHER_EXPENSES: Final = register_account("5290", "Other Expenses", AccountKind.EXPENSE)

MONEY_AT: Final[Mapping[FeePaymentMethod, HouseAccount]] = MappingProxyType(
    {
        FeePaymentMethod.CASH: CASH,
        FeePaymentMethod.BANK: BANK,
        FeePaymentMethod.MPESA: IN_TRANSIT,
        FeePaymentMethod.WALLET: WALLETS,
        FeePaymentMethod.ADVANCE: FEE_CREDITS,
        FeePaymentMethod.LOAN: IN_TRANSIT,
    }
)
"""Where money of a fee comes from, by its method; a wallet is somebody's own account under this code."""

CHARGED: Final = "school.fee_charged"
RECEIVED: Final = "school.fee_received"
GIVEN_BACK: Final = "school.fee_given_back"
PAID: Final = "school.fee_paid"
REVERSED: Final = "school.fee_reversed"
ADVANCE: Final = "school.advance"
TRANSACTION: Final = "school.transaction"
TRANSACTION_REVERSED: Final = "school.transaction_reversed"


class Side(NamedTuple):
    """One side of an entry: minor units on an account, positive for a debit."""

    account: HouseAccount
    amount_minor: int


def of_fee(fee_id: UUID) -> Reference:
    """The chain of what is paid of a fee."""
    return Reference("school_fee", fee_id)


def of_charge(fee_id: UUID) -> Reference:
    """What is due of a fee."""
    return Reference("school_fee_due", fee_id)


def of_payment(fee_payment_id: UUID) -> Reference:
    """Money that came for a fee, or went back."""
    return Reference("school_fee_payment", fee_payment_id)


def of_transaction(transaction_id: UUID) -> Reference:
    """Other income, or an expense."""
    return Reference("school_transaction", transaction_id)


def of_advance(advance_id: UUID) -> Reference:
    """Money that came before there was a fee for it."""
    return Reference("school_advance", advance_id)


def charged(change: int) -> list[Side]:
    """Dr fees receivable   Cr fees not yet paid, by how much more is due; less is the opposite."""
    return _sides(Side(FEES_RECEIVABLE, change), Side(NOT_YET_PAID, -change))


def paid(shares: Iterable[Share]) -> list[Side]:
    """Dr clearing   Cr the income of each category, and fee credits beyond the fee.

    For the part that was due besides   Dr fees not yet paid   Cr fees receivable.
    """
    shares = tuple(shares)
    whole = sum(share.amount.amount_minor for share in shares)
    due = sum(share.amount.amount_minor for share in shares if share.account != FEE_CREDITS.code)
    return _sides(
        Side(FEE_CLEARING, whole),
        *(Side(account_named(share.account), -share.amount.amount_minor) for share in shares),
        Side(NOT_YET_PAID, due),
        Side(FEES_RECEIVABLE, -due),
    )


@cache
def account_named(code: str) -> HouseAccount:
    """The account of the chart with a code that was checked when it was written down."""
    return next(account for account in every_house_account() if account.code == code)


def shares_of(kept: Mapping[str, int], currency: str) -> tuple[Share, ...]:
    """What a row of the books says about whose money it is, as the rules take it."""
    return tuple(Share(code, Money(minor, currency)) for code, minor in sorted(kept.items()))


def _sides(*sides: Side) -> list[Side]:
    """The sides with an amount; they balance."""
    assert sum(side.amount_minor for side in sides) == 0, "an entry balances"
    return [side for side in sides if side.amount_minor]
