"""For every kind of discrepancy there is something to be done; money that waits is not merely put aside."""

from __future__ import annotations

import pytest

from domain.payments.rules.resolving import Effect, effect_of, possible
from domain.payments.states import DiscrepancyType, Resolution

WAITS_IN_SUSPENSE = [
    DiscrepancyType.AMOUNT_MISMATCH,
    DiscrepancyType.CURRENCY_MISMATCH,
    DiscrepancyType.DUPLICATE_PAYMENT,
    DiscrepancyType.ORPHAN_TRANSACTION,
]


@pytest.mark.parametrize("kind", DiscrepancyType)
def test_there_is_a_way_out_of_each(kind: DiscrepancyType) -> None:
    assert len(possible(kind)) >= 2
    assert all(effect_of(kind, resolution) for resolution in possible(kind))


@pytest.mark.parametrize("kind", WAITS_IN_SUSPENSE)
def test_money_in_suspense_goes_somewhere(kind: DiscrepancyType) -> None:
    assert effect_of(kind, Resolution.NO_ACTION) is Effect.SETTLED
    assert effect_of(kind, Resolution.WRITTEN_OFF) is effect_of(kind, Resolution.CORRECTED) is Effect.DISPOSE


def test_only_what_nobody_knows_is_matched_by_hand() -> None:
    matched = [kind for kind in DiscrepancyType if Resolution.MATCHED_BY_HAND in possible(kind)]
    assert matched == [DiscrepancyType.ORPHAN_TRANSACTION]


def test_no_money_is_written_off_where_none_waits() -> None:
    disposes = [kind for kind in DiscrepancyType if effect_of(kind, Resolution.WRITTEN_OFF) is Effect.DISPOSE]
    assert disposes == WAITS_IN_SUSPENSE
    absorbs = [kind for kind in DiscrepancyType if effect_of(kind, Resolution.WRITTEN_OFF) is Effect.ABSORB]
    assert absorbs == [DiscrepancyType.PURPOSE_REFUSED]


def test_money_of_another_currency_is_never_let_through() -> None:
    assert effect_of(DiscrepancyType.CURRENCY_MISMATCH, Resolution.ACCEPTED) is None
