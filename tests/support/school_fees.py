"""Fees for tests: charged and paid through the services, and what the books have of them."""

from __future__ import annotations

from typing import Any

from domain.identity.actor import Actor
from domain.kit.database import fetchval
from domain.kit.money import Money
from domain.ledger.chart import BANK, house_account
from domain.ledger.service import credit, debit
from domain.school.fees import Settled
from domain.school.models import SchoolFee, SchoolTransaction, Student
from domain.school.service.changing_fees import FeeEdits, update_fee
from domain.school.service.charging import FeeTerms, add_fee
from domain.school.service.collecting import pay_fee
from domain.wallets.service import post_to_wallets, wallet_of


def ghs(amount: int | str) -> Money:
    return Money.of(amount, "GHS")


def kes(amount: int | str) -> Money:
    return Money.of(amount, "KES")


async def charged(
    actor: Actor, student: Student, due: Money, paid: Money | None = None, title: str = "Tuition, term 1", **terms: Any
) -> SchoolFee:
    """The student is charged, and some of it may be paid in cash at once."""
    said = FeeTerms(title=title, amount_due=due, **terms)
    return (await add_fee(actor, student_id=student.id, terms=said, amount_paid=paid)).fee


async def paid(actor: Actor, fee: SchoolFee, amount: Money, **more: Any) -> Settled:
    return await pay_fee(actor, fee_id=fee.id, amount=amount, **more)


async def corrected(actor: Actor, fee: SchoolFee, amount: Money, **more: Any) -> Settled:
    """What is paid of the fee is said to be this."""
    return await update_fee(actor, fee_id=fee.id, edits=FeeEdits(amount_paid=amount), **more)


async def listed(fee: SchoolFee) -> list[tuple[str, Money]]:
    """What the school sees of the fee among its transactions: what is live, under its reference."""
    rows = await SchoolTransaction.filter(fee_id=fee.id, reversed_at__isnull=True)
    return [(row.reference, row.amount) for row in rows]


async def balance(code: str, currency: str = "GHS") -> Money:
    """Of an account of the house, debits positive."""
    minor = await fetchval(
        """select coalesce(sum(h.amount_minor), 0)::bigint from ledger_account a
           join house_balance h on h.account_id = a.id where a.code = $1 and a.currency = $2""",
        code,
        currency,
    )
    return Money(minor, currency)


async def put_into_purse(owner: Actor, amount: Money) -> None:
    """Money that somebody brought to the bank for their wallet."""
    wallet = await wallet_of(owner.id, amount.currency)
    lines = [debit(await house_account(BANK, amount.currency), amount), credit(wallet.account_id, amount)]
    await post_to_wallets(kind="test.top_up", description="Top-up", lines=lines)
