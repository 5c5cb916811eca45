"""Money: exact or refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kit.errors import CurrencyMismatch, InvalidAmount, InvalidInput
from domain.kit.money import CURRENCIES, MAX_AMOUNT_MINOR, Money

amounts = st.integers(-MAX_AMOUNT_MINOR, MAX_AMOUNT_MINOR)
currencies = st.sampled_from(sorted(CURRENCIES))


@pytest.mark.parametrize(
    "amount",
    [
        "NaN", "sNaN", "Infinity", "-Infinity", "1e3", "1E400", "٣", "1_000", "1,000", "", " 1", "0x1", "0.001", "9" * 19,
        "10000000000000.01", Decimal("NaN"), Decimal("Infinity"), Decimal("1E+30"), Decimal("0.005"),
    ],
)  # fmt: skip
def test_what_is_no_exact_amount_is_refused(amount: Decimal | str) -> None:
    with pytest.raises(InvalidAmount):
        Money.of(amount, "INR")


@pytest.mark.parametrize("amount", ["0", "-1", "-0.01", "0.00"])
def test_an_amount_to_move_is_more_than_zero(amount: str) -> None:
    with pytest.raises(InvalidAmount, match="greater than zero"):
        Money.parse(amount, "INR")


def test_each_currency_has_its_decimals() -> None:
    assert Money.of("1.234", "BHD").amount_minor == 1234
    assert Money.of("5", "UGX").amount_minor == 5
    with pytest.raises(InvalidAmount, match="UGX has 0 decimals"):
        Money.of("5.5", "UGX")
    with pytest.raises(InvalidInput, match="not a currency"):
        Money.of("5", "XXX")


def test_it_reads_as_people_write_it() -> None:
    assert Money.of("1000000", "INR").formatted == "INR 1,000,000.00"
    assert str(Money.of("-0.5", "KES")) == "KES -0.50"
    assert Money.of("750000", "INR").amount == Decimal("750000.00")


@given(amounts, currencies)
def test_an_amount_survives_the_way_out_and_in(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.of(str(money.amount), currency) == money
    assert Money(minor, currency).amount_text == f"{Money(minor, currency).amount:f}"


@given(amounts, currencies, currencies)
def test_currencies_never_mix(minor: int, one: str, other: str) -> None:
    if one == other:
        return
    with pytest.raises(CurrencyMismatch):
        Money(minor, one) + Money(minor, other)
    with pytest.raises(CurrencyMismatch):
        assert Money(minor, one) < Money(minor, other)


def test_rounding_dust_of_a_hundred_over_three() -> None:
    shares = Money.of("100.00", "INR").split([1, 1, 1])
    assert [str(share.amount) for share in shares] == ["33.34", "33.33", "33.33"]


@given(st.integers(0, MAX_AMOUNT_MINOR), st.lists(st.integers(0, 10**12), min_size=1, max_size=50).filter(any))
def test_shares_sum_exactly_and_stay_within_one_unit_of_their_due(minor: int, weights: list[int]) -> None:
    shares = Money(minor, "INR").split(weights)
    assert sum(share.amount_minor for share in shares) == minor
    total = sum(weights)
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share.amount_minor * total - minor * weight) < total
