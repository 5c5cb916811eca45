"""What each kind of voucher asks for: the texts, the date, the branch, and which accounts its two sides take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final
from uuid import UUID

from domain.accounting import accounts
from domain.accounting.accounts import Admits
from domain.accounting.models import Expense, Revenue, Transfer
from domain.accounting.states import VoucherKind
from domain.kit.money import Money
from domain.ledger.service import Line


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a voucher: under which name it is asked for, and which accounts of the house it takes."""

    field: str
    admits: Admits
    wanted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherTerms:
    """What is said about every voucher; whatever is None or empty was not said. Dated today unless said otherwise."""

    kind: ClassVar[VoucherKind]

    description: str = ""
    reference: str = ""
    dated_on: date | None = None
    branch_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyTerms(VoucherTerms):
    """What is said about an amount that goes from one account of the house to another."""

    debit: ClassVar[Side]
    credit: ClassVar[Side]
    party_field: ClassVar[str | None] = None

    amount: Money | None = None

    @property
    def debit_account_id(self) -> UUID | None:
        raise NotImplementedError

    @property
    def credit_account_id(self) -> UUID | None:
        raise NotImplementedError

    @property
    def party(self) -> str:
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpenseTerms(MoneyTerms):
    """What was spent on what, and out of which account; on credit when it is to be paid later."""

    kind = VoucherKind.EXPENSE
    debit = Side("categoryAccountId", accounts.is_expense, "an expense account")
    credit = Side("paidFromAccountId", accounts.pays_expenses, "an account of cash or bank, or the creditors")
    party_field = "payee"

    category_account_id: UUID | None = None
    paid_from_account_id: UUID | None = None
    payee: str = ""

    @property
    def debit_account_id(self) -> UUID | None:
        return self.category_account_id

    @property
    def credit_account_id(self) -> UUID | None:
        return self.paid_from_account_id

    @property
    def party(self) -> str:
        return self.payee


@dataclass(frozen=True, slots=True, kw_only=True)
class RevenueTerms(MoneyTerms):
    """What was earned with what, and into which account it came; owed by debtors when it is to come later."""

    kind = VoucherKind.REVENUE
    debit = Side("receivedIntoAccountId", accounts.receives_revenue, "an account of cash or bank, or the debtors")
    credit = Side("categoryAccountId", accounts.is_income, "an income account")
    party_field = "payer"

    category_account_id: UUID | None = None
    received_into_account_id: UUID | None = None
    payer: str = ""

    @property
    def debit_account_id(self) -> UUID | None:
        return self.received_into_account_id

    @property
    def credit_account_id(self) -> UUID | None:
        return self.category_account_id

    @property
    def party(self) -> str:
        return self.payer


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferTerms(MoneyTerms):
    """Which money of the house moves from where to where."""

    kind = VoucherKind.TRANSFER
    debit = Side("toAccountId", accounts.is_cash, "an account of cash or bank")
    credit = Side("fromAccountId", accounts.is_cash, "an account of cash or bank")

    from_account_id: UUID | None = None
    to_account_id: UUID | None = None

    @property
    def debit_account_id(self) -> UUID | None:
        return self.to_account_id

    @property
    def credit_account_id(self) -> UUID | None:
        return self.from_account_id


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalTerms(VoucherTerms):
    """An entry by hand: its lines, whose debits equal their credits in each currency."""

    kind = VoucherKind.JOURNAL_ENTRY

    lines: Sequence[Line] = ()


def terms_of(voucher: Expense | Revenue | Transfer) -> MoneyTerms:
    """What was said about a voucher, for changing some of it."""
    said: dict[str, Any] = {
        name: getattr(voucher, name) for name in ("amount", "description", "reference", "dated_on", "branch_id")
    }
    own = _OWN_TERMS[voucher.kind]
    return own.terms(**said, **{name: getattr(voucher, name) for name in own.names})


@dataclass(frozen=True, slots=True)
class _Own:
    terms: type[MoneyTerms]
    names: tuple[str, ...]


_OWN_TERMS: Final = {
    VoucherKind.EXPENSE: _Own(ExpenseTerms, ("category_account_id", "paid_from_account_id", "payee")),
    VoucherKind.REVENUE: _Own(RevenueTerms, ("category_account_id", "received_into_account_id", "payer")),
    VoucherKind.TRANSFER: _Own(TransferTerms, ("from_account_id", "to_account_id")),
}
