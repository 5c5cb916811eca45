"""What a payment can be for: each purpose is registered by the business whose it is.

A business says what is owed and who may pay it, takes money that came for it, and gives it back when the provider took it
back. So payments know no business, and a business does with this money what it does with any other: it is booked, or
refused, by its own rules.

Money that was received for a purpose waits in transit until the business takes it from there; see
:mod:`domain.payments.handlers`.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import CurrencyMismatch, Forbidden, InvalidAmount
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, unit_of_work
from domain.ledger.errors import PeriodClosed
from domain.payments.errors import PurposeNotPossible
from domain.payments.rules.references import bare
from domain.payments.states import Purpose

ONE_IN: Final = 100
"""Of an amount that another one is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What somebody can pay, and to whom it is owed.

    ``amount`` is what is owed now, and paid unless another amount is said; None where nothing is owed and any amount will
    do. ``most`` is the most that is taken; None for no limit. With ``exact`` nothing but ``amount`` is. ``most_by_loan`` is
    the most that a loan pays there: what is beyond it would come into the borrower's hands. What a payer types who pays by
    Paybill on their own is ``account_reference``: the number of the loan, the invoice and so on.
    """

    purpose: Purpose
    target_id: UUID
    title: str
    amount: Money | None
    currency: str
    client_id: UUID | None
    client_name: str
    payee_id: UUID | None
    payee_name: str
    branch_id: UUID | None
    account_reference: str
    most: Money | None = None
    most_by_loan: Money | None = None
    exact: bool = False

    def require(self, amount: Money) -> Money:
        """The amount itself, if it can be paid (INVALID_AMOUNT, CURRENCY_MISMATCH)."""
        where = ("input", "amount")
        if amount.currency != self.currency:
            raise CurrencyMismatch(f"this is paid in {self.currency}", field=(*where, "currency"))
        if amount.amount_minor <= 0:
            raise InvalidAmount("an amount must be greater than zero", field=where)
        if amount != self.expected(amount):
            raise InvalidAmount(
                f"{'exactly' if self.exact else 'at most'} {self.expected(amount)} is to be paid", field=where
            )
        return amount

    def expected(self, came: Money) -> Money:
        """What a payment by somebody who was not asked ought to be, given what came: another amount is a mismatch."""
        if self.exact and self.amount is not None:
            return self.amount
        if self.most is not None and came.currency == self.most.currency:
            return min(came, self.most)
        return came


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidFor:
    """Money that came for a purpose. ``amount`` is all of it, whatever a part of it came by.

    ``reference`` is the receipt of the provider, or our own reference where the provider did not name one. With ``by_loan``
    a loan was paid out for it, of that number: ``payment_id`` is the fact of that payout then, and no payment of ours.
    """

    payment_id: UUID
    purpose: Purpose
    target_id: UUID
    amount: Money
    receipt: str | None
    reference: str
    client_id: UUID | None
    paid_at: datetime
    by_loan: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeKind:
    """How payments for one purpose go.

    ``due`` is what this actor may pay, or a refusal of the business's own. ``due_by_reference`` is what an account number
    means that somebody typed, exactly, and ``candidates`` are things of about an amount that are open: both ask as the
    house. ``apply`` takes money out of transit, inside the unit of work in progress, and returns the id of the business's
    record of it; ``undo`` puts it back. What they refuse with a DomainError stays in transit, or with the business.

    ``lock`` locks several targets of the business in the order of their ids, as firmly as ``apply`` locks one, and names the
    guarded accounts that money may move on when it is applied to them or undone: its half of the order of locks, which
    :mod:`domain.payments.purposes.locking` states.

    ``numbers`` are the bare references that the house itself gives out. Without it they are what others thought of, such as
    the numbers of a seller's invoices, and never stand for what looks like one of ours. ``takes_loans`` says that a loan may
    be paid out straight for it.
    """

    purpose: Purpose
    title: str
    due: Callable[[Actor, UUID], Awaitable[Due]]
    due_by_reference: Callable[[str], Awaitable[Due | None]]
    candidates: Callable[[Money, int], Awaitable[Sequence[Due]]]
    apply: Callable[[PaidFor], Awaitable[UUID]]
    undo: Callable[[PaidFor, UUID], Awaitable[None]]
    lock: Callable[[Work, Sequence[UUID]], Awaitable[Sequence[UUID]]]
    numbers: re.Pattern[str] | None = None
    takes_loans: bool = False


_kinds: dict[Purpose, PurposeKind] = {}


def register_purpose(kind: PurposeKind) -> PurposeKind:
    """Declare a purpose; in the module ``payments`` of a room, at import."""
    known = _kinds.get(kind.purpose)
    assert known is None or known.apply.__qualname__ == kind.apply.__qualname__, f"two kinds for {kind.purpose}"
    _kinds[kind.purpose] = kind
    return kind


def purpose_kind(purpose: Purpose) -> PurposeKind:
    found = _kinds.get(purpose)
    if found is None:
        raise PurposeNotPossible(f"nothing can be paid here with the purpose {purpose}")
    return found


def every_purpose() -> list[PurposeKind]:
    """In the order in which purposes are declared."""
    return [_kinds[purpose] for purpose in Purpose if purpose in _kinds]


async def due_by_reference(reference: str) -> Due | None:
    """What a typed account number means; None when it is nothing's, or that of several."""
    typed = bare(reference)
    ours = [kind for kind in every_purpose() if kind.numbers is not None and kind.numbers.fullmatch(typed)]
    asked = ours or [kind for kind in every_purpose() if kind.numbers is None]
    found = [due for kind in asked if (due := await kind.due_by_reference(reference)) is not None]
    return found[0] if len(found) == 1 else None


async def candidates(amount: Money, *, limit: int) -> list[Due]:
    """What is open of about this amount, whatever it is for: the nearest first."""
    found = [due for kind in every_purpose() for due in await kind.candidates(amount, limit)]
    return sorted(found, key=lambda due: _distance(due, amount))[:limit]


def _distance(due: Due, amount: Money) -> int:
    return abs(due.amount.amount_minor - amount.amount_minor) if due.amount is not None else amount.amount_minor


async def book_on_its_day(paid: PaidFor, book: Callable[[Work, PaidFor, datetime], Awaitable[UUID]]) -> UUID:
    """Have what came booked as of when it was paid; as of now when the books of that day are closed."""
    async with unit_of_work() as work:
        try:
            async with work.savepoint():
                return await book(work, paid, paid.paid_at)
        except PeriodClosed:
            return await book(work, paid, clock.now())


def require_collector(actor: Actor, branch_id: UUID | None) -> None:
    """Who pays for somebody else collects for the house, at the branch."""
    if not actor.may_at(Permission.PAYMENTS_COLLECT, branch_id):
        raise Forbidden(f"this needs the permission {Permission.PAYMENTS_COLLECT.value}")


def near(amount: Money) -> tuple[int, int]:
    """The least and the most minor units that are about an amount: within one in a hundred."""
    apart = amount.amount_minor // ONE_IN
    return amount.amount_minor - apart, amount.amount_minor + apart
