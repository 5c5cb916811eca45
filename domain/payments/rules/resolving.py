"""What a person may do about each kind of discrepancy, and what that does with the money.

Money that nobody can place waits in suspense. A discrepancy about such money is not over before somebody has said where it
goes: to what was paid for, to another payment, back to the payer, to where it was recorded by hand, or to income. All other
discrepancies tell of something that is as it is, and can be put aside.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from domain.payments.states import DiscrepancyType, Resolution

_D = DiscrepancyType
_R = Resolution


class Effect(StrEnum):
    """What a resolution does beside being written down.

    ACCEPT: the receipt is let through to the purpose. APPLY: the purpose is offered its money again. ABSORB: the purpose
    keeps what was taken back, and the house bears it. ASSIGN: the receipt becomes another payment's. REVERSE: the provider
    is asked to give the money back. DISPOSE: the money leaves suspense for good. SETTLED: nothing, provided that nothing of
    the money waits any more. NONE: nothing.
    """

    ACCEPT = "ACCEPT"
    ABSORB = "ABSORB"
    APPLY = "APPLY"
    ASSIGN = "ASSIGN"
    REVERSE = "REVERSE"
    DISPOSE = "DISPOSE"
    TAKE_OFF = "TAKE_OFF"
    SETTLED = "SETTLED"
    NONE = "NONE"


_OUT_OF_SUSPENSE: Final[Mapping[Resolution, Effect]] = {
    _R.REFUNDED: Effect.REVERSE,
    _R.CORRECTED: Effect.DISPOSE,
    _R.WRITTEN_OFF: Effect.DISPOSE,
    _R.NO_ACTION: Effect.SETTLED,
}
_AS_IT_CAME: Final = {**_OUT_OF_SUSPENSE, _R.ACCEPTED: Effect.ACCEPT}
_MERELY_TOLD: Final[Mapping[Resolution, Effect]] = {
    _R.ACCEPTED: Effect.NONE,
    _R.CORRECTED: Effect.NONE,
    _R.NO_ACTION: Effect.NONE,
}
_TOLD_OF_MONEY: Final = {**_MERELY_TOLD, _R.REFUNDED: Effect.REVERSE}

EFFECTS: Final[Mapping[DiscrepancyType, Mapping[Resolution, Effect]]] = {
    _D.AMOUNT_MISMATCH: _AS_IT_CAME,
    _D.CURRENCY_MISMATCH: _OUT_OF_SUSPENSE,
    _D.DUPLICATE_PAYMENT: _AS_IT_CAME,
    _D.LATE_CALLBACK: _MERELY_TOLD,
    _D.MISSING_CALLBACK: _MERELY_TOLD,
    _D.MISSING_IN_STATEMENT: {**_TOLD_OF_MONEY, _R.CORRECTED: Effect.TAKE_OFF},
    _D.ORPHAN_TRANSACTION: {**_OUT_OF_SUSPENSE, _R.MATCHED_BY_HAND: Effect.ASSIGN},
    _D.PHONE_MISMATCH: _TOLD_OF_MONEY,
    _D.PURPOSE_REFUSED: {_R.ACCEPTED: Effect.APPLY, _R.REFUNDED: Effect.REVERSE, _R.WRITTEN_OFF: Effect.ABSORB},
    _D.REFERENCE_MISMATCH: _TOLD_OF_MONEY,
    _D.REVERSED: _MERELY_TOLD,
    _D.STATUS_MISMATCH: _TOLD_OF_MONEY,
}


def possible(kind: DiscrepancyType) -> tuple[Resolution, ...]:
    """What a person may choose from, in one order for all."""
    return tuple(each for each in Resolution if each in EFFECTS[kind])


def effect_of(kind: DiscrepancyType, resolution: Resolution) -> Effect | None:
    """What the resolution does; None when it is none of such a discrepancy."""
    return EFFECTS[kind].get(resolution)
