"""Taking money for a fee: what staff receive at the counter or at the bank, and what guardians pay from their wallet.

What comes by mobile money is told by its provider, and by a loan by lending; both reach the fee through the payments room.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.errors import InvalidAmount
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.school.fees import Desk, Settled, locked_fee, locked_fee_of_ward, settle
from domain.school.service.counter import IN_CASH, Way, amount_of, dated_by, day_of, taken_at_the_counter, taken_from_wallet
from domain.school.states import FeeChange, FeePaymentMethod


@retried
async def pay_fee(
    actor: Actor,
    *,
    fee_id: UUID,
    amount: Money | None = None,
    way: Way = IN_CASH,
    paid_on: date | None = None,
    expected_version: int | None = None,
) -> Settled:
    """Take an amount for a fee, or all that is outstanding. What exceeds the fee is credit of the family, never lost.

    Staff with FEES_COLLECT write down cash and what came at the bank; out of a wallet its owner pays, who is a guardian of
    the student. Refuses with FEE_NOT_FOUND, FORBIDDEN, FEE_DELETED, FEE_CHANGED_MEANWHILE, INVALID_AMOUNT (also where
    nothing is outstanding), CURRENCY_MISMATCH, FEE_CHANNEL_NOT_POSSIBLE, INSUFFICIENT_FUNDS, FEE_DAY_INVALID, PERIOD_CLOSED.
    """
    by_wallet = way.method is FeePaymentMethod.WALLET
    for permission in (Permission.WARDS_READ, Permission.WALLET_USE) if by_wallet else (Permission.FEES_COLLECT,):
        actor.require(permission)
    on = day_of(None if by_wallet else paid_on, "paidOn")
    async with unit_of_work() as work:
        desk = await _desk(work, actor, fee_id, by_wallet, expected_version)
        asked = _amount(desk, amount)
        taken = taken_from_wallet(asked, actor, way) if by_wallet else taken_at_the_counter(asked, way)
        with dated_by("paidOn"):
            return await settle(work, desk, FeeChange.COLLECTED, payments=[taken], on=on)


async def _desk(work: Work, actor: Actor, fee_id: UUID, by_wallet: bool, version: int | None) -> Desk:
    if by_wallet:
        return await locked_fee_of_ward(work, actor, fee_id, version=version)
    return await locked_fee(work, actor, fee_id, Permission.FEES_COLLECT, version=version)


def _amount(desk: Desk, amount: Money | None) -> Money:
    if amount is not None:
        return amount_of(amount, desk.fee.currency, "amount")
    outstanding = desk.fee.figures.outstanding
    if not outstanding:
        raise InvalidAmount("nothing is outstanding", field=("input", "amount"))
    return outstanding
