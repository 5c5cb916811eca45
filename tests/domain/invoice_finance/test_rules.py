"""The arithmetic of an offer: published figures, and what must hold for any numbers."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.invoice_finance import rules
from domain.invoice_finance.rules import FeeTerms, FeeTier
from domain.invoice_finance.states import FeeMethod
from domain.kit.errors import InvalidInput
from domain.kit.money import Money
from tests.support.invoices import flat, inr

amounts = st.integers(min_value=1, max_value=10**13)
rates = st.integers(min_value=0, max_value=rules.MAX_FEE_BPS)
days = st.integers(min_value=0, max_value=rules.MAX_TENOR_DAYS)


@pytest.mark.parametrize(("face", "advance", "reserve"), [(10_000, 8_000, 2_000), (100_000, 80_000, 20_000)])
def test_an_advance_of_eighty_percent_leaves_a_reserve(face: int, advance: int, reserve: int) -> None:
    assert rules.advance_of(inr(face), 8_000) == inr(advance)
    assert inr(face) - rules.advance_of(inr(face), 8_000) == inr(reserve)


def test_three_equal_investors_share_a_hundred_to_the_minor_unit() -> None:
    shares = rules.split_among(inr(100), inr(100), [1, 1, 1], [0, 0, 0])
    assert shares == [inr("33.34"), inr("33.33"), inr("33.33")]


def test_a_flat_fee_does_not_depend_on_the_day() -> None:
    assert {str(flat("2.5").fee(inr(10_000), day)) for day in (0, 1, 400)} == {"INR 250.00"}


TIERED = FeeTerms(FeeMethod.TIERED, tiers=(FeeTier(30, 200), FeeTier(60, 350), FeeTier(90, 500)))


@pytest.mark.parametrize(
    ("day", "fee"), [(0, 200), (1, 200), (30, 200), (31, 350), (60, 350), (61, 500), (90, 500), (91, 500), (400, 500)]
)
def test_tiers_end_inclusive_and_the_last_one_holds_on(day: int, fee: int) -> None:
    assert TIERED.fee(inr(10_000), day) == inr(fee)


@pytest.mark.parametrize(("day", "fee"), [(0, "0"), (15, "150"), (30, "300"), (45, "450"), (61, "610")])
def test_a_prorated_fee_is_face_by_monthly_rate_by_days_over_thirty(day: int, fee: str) -> None:
    assert FeeTerms(FeeMethod.PRORATED, rate_bps=300).fee(inr(10_000), day) == inr(fee)


def test_the_rebate_is_what_the_fee_leaves_of_the_reserve_and_never_negative() -> None:
    assert rules.rebate_of(inr(2_000), inr(300)) == inr(1_700)
    assert rules.rebate_of(inr(2_000), inr(2_000)) == inr(0)
    assert rules.rebate_of(inr(2_000), inr(2_500)) == inr(0)


def test_default_begins_the_day_after_the_grace_and_not_before() -> None:
    due = date(2030, 3, 31)
    assert not rules.is_overdue(due, due)
    assert rules.is_overdue(due + timedelta(days=1), due)
    assert not rules.is_in_default(due + timedelta(days=5), due, 5)
    assert rules.is_in_default(due + timedelta(days=6), due, 5)
    assert rules.is_in_default(due + timedelta(days=1), due, 0)


def test_the_yield_is_per_year_and_simple() -> None:
    assert rules.yield_bps(inr(8_000), inr(8_160), 73) == 1_000
    assert rules.yield_bps(inr(8_000), inr(8_000), 73) == 0
    assert rules.yield_bps(inr(8_000), inr(8_160), 0) == 73_000


@pytest.mark.parametrize(
    ("percent", "bps"), [("2.5", 250), ("0", 0), ("100", 10_000), ("0.01", 1), ("-1", -100), ("1E+1", 1_000)]
)
def test_percentages_become_basis_points(percent: str, bps: int) -> None:
    assert rules.bps_of(Decimal(percent), field=("rate",)) == bps


@pytest.mark.parametrize("percent", ["NaN", "Infinity", "-Infinity", "sNaN", "0.001", "1E+9", "1." + "0" * 30])
def test_a_percentage_that_is_none_is_refused(percent: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        rules.bps_of(Decimal(percent), field=("input", "rate"))
    assert refusal.value.field == ("input", "rate")


@pytest.mark.parametrize(
    "make",
    [
        lambda: FeeTerms(FeeMethod.FLAT, rate_bps=-1),
        lambda: FeeTerms(FeeMethod.FLAT, rate_bps=5_001),
        lambda: FeeTerms(FeeMethod.FLAT, tiers=(FeeTier(30, 100),)),
        lambda: FeeTerms(FeeMethod.TIERED),
        lambda: FeeTerms(FeeMethod.TIERED, rate_bps=1, tiers=(FeeTier(30, 100),)),
        lambda: FeeTerms(FeeMethod.TIERED, tiers=(FeeTier(0, 100),)),
        lambda: FeeTerms(FeeMethod.TIERED, tiers=(FeeTier(30, -1),)),
        lambda: FeeTerms(FeeMethod.TIERED, tiers=(FeeTier(30, 100), FeeTier(30, 200))),
        lambda: FeeTerms(FeeMethod.TIERED, tiers=(FeeTier(30, 200), FeeTier(60, 100))),
        lambda: FeeTerms(FeeMethod.TIERED, tiers=tuple(FeeTier(day, 100) for day in range(1, 14))),
    ],
)
def test_fee_terms_that_make_no_sense_are_refused(make: object) -> None:
    with pytest.raises(InvalidInput):
        make()  # type: ignore[operator]


@given(face=amounts, rate=rates, earlier=days, later=days)
def test_no_fee_falls_with_time_or_is_negative(face: int, rate: int, earlier: int, later: int) -> None:
    earlier, later = sorted((earlier, later))
    tiered = FeeTerms(FeeMethod.TIERED, tiers=(FeeTier(30, rate // 2), FeeTier(90, rate)))
    for offered in (flat("1.5"), FeeTerms(FeeMethod.PRORATED, rate_bps=rate), tiered):
        first, second = offered.fee(Money(face, "INR"), earlier), offered.fee(Money(face, "INR"), later)
        assert Money(0, "INR") <= first <= second


@given(face=amounts, rate=st.integers(1, rules.WHOLE_BPS), fee=amounts, platform=amounts)
def test_investors_never_get_more_than_the_face_leaves(face: int, rate: int, fee: int, platform: int) -> None:
    whole, platform_fee = Money(face, "INR"), Money(min(platform, face), "INR")
    advance = rules.advance_of(whole, rate)
    entitled = rules.entitlement(whole, advance, Money(fee, "INR"), platform_fee)
    assert entitled + platform_fee <= whole
    assert entitled <= advance + Money(fee, "INR")


@given(amount=amounts, platform=st.integers(0, 10**13), investors=st.integers(0, 10**13))
def test_a_waterfall_loses_nothing_and_serves_in_order(amount: int, platform: int, investors: int) -> None:
    parts = rules.pour(Money(amount, "INR"), platform_owed=Money(platform, "INR"), investors_owed=Money(investors, "INR"))
    assert parts.platform + parts.investors + parts.seller == Money(amount, "INR")
    assert min(parts.platform.amount_minor, parts.investors.amount_minor, parts.seller.amount_minor) >= 0
    if parts.investors:
        assert parts.platform == Money(platform, "INR")
    if parts.seller:
        assert parts.investors == Money(investors, "INR")


@given(
    principals=st.lists(st.integers(1, 10**9), min_size=1, max_size=30),
    cuts=st.lists(st.integers(0, 10**6), max_size=12),
    entitled=st.integers(1, 10**10),
)
def test_instalments_give_each_investor_exactly_what_one_payment_would(
    principals: list[int], cuts: list[int], entitled: int
) -> None:
    """However the debtor cuts a payment up: never negative, every instalment exact, and the same in the end."""
    places = sorted({cut % (entitled + 1) for cut in cuts} | {0, entitled})
    paid = [0] * len(principals)
    for before, after in pairwise(places):
        instalment = Money(after - before, "INR")
        shares = rules.split_among(instalment, Money(entitled, "INR"), principals, paid)
        assert min(share.amount_minor for share in shares) >= 0
        assert sum(share.amount_minor for share in shares) == instalment.amount_minor
        paid = [got + share.amount_minor for got, share in zip(paid, shares, strict=True)]
    assert paid == [share.amount_minor for share in Money(entitled, "INR").split(principals)]
    exact = [Fraction(entitled * principal, sum(principals)) for principal in principals]
    assert all(abs(got - share) < 1 for got, share in zip(paid, exact, strict=True))


@given(requested=amounts)
def test_the_least_investment_bounds_the_number_of_parts(requested: int) -> None:
    least = rules.least_investment(Money(requested, "INR")).amount_minor
    assert least >= 1
    assert requested <= least * rules.MAX_PARTS
