"""Money of the mill: amounts in its one currency, and the ways by which customers pay.

A customer who is a registered user may pay from the own wallet. Nobody else takes money out of it: staff record what came by
other ways, and may give money back into it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.identity.actor import Actor
from domain.kit.errors import CurrencyMismatch, InvalidAmount
from domain.kit.money import MAX_AMOUNT_MINOR, Money
from domain.ledger.chart import house_account
from domain.ledger.service import Line, Reference, post_entry
from domain.milling import settings
from domain.milling.accounts import MONEY_AT, TRADE_RECEIVABLES, Side
from domain.milling.errors import (
    ChannelNotPossible,
    CustomerNotRegistered,
    ReferenceMissing,
)
from domain.milling.models import Customer
from domain.milling.service.desk import MAX_REFERENCE, line
from domain.milling.states import PaymentMethod
from domain.payments.accounts import IN_TRANSIT
from domain.wallets.service import post_to_wallets, wallet_of


@dataclass(frozen=True, kw_only=True)
class Way:
    """How money came or goes.

    ``collected_payment_id`` is the payment from outside that it came by: its money waits in transit, and not with the
    provider.
    """

    method: PaymentMethod
    reference: str = ""
    wallet_owner_id: UUID | None = None
    collected_payment_id: UUID | None = None


def way_in(method: PaymentMethod, reference: str) -> Way:
    """How a customer paid what staff record. Out of a wallet nobody takes it but its owner."""
    if method is PaymentMethod.WALLET:
        raise ChannelNotPossible("a customer pays from the wallet themselves")
    return Way(method=method, reference=_receipt(method, reference))


def way_of_owner(owner: Actor) -> Way:
    """How customers themselves pay: out of their wallet."""
    return Way(method=PaymentMethod.WALLET, wallet_owner_id=owner.id)


async def way_back(method: PaymentMethod, reference: str, customer_id: UUID | None) -> Way:
    """How a customer is paid back. A wallet belongs to a registered customer."""
    reference = _receipt(method, reference)
    if method is not PaymentMethod.WALLET:
        return Way(method=method, reference=reference)
    customer = None if customer_id is None else await Customer.get_or_none(id=customer_id)
    if customer is None or customer.user_id is None:
        raise CustomerNotRegistered("only a customer who is a registered user has a wallet", field=("input", "method"))
    return Way(method=method, reference=reference, wallet_owner_id=customer.user_id)


def _receipt(method: PaymentMethod, reference: str) -> str:
    """The reference of a payment, which mobile money always has."""
    reference = line(reference, MAX_REFERENCE, "reference", least=0)
    if method is PaymentMethod.MPESA and not reference:
        raise ReferenceMissing("mobile money is recorded with the reference of its receipt")
    return reference


async def post_receipt(
    way: Way,
    amount: int,
    *,
    kind: str,
    description: str,
    reference: Reference,
    branch_id: UUID | None,
    at: datetime,
    reverses_id: UUID | None = None,
) -> UUID:
    """Dr the money or the customer's wallet   Cr trade receivables; the opposite for an amount under zero.

    Returns the entry. Refuses with INSUFFICIENT_FUNDS what a wallet does not hold, and with PERIOD_CLOSED.
    """
    currency = settings.current().currency
    size = Money(abs(amount), currency)
    lines = [
        Line(await _account_of(way, currency), size, is_debit=amount > 0),
        Line(await house_account(TRADE_RECEIVABLES, currency), size, is_debit=amount < 0),
    ]
    post = post_entry if way.wallet_owner_id is None else post_to_wallets
    posted = await post(
        kind=kind,
        description=description,
        lines=lines,
        reference=reference,
        effective_on=at.date(),
        reverses_id=reverses_id,
        branch_id=branch_id,
    )
    return posted.entry_id


async def lines_of(sides: Sequence[Side], currency: str) -> list[Line]:
    """The lines of an entry on accounts of the house."""
    return [
        Line(
            await house_account(side.account, currency),
            Money(abs(side.amount_minor), currency),
            is_debit=side.amount_minor > 0,
        )
        for side in sides
    ]


async def _account_of(way: Way, currency: str) -> UUID:
    if way.wallet_owner_id is not None:
        return (await wallet_of(way.wallet_owner_id, currency)).account_id
    if way.collected_payment_id is not None:
        return await house_account(IN_TRANSIT, currency)
    return await house_account(MONEY_AT[way.method], currency)


def minor_of(amount: Money, *field: str) -> int:
    """The minor units of an amount above zero in the currency of the mill's books."""
    currency = settings.current().currency
    if amount.currency != currency:
        raise CurrencyMismatch(f"the mill's books are in {currency}", field=(*field, "currency"))
    if not 0 < amount.amount_minor <= MAX_AMOUNT_MINOR:
        raise InvalidAmount("an amount is greater than zero, and not larger than the books can hold", field=field)
    return amount.amount_minor
