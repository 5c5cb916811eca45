"""Money that comes for a fee or goes back, and the entry that moves it, once and for all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from domain.kit import clock
from domain.kit.context import current_call
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.ledger.chart import house_account
from domain.ledger.service import Line as EntryLine
from domain.ledger.service import NewEntry
from domain.school import accounts
from domain.school.accounts import FEE_CLEARING, MONEY_AT
from domain.school.fees.locking import Desk
from domain.school.fees.receipts import given
from domain.school.models import FeePayment
from domain.school.states import FeePaymentKind, FeePaymentMethod
from domain.wallets.service import post_to_wallets, wallet_of

_SAID: Final = {
    FeePaymentKind.PAYMENT: "Payment of",
    FeePaymentKind.CORRECTION: "Correction of",
    FeePaymentKind.REFUND: "Refund of",
    FeePaymentKind.MOVED: "Money moved for",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Money that came for a fee, or under zero what went back.

    ``wallet_owner_id`` is whose wallet it is that it came out of or goes into. ``payment_id`` is the payment from outside
    that it came by, ``fact_id`` the fact of a loan, ``undoes_id`` the row that it takes back as a whole.
    """

    amount: Money
    method: FeePaymentMethod
    kind: FeePaymentKind = FeePaymentKind.PAYMENT
    wallet_owner_id: UUID | None = None
    payer_id: UUID | None = None
    reference: str = ""
    payment_id: UUID | None = None
    fact_id: UUID | None = None
    undoes_id: UUID | None = None
    note: str = ""


def row_of(desk: Desk, taken: Taken, before: Money, on: date) -> FeePayment:
    """The row that remembers it; of a fee that had ``before``."""
    is_payment = taken.kind is FeePaymentKind.PAYMENT
    return FeePayment(
        id=new_id(),
        fee_id=desk.fee.id,
        kind=taken.kind,
        method=taken.method,
        amount_minor=taken.amount.amount_minor,
        currency=taken.amount.currency,
        account_code=MONEY_AT[taken.method].code,
        wallet_owner_id=taken.wallet_owner_id,
        payer_id=taken.payer_id,
        reference=taken.reference,
        paid_on=on,
        receipt=given(desk, taken.amount, before, on) if is_payment else None,
        payment_id=taken.payment_id,
        fact_id=taken.fact_id,
        undoes_id=taken.undoes_id,
        entry_id=new_id(),
        note=taken.note,
        created_by_id=desk.actor.id,
        created_at=clock.now(),
        correlation_id=current_call().correlation_id,
    )


async def move(desk: Desk, row: FeePayment) -> NewEntry | None:
    """Dr where the money is   Cr clearing; what goes back is the opposite.

    The entry is posted at once where a wallet is involved (INSUFFICIENT_FUNDS), and else returned, to be posted with others.
    """
    fee, size = desk.fee, Money(abs(row.amount_minor), row.currency)
    came = row.amount_minor > 0
    lines = [
        EntryLine(await _account_of(row), size, is_debit=came),
        EntryLine(await house_account(FEE_CLEARING, row.currency), size, is_debit=not came),
    ]
    kind = accounts.RECEIVED if came else accounts.GIVEN_BACK
    said = f"{_SAID[row.kind]} {fee.number}, {desk.student}"
    reference = accounts.of_payment(row.id)
    if row.wallet_owner_id is None:
        return NewEntry(kind, said, lines, row.paid_on, reference, fee.branch_id, id=row.entry_id)
    posted = await post_to_wallets(
        kind=kind, description=said, lines=lines, reference=reference, effective_on=row.paid_on, branch_id=fee.branch_id
    )
    row.entry_id = posted.entry_id
    return None


async def _account_of(row: FeePayment) -> UUID:
    if row.wallet_owner_id is not None:
        return (await wallet_of(row.wallet_owner_id, row.currency)).account_id
    return await house_account(MONEY_AT[row.method], row.currency)


def as_json(row: FeePayment) -> dict[str, Any]:
    """The row on its way to the database."""
    return {
        "id": str(row.id),
        "fee_id": str(row.fee_id),
        "kind": row.kind.value,
        "method": row.method.value,
        "amount_minor": row.amount_minor,
        "currency": row.currency,
        "account_code": row.account_code,
        "wallet_owner_id": _text(row.wallet_owner_id),
        "payer_id": _text(row.payer_id),
        "reference": row.reference,
        "paid_on": row.paid_on.isoformat(),
        "receipt": row.receipt,
        "payment_id": _text(row.payment_id),
        "fact_id": _text(row.fact_id),
        "undoes_id": _text(row.undoes_id),
        "entry_id": str(row.entry_id),
        "note": row.note,
        "created_by_id": str(row.created_by_id),
        "created_at": row.created_at.isoformat(),
        "correlation_id": str(row.correlation_id),
    }


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
