"""Money that goes back: to who leaves, by the ladder of the fee's structure; or what was paid beyond a fee."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.money import Money
from domain.kit.unit_of_work import retried, unit_of_work
from domain.school.errors import FeeChannelNotPossible, GuardianNotFound, NothingToRefund, RefundTooLarge
from domain.school.fees import Desk, Settled, Taken, locked_fee, settle
from domain.school.quotes import withdrawal_of
from domain.school.rules.discounts import Charge
from domain.school.rules.plans import Line, refit
from domain.school.service.categories import HANDLING, category_of_the_house
from domain.school.service.counter import AT_THE_COUNTER, Way, amount_of, slip_of
from domain.school.states import FeeChange, FeePaymentKind, FeePaymentMethod
from domain.school.words import reason_of

AMOUNT: Final = "amount"


@retried
async def refund_fee(
    actor: Actor,
    *,
    fee_id: UUID,
    way: Way,
    left_on: date | None = None,
    amount: Money | None = None,
    to_user_id: UUID | None = None,
    reason: str = "",
    expected_version: int | None = None,
) -> Settled:
    """Give money back, in cash, at the bank or into a guardian's wallet.

    With ``left_on``, the student's last day, less is due by the ladder of the structure, and what was paid beyond that goes
    back; a fee is settled so once. Without it, what was paid beyond the fee goes back. ``amount`` is less than all of that,
    if it is said: the rest stays credit. Never does more go back than was paid for what is not due.

    Refuses with FEE_NOT_FOUND, FEE_DELETED, FEE_CHANGED_MEANWHILE, FEE_WITHOUT_STRUCTURE, FEE_SETTLED, NOTHING_TO_REFUND,
    FEE_REFUND_TOO_LARGE, FEE_CHANNEL_NOT_POSSIBLE, GUARDIAN_NOT_FOUND and PERIOD_CLOSED.
    """
    actor.require(Permission.FEES_MANAGE)
    why, on = reason_of(reason), clock.today()
    async with unit_of_work() as work:
        desk = await locked_fee(work, actor, fee_id, Permission.FEES_MANAGE, version=expected_version)
        lines, most = (None, desk.fee.figures.credit) if left_on is None else await _left(desk, left_on, on)
        asked = _amount(desk, amount, most)
        if lines is None and not asked:
            raise NothingToRefund("nothing goes back of this fee", field=("input", "feeId"))
        payments = [_given_back(desk, asked, way, to_user_id, why)] if asked else []
        return await settle(work, desk, FeeChange.REFUNDED, lines=lines, payments=payments, on=on, why=why)


async def _left(desk: Desk, left_on: date, on: date) -> tuple[tuple[Line, ...], Money]:
    """The lines of who left on a day, and how much was paid beyond them."""
    if left_on > on:
        raise InvalidInput("this day is still to come", field=("input", "leftOn"))
    quote = await withdrawal_of(desk.fee, desk.rule_lines, left_on)
    if not quote.given_back and not quote.refund:
        raise NothingToRefund(f"nothing goes back to who leaves on {left_on}", field=("input", "leftOn"))
    charges = [*quote.charges]
    if quote.handling_fee:
        await category_of_the_house(desk.actor, HANDLING)
        charges.append(Charge(HANDLING, quote.handling_fee, Money.zero(desk.fee.currency)))
    desk.fee.left_on = left_on
    return refit(desk.rule_lines, charges, on=on), quote.refund


def _amount(desk: Desk, amount: Money | None, most: Money) -> Money:
    if amount is None:
        return most
    if amount_of(amount, desk.fee.currency, AMOUNT) > most:
        raise RefundTooLarge(most)
    return amount


def _given_back(desk: Desk, amount: Money, way: Way, to_user_id: UUID | None, why: str) -> Taken:
    """Money that leaves the school. Into a wallet it goes to a guardian of the student: the primary one unless said."""
    owner_id = None
    if way.method is FeePaymentMethod.WALLET:
        owner_id = to_user_id or next(iter(desk.guardian_ids), None)
        if owner_id not in desk.guardian_ids:
            raise GuardianNotFound("money goes into the wallet of a guardian of the student", field=("input", "toUserId"))
    elif way.method not in AT_THE_COUNTER:
        raise FeeChannelNotPossible(f"nothing is given back by {way.method.value.lower()}")
    return Taken(
        amount=-amount,
        method=way.method,
        kind=FeePaymentKind.REFUND,
        wallet_owner_id=owner_id,
        reference=slip_of(way),
        note=why,
    )
