"""What is said of money that comes for a fee: how much, on which day, and by which way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.identity.actor import Actor
from domain.kit import clock
from domain.kit.errors import CurrencyMismatch, InvalidAmount
from domain.kit.money import MAX_AMOUNT_MINOR, Money
from domain.ledger.errors import PeriodClosed
from domain.school.errors import FeeChannelNotPossible, FeeDayInvalid
from domain.school.fees import Taken
from domain.school.states import FeePaymentMethod
from domain.school.words import line

MAX_REFERENCE: Final = 60
MAX_NOTE: Final = 300
EARLIEST: Final = date(2000, 1, 1)

AT_THE_COUNTER: Final = (FeePaymentMethod.CASH, FeePaymentMethod.BANK)
"""By which ways money comes that staff write down; the provider tells of mobile money itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How money came: by which way, with the number of a slip or a cheque, and a word about it."""

    method: FeePaymentMethod = FeePaymentMethod.CASH
    reference: str = ""
    note: str = ""


IN_CASH: Final = Way()


def taken_at_the_counter(amount: Money, way: Way) -> Taken:
    """Money that staff received, by a way that they write down (FEE_CHANNEL_NOT_POSSIBLE)."""
    require_by_hand(way)
    return Taken(amount=amount, method=way.method, reference=slip_of(way), note=note_of(way))


def require_by_hand(way: Way) -> None:
    """FEE_CHANNEL_NOT_POSSIBLE for what nobody can write down, because its provider tells of it."""
    if way.method not in AT_THE_COUNTER:
        raise FeeChannelNotPossible(f"nobody writes down what comes by {way.method.value.lower()}")


def taken_from_wallet(amount: Money, payer: Actor, way: Way) -> Taken:
    """Money that whoever pays gives from the own wallet."""
    return Taken(
        amount=amount,
        method=FeePaymentMethod.WALLET,
        wallet_owner_id=payer.id,
        payer_id=payer.id,
        reference=slip_of(way),
        note=note_of(way),
    )


def slip_of(way: Way) -> str:
    """The number of a slip or a cheque."""
    return line(way.reference, MAX_REFERENCE, "reference", least=0)


def note_of(way: Way) -> str:
    return line(way.note, MAX_NOTE, "note", least=0)


def amount_of(amount: Money, currency: str, name: str, *, zero: bool = False) -> Money:
    """An amount in the currency of the fee, above zero unless nothing will do too (CURRENCY_MISMATCH, INVALID_AMOUNT)."""
    if amount.currency != currency:
        raise CurrencyMismatch(f"the fee is in {currency}", field=("input", name, "currency"))
    if not (0 if zero else 1) <= amount.amount_minor <= MAX_AMOUNT_MINOR:
        least = "not negative" if zero else "greater than zero"
        raise InvalidAmount(f"an amount is {least}, and not larger than the books can hold", field=("input", name))
    return amount


def day_of(on: date | None, name: str) -> date:
    """The day on which money came: today unless said otherwise, and never ahead (FEE_DAY_INVALID)."""
    today = clock.today()
    if on is not None and not EARLIEST <= on <= today:
        raise FeeDayInvalid(f"money comes from {EARLIEST.isoformat()} on, and not later than today", field=("input", name))
    return on or today


@contextmanager
def dated_by(name: str) -> Iterator[None]:
    """A closed period is refused at the input that says the day."""
    try:
        yield
    except PeriodClosed as refused:
        refused.field = ("input", name)
        raise
