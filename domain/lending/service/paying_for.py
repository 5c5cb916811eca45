"""Loans that pay for something of another business: the money goes straight there, and the borrower never has it.

The payout leaves the books of lending into transit, and the other business takes it from there in the same unit of work: so
what it refuses is not paid out, and no money of the house moves.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Final
from uuid import UUID

from domain.identity import directory
from domain.kit import clock
from domain.kit.errors import InvalidAmount
from domain.kit.money import Money
from domain.lending.application import PaysFor
from domain.lending.errors import ChannelNotPossible
from domain.lending.history import MoneyWay
from domain.lending.models import Loan, LoanDirectPayment, LoanProduct
from domain.lending.states import PaymentChannel
from domain.payments.accounts import IN_TRANSIT
from domain.payments.errors import PurposeNotPossible
from domain.payments.purposes import Due, PaidFor, purpose_kind

MAX_TITLE: Final = 140
PAYS_FOR: Final = ("input", "application", "paysFor")
PRINCIPAL: Final = ("input", "application", "principal")
NOON: Final = time(12, tzinfo=UTC)


def pays_for(loan: Loan) -> PaysFor | None:
    """What a loan is for, if it is paid out straight to that."""
    if loan.pays_target_id is None:
        return None
    return PaysFor(purpose=loan.pays_purpose, target_id=loan.pays_target_id)


async def what_it_pays(borrower_id: UUID, asked: PaysFor, principal: Money, payout: Money | None) -> Due:
    """What the borrower may pay there, which is at least the ``payout`` of the loan, where that can be told already.

    Refuses with PURPOSE_NOT_POSSIBLE, CURRENCY_MISMATCH, INVALID_AMOUNT (also a payout of more than is owed, of which the
    borrower would hear only when it is made), and with whatever the other business says to a borrower who asks what there
    is to pay.
    """
    kind = purpose_kind(asked.purpose)
    if not kind.takes_loans:
        raise PurposeNotPossible("no loan is paid out straight for this", field=(*PAYS_FOR, "purpose"))
    due = await kind.due(await directory.actor_of_user(borrower_id), asked.target_id)
    due.require(principal)
    if due.amount is None:
        raise InvalidAmount("nothing is owed there", field=PAYS_FOR)
    if payout is not None and due.most_by_loan is not None and payout > due.most_by_loan:
        raise InvalidAmount(f"{due.most_by_loan} is owed there, and the loan would pay {payout}", field=PRINCIPAL)
    return due


def require_no_down_payment(product: LoanProduct) -> None:
    """Who gets no money pays none down of it."""
    if product.usual_terms.down_payment_percent:
        raise ChannelNotPossible("a loan with a down payment is not paid out straight for something", field=PAYS_FOR)


def way_there(loan: Loan, reference: str) -> MoneyWay:
    """How money goes straight to what the loan is for: charges are kept back of it, for the borrower has none of it."""
    if loan.pays_target_id is None:
        raise ChannelNotPossible("this loan is paid out to the borrower, for it names nothing that it pays")
    return MoneyWay(channel=PaymentChannel.DIRECT, account=IN_TRANSIT.code, reference=reference, fees_kept=True)


async def pay_there(loan: Loan, fact_id: UUID, amount: Money, on: date) -> None:
    """Have the other business take what was paid out, now that it is in transit."""
    assert loan.pays_target_id is not None, "it goes somewhere"
    if amount.amount_minor <= 0:
        raise InvalidAmount("charges leave nothing of it to pay with", field=("input", "amount"))
    paid_at = clock.now() if on == clock.today() else datetime.combine(on, NOON)
    direct = LoanDirectPayment(
        fact_id=fact_id,
        loan_id=loan.id,
        purpose=loan.pays_purpose,
        target_id=loan.pays_target_id,
        currency=amount.currency,
        amount_minor=amount.amount_minor,
        paid_at=paid_at,
    )
    direct.record_id = await purpose_kind(direct.purpose).apply(_paid(loan, direct))
    await direct.save(force_create=True)


async def take_back_from_there(loan: Loan, fact_id: UUID) -> None:
    """Have the other business give back into transit what it took, if this went there."""
    direct = await LoanDirectPayment.get_or_none(fact_id=fact_id)
    if direct is None:
        return
    await purpose_kind(direct.purpose).undo(_paid(loan, direct), direct.record_id)
    direct.undone_at = clock.now()
    await direct.save(update_fields=["undone_at"])


def _paid(loan: Loan, direct: LoanDirectPayment) -> PaidFor:
    return PaidFor(
        payment_id=direct.fact_id,
        purpose=direct.purpose,
        target_id=direct.target_id,
        amount=direct.amount,
        receipt=None,
        reference=loan.number,
        client_id=loan.borrower_id,
        paid_at=direct.paid_at,
        by_loan=True,
    )
