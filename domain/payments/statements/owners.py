"""Whose payment a row of a statement is about.

It is the payment that has the receipt already, or else the one whose reference the payer typed as the account number. An
account number that a business gave out, for a loan or an invoice, makes a payment for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from domain.kit.unit_of_work import Work
from domain.payments.opening import one_at_a_time, open_payment, owners_of_receipts, payments_by_reference
from domain.payments.provider import CURRENCY
from domain.payments.purposes import due_by_reference
from domain.payments.rules.references import bare
from domain.payments.rules.statements import RowKind, StatementRow
from domain.payments.states import Outcome


def about(row: StatementRow) -> str:
    """The receipt of the payment that a row is about: for a reversal that of what it takes back."""
    return row.reverses or row.receipt


async def owners_of(work: Work, rows: Sequence[StatementRow], *, created_by: UUID | None) -> dict[str, UUID]:
    """The payments that rows are about, by :func:`about`; what is nobody's is not in it.

    Reversals stand below or above what they take back, so all payments of the batch are looked at first.
    """
    registered = await owners_of_receipts(work, {about(row) for row in rows})
    # A message may be telling of the same ones just now.
    strangers = {row.receipt for row in rows if row.reference and row.receipt not in registered}
    await one_at_a_time(work, strangers)
    registered |= await owners_of_receipts(work, strangers)
    owners: dict[str, UUID] = {receipt: owner for receipt, owner in registered.items() if owner is not None}
    unowned = [row for row in rows if row.kind is RowKind.PAYMENT_IN and row.receipt not in owners and row.reference]
    named = await payments_by_reference(work, {bare(row.reference or "") for row in unowned} - {""})
    for row in unowned:
        owner = named.get(bare(row.reference or ""))
        # Money that waits in suspense since before is left to a person: who typed what is known, and placed nobody.
        if owner is None and row.receipt not in registered and row.receipt not in owners:
            owner = await _opened(work, row, created_by)
        if owner is not None:
            owners.setdefault(row.receipt, owner)
    return owners


async def _opened(work: Work, row: StatementRow, created_by: UUID | None) -> UUID | None:
    """A payment for what the account number means, if it means something and money came."""
    if row.outcome not in (Outcome.PAID, Outcome.REVERSED) or row.amount.currency != CURRENCY:
        return None
    due = await due_by_reference(row.reference or "")
    if due is None or due.currency != row.amount.currency:
        return None
    return (await open_payment(work, due, due.expected(row.amount), created_by=created_by)).id
