"""The wallet, and what one sees of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from domain.kit.money import Money

DIGITS: Final = 11
"""Hexadecimal digits of a wallet's id that its number has."""


class Wallet(Model):
    """A person's money in one currency. What it holds stands in the ledger; see :mod:`domain.wallets.queries`."""

    id = fields.UUIDField(primary_key=True)
    user_id = fields.UUIDField()
    currency = fields.CharField(max_length=3)
    account_id = fields.UUIDField()
    opened_at = fields.DatetimeField()

    class Meta:
        table = "wallet"

    @property
    def number(self) -> str:
        """What people call it who put money in from elsewhere: so much of the id's end that a slip hits nobody's."""
        return f"W{self.id.hex[-DIGITS:].upper()}"


class TransactionType(str, Enum):
    """Which way the money went, seen from the wallet."""

    CREDIT = "CREDIT"
    DEBIT = "DEBIT"


@dataclass(frozen=True, slots=True)
class WalletBalance:
    """``balance`` is all that is there, ``held`` the part set aside, ``available`` what can be spent."""

    wallet_id: UUID
    balance: Money
    held: Money

    @property
    def available(self) -> Money:
        return self.balance - self.held


@dataclass(frozen=True, slots=True)
class WalletTransaction:
    """One movement of a wallet: a line of a journal entry, seen from the wallet's side."""

    id: int
    wallet_id: UUID
    entry_id: UUID
    type: TransactionType
    amount: Money
    balance_after: Money
    kind: str
    description: str
    reference_kind: str | None
    reference_id: UUID | None
    timestamp: datetime

    @property
    def invoice_id(self) -> UUID | None:
        """The invoice that the movement is about, if it is about one."""
        return self.reference_id if self.reference_kind == "invoice" else None
