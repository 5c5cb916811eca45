"""The chart of accounts of lending, and the sides of every journal entry it makes.

Two entries stand for one repayment: the money arrives and waits in the loan repayment clearing account, and from there it is
allocated to what the borrower owes. When a payment is undone or dated back, only the allocations of later ones are reversed
and posted anew; their money is never moved twice.

Interest, fees and penalties are income on the day they fall due, or when they are paid, if that is earlier. What is on the
books as receivable is therefore what is due and unpaid, besides the principal.

An amount is whole minor units of the loan's currency. ``money`` is the account through which it moved: a house account's
code or the id of a wallet's account.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from domain.ledger.chart import INTEREST_INCOME, ROUND_OFF, AccountKind, HouseAccount, register_account
from domain.ledger.service import Reference
from domain.lending.rules.state import Components

MPESA_CLEARING: Final = register_account("1210", "M-Pesa Clearing", AccountKind.ASSET, is_cash=True)
LOANS_RECEIVABLE: Final = register_account("1510", "Loans Receivable", AccountKind.ASSET, by_process=True)
INTEREST_RECEIVABLE: Final = register_account("1520", "Loan Interest Receivable", AccountKind.ASSET, by_process=True)
FEE_RECEIVABLE: Final = register_account("1530", "Loan Fees Receivable", AccountKind.ASSET, by_process=True)
PENALTY_RECEIVABLE: Final = register_account("1540", "Loan Penalties Receivable", AccountKind.ASSET, by_process=True)
REPAYMENT_CLEARING: Final = register_account("2510", "Loan Repayment Clearing", AccountKind.LIABILITY, by_process=True)
OVERPAYMENTS: Final = register_account("2520", "Loan Overpayments", AccountKind.LIABILITY, by_process=True)
FEE_INCOME: Final = register_account("4220", "Loan Fee Income", AccountKind.INCOME)
PENALTY_INCOME: Final = register_account("4230", "Loan Penalty Income", AccountKind.INCOME)
RECOVERIES: Final = register_account("4240", "Loan Recoveries", AccountKind.INCOME)
CREDIT_LOSSES: Final = register_account("5310", "Credit Losses", AccountKind.EXPENSE)

LOAN: Final = "loan"


def about(loan_id: UUID) -> Reference:
    return Reference(LOAN, loan_id)


@dataclass(frozen=True, slots=True, order=True)
class Side:
    """One side of an entry: an account by its code or its id, and minor units, positive for a debit."""

    account: str
    amount: int


@dataclass(frozen=True, slots=True)
class Settlement:
    """Where an amount that settles dues goes: what is on the books as receivable, and what becomes income only now."""

    receivable: Components = field(default_factory=Components)
    income: Components = field(default_factory=Components)
    recovered: int = 0
    overpaid: int = 0


def disbursement(money: str, principal: int, kept_fees: int) -> list[Side]:
    """Dr loans receivable   Cr cash, bank or the borrower's wallet; and clearing with the charges kept back of it."""
    return _sides(
        _debit(LOANS_RECEIVABLE, principal), Side(money, kept_fees - principal), _credit(REPAYMENT_CLEARING, kept_fees)
    )


def fees_paid(money: str | None, amount: int, to: Settlement) -> list[Side]:
    """Dr clearing (fees kept back), or cash, bank or the wallet (fees paid apart)   Cr the receivables of the charges."""
    source = _debit(REPAYMENT_CLEARING, amount) if money is None else Side(money, amount)
    return _sides(source, *_settled(to))


def receipt(money: str, amount: int) -> list[Side]:
    """Dr cash, bank, M-Pesa clearing or the borrower's wallet   Cr loan repayment clearing."""
    return _sides(Side(money, amount), _credit(REPAYMENT_CLEARING, amount))


def allocation(amount: int, to: Settlement) -> list[Side]:
    """Dr loan repayment clearing   Cr receivables, income not yet due, overpayments; after a charge-off recoveries."""
    return _sides(_debit(REPAYMENT_CLEARING, amount), *_settled(to))


def set_off(amount: int, to: Settlement) -> list[Side]:
    """Dr loan overpayments   Cr what the borrower's credit pays when more is paid out to him."""
    return _sides(_debit(OVERPAYMENTS, amount), *_settled(to))


def accrual(due: Components) -> list[Side]:
    """Dr interest, fees and penalties receivable   Cr their income: what falls due on a day and was not paid before."""
    return _sides(*_receivable(due, 1), *_income(due, -1))


def waiver(receivable: Components) -> list[Side]:
    """Dr the income that was recognised   Cr its receivable: what was due is let go."""
    return _sides(*_income(receivable, 1), *_receivable(receivable, -1))


def given_back(money: str, credit: int, owed_again: int, *, off_books: bool) -> list[Side]:
    """Dr loan overpayments   Cr cash, bank or the wallet: a refund, or what the bank took back of a repayment.

    What was not overpaid is owed again: Dr loans receivable, or credit losses once the loan is charged off.
    """
    owed = CREDIT_LOSSES if off_books else LOANS_RECEIVABLE
    return _sides(_debit(OVERPAYMENTS, credit), _debit(owed, owed_again), Side(money, -credit - owed_again))


def loss(receivable: Components) -> list[Side]:
    """Dr credit losses   Cr every receivable: a charge-off, or a write-off of what is still on the books."""
    return _sides(_debit(CREDIT_LOSSES, receivable.total), *_receivable(receivable, -1))


def residual(receivable: Components) -> list[Side]:
    """Dr round off   Cr the receivables: a rest within the tolerance that nobody will be asked for."""
    return _sides(_debit(ROUND_OFF, receivable.total), *_receivable(receivable, -1))


def recovery(money: str, amount: int) -> list[Side]:
    """Dr cash, bank, M-Pesa clearing or the wallet   Cr loan recoveries: money after the write-off."""
    return _sides(Side(money, amount), _credit(RECOVERIES, amount))


def _settled(to: Settlement) -> list[Side]:
    return [
        *_receivable(to.receivable, -1),
        *_income(to.income, -1),
        _credit(RECOVERIES, to.recovered),
        _credit(OVERPAYMENTS, to.overpaid),
    ]


def _receivable(amounts: Components, sign: int) -> list[Side]:
    return [
        Side(LOANS_RECEIVABLE.code, sign * amounts.principal),
        Side(INTEREST_RECEIVABLE.code, sign * amounts.interest),
        Side(FEE_RECEIVABLE.code, sign * amounts.fee),
        Side(PENALTY_RECEIVABLE.code, sign * amounts.penalty),
    ]


def _income(amounts: Components, sign: int) -> list[Side]:
    assert amounts.principal == 0, "principal is nobody's income"
    return [
        Side(INTEREST_INCOME.code, sign * amounts.interest),
        Side(FEE_INCOME.code, sign * amounts.fee),
        Side(PENALTY_INCOME.code, sign * amounts.penalty),
    ]


def _debit(account: HouseAccount, amount: int) -> Side:
    return Side(account.code, amount)


def _credit(account: HouseAccount, amount: int) -> Side:
    return Side(account.code, -amount)


def _sides(*sides: Side) -> list[Side]:
    """The sides with an amount, each account once; nothing at all when the accounts cancel each other."""
    sums: dict[str, int] = {}
    for side in sides:
        sums[side.account] = sums.get(side.account, 0) + side.amount
    return [Side(account, amount) for account, amount in sums.items() if amount]


def balance_of(account: HouseAccount, sides: Iterable[Side]) -> int:
    """What some sides leave on an account, debits positive."""
    return sum(side.amount for side in sides if side.account == account.code)
