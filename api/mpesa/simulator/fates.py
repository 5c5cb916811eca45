"""What happens to a payment: drawn from the seed and the payment itself, so it is the same whatever else goes on.

A payment is known by its channel, its reference and how many there were with the same reference before. Its fate, its
receipt and the form of its messages are functions of that and of the seed; no clock and no order of arrival has a part.
A person chooses by the telephone number: ``254799`` and six digits end with that result code, ``254798`` and six digits
misbehave in the way of that number.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from typing import Final

from api.mpesa.simulator.config import Rates

PHONE_OF_RESULTS: Final = "254799"
PHONE_OF_MISBEHAVIOUR: Final = "254798"

RESULTS: Final = {
    0: "The service request is processed successfully.",
    1: "The balance is insufficient for the transaction.",
    17: "The receiving party cannot process the transaction now.",
    1001: "Unable to lock subscriber, a transaction is already in process for the current subscriber.",
    1019: "Transaction has expired.",
    1025: "An error occurred while sending a push request.",
    1032: "Request cancelled by user.",
    1037: "DS timeout user cannot be reached.",
    2001: "The initiator information is invalid.",
    9999: "An error occurred while sending a push request.",
}
TIMED_OUT: Final = 1037
# What customers do who do not pay, and how often of a hundred.
_DECLINES: Final = {1032: 50, 1037: 20, 1: 15, 2001: 8, 1019: 3, 1001: 2, 17: 1, 9999: 1}

_RECEIPT_LETTERS: Final = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_NAMES: Final = ("A MENSAH", "A OWUSU", "W KAMAU", "F ALI", "J OTIENO", "N WANJIKU", "P MUTUA", "S CHEBET")


class Misbehaviour(str, Enum):
    """The ways in which a payment goes wrong on its way to the merchant. The truth labels each payment with one."""

    NONE = "NONE"
    DUPLICATE = "DUPLICATE"
    """Its callback comes twice: the same, or written differently with the same receipt."""
    LATE = "LATE"
    """Its callback comes when nobody waits any more."""
    MISSING = "MISSING"
    """Its callback never comes."""
    MISMATCHED = "MISMATCHED"
    """Another amount was paid than was asked for."""
    REVERSED = "REVERSED"
    """It is taken back later; only the statement and the transaction's status say so."""
    OUT_OF_ORDER = "OUT_OF_ORDER"
    """A failure and the success are both called back, in either order. It was paid."""


IN_ORDER: Final = (
    Misbehaviour.DUPLICATE,
    Misbehaviour.LATE,
    Misbehaviour.MISSING,
    Misbehaviour.MISMATCHED,
    Misbehaviour.REVERSED,
    Misbehaviour.OUT_OF_ORDER,
)
"""Their numbers in telephone numbers, from 1."""

ONLY_PROMPTS: Final = frozenset({Misbehaviour.MISMATCHED, Misbehaviour.OUT_OF_ORDER})
"""A customer who pays a Paybill was asked for no amount, and is told of no failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """``paid`` is set where it is not the amount that was asked for."""

    misbehaviour: Misbehaviour = Misbehaviour.NONE
    result_code: int = 0
    paid: Decimal | None = None
    odd_types: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A fate that somebody chose, as far as it is chosen."""

    misbehaviour: Misbehaviour | None = None
    result_code: int | None = None
    paid: Decimal | None = None
    odd_types: bool | None = None


def dice(seed: str, key: str, purpose: str) -> random.Random:
    """The same dice for the same payment and purpose."""
    return random.Random(f"{seed}|{key}|{purpose}")


def fate_of(seed: str, key: str, rates: Rates, *, amount: Decimal, phone: str, prompted: bool, choice: Choice) -> Fate:
    """What was chosen goes before what the telephone number says, and that before what is drawn."""
    rng = dice(seed, key, "fate")
    fate = _chosen(_drawn(rng, rates), _of_number(phone))
    fate = _chosen(fate, choice)
    if not prompted and fate.misbehaviour in ONLY_PROMPTS:
        fate = replace(fate, misbehaviour=Misbehaviour.NONE)
    if fate.misbehaviour is Misbehaviour.MISMATCHED and fate.paid is None:
        fate = replace(fate, paid=_another_amount(dice(seed, key, "amount"), amount))
    return fate


def _drawn(rng: random.Random, rates: Rates) -> Fate:
    roll, decline, odd = (rng.random() * 100 for _ in range(3))
    code = rng.choices(list(_DECLINES), list(_DECLINES.values()))[0]
    odd_types = odd < rates.odd_types
    for misbehaviour in IN_ORDER:
        roll -= getattr(rates, misbehaviour.value.lower())
        if roll < 0:
            return Fate(misbehaviour=misbehaviour, odd_types=odd_types)
    return Fate(result_code=code if decline < rates.declined else 0, odd_types=odd_types)


def _of_number(phone: str) -> Choice:
    number = int(phone[6:])
    if phone.startswith(PHONE_OF_RESULTS) and number in RESULTS:
        return Choice(misbehaviour=Misbehaviour.NONE, result_code=number)
    if phone.startswith(PHONE_OF_MISBEHAVIOUR) and 1 <= number <= len(IN_ORDER):
        return Choice(misbehaviour=IN_ORDER[number - 1], result_code=0)
    return Choice()


def _chosen(fate: Fate, choice: Choice) -> Fate:
    """A choice of one thing leaves nothing drawn that contradicts it."""
    if choice.misbehaviour is not None or choice.result_code is not None or choice.paid is not None:
        mismatched = Misbehaviour.MISMATCHED if choice.paid is not None else Misbehaviour.NONE
        fate = Fate(
            misbehaviour=choice.misbehaviour or mismatched,
            result_code=choice.result_code or 0,
            paid=choice.paid,
            odd_types=fate.odd_types,
        )
    return fate if choice.odd_types is None else replace(fate, odd_types=choice.odd_types)


def _another_amount(rng: random.Random, amount: Decimal) -> Decimal:
    more = [amount + 1, amount * 2]
    return rng.choice(more if amount <= 1 else [amount - 1, *more])


def receipt_of(seed: str, key: str) -> str:
    """Ten capital letters and digits. Real ones begin with the year; these with S, so that nobody takes them for real."""
    number = int.from_bytes(hashlib.sha256(f"{seed}|{key}|receipt".encode()).digest())
    letters = ""
    for _ in range(9):
        number, letter = divmod(number, len(_RECEIPT_LETTERS))
        letters += _RECEIPT_LETTERS[letter]
    return f"S{letters}"


def name_of(seed: str, key: str) -> str:
    """Who pays."""
    return dice(seed, key, "name").choice(_NAMES)
