"""How people call the two sides of a voucher, of the voucher itself and of what events tell of it."""

from __future__ import annotations

from uuid import UUID


class ExpenseNames:
    """An expense debits its category and credits what it is paid from."""

    debit_account_id: UUID | None
    credit_account_id: UUID | None
    party: str

    @property
    def category_account_id(self) -> UUID | None:
        return self.debit_account_id

    @property
    def paid_from_account_id(self) -> UUID | None:
        return self.credit_account_id

    @property
    def payee(self) -> str:
        return self.party


class RevenueNames:
    """A revenue debits what it is received into and credits its category."""

    debit_account_id: UUID | None
    credit_account_id: UUID | None
    party: str

    @property
    def category_account_id(self) -> UUID | None:
        return self.credit_account_id

    @property
    def received_into_account_id(self) -> UUID | None:
        return self.debit_account_id

    @property
    def payer(self) -> str:
        return self.party


class TransferNames:
    """A transfer debits the account that gets the money and credits the one that gives it."""

    debit_account_id: UUID | None
    credit_account_id: UUID | None

    @property
    def from_account_id(self) -> UUID | None:
        return self.credit_account_id

    @property
    def to_account_id(self) -> UUID | None:
        return self.debit_account_id
